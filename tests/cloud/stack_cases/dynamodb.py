"""Tables."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, physical
from .given import OTHER_TAGS, TAGGED, TAGS, Properties

TABLE = "AWS::DynamoDB::Table"

KEYS = {
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}
TWO_KEYS = {
    **KEYS,
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "at", "AttributeType": "S"},
    ],
}
BY_ID = KEYS["KeySchema"]
BY_AT = [{"AttributeName": "at", "KeyType": "HASH"}]
BY_BOTH = [*BY_ID, {"AttributeName": "at", "KeyType": "RANGE"}]


def table(name: str) -> Look:
    return lambda aws, it: aws("dynamodb").describe_table(TableName=it)["Table"].get(name)


def index(name: str, keys: Any = BY_AT) -> Properties:
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def index_names(kind: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        return [each["IndexName"] for each in table(kind)(aws, it) or []]

    return look


def time_to_live(aws: Clients, it: str) -> Any:
    found = aws("dynamodb").describe_time_to_live(TableName=it)["TimeToLiveDescription"]
    return found["TimeToLiveStatus"], found.get("AttributeName")


def recovery(aws: Clients, it: str) -> Any:
    found = aws("dynamodb").describe_continuous_backups(TableName=it)
    described = found["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return described["PointInTimeRecoveryStatus"]


def table_tags(aws: Clients, it: str) -> Any:
    arn = table("TableArn")(aws, it)
    return Tags(aws("dynamodb").list_tags_of_resource(ResourceArn=arn)["Tags"])


CASES = [
    Case(TABLE, "TableName", "items", "goods", physical, base=KEYS),
    Case(
        TABLE,
        "KeySchema",
        BY_BOTH,
        [BY_AT[0], {"AttributeName": "id", "KeyType": "RANGE"}],
        table("KeySchema"),
        base=TWO_KEYS,
    ),
    Case(
        TABLE,
        "AttributeDefinitions",
        [{"AttributeName": "id", "AttributeType": "S"}],
        [{"AttributeName": "id", "AttributeType": "N"}],
        table("AttributeDefinitions"),
        base=KEYS,
    ),
    Case(
        TABLE,
        "BillingMode",
        "PAY_PER_REQUEST",
        None,
        lambda aws, it: (table("BillingModeSummary")(aws, it) or {}).get("BillingMode"),
        ("PAY_PER_REQUEST", "PROVISIONED"),
        KEYS,
    ),
    Case(
        TABLE,
        "ProvisionedThroughput",
        {"ReadCapacityUnits": "3", "WriteCapacityUnits": 4},
        {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
        lambda aws, it: table("ProvisionedThroughput")(aws, it)["ReadCapacityUnits"],
        shows=(3, 5),
        base={**KEYS, "BillingMode": "PROVISIONED"},
    ),
    Case(
        TABLE,
        "GlobalSecondaryIndexes",
        [index("by-at"), index("old")],
        [index("by-at"), index("new")],
        index_names("GlobalSecondaryIndexes"),
        shows=(["by-at", "old"], ["by-at", "new"]),
        base=TWO_KEYS,
    ),
    Case(
        TABLE,
        "LocalSecondaryIndexes",
        [index("one", BY_BOTH)],
        [index("two", BY_BOTH)],
        index_names("LocalSecondaryIndexes"),
        shows=(["one"], ["two"]),
        base={**TWO_KEYS, "KeySchema": BY_BOTH},
    ),
    Case(
        TABLE,
        "StreamSpecification",
        {"StreamViewType": "NEW_IMAGE"},
        None,
        lambda aws, it: (table("StreamSpecification")(aws, it) or {}).get("StreamViewType"),
        shows=("NEW_IMAGE", None),
        base=KEYS,
    ),
    Case(
        TABLE,
        "TimeToLiveSpecification",
        {"AttributeName": "gone", "Enabled": "true"},
        {"AttributeName": "until", "Enabled": True},
        time_to_live,
        shows=(("ENABLED", "gone"), ("ENABLED", "until")),
        base=KEYS,
    ),
    Case(
        TABLE,
        "PointInTimeRecoverySpecification",
        {"PointInTimeRecoveryEnabled": True},
        None,
        recovery,
        shows=("ENABLED", "DISABLED"),
        base=KEYS,
    ),
    Case(
        TABLE,
        "DeletionProtectionEnabled",
        True,
        False,
        table("DeletionProtectionEnabled"),
        base=KEYS,
    ),
    Case(TABLE, "Tags", TAGS, OTHER_TAGS, table_tags, TAGGED, KEYS),
]
