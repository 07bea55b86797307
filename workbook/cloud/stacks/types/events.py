"""AWS::Events::Rule and AWS::Events::EventBus."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from ..errors import AlreadyExists, ResourceFailure
from .protocol import Context, ResourceType
from .schema import Properties, Schema, as_list, picked, tag_changes
from .shapes import JSON, TAGS

_GONE = frozenset({"ResourceNotFoundException"})
_SETTINGS = ("Description", "ScheduleExpression", "State", "RoleArn")
_TARGET = {
    "Id": str,
    "Arn": str,
    "RoleArn": str,
    "Input": str,
    "InputPath": str,
    "InputTransformer": {"InputPathsMap": JSON, "InputTemplate": str},
    "RetryPolicy": {"MaximumRetryAttempts": int, "MaximumEventAgeInSeconds": int},
    "DeadLetterConfig": {"Arn": str},
    "SqsParameters": {"MessageGroupId": str},
}


class Rule(ResourceType):
    """See "AWS::Events::Rule" in AWS's template reference."""

    schema = Schema(
        type="AWS::Events::Rule",
        properties={
            "Name": str,
            "Description": str,
            "EventBusName": str,
            "EventPattern": JSON,
            "ScheduleExpression": str,
            "State": str,
            "RoleArn": str,
            "Targets": [_TARGET],
            "Tags": TAGS,
        },
        replaces={"Name", "EventBusName"},
        attributes={"Arn"},
        name_property="Name",
        tag_form="list",
        missing=_GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        events = context.client("events")
        name: str = properties.get("Name") or context.name(64)
        bus = picked(properties, "EventBusName")
        self._check_free(context, name, bus)
        events.put_rule(Name=name, **bus, **_settings(properties), **picked(properties, "Tags"))
        # On a bus of its own, the physical id names the bus too.
        physical_id = f"{bus['EventBusName']}|{name}" if bus else name
        context.exists(physical_id)
        self._set_targets(context, physical_id, properties, {})
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        events = context.client("events")
        rule = _rule(physical_id)
        events.put_rule(Name=rule.pop("Rule"), **rule, **_settings(properties))
        self._set_targets(context, physical_id, properties, old)
        arn = self.read(context, physical_id, properties)["Arn"]
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            events.tag_resource(ResourceARN=arn, Tags=as_list(to_set))
        if to_take:
            events.untag_resource(ResourceARN=arn, TagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._set_targets(context, physical_id, {}, properties)
        rule = _rule(physical_id)
        context.client("events").delete_rule(Name=rule.pop("Rule"), **rule)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        rule = _rule(physical_id)
        found = context.client("events").describe_rule(Name=rule.pop("Rule"), **rule)
        return {"Arn": found["Arn"]}

    def _check_free(self, context: Context, name: str, bus: dict[str, str]) -> None:
        # PutRule changes a rule that is there.
        try:
            context.client("events").describe_rule(Name=name, **bus)
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in _GONE:
                raise
            return
        raise AlreadyExists(self.schema.type, name)

    @staticmethod
    def _set_targets(
        context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        events, rule = context.client("events"), _rule(physical_id)
        wanted = properties.get("Targets", [])
        kept = {target["Id"] for target in wanted}
        gone = [each["Id"] for each in old.get("Targets", []) if each["Id"] not in kept]
        if gone:
            _check_entries(events.remove_targets(**rule, Ids=gone))
        if wanted:
            _check_entries(events.put_targets(**rule, Targets=wanted))


class EventBus(ResourceType):
    """See "AWS::Events::EventBus" in AWS's template reference."""

    schema = Schema(
        type="AWS::Events::EventBus",
        properties={"Name": str, "Tags": TAGS},
        required={"Name"},
        replaces={"Name"},
        attributes={"Arn", "Name"},
        name_property="Name",
        tag_form="list",
        missing=_GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties["Name"]
        context.client("events").create_event_bus(Name=name, **picked(properties, "Tags"))
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        events = context.client("events")
        arn = context.arn("events", f"event-bus/{physical_id}")
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            events.tag_resource(ResourceARN=arn, Tags=as_list(to_set))
        if to_take:
            events.untag_resource(ResourceARN=arn, TagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("events").delete_event_bus(Name=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        arn = context.arn("events", f"event-bus/{physical_id}")
        return {"Arn": arn, "Name": physical_id}


def _settings(properties: Properties) -> dict[str, Any]:
    pattern = properties.get("EventPattern")
    text = pattern if isinstance(pattern, str) else json.dumps(pattern)
    return {
        **picked(properties, *_SETTINGS),
        **({} if pattern is None else {"EventPattern": text}),
    }


def _rule(physical_id: str) -> dict[str, str]:
    bus, bar, name = physical_id.rpartition("|")
    return {"Rule": name, "EventBusName": bus} if bar else {"Rule": name}


def _check_entries(answer: dict[str, Any]) -> None:
    # Targets fail one by one, inside an answer that is no error.
    for failed in answer.get("FailedEntries", []):
        raise ResourceFailure(f"{failed.get('TargetId')}: {failed.get('ErrorMessage')}")
