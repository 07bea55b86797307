"""Kinesis streams, and what of their readers shows where these run."""

from __future__ import annotations

from typing import Any

from .awslambda import MAPPING
from .case import Case, Clients, Look, Tags, physical
from .function_versions import TWO
from .given import OTHER_TAGS, TAGGED, TAGS

STREAM = "AWS::Kinesis::Stream"
SHARDED = {"ShardCount": 2}


def stream(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        found = aws("kinesis").describe_stream_summary(StreamName=it)
        return found["StreamDescriptionSummary"].get(name)

    return look


def stream_tags(aws: Clients, it: str) -> Any:
    return Tags(aws("kinesis").list_tags_for_stream(StreamName=it)["Tags"])


def starting_moment(aws: Clients, it: str) -> Any:
    found = aws("lambda").get_event_source_mapping(UUID=it)
    return found["StartingPositionTimestamp"].timestamp()


CASES = [
    Case(STREAM, "Name", "clicks", "taps", physical, base=SHARDED),
    Case(STREAM, "ShardCount", 2, 3, stream("OpenShardCount")),
    Case(
        STREAM,
        "StreamModeDetails",
        {"StreamMode": "ON_DEMAND"},
        None,
        stream("StreamModeDetails"),
        ({"StreamMode": "ON_DEMAND"}, {"StreamMode": "PROVISIONED"}),
        base_then={"ShardCount": 4},
    ),
    Case(
        STREAM, "RetentionPeriodHours", 48, None, stream("RetentionPeriodHours"), (48, 24), SHARDED
    ),
    Case(
        STREAM,
        "StreamEncryption",
        {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
        None,
        stream("EncryptionType"),
        ("KMS", "NONE"),
        SHARDED,
    ),
    Case(STREAM, "Tags", TAGS, OTHER_TAGS, stream_tags, TAGGED, SHARDED),
]

READERS = [
    Case(
        MAPPING,
        "StartingPositionTimestamp",
        1_767_268_800,
        1_767_268_800,
        starting_moment,
        base={
            "EventSourceArn": {"Fn::GetAtt": ["Clicks", "Arn"]},
            "FunctionName": {"Ref": "Seller"},
            "StartingPosition": "AT_TIMESTAMP",
        },
        beside={"Clicks": {"Type": STREAM, "Properties": {"ShardCount": 1}}, **TWO},
    )
]
