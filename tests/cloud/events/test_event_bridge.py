"""PutEvents' entries become events, and rules carry them to their targets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from chalice.app import CloudWatchEvent

from workbook.cloud.events.bridge import Bridge, Rule, Target
from workbook.cloud.events.entries import Accepted, InvalidEntries, Refused, event, read_entries
from workbook.cloud.events.inputs import MISSING, InvalidInput, TargetInput, look_up
from workbook.cloud.events.patterns import Pattern
from workbook.cloud.events.targets import Targets
from workbook.cloud.missing import NotEmulated

NOON = 1_767_268_800.0
RULE = "arn:aws:events:us-east-1:123456789012:rule/orders"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:bill"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
ENTRY = {"Source": "shop", "DetailType": "Order", "Detail": '{"id": 7}'}


def read(*entries: dict[str, Any]) -> list[Accepted | Refused]:
    return read_entries(entries, account="123456789012", region="us-east-1", now=NOON)


def test_an_entry_becomes_an_event_with_every_field() -> None:
    [accepted] = read(ENTRY | {"Resources": ["order/7"]})
    assert isinstance(accepted, Accepted)
    assert accepted.answer() == {"EventId": accepted.event["id"]}
    assert accepted.bus == "default"
    assert {name: accepted.event[name] for name in accepted.event if name != "id"} == {
        "version": "0",
        "detail-type": "Order",
        "source": "shop",
        "account": "123456789012",
        "time": "2026-01-01T12:00:00Z",
        "region": "us-east-1",
        "resources": ["order/7"],
        "detail": {"id": 7},
    }
    assert CloudWatchEvent(accepted.event, None).detail == {"id": 7}


@pytest.mark.parametrize("time", [NOON - 60, datetime(2026, 1, 1, 11, 59, tzinfo=UTC)])
def test_an_entry_may_bring_its_own_time_and_bus(time: Any) -> None:
    [accepted] = read(ENTRY | {"Time": time, "EventBusName": "audit"})
    assert isinstance(accepted, Accepted)
    assert (accepted.bus, accepted.event["time"]) == ("audit", "2026-01-01T11:59:00Z")


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"Source": ""}, "InvalidArgument", "Parameter Source is not valid. Reason: Source is a"),
        ({"DetailType": None}, "InvalidArgument", "DetailType is a required argument."),
        ({"Detail": ""}, "InvalidArgument", "Detail is a required argument."),
        ({"Detail": "{"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": "[1]"}, "MalformedDetail", "Detail is malformed."),
        ({"Source": "aws.s3"}, "NotAuthorizedForSourceException", "Not authorized for the source."),
    ],
    ids=str,
)
def test_a_refused_entry_does_not_spoil_the_others(
    change: dict[str, Any], code: str, message: str
) -> None:
    refused, accepted = read(ENTRY | change, ENTRY)
    assert isinstance(accepted, Accepted)
    assert refused.answer()["ErrorCode"] == code
    assert message in refused.answer()["ErrorMessage"]


def test_a_request_of_the_wrong_size_is_refused_whole() -> None:
    with pytest.raises(InvalidEntries, match="greater than or equal to 1"):
        read()
    with pytest.raises(InvalidEntries, match="less than or equal to 10"):
        read(*[ENTRY] * 11)
    with pytest.raises(InvalidEntries, match="Total size of the entries"):
        read(ENTRY | {"Detail": json.dumps({"x": "y" * 1_048_576})})


EVENT = event(
    source="shop",
    detail_type="Order",
    detail={"id": 7, "who": 'Ann "A"', "lines": [{"item": "mug"}], "unit price": 4.5},
    account="123456789012",
    region="us-east-1",
    moment=NOON,
)


def sent(target: dict[str, Any]) -> str:
    return TargetInput.parse(target).text(EVENT, rule_arn=RULE, now="2026-01-01T12:00:01Z")


def test_a_target_is_sent_the_event_unless_it_asks_for_something_else() -> None:
    assert json.loads(sent({})) == EVENT
    assert sent({"Input": '{"fixed": true}'}) == '{"fixed": true}'
    assert json.loads(sent({"InputPath": "$.detail.lines[0]"})) == {"item": "mug"}
    assert json.loads(sent({"InputPath": "$.detail['unit price']"})) == 4.5
    assert json.loads(sent({"InputPath": "$.detail-type"})) == "Order"
    assert json.loads(sent({"InputPath": "$"})) == EVENT


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"Order <id> of <who>"', 'Order 7 of Ann "A"'),
        ('{"id": <id>, "who": <who>}', {"id": 7, "who": 'Ann "A"'}),
        ('{"text": "<who>: <id>", "lines": <lines>}', {"text": 'Ann "A": 7', "lines": [{"item": "mug"}]}),
        ('{"a \\"quote\\"": <id>}', {'a "quote"': 7}),
        ('{"gone": <gone>, "text": "-<gone>-"}', {"gone": "", "text": "--"}),
        ('"<lines>"', '[{"item": "mug"}]'),
        (
            '{"rule": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>}',
            {"rule": "orders", "at": "2026-01-01T12:00:01Z"},
        ),
        ('{"arn": <aws.events.rule-arn>, "all": <aws.events.event.json>}', {"arn": RULE, "all": EVENT}),
        (
            "<aws.events.event>",
            {name: value for name, value in EVENT.items() if name != "detail"},
        ),
    ],
)  # fmt: skip
def test_a_template_is_filled_in(template: str, expected: Any) -> None:
    paths = {
        "id": "$.detail.id",
        "who": "$.detail.who",
        "lines": "$.detail.lines",
        "gone": "$.detail.gone.far",
    }
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    assert json.loads(sent({"InputTransformer": transformer})) == expected


def test_paths_and_variables_that_cannot_work_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"Invalid JSON path: detail\.id"):
        TargetInput.parse({"InputPath": "detail.id"})
    with pytest.raises(InvalidInput, match="Placeholder id is unknown"):
        TargetInput.parse({"Id": "1", "InputTransformer": {"InputTemplate": '"<id>"'}})
    assert look_up(EVENT, "$.detail.lines[3]") is MISSING


def target(arn: str, **settings: Any) -> Target:
    return Target.parse({"Id": "1", "Arn": arn, **settings})


@pytest.fixture
def rules() -> dict[str, list[Rule]]:
    return {}


@pytest.fixture
def bridge(rules, targets, clock, activity, closing) -> Bridge:
    def find(arn: str) -> Rule:
        return next(rule for found in rules.values() for rule in found if rule.arn == arn)

    return closing(
        Bridge(
            rules=lambda bus: rules.get(bus, ()),
            rule=find,
            targets=targets,
            clock=clock,
            activity=activity,
        )
    )


def test_an_event_goes_to_every_target_of_the_rules_that_match(
    bridge, rules, settle, received
) -> None:
    matching = Pattern.parse({"source": ["shop"], "detail": {"id": [7]}})
    three = [target(FUNCTION), target(QUEUE, SqsParameters={"MessageGroupId": "g"}), target(TOPIC)]
    rules["default"] = [
        Rule(RULE, pattern=matching, targets=three),
        Rule(RULE, pattern=Pattern.parse({"source": ["other"]}), targets=three),
        Rule(RULE, pattern=matching, targets=three, enabled=False),
        Rule(RULE, pattern=None, targets=three),
    ]
    bridge.put("default", EVENT)
    bridge.put("another", EVENT)
    settle()
    told = dict(received.wait_for(3))
    assert told[FUNCTION] == EVENT
    assert told[QUEUE].group_id == "g"
    assert json.loads(told[TOPIC].body) == EVENT


def test_a_schedule_fires_the_rules_own_targets(bridge, rules, settle, received) -> None:
    rules["default"] = [Rule(RULE, targets=[target(FUNCTION), target(QUEUE, Input='"tick"')])]
    bridge.fire(RULE, NOON)
    settle()
    told = dict(received.wait_for(2))
    assert told[FUNCTION]["detail-type"] == "Scheduled Event"
    assert told[QUEUE].body == '"tick"'


def test_a_disabled_rule_does_not_fire_though_its_schedule_was_due(
    bridge, rules, settle, received
) -> None:
    rules["default"] = [Rule(RULE, targets=[target(FUNCTION)], enabled=False)]
    bridge.fire(RULE, NOON)
    settle()
    received.wait_for(0)


def test_what_a_target_refuses_goes_to_its_dead_letters_with_the_reason(
    rules, targets, clock, activity, closing, settle, received
) -> None:
    def gone(arn: str, payload: bytes) -> None:
        raise KeyError("no function")

    broken = Targets(gone, targets.send, targets.publish, targets.put_event)
    rule = Rule(
        RULE,
        pattern=Pattern.parse({"source": ["shop"]}),
        targets=[target(FUNCTION), target(FUNCTION, DeadLetterConfig={"Arn": QUEUE})],
    )
    bridge = closing(
        Bridge(
            rules=lambda bus: [rule],
            rule=lambda arn: rule,
            targets=broken,
            clock=clock,
            activity=activity,
        )
    )
    bridge.put("default", EVENT)
    settle()
    [(arn, letter)] = received.wait_for(1)
    assert (arn, json.loads(letter.body)) == (QUEUE, EVENT)
    assert letter.attributes["RULE_ARN"] == {"DataType": "String", "StringValue": RULE}
    assert letter.attributes["ERROR_CODE"]["StringValue"] == "KeyError"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (
            {"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:x"},
            "targets other than .*: arn:aws:states",
        ),
        ({"Arn": FUNCTION, "EcsParameters": {}}, "EcsParameters"),
    ],
    ids=str,
)
def test_a_target_that_is_not_emulated_is_refused_by_name(given: dict[str, Any], name: str) -> None:
    with pytest.raises(NotEmulated, match=name):
        Target.parse({"Id": "1", **given})
