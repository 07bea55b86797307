"""AWS::DynamoDB::Table: keys, indexes, stream, TTL, recovery, tags."""

from __future__ import annotations

from typing import Any

from ..errors import ResourceFailure
from .protocol import Context, ResourceType
from .schema import Properties, Schema, as_list, differs, picked, tag_changes
from .shapes import TAGS

_KEYS = [{"AttributeName": str, "KeyType": str}]
_PROJECTION = {"ProjectionType": str, "NonKeyAttributes": [str]}
_THROUGHPUT = {"ReadCapacityUnits": int, "WriteCapacityUnits": int}
_AT_CREATION = (
    "KeySchema",
    "AttributeDefinitions",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "SSESpecification",
    "TableClass",
    "DeletionProtectionEnabled",
    "Tags",
)


class Table(ResourceType):
    """See "AWS::DynamoDB::Table" in AWS's template reference."""

    schema = Schema(
        type="AWS::DynamoDB::Table",
        properties={
            "TableName": str,
            "KeySchema": _KEYS,
            "AttributeDefinitions": [{"AttributeName": str, "AttributeType": str}],
            "BillingMode": str,
            "ProvisionedThroughput": _THROUGHPUT,
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": str,
                    "KeySchema": _KEYS,
                    "Projection": _PROJECTION,
                    "ProvisionedThroughput": _THROUGHPUT,
                }
            ],
            "LocalSecondaryIndexes": [
                {"IndexName": str, "KeySchema": _KEYS, "Projection": _PROJECTION}
            ],
            "StreamSpecification": {"StreamViewType": str},
            "TimeToLiveSpecification": {"AttributeName": str, "Enabled": bool},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": bool},
            "SSESpecification": {"SSEEnabled": bool, "SSEType": str, "KMSMasterKeyId": str},
            "DeletionProtectionEnabled": bool,
            "Tags": TAGS,
        },
        required={"KeySchema"},
        replaces={"TableName", "KeySchema", "LocalSecondaryIndexes"},
        attributes={"Arn", "StreamArn"},
        name_property="TableName",
        tag_form="list",
        missing={"ResourceNotFoundException"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties.get("TableName") or context.name(255)
        asked = picked(properties, *_AT_CREATION)
        if "SSESpecification" in asked:
            asked["SSESpecification"] = _encryption(asked["SSESpecification"])
        if "StreamSpecification" in properties:
            asked["StreamSpecification"] = _stream(properties)
        context.client("dynamodb").create_table(
            TableName=name, BillingMode=_billing(properties), **asked
        )
        context.exists(name)
        self._set_time_to_live(context, name, properties, {})
        self._set_recovery(context, name, properties, {})
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        dynamodb = context.client("dynamodb")
        for change in _changes(properties, old):  # AWS takes one index at a time
            dynamodb.update_table(TableName=physical_id, **change)
        self._set_time_to_live(context, physical_id, properties, old)
        self._set_recovery(context, physical_id, properties, old)
        arn = dynamodb.describe_table(TableName=physical_id)["Table"]["TableArn"]
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            dynamodb.tag_resource(ResourceArn=arn, Tags=as_list(to_set))
        if to_take:
            dynamodb.untag_resource(ResourceArn=arn, TagKeys=to_take)

    def check_change(self, properties: Properties, old: Properties) -> None:
        stream, before = properties.get("StreamSpecification"), old.get("StreamSpecification")
        if stream and before and stream != before:
            raise _cannot_change("StreamSpecification")
        if differs("SSESpecification", properties, old):
            raise _cannot_change("SSESpecification")

    def must_replace(self, properties: Properties, old: Properties) -> bool:
        now, before = _attribute_types(properties), _attribute_types(old)
        retyped = any(kind != now.get(name, kind) for name, kind in before.items())
        return retyped or super().must_replace(properties, old)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("dynamodb").delete_table(TableName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        table = context.client("dynamodb").describe_table(TableName=physical_id)["Table"]
        streams = "StreamSpecification" in properties
        stream = {"StreamArn": table["LatestStreamArn"]} if streams else {}
        return {"Arn": table["TableArn"], **stream}

    def _set_time_to_live(
        self, context: Context, name: str, properties: Properties, old: Properties
    ) -> None:
        wanted = properties.get("TimeToLiveSpecification")
        before = old.get("TimeToLiveSpecification")
        if wanted == before:
            return
        if before and before["Enabled"] and (not wanted or wanted["Enabled"]):
            # The attribute cannot be changed while it is in use.
            self._tell_time_to_live(context, name, {**before, "Enabled": False})
        if wanted:
            self._tell_time_to_live(context, name, wanted)

    @staticmethod
    def _tell_time_to_live(context: Context, name: str, wanted: dict[str, Any]) -> None:
        context.client("dynamodb").update_time_to_live(
            TableName=name, TimeToLiveSpecification=wanted
        )

    @staticmethod
    def _set_recovery(context: Context, name: str, properties: Properties, old: Properties) -> None:
        off = {"PointInTimeRecoveryEnabled": False}
        wanted = properties.get("PointInTimeRecoverySpecification", off)
        if wanted != old.get("PointInTimeRecoverySpecification", off):
            context.client("dynamodb").update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification=wanted
            )


def _cannot_change(name: str) -> ResourceFailure:
    return ResourceFailure(f"The local cloud cannot change {name} of a table that is there")


def _billing(properties: Properties) -> str:
    mode: str = properties.get("BillingMode", "PROVISIONED")
    return mode


def _stream(properties: Properties) -> dict[str, Any]:
    wanted = properties.get("StreamSpecification")
    return {"StreamEnabled": True, **wanted} if wanted else {"StreamEnabled": False}


def _encryption(wanted: dict[str, Any]) -> dict[str, Any]:
    # The template's name of the setting is not the API's.
    return {"Enabled" if name == "SSEEnabled" else name: value for name, value in wanted.items()}


def _changes(properties: Properties, old: Properties) -> list[dict[str, Any]]:
    """The UpdateTable calls that lead from `old` to `properties`."""
    changes: list[dict[str, Any]] = []
    billing = {"BillingMode": _billing(properties)}
    if billing["BillingMode"] != _billing(old) or differs("ProvisionedThroughput", properties, old):
        changes.append({**billing, **picked(properties, "ProvisionedThroughput")})
    if differs("StreamSpecification", properties, old):
        changes.append({"StreamSpecification": _stream(properties)})
    if differs("DeletionProtectionEnabled", properties, old):
        wanted = properties.get("DeletionProtectionEnabled", False)
        changes.append({"DeletionProtectionEnabled": wanted})
    indexes = _index_changes(properties, old)
    if not indexes and differs("AttributeDefinitions", properties, old):
        changes.append(picked(properties, "AttributeDefinitions"))
    return changes + indexes


def _index_changes(properties: Properties, old: Properties) -> list[dict[str, Any]]:
    new, before = _indexes(properties), _indexes(old)
    changes: list[dict[str, Any]] = []
    for name, index in before.items():
        if name not in new or _shape_of(index) != _shape_of(new[name]):
            changes.append({"Delete": {"IndexName": name}})
        elif index != new[name]:
            changes.append({"Update": picked(new[name], "IndexName", "ProvisionedThroughput")})
    for name, index in new.items():
        if name not in before or _shape_of(index) != _shape_of(before[name]):
            changes.append({"Create": index})
    definitions = picked(properties, "AttributeDefinitions")
    return [{"GlobalSecondaryIndexUpdates": [change], **definitions} for change in changes]


def _attribute_types(properties: Properties) -> dict[str, str]:
    definitions = properties.get("AttributeDefinitions", [])
    return {each["AttributeName"]: each["AttributeType"] for each in definitions}


def _indexes(properties: Properties) -> dict[str, dict[str, Any]]:
    return {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes", [])}


def _shape_of(index: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in index.items() if name != "ProvisionedThroughput"}
