"""DynamoDB under enforced IAM, through boto3: tables, indexes, batches, transactions, streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from acting import administrator
from policy_texts import allow, arn, deny, refused

from workbook.cloud import LocalCloud

ORDERS = arn("dynamodb", "table/orders")
ITEMS = arn("dynamodb", "table/items")
BY_SHOP = f"{ORDERS}/index/by-shop"
KEY = {"id": {"S": "1"}}
DENIED = "AccessDeniedException"


@pytest.fixture(scope="module", autouse=True)
def tables(strict: LocalCloud) -> Iterator[None]:
    client = administrator(strict, "dynamodb")
    for name in ("orders", "items"):
        client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": each, "AttributeType": "S"} for each in ("id", "shop")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-shop",
                    "KeySchema": [{"AttributeName": "shop", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
    yield
    for name in ("orders", "items"):
        client.delete_table(TableName=name)


def by_shop(shop: str, **more: Any) -> dict[str, Any]:
    return {
        "TableName": "orders",
        "IndexName": "by-shop",
        "KeyConditionExpression": "#s = :s",
        "ExpressionAttributeNames": {"#s": "shop"},
        "ExpressionAttributeValues": {":s": {"S": shop}},
        **more,
    }


def test_an_item_needs_its_action_on_its_table(under: Callable[..., Any]) -> None:
    client = under(allow("dynamodb:PutItem", ORDERS))("dynamodb")
    client.put_item(TableName="orders", Item=KEY)
    client.put_item(TableName=ORDERS, Item=KEY)
    with refused(DENIED, f"dynamodb:PutItem on resource: {ITEMS} because no identity-based"):
        client.put_item(TableName="items", Item=KEY)
    with refused(DENIED, f"dynamodb:GetItem on resource: {ORDERS} because no identity-based"):
        client.get_item(TableName="orders", Key=KEY)


def test_the_refusal_names_who_was_refused(
    strict: LocalCloud, role: Callable[..., str], under: Callable[..., Any]
) -> None:
    with refused(DENIED) as denied:
        under()("dynamodb").scan(TableName="orders")
    assert "User: arn:aws:sts::123456789012:assumed-role/role-" in denied.message
    assert denied.message.endswith(
        "/shop is not authorized to perform: dynamodb:Scan on resource: "
        f"{ORDERS} because no identity-based policy allows the dynamodb:Scan action"
    )


def test_an_index_is_a_resource_of_its_own(under: Callable[..., Any]) -> None:
    with refused(DENIED, f"dynamodb:Query on resource: {BY_SHOP} because"):
        under(allow("dynamodb:Query", ORDERS))("dynamodb").query(**by_shop("a"))
    under(allow("dynamodb:Query", BY_SHOP))("dynamodb").query(**by_shop("a"))
    with refused(DENIED, f"dynamodb:Scan on resource: {BY_SHOP} because"):
        under(allow("dynamodb:Scan", ORDERS))("dynamodb").scan(
            TableName="orders", IndexName="by-shop"
        )


def test_a_batch_needs_every_table_in_it(under: Callable[..., Any]) -> None:
    client = under(allow(["dynamodb:BatchWriteItem", "dynamodb:BatchGetItem"], ORDERS))("dynamodb")
    put, both = [{"PutRequest": {"Item": KEY}}], ("orders", "items")
    client.batch_write_item(RequestItems={"orders": put})
    client.batch_get_item(RequestItems={"orders": {"Keys": [KEY]}})
    with refused(DENIED, f"dynamodb:BatchWriteItem on resource: {ITEMS}"):
        client.batch_write_item(RequestItems={each: put for each in both})
    with refused(DENIED, f"dynamodb:BatchGetItem on resource: {ITEMS}"):
        client.batch_get_item(RequestItems={each: {"Keys": [KEY]} for each in both})


def test_a_transaction_needs_what_each_of_its_parts_would(under: Callable[..., Any]) -> None:
    """As on AWS, and not an action of its own: dynamodb:TransactWriteItems does not exist."""
    client = under(
        allow(["dynamodb:PutItem", "dynamodb:ConditionCheckItem"], ORDERS),
        allow("dynamodb:UpdateItem", ITEMS),
    )("dynamodb")
    put = {"Put": {"TableName": "orders", "Item": KEY}}
    check = {
        "ConditionCheck": {
            "TableName": "orders",
            "Key": {"id": {"S": "absent"}},
            "ConditionExpression": "attribute_not_exists(id)",
        }
    }
    update = {
        "Update": {
            "TableName": "items",
            "Key": KEY,
            "UpdateExpression": "SET n = :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        }
    }
    client.transact_write_items(TransactItems=[put, check, update])
    for part, action, table in (
        ({"Delete": {"TableName": "orders", "Key": KEY}}, "DeleteItem", ORDERS),
        ({"Put": {"TableName": "items", "Item": KEY}}, "PutItem", ITEMS),
    ):
        with refused(DENIED, f"dynamodb:{action} on resource: {table}"):
            client.transact_write_items(TransactItems=[update, part])
    wrong = under(allow("dynamodb:TransactWriteItems"))("dynamodb")
    with refused(DENIED, f"dynamodb:PutItem on resource: {ORDERS}"):
        wrong.transact_write_items(TransactItems=[put])


def test_a_policy_may_ask_for_a_transaction(under: Callable[..., Any]) -> None:
    """AWS's page "Using IAM with DynamoDB transactions": EnclosingOperation."""
    enclosed = {"StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}}
    client = under(allow("dynamodb:PutItem", ORDERS, Condition=enclosed))("dynamodb")
    put = {"TableName": "orders", "Item": KEY}
    client.transact_write_items(TransactItems=[{"Put": put}])
    with refused(DENIED, f"dynamodb:PutItem on resource: {ORDERS}"):
        client.put_item(**put)


def test_transactional_reads_need_get_item(under: Callable[..., Any]) -> None:
    client = under(allow("dynamodb:GetItem", ORDERS))("dynamodb")
    client.transact_get_items(TransactItems=[{"Get": {"TableName": "orders", "Key": KEY}}])
    with refused(DENIED, f"dynamodb:GetItem on resource: {ITEMS}"):
        client.transact_get_items(TransactItems=[{"Get": {"TableName": "items", "Key": KEY}}])


def test_a_deny_beats_every_allow_and_says_so(under: Callable[..., Any]) -> None:
    client = under(allow("*"), deny("dynamodb:Delete*", ITEMS))("dynamodb")
    client.delete_item(TableName="orders", Key=KEY)
    with refused(DENIED, f"{ITEMS} with an explicit deny in an identity-based policy"):
        client.delete_item(TableName="items", Key=KEY)


def test_leading_keys_narrow_a_table_to_some_items(under: Callable[..., Any]) -> None:
    mine = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}}
    client = under(allow("dynamodb:*", [ORDERS, BY_SHOP], Condition=mine))("dynamodb")
    client.put_item(TableName="orders", Item={"id": {"S": "mine"}})
    client.query(**by_shop("mine"))
    with refused(DENIED, "dynamodb:PutItem"):
        client.put_item(TableName="orders", Item={"id": {"S": "yours"}})
    with refused(DENIED, "dynamodb:Query"):
        client.query(**by_shop("yours"))
    with refused(DENIED, "dynamodb:BatchGetItem"):
        keys = [{"id": {"S": each}} for each in ("mine", "yours")]
        client.batch_get_item(RequestItems={"orders": {"Keys": keys}})


