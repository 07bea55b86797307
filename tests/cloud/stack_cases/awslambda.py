"""Permissions of functions and their event source mappings."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Clients, Look
from .dynamodb import KEYS, TABLE
from .given import ARN
from .sqs import DEAD, DEAD_ARN, OTHER

PERMISSION = "AWS::Lambda::Permission"
MAPPING = "AWS::Lambda::EventSourceMapping"

ALLOWED = {
    "Action": "lambda:InvokeFunction",
    "FunctionName": "seller",
    "Principal": "s3.amazonaws.com",
}
POLLED = {"EventSourceArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "FunctionName": "seller"}
STREAMED = {
    "EventSourceArn": {"Fn::GetAtt": ["Items", "StreamArn"]},
    "FunctionName": "seller",
    "StartingPosition": "LATEST",
}
ITEMS = {
    "Items": {
        "Type": TABLE,
        "Properties": {
            **KEYS,
            "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
        },
    }
}


def mapping(name: str) -> Look:
    return lambda aws, it: aws("lambda").get_event_source_mapping(UUID=it).get(name)


def statement(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        policy = json.loads(aws("lambda").get_policy(FunctionName="seller")["Policy"])
        [found] = [each for each in policy["Statement"] if each["Sid"] == it]
        return found.get(name)

    return look


def has_statement(function: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        try:
            policy = aws("lambda").get_policy(FunctionName=function)["Policy"]
        except aws("lambda").exceptions.ResourceNotFoundException:
            return False
        return any(each["Sid"] == it for each in json.loads(policy)["Statement"])

    return look


def name_of(look: Look) -> Look:
    return lambda aws, it: look(aws, it).rpartition(":")[2]


CASES = [
    Case(
        PERMISSION,
        "Action",
        "lambda:InvokeFunction",
        "lambda:GetFunction",
        statement("Action"),
        base=ALLOWED,
    ),
    Case(
        PERMISSION,
        "FunctionName",
        "seller",
        "buyer",
        lambda aws, it: [has_statement(name)(aws, it) for name in ("seller", "buyer")],
        ([True, False], [False, True]),
        ALLOWED,
    ),
    Case(
        PERMISSION,
        "Principal",
        "s3.amazonaws.com",
        "sns.amazonaws.com",
        lambda aws, it: statement("Principal")(aws, it)["Service"],
        base=ALLOWED,
    ),
    Case(
        PERMISSION,
        "SourceArn",
        "arn:aws:s3:::a",
        None,
        lambda aws, it: (statement("Condition")(aws, it) or {}).get("ArnLike"),
        ({"AWS:SourceArn": "arn:aws:s3:::a"}, None),
        ALLOWED,
    ),
    Case(
        PERMISSION,
        "SourceAccount",
        "123456789012",
        None,
        lambda aws, it: (statement("Condition")(aws, it) or {}).get("StringEquals"),
        ({"AWS:SourceAccount": "123456789012"}, None),
        ALLOWED,
    ),
    Case(
        MAPPING,
        "EventSourceArn",
        DEAD_ARN,
        ARN.format("sqs", "other"),
        mapping("EventSourceArn"),
        base=POLLED,
        beside={**DEAD, **OTHER},
    ),
    Case(
        MAPPING,
        "FunctionName",
        "seller",
        "buyer",
        name_of(mapping("FunctionArn")),
        base=POLLED,
        beside=DEAD,
    ),
    Case(MAPPING, "BatchSize", 5, 7, mapping("BatchSize"), base=POLLED, beside=DEAD),
    Case(MAPPING, "Enabled", False, True, mapping("State"), ("Disabled", "Enabled"), POLLED, DEAD),
    Case(
        MAPPING,
        "FilterCriteria",
        {"Filters": [{"Pattern": '{"a": [1]}'}]},
        {"Filters": [{"Pattern": '{"a": [2]}'}]},
        mapping("FilterCriteria"),
        base=POLLED,
        beside=DEAD,
    ),
    Case(
        MAPPING,
        "FunctionResponseTypes",
        ["ReportBatchItemFailures"],
        [],
        mapping("FunctionResponseTypes"),
        base=POLLED,
        beside=DEAD,
    ),
    Case(
        MAPPING,
        "MaximumBatchingWindowInSeconds",
        5,
        7,
        mapping("MaximumBatchingWindowInSeconds"),
        base=POLLED,
        beside=DEAD,
    ),
    Case(
        MAPPING,
        "ScalingConfig",
        {"MaximumConcurrency": 3},
        None,
        mapping("ScalingConfig"),
        ({"MaximumConcurrency": 3}, {}),
        POLLED,
        DEAD,
    ),
    Case(
        MAPPING,
        "BisectBatchOnFunctionError",
        True,
        None,
        mapping("BisectBatchOnFunctionError"),
        (True, False),
        STREAMED,
        ITEMS,
    ),
    Case(
        MAPPING,
        "MaximumRecordAgeInSeconds",
        60,
        None,
        mapping("MaximumRecordAgeInSeconds"),
        (60, -1),
        STREAMED,
        ITEMS,
    ),
    Case(
        MAPPING,
        "MaximumRetryAttempts",
        3,
        None,
        mapping("MaximumRetryAttempts"),
        (3, -1),
        STREAMED,
        ITEMS,
    ),
    Case(
        MAPPING,
        "DestinationConfig",
        {"OnFailure": {"Destination": DEAD_ARN}},
        None,
        mapping("DestinationConfig"),
        ({"OnFailure": {"Destination": DEAD_ARN}}, {"OnFailure": {}}),
        STREAMED,
        {**DEAD, **ITEMS},
    ),
    Case(
        MAPPING,
        "StartingPosition",
        "LATEST",
        "TRIM_HORIZON",
        mapping("StartingPosition"),
        base=STREAMED,
        beside=ITEMS,
    ),
]
