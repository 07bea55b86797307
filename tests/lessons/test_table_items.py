"""A table read as plain data."""

from decimal import Decimal

import boto3

from workbook.lessons.fixtures import fresh_aws
from workbook.lessons.table_items import items_of


def test_every_page_is_read_in_the_order_of_the_keys_with_whole_numbers_as_int():
    with fresh_aws():
        table = boto3.resource("dynamodb").create_table(
            TableName="inventory-test",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "item_id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "item_id", "KeyType": "HASH"}],
        )
        large = "x" * 300_000  # four of these fill a page of a megabyte
        for n in (5, 1, 4, 2, 3):
            table.put_item(
                Item={"item_id": f"item_{n}", "stock": n, "price": Decimal("7.9"), "about": large}
            )
        picture = items_of(table)
    assert ("inventory-test", ["item_id"]) == (picture["table"], picture["key"])
    assert [f"item_{n}" for n in (1, 2, 3, 4, 5)] == [i["item_id"] for i in picture["items"]]
    assert [1, int] == [picture["items"][0]["stock"], type(picture["items"][0]["stock"])]
    assert Decimal("7.9") == picture["items"][0]["price"]