def test_streams_are_resources_below_their_table(
    strict: LocalCloud, under: Callable[..., Any]
) -> None:
    streams = {
        name: administrator(strict, "dynamodb").describe_table(TableName=name)["Table"][
            "LatestStreamArn"
        ]
        for name in ("orders", "items")
    }

    def iterator(clients: Any, name: str) -> str:
        client = clients("dynamodbstreams")
        (shard,) = client.describe_stream(StreamArn=streams[name])["StreamDescription"]["Shards"]
        return str(
            client.get_shard_iterator(
                StreamArn=streams[name],
                ShardId=shard["ShardId"],
                ShardIteratorType="TRIM_HORIZON",
            )["ShardIterator"]
        )

    reads = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"]
    clients = under(allow(reads, f"{ORDERS}/stream/*"))
    client = clients("dynamodbstreams")
    client.get_records(ShardIterator=iterator(clients, "orders"))
    with refused(DENIED, f"dynamodb:DescribeStream on resource: {streams['items']}"):
        client.describe_stream(StreamArn=streams["items"])
    with refused(DENIED, f"dynamodb:GetRecords on resource: {streams['items']}"):
        client.get_records(ShardIterator=iterator(strict.client, "items"))


def test_partiql_is_refused_by_name(strict: LocalCloud, under: Callable[..., Any]) -> None:
    statement = {"Statement": "SELECT * FROM orders"}
    with refused("NotImplemented", "PartiQL of anybody but the administrator"):
        under(allow("*"))("dynamodb").execute_statement(**statement)
    administrator(strict, "dynamodb").execute_statement(**statement)


def test_listing_tables_knows_no_resources(under: Callable[..., Any]) -> None:
    with refused(DENIED, "perform: dynamodb:ListTables because no"):
        under(allow("dynamodb:ListTables", ORDERS))("dynamodb").list_tables()
    under(allow("dynamodb:ListTables"))("dynamodb").list_tables()
