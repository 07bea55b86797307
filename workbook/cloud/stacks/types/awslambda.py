"""AWS::Lambda::Permission and AWS::Lambda::EventSourceMapping.

Named after the service, as a module cannot be: `lambda` is a word of Python's.
"""

from __future__ import annotations

from typing import Any

from .protocol import Context, ResourceType
from .schema import Properties, Schema, picked

_GONE = frozenset({"ResourceNotFoundException"})
_MAPPING_SETTINGS = (
    "BatchSize",
    "Enabled",
    "FilterCriteria",
    "FunctionName",
    "FunctionResponseTypes",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "ScalingConfig",
)

# What UpdateEventSourceMapping is told where a property is taken away.
_UNSET: dict[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}},
    "Enabled": True,
    "FilterCriteria": {"Filters": []},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ScalingConfig": {},
}


class Permission(ResourceType):
    """See "AWS::Lambda::Permission" in AWS's template reference."""

    schema = Schema(
        type="AWS::Lambda::Permission",
        properties={
            "Action": str,
            "FunctionName": str,
            "Principal": str,
            "SourceAccount": str,
            "SourceArn": str,
        },
        required={"Action", "FunctionName", "Principal"},
        replaces={"Action", "FunctionName", "Principal", "SourceAccount", "SourceArn"},
        attributes={"Id"},
        missing=_GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        statement = context.name(100)
        context.client("lambda").add_permission(StatementId=statement, **properties)
        return statement

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Nothing: every property replaces it."""

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").remove_permission(
            FunctionName=properties["FunctionName"], StatementId=physical_id
        )

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Id": physical_id}


class EventSourceMapping(ResourceType):
    """See "AWS::Lambda::EventSourceMapping" in AWS's template reference."""

    schema = Schema(
        type="AWS::Lambda::EventSourceMapping",
        properties={
            "EventSourceArn": str,
            "FunctionName": str,
            "BatchSize": int,
            "BisectBatchOnFunctionError": bool,
            "DestinationConfig": {"OnFailure": {"Destination": str}},
            "Enabled": bool,
            "FilterCriteria": {"Filters": [{"Pattern": str}]},
            "FunctionResponseTypes": [str],
            "MaximumBatchingWindowInSeconds": int,
            "MaximumRecordAgeInSeconds": int,
            "MaximumRetryAttempts": int,
            "ScalingConfig": {"MaximumConcurrency": int},
            "StartingPosition": str,
            "StartingPositionTimestamp": float,
        },
        required={"FunctionName"},
        replaces={"EventSourceArn", "StartingPosition", "StartingPositionTimestamp"},
        attributes={"Id", "EventSourceMappingArn"},
        missing=_GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        made: dict[str, Any] = context.client("lambda").create_event_source_mapping(**properties)
        physical_id: str = made["UUID"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        unset = {name: value for name, value in _UNSET.items() if name in old}
        context.client("lambda").update_event_source_mapping(
            UUID=physical_id, **{**unset, **picked(properties, *_MAPPING_SETTINGS)}
        )

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").delete_event_source_mapping(UUID=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        arn = context.arn("lambda", f"event-source-mapping:{physical_id}")
        return {"Id": physical_id, "EventSourceMappingArn": arn}
