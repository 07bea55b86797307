"""AWS::Kinesis::Stream."""

from __future__ import annotations

from typing import Any

from ..errors import ResourceFailure
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs, tag_changes
from .shapes import TAGS

_PROVISIONED = {"StreamMode": "PROVISIONED"}
_RETENTION_HOURS = 24  # unless told otherwise
_MOST_TAGS = 10  # in one call


class Stream(ResourceType):
    """See "AWS::Kinesis::Stream" in AWS's template reference."""

    schema = Schema(
        type="AWS::Kinesis::Stream",
        properties={
            "Name": str,
            "ShardCount": int,
            "StreamModeDetails": {"StreamMode": str},
            "RetentionPeriodHours": int,
            "StreamEncryption": {"EncryptionType": str, "KeyId": str},
            "Tags": TAGS,
        },
        replaces={"Name"},
        attributes={"Arn"},
        name_property="Name",
        tag_form="list",
        missing={"ResourceNotFoundException"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties.get("Name") or context.name(128)
        asked: dict[str, Any] = {"StreamModeDetails": _mode(properties)}
        if asked["StreamModeDetails"] == _PROVISIONED:
            if "ShardCount" not in properties:
                raise ResourceFailure("ShardCount is required where the mode is PROVISIONED")
            asked["ShardCount"] = properties["ShardCount"]
        context.client("kinesis").create_stream(StreamName=name, **asked)
        context.exists(name)
        self._configure(context, name, properties, {})
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        kinesis = context.client("kinesis")
        if _mode(properties) != _mode(old):
            kinesis.update_stream_mode(
                StreamARN=_arn(context, physical_id), StreamModeDetails=_mode(properties)
            )
        if "ShardCount" in properties and differs("ShardCount", properties, old):
            kinesis.update_shard_count(
                StreamName=physical_id,
                TargetShardCount=properties["ShardCount"],
                ScalingType="UNIFORM_SCALING",
            )
        self._configure(context, physical_id, properties, old)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("kinesis").delete_stream(StreamName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Arn": _arn(context, physical_id)}

    def _configure(
        self, context: Context, name: str, properties: Properties, old: Properties
    ) -> None:
        """What a stream is told after it was made."""
        kinesis = context.client("kinesis")
        hours, before = (
            each.get("RetentionPeriodHours", _RETENTION_HOURS) for each in (properties, old)
        )
        if hours != before:
            change = "increase" if hours > before else "decrease"
            tell = getattr(kinesis, f"{change}_stream_retention_period")
            tell(StreamName=name, RetentionPeriodHours=hours)
        if differs("StreamEncryption", properties, old):
            if "StreamEncryption" in properties:
                kinesis.start_stream_encryption(StreamName=name, **properties["StreamEncryption"])
            else:
                kinesis.stop_stream_encryption(StreamName=name, **old["StreamEncryption"])
        to_set, to_take = tag_changes(properties, old)
        pairs = list(to_set.items())
        for begin in range(0, len(pairs), _MOST_TAGS):
            tags = dict(pairs[begin : begin + _MOST_TAGS])
            kinesis.add_tags_to_stream(StreamName=name, Tags=tags)
        if to_take:
            kinesis.remove_tags_from_stream(StreamName=name, TagKeys=to_take)


def _mode(properties: Properties) -> dict[str, str]:
    mode: dict[str, str] = properties.get("StreamModeDetails", _PROVISIONED)
    return mode


def _arn(context: Context, name: str) -> str:
    return context.arn("kinesis", f"stream/{name}")
