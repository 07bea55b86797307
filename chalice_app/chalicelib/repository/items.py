"""Items in their table: read, listed, and changed without losing anybody's write.

Every write names the version it was made from. If somebody else was faster, DynamoDB refuses it,
and the change is made again from what is there now; see AWS's "Optimistic locking with version
number".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.clients import client
from chalicelib.domain.items import Item
from chalicelib.errors import Busy, Conflict, NotFound
from chalicelib.repository.records import LOW, Record, as_item, of_item, written
from chalicelib.settings import settings

ATTEMPTS = 50  # each failed one means that another writer has got on
_OTHERS_WERE_FASTER = ("ConditionalCheckFailedException", "TransactionConflictException")


@dataclass(frozen=True)
class Page:
    """Some items, and the id after which the next page begins; None on the last one."""

    items: tuple[Item, ...]
    last: str | None


def find(item_id: str) -> Item:
    """The item as it is now, not as it was a moment ago.

    Raises:
        NotFound: there is none.
    """
    answer = client("dynamodb").get_item(
        TableName=settings().items_table, Key=_key(item_id), ConsistentRead=True
    )
    if "Item" not in answer:
        raise NotFound(f"There is no item {item_id}.")
    return as_item(answer["Item"])


def add(item: Item) -> Item:
    """Add a new item.

    Raises:
        Conflict: there is one of that id.
    """
    new = {
        "TableName": settings().items_table,
        "Item": of_item(item),
        "ConditionExpression": "attribute_not_exists(item_id)",
    }
    if not _put(new):
        raise Conflict(f"There is an item {item.item_id} already.")
    return item


def change(item_id: str, rule: Callable[[Item], Item]) -> Item:
    """Read an item, let the rule make another of it, and write that; the rule may run repeatedly.

    Raises:
        NotFound: there is no such item.
        Busy: others wrote first, every time.
        ServiceError: whatever the rule raises; nothing is written.
    """
    for _ in range(ATTEMPTS):
        before = find(item_id)
        after = rule(before)
        if after == before:
            return before
        after = replace(after, version=before.version + 1)
        if _put(replacement(before, after)):
            return after
    raise Busy(f"Too many writers of {item_id} at once; try again.")


def remove(item_id: str) -> None:
    """Delete an item. If it is gone already, that is what was wanted."""
    client("dynamodb").delete_item(TableName=settings().items_table, Key=_key(item_id))


def page(limit: int, after: str | None, low_only: bool) -> Page:
    """Up to `limit` items after the item of that id, in the table's own order.

    The order is that of hashed keys: fixed, so a walk through the pages meets every item that
    stays exactly once, whatever is added or removed meanwhile.
    """
    table, start = settings().items_table, {}
    if low_only:
        if after is not None:
            start = {"ExclusiveStartKey": {**_key(after), **written({"low": LOW})}}
        answer = client("dynamodb").query(
            TableName=table,
            IndexName=settings().low_stock_index,
            KeyConditionExpression="low = :low",
            ExpressionAttributeValues=written({":low": LOW}),
            Limit=limit,
            **start,
        )
    else:
        if after is not None:
            start = {"ExclusiveStartKey": _key(after)}
        answer = client("dynamodb").scan(TableName=table, Limit=limit, **start)
    last = answer.get("LastEvaluatedKey", {}).get("item_id", {}).get("S")
    return Page(tuple(map(as_item, answer["Items"])), last)


def every() -> Iterator[Item]:
    """All items, page by page."""
    last: str | None = None
    while True:
        found = page(100, last, low_only=False)
        yield from found.items
        last = found.last
        if last is None:
            return


def replacement(before: Item, after: Item) -> dict[str, Any]:
    """The write that puts one state of an item in the place of another, if that is still there.

    For PutItem, or for a transaction. `created_at` is looked at too: the item may have been
    deleted and added again meanwhile, and be another one of the same id and version.
    """
    return {
        "TableName": settings().items_table,
        "Item": of_item(after),
        "ConditionExpression": "version = :version AND created_at = :created_at",
        "ExpressionAttributeValues": written(
            {":version": before.version, ":created_at": before.created_at}
        ),
    }


def _put(request: dict[str, Any]) -> bool:
    """Whether it was written: not if its condition does not hold."""
    try:
        client("dynamodb").put_item(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] in _OTHERS_WERE_FASTER:
            return False
        raise
    return True


def _key(item_id: str) -> Record:
    return written({"item_id": item_id})
