"""What the table's stream tells: stock that fell below its threshold is published, once a fall."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from chalice import Blueprint
from chalice.app import DynamoDBEvent

from chalicelib import logs
from chalicelib.clients import client
from chalicelib.domain.alerts import Alert, crossing
from chalicelib.once import once
from chalicelib.repository.records import as_item, read
from chalicelib.settings import settings, source_arn

blueprint = Blueprint(__name__)


class NotAllPublished(Exception):
    """Some alerts could not be published; the stream delivers the batch again."""


@blueprint.on_dynamodb_record(stream_arn=source_arn("ITEMS_STREAM_ARN"), name="stock")
def stock(event: DynamoDBEvent) -> None:
    """Look for falls below the threshold. One that cannot be published does not hold up others."""
    failed = 0
    for record in event:
        try:
            _look_at(record.old_image, record.new_image)
        except Exception:  # the batch is delivered again, and what was published stays published
            logs.logger.exception("alert not published", sequence=record.sequence_number)
            failed += 1
    if failed:
        raise NotAllPublished(f"{failed} records of the stream failed")


def _look_at(before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    alert = crossing(before and as_item(before), after and as_item(after))
    if alert is None or after is None:
        return
    logs.follow(read(after).get("correlation_id"))
    once(key=["alert", alert.item_id, alert.alert_id], asked=None, action=lambda: _publish(alert))


def _publish(alert: Alert) -> None:
    client("sns").publish(
        TopicArn=settings().alerts_topic_arn,
        Subject=f"Low stock: {alert.item_id}",
        Message=json.dumps({**asdict(alert), "correlation_id": logs.correlation_id()}),
    )
    logs.logger.info("alert published", item_id=alert.item_id, stock=alert.stock)
