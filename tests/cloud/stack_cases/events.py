"""Rules and event buses."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, as_json, physical
from .given import ARN, OTHER_TAGS, TAGGED, TAGS
from .sqs import DEAD, DEAD_ARN

RULE = "AWS::Events::Rule"
EVENT_BUS = "AWS::Events::EventBus"

DAILY = {"ScheduleExpression": "rate(1 day)"}
BUS = {"Bus": {"Type": EVENT_BUS, "Properties": {"Name": "shop"}}}
PATTERN = {"source": ["shop"]}
TARGET = {
    "Id": "a",
    "Arn": DEAD_ARN,
    "InputTransformer": {"InputPathsMap": {"x": "$.detail"}, "InputTemplate": "<x>"},
    "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
    "DeadLetterConfig": {"Arn": DEAD_ARN},
}
OTHER_TARGET = {"Id": "b", "Arn": DEAD_ARN, "Input": "{}"}


def rule(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        bus, bar, own = it.rpartition("|")
        where = {"EventBusName": bus} if bar else {}
        return aws("events").describe_rule(Name=own, **where).get(name)

    return look


def targets(aws: Clients, it: str) -> Any:
    found = aws("events").list_targets_by_rule(Rule=it)["Targets"]
    return {each["Id"]: each for each in found}


def rule_tags(aws: Clients, it: str) -> Any:
    arn = rule("Arn")(aws, it)
    return Tags(aws("events").list_tags_for_resource(ResourceARN=arn)["Tags"])


def bus_tags(aws: Clients, it: str) -> Any:
    arn = ARN.format("events", f"event-bus/{it}")
    return Tags(aws("events").list_tags_for_resource(ResourceARN=arn)["Tags"])


CASES = [
    Case(RULE, "Name", "a", "b", physical, base=DAILY),
    Case(RULE, "Description", "a", "b", rule("Description"), base=DAILY),
    Case(
        RULE,
        "EventBusName",
        {"Ref": "Bus"},
        None,
        rule("EventBusName"),
        ("shop", "default"),
        {"EventPattern": PATTERN},
        BUS,
    ),
    Case(RULE, "EventPattern", PATTERN, {"source": ["till"]}, as_json(rule("EventPattern"))),
    Case(RULE, "ScheduleExpression", "rate(1 day)", "rate(2 days)", rule("ScheduleExpression")),
    Case(RULE, "State", "DISABLED", None, rule("State"), ("DISABLED", "ENABLED"), DAILY),
    Case(
        RULE,
        "RoleArn",
        "arn:aws:iam::123456789012:role/a",
        "arn:aws:iam::123456789012:role/b",
        rule("RoleArn"),
        base=DAILY,
    ),
    Case(
        RULE,
        "Targets",
        [TARGET],
        [OTHER_TARGET],
        targets,
        ({"a": TARGET}, {"b": OTHER_TARGET}),
        DAILY,
        DEAD,
    ),
    Case(RULE, "Tags", TAGS, OTHER_TAGS, rule_tags, TAGGED, DAILY),
    Case(EVENT_BUS, "Name", "a", "b", physical),
    Case(EVENT_BUS, "Tags", TAGS, OTHER_TAGS, bus_tags, TAGGED, {"Name": "shop"}),
]
