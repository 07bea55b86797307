"""The topic's subscriber: it keeps every alert, so that the API can show them."""

from __future__ import annotations

import json

from chalice import Blueprint
from chalice.app import SNSEvent

from chalicelib import logs
from chalicelib.domain.alerts import Alert
from chalicelib.repository.alerts import record
from chalicelib.settings import source_arn

blueprint = Blueprint(__name__)


@blueprint.on_sns_message(topic=source_arn("sns", "ALERTS_TOPIC_ARN"), name="alerts")
def alerts(event: SNSEvent) -> None:
    """Keep an alert; the same one twice is one."""
    told = json.loads(event.message)
    logs.follow(told.pop("correlation_id", None))
    alert = Alert(**told)
    record(alert)
    logs.logger.info("alert recorded", item_id=alert.item_id, stock=alert.stock)
