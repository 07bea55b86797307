"""Orders in their table, and the transaction that settles one.

The decision and what it takes from the shelves are written together or not at all, and only while
the order is still queued. However often an order is delivered, and wherever: it is settled once.
"""

from __future__ import annotations

from dataclasses import replace

from botocore.exceptions import ClientError

from chalicelib.clients import client
from chalicelib.domain import orders as rules
from chalicelib.domain.items import Item
from chalicelib.domain.orders import Order
from chalicelib.errors import Busy, NotFound
from chalicelib.repository import items
from chalicelib.repository.records import as_order, of_order, written
from chalicelib.settings import settings

ATTEMPTS = 20


def add(order: Order) -> None:
    """Keep a new order."""
    client("dynamodb").put_item(TableName=settings().orders_table, Item=of_order(order))


def find(order_id: str) -> Order:
    """The order as it is now.

    Raises:
        NotFound: there is none.
    """
    answer = client("dynamodb").get_item(
        TableName=settings().orders_table,
        Key=written({"order_id": order_id}),
        ConsistentRead=True,
    )
    if "Item" not in answer:
        raise NotFound(f"There is no order {order_id}.")
    return as_order(answer["Item"])


def settle(order_id: str) -> tuple[Order, bool]:
    """Decide an order, unless it is decided; the order then, and whether this call decided it.

    Raises:
        NotFound: there is no such order.
        Busy: others wrote its items first, every time.
    """
    for _ in range(ATTEMPTS):
        order = find(order_id)
        if order.status != "queued":
            return order, False
        stock = _stock(order)
        decided, after = rules.settle(order, stock)
        if _write(decided, stock, after):
            return decided, True
    raise Busy(f"Too many writers of what order {order_id} needs; try again.")


def _stock(order: Order) -> dict[str, Item]:
    found = {}
    for line in order.lines:
        try:
            found[line.item_id] = items.find(line.item_id)
        except NotFound:
            continue  # the rules decide what that means
    return found


def _write(decided: Order, before: dict[str, Item], after: tuple[Item, ...]) -> bool:
    """Whether it was written: not if the order or an item has changed since it was read."""
    order = {
        "TableName": settings().orders_table,
        "Item": of_order(decided),
        "ConditionExpression": "#status = :queued",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": written({":queued": "queued"}),
    }
    taken = [
        items.replacement(before[item.item_id], replace(item, version=item.version + 1))
        for item in after
    ]
    try:
        client("dynamodb").transact_write_items(
            TransactItems=[{"Put": each} for each in (order, *taken)]
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "TransactionCanceledException":
            return False
        raise
    return True
