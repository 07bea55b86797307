"""Calls are seen whoever makes them, and a rival comes between a read and its write for certain."""

import boto3
import pytest
from botocore.exceptions import ClientError

from workbook.lessons.call_watch import watching
from workbook.lessons.inventory_table import TABLE_NAME, practice_table


@pytest.fixture
def table():
    with practice_table() as table:
        yield table


def sell(table, price=1):
    table.update_item(
        Key={"item_id": "item_1"},
        UpdateExpression="SET stock = stock - :n",
        ConditionExpression="stock >= :n",
        ExpressionAttributeValues={":n": price},
    )


def stock(table):
    return table.get_item(Key={"item_id": "item_1"})["Item"]["stock"]


def test_calls_of_every_client_are_seen_and_the_items_they_read_are_counted(table):
    with watching() as watch:
        table.scan()
        boto3.client("dynamodb").get_item(TableName=TABLE_NAME, Key={"item_id": {"S": "item_1"}})
        table.put_item(Item={"item_id": "item_4"})
    assert ["Scan", "GetItem", "PutItem"] == watch.calls
    assert ["Scan", "GetItem"] == watch.reads
    assert 3 + 1 == watch.items_read


def test_a_rival_comes_once_between_a_read_and_the_first_write(table):
    with watching(before_write=lambda: sell(table, 2)) as watch:
        seen = stock(table)
        sell(table)
        sell(table)
    assert 12 == seen
    assert 12 - 2 - 1 - 1 == stock(table)
    assert ["GetItem", "UpdateItem", "UpdateItem"] == watch.calls


def test_a_refused_write_is_looked_at_too_and_nothing_stays_behind(table):
    looked = []
    with (
        watching(after_write=lambda: looked.append(stock(table))) as watch,
        pytest.raises(ClientError),
    ):
        sell(table, 99)
    sell(table)
    assert [12] == looked
    assert ["UpdateItem"] == watch.calls
