"""Somebody in another environment who counts at the worst moment, for checks of counters.

Two visitors at the same time are a matter of luck. Here the second one is let in at a chosen
moment of the first one's code: right before it reads from the table, or right after.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

REGION = "us-east-1"
TABLE = "counters"
KEY = {"counter": "visits"}
_READS = ("GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems")


def make_table() -> Any:
    """An empty table of counters, as boto3's resource."""
    return boto3.resource("dynamodb", region_name=REGION).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "counter", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "counter", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def count(visitors: int = 1) -> int:
    """Count visitors as another environment would; the number after that."""
    answer = (
        boto3.resource("dynamodb", region_name=REGION)
        .Table(TABLE)
        .update_item(
            Key=KEY,
            UpdateExpression="ADD visits :n",
            ExpressionAttributeValues={":n": visitors},
            ReturnValues="UPDATED_NEW",
        )
    )
    return int(answer["Attributes"]["visits"])


def counted() -> Any:
    """What stands in the table; None where there is nothing."""
    answer = boto3.resource("dynamodb", region_name=REGION).Table(TABLE).get_item(Key=KEY)
    return answer.get("Item", {}).get("visits")


@contextmanager
def at_the_first_read(table: Any, *, before: bool) -> Iterator[list[int]]:
    """Inside the block one rival counts, at the first read through this table, if there is one.

    Args:
        table: what the learner's code reads and writes with.
        before: whether the rival comes right before that read, or right after it.

    Yields:
        the numbers that the rival got: none or one.
    """
    numbers: list[int] = []
    events = table.meta.client.meta.events
    moment = "before-call" if before else "after-call"

    def rival(**_: Any) -> None:
        if not numbers:
            numbers.append(count())

    for read in _READS:
        events.register(f"{moment}.dynamodb.{read}", rival)
    try:
        yield numbers
    finally:
        for read in _READS:
            events.unregister(f"{moment}.dynamodb.{read}", rival)
