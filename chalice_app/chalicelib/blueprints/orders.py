"""The worker that settles queued orders, each once however often it is delivered."""

from __future__ import annotations

import json

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import logs
from chalicelib.batches import Poison, each_message
from chalicelib.errors import NotFound
from chalicelib.repository.orders import settle
from chalicelib.settings import settings, source_arn

blueprint = Blueprint(__name__)


@blueprint.on_sqs_message(
    queue_arn=source_arn("sqs", "ORDERS_QUEUE_ARN"), batch_size=10, name="orders"
)
def orders(event: SQSEvent) -> None:
    """Settle a batch of orders."""
    each_message(event.to_dict(), settings().orders_queue_url, _settle)


def _settle(message: str) -> None:
    try:
        told = json.loads(message)
        order_id, correlation_id = told["order_id"], told["correlation_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise Poison("not an order of ours") from error
    logs.follow(correlation_id)
    try:
        order, now = settle(order_id)
    except NotFound as missing:
        raise Poison(missing.detail) from missing
    logs.logger.info(f"order {order.status}" if now else "order settled before", order_id=order_id)
