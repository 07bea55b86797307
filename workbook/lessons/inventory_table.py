"""The table of chapter 04, made afresh: for checks, and for the cells in which one tries an answer.

`resources.yaml` of the chapter describes the same table; this one stands alone, so that an exercise
needs no chapter to have been run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import boto3

from workbook.lessons.fixtures import fresh_aws

TABLE_NAME = "inventory-practice"
INDEX_NAME = "by-shelf"
INVENTORY: tuple[dict[str, Any], ...] = (
    {
        "item_id": "item_1",
        "name": "Espresso beans",
        "shelf": "coffee",
        "stock": 12,
        "price": Decimal("7.9"),
    },
    {
        "item_id": "item_2",
        "name": "Paper filters",
        "shelf": "coffee",
        "stock": 0,
        "price": Decimal("2.5"),
    },
    {
        "item_id": "item_3",
        "name": "Milk jug",
        "shelf": "tools",
        "stock": 3,
        "price": Decimal("19.95"),
    },
)


@contextmanager
def practice_table(items: Iterable[Mapping[str, Any]] = INVENTORY) -> Iterator[Any]:
    """A table in an empty AWS of this process's own, gone at the end of the block.

    Raises:
        WorkbookError: a mock_aws of the learner's is active.
    """
    with fresh_aws():
        yield make_table(items)


def make_table(items: Iterable[Mapping[str, Any]] = INVENTORY) -> Any:
    """A new table with these items, in whatever AWS is standing; a boto3 Table resource."""
    table = boto3.resource("dynamodb").create_table(
        TableName=TABLE_NAME,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "item_id", "AttributeType": "S"},
            {"AttributeName": "shelf", "AttributeType": "S"},
            {"AttributeName": "stock", "AttributeType": "N"},
        ],
        KeySchema=[{"AttributeName": "item_id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX_NAME,
                "KeySchema": [
                    {"AttributeName": "shelf", "KeyType": "HASH"},
                    {"AttributeName": "stock", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    fill(table, items)
    return table


def fill(table: Any, items: Iterable[Mapping[str, Any]]) -> None:
    """Put the items into the table, twenty-five a call."""
    with table.batch_writer() as batch:
        for item in items:
            batch.put_item(Item=dict(item))


def empty(table: Any) -> None:
    """Take every item out of the table."""
    while found := table.scan()["Items"]:
        with table.batch_writer() as batch:
            for item in found:
                batch.delete_item(Key={"item_id": item["item_id"]})
