"""Orders over HTTP: taken into the queue, and looked up."""

from __future__ import annotations

import json
import uuid

from chalice import Blueprint

from chalicelib import logs
from chalicelib.clients import client
from chalicelib.domain.orders import Line, Order
from chalicelib.repository import orders
from chalicelib.schemas import NewOrder, OrderShown
from chalicelib.settings import settings
from chalicelib.web import READ, WRITE, operation

blueprint = Blueprint(__name__)


@operation(
    blueprint,
    "POST",
    "/orders",
    scope=WRITE,
    takes=NewOrder,
    gives=OrderShown,
    status=202,
    once=True,
)
def place_order(body: NewOrder) -> Order:
    """Place an order; whether it can be met is decided in a moment."""
    lines = tuple(Line(line.item_id, line.quantity) for line in body.lines)
    order = Order(uuid.uuid4().hex, lines)
    orders.add(order)
    client("sqs").send_message(QueueUrl=settings().orders_queue_url, MessageBody=_message(order))
    logs.logger.info("order queued", order_id=order.order_id)
    return order


@operation(blueprint, "GET", "/orders/{order_id}", scope=READ, gives=OrderShown, refuses=(404,))
def read_order(order_id: str) -> Order:
    """Read what has become of an order."""
    return orders.find(order_id)


def _message(order: Order) -> str:
    return json.dumps({"order_id": order.order_id, "correlation_id": logs.correlation_id()})
