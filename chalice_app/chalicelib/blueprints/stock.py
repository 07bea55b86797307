"""What the items' stream tells: a fall of stock below its threshold, and photos nobody sees now.

A fall is published once. A photo that was replaced, or whose item is gone, is deleted.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from chalice import Blueprint
from chalice.app import DynamoDBEvent, DynamoDBRecord

from chalicelib import logs, storage
from chalicelib.clients import client
from chalicelib.domain.alerts import Alert, crossing
from chalicelib.domain.items import Item
from chalicelib.once import once
from chalicelib.repository.records import as_item, writer
from chalicelib.settings import settings, source_arn

blueprint = Blueprint(__name__)


class SomeFailed(Exception):
    """Lambda delivers the batch again; what was done of it stays done."""


@blueprint.on_dynamodb_record(stream_arn=source_arn("dynamodb", "ITEMS_STREAM_ARN"), name="stock")
def stock(event: DynamoDBEvent) -> None:
    """Look at each change of an item; one that fails does not hold up the next."""
    failed = 0
    for record in event:
        try:
            _look_at(record)
        except Exception:  # noqa: BLE001
            # Whatever it is: the others come first, then all come again.
            logs.logger.exception("change not handled", sequence_number=record.sequence_number)
            failed += 1
    if failed:
        raise SomeFailed(f"{failed} changes could not be handled")


def _look_at(record: DynamoDBRecord) -> None:
    logs.follow(writer(record.new_image or record.old_image))
    before = as_item(record.old_image) if record.old_image else None
    after = as_item(record.new_image) if record.new_image else None
    _forget_photo(before, after)
    alert = crossing(before, after)
    if alert is not None:
        key = ["alert", alert.item_id, alert.alert_id]
        once(key, None, lambda: _publish(alert), record.context)


def _forget_photo(before: Item | None, after: Item | None) -> None:
    shown = after.photo if after else None
    if before and before.photo and before.photo != shown:
        storage.forget_upload(before.photo.key)
        logs.logger.info("photo deleted", key=before.photo.key)


def _publish(alert: Alert) -> None:
    told: dict[str, Any] = {**asdict(alert), "correlation_id": logs.correlation_id()}
    client("sns").publish(
        TopicArn=settings().alerts_topic_arn,
        Subject=f"Low stock: {alert.item_id}",
        Message=json.dumps(told),
    )
    logs.logger.info("alert published", item_id=alert.item_id, stock=alert.stock)
