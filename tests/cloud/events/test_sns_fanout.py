"""What subscribers of a topic receive, and which of them."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from chalice.app import SNSEvent

from workbook.cloud.events.filter_policies import InvalidFilterPolicy
from workbook.cloud.events.sns import (
    Fanout,
    Notification,
    Subscription,
    lambda_event,
    message_for,
)
from workbook.cloud.events.targets import Message, Targets
from workbook.cloud.missing import NotEmulated

TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:bill"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
DEAD_LETTERS = "arn:aws:sqs:us-east-1:123456789012:dead"
NOTIFICATION = Notification(
    message_id="95df01b4-ee98-5cb9-9903-4c221d41eb5e",
    topic_arn=TOPIC,
    message='{"order": 7}',
    moment=1_767_268_800.0,
    subject="New order",
    attributes={
        "kind": {"Type": "String", "Value": "gift"},
        "total": {"Type": "Number", "Value": "120"},
        "tags": {"Type": "String.Array", "Value": '["red", "mug"]'},
        "seal": {"Type": "Binary", "Value": "AAEC"},
    },
)


def subscribed(protocol: str = "lambda", **attributes: Any) -> Subscription:
    endpoint = FUNCTION if protocol == "lambda" else QUEUE
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in attributes.items()}
    return Subscription.parse(f"{TOPIC}:1", protocol, endpoint, texts)


def test_a_function_gets_every_field_of_awss_sample(sample, shape) -> None:
    published = sample("Sns")
    attributes = published["Records"][0]["Sns"]["MessageAttributes"]
    event = lambda_event(replace(NOTIFICATION, attributes=attributes), f"{TOPIC}:1")
    assert shape(event) == shape(published)


def test_chalice_reads_message_subject_and_attributes() -> None:
    event = SNSEvent(json.loads(message_for(NOTIFICATION, subscribed()).body), None)
    assert (event.message, event.subject) == ('{"order": 7}', "New order")
    assert event.message_attributes["kind"] == {"Type": "String", "Value": "gift"}


def test_a_message_without_subject_has_a_null_one_for_functions() -> None:
    event = lambda_event(replace(NOTIFICATION, subject=None), f"{TOPIC}:1")
    assert event["Records"][0]["Sns"]["Subject"] is None


def test_a_queue_gets_the_envelope_as_text() -> None:
    message = message_for(NOTIFICATION, subscribed("sqs"))
    assert message.body.startswith('{\n  "Type" : "Notification",\n  "MessageId" : "95df01b4')
    assert message.attributes == {}
    envelope = json.loads(message.body)
    assert list(envelope) == [
        "Type",
        "MessageId",
        "TopicArn",
        "Subject",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL",
        "UnsubscribeURL",
        "MessageAttributes",
    ]
    assert envelope["Timestamp"] == "2026-01-01T12:00:00.000Z"


def test_the_envelope_leaves_out_what_the_message_has_not() -> None:
    bare = replace(NOTIFICATION, subject=None, attributes={})
    envelope = json.loads(message_for(bare, subscribed("sqs")).body)
    assert "Subject" not in envelope
    assert "MessageAttributes" not in envelope


def test_raw_delivery_is_the_bare_message_with_its_attributes() -> None:
    message = message_for(NOTIFICATION, subscribed("sqs", RawMessageDelivery="true"))
    assert message.body == '{"order": 7}'
    assert message.attributes["total"] == {"DataType": "Number", "StringValue": "120"}
    assert message.attributes["seal"] == {"DataType": "Binary", "BinaryValue": "AAEC"}


def test_a_message_may_differ_by_protocol() -> None:
    notification = replace(NOTIFICATION, by_protocol={"default": "all", "sqs": "queues"})
    assert notification.text_for("lambda") == "all"
    assert notification.text_for("sqs") == "queues"


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ({"kind": ["gift"]}, True),
        ({"kind": ["sale"]}, False),
        ({"total": [{"numeric": [">", 100]}]}, True),
        ({"tags": ["mug"]}, True),
        ({"tags": [{"anything-but": "mug"}]}, True),
        ({"kind": [{"prefix": "gi"}], "total": [{"numeric": ["<", 100]}]}, False),
        ({"absent": [{"exists": False}]}, True),
        ({"seal": [{"exists": True}]}, False),
        ({"$or": [{"kind": ["sale"]}, {"total": [120]}]}, True),
        ({}, True),
    ],
    ids=str,
)
def test_a_filter_policy_over_attributes(policy: dict[str, Any], wanted: bool) -> None:
    assert subscribed(FilterPolicy=policy).wants(NOTIFICATION) is wanted


def test_a_filter_policy_over_the_body() -> None:
    policy = {"FilterPolicy": {"order": [7]}, "FilterPolicyScope": "MessageBody"}
    assert subscribed(**policy).wants(NOTIFICATION)
    assert not subscribed(**policy).wants(replace(NOTIFICATION, message='{"order": 8}'))
    assert not subscribed(**policy).wants(replace(NOTIFICATION, message="no JSON"))


@pytest.mark.parametrize(
    ("condition", "wanted", "unwanted"),
    [
        ("gift", "gift", "gifts"),
        ({"prefix": "gi"}, "gift", "agift"),
        ({"suffix": "ft"}, "gift", "gifts"),
        ({"equals-ignore-case": "GIFT"}, "gIfT", "gifts"),
        ({"wildcard": "g*t"}, "grant", "grants"),
        ({"anything-but": ["sale", "lot"]}, "gift", "lot"),
        ({"anything-but": {"prefix": "sa"}}, "gift", "sale"),
        ({"anything-but": {"suffix": "le"}}, "gift", "sale"),
        ({"cidr": "10.0.0.0/24"}, "10.0.0.7", "10.0.1.7"),
        ({"exists": True}, "gift", None),
        ({"exists": False}, None, "gift"),
        ({"numeric": [">=", 5, "<", 10]}, 5, 10),
        ({"numeric": ["=", 1.5]}, 1.5, 1),
        (7, 7, 8),
    ],
    ids=str,
)
@pytest.mark.parametrize("scope", ["MessageAttributes", "MessageBody"])
def test_every_operator_in_both_scopes(
    scope: str, condition: Any, wanted: Any, unwanted: Any
) -> None:
    subscription = subscribed(FilterPolicy={"kind": [condition]}, FilterPolicyScope=scope)

    def wants(value: Any) -> bool:
        kind = "String" if isinstance(value, str) else "Number"
        attributes = {} if value is None else {"kind": {"Type": kind, "Value": str(value)}}
        body = json.dumps({} if value is None else {"kind": value})
        if scope == "MessageBody":
            return subscription.wants(replace(NOTIFICATION, attributes={}, message=body))
        return subscription.wants(replace(NOTIFICATION, attributes=attributes, message="{}"))

    assert wants(wanted)
    assert not wants(unwanted)


def test_one_of_several_alternatives_is_enough() -> None:
    policy = {"kind": ["gift"], "$or": [{"total": [{"numeric": [">", 200]}]}, {"tags": ["red"]}]}
    assert subscribed(FilterPolicy=policy).wants(NOTIFICATION)
    policy["$or"][1] = {"tags": ["blue"]}
    assert not subscribed(FilterPolicy=policy).wants(NOTIFICATION)


def test_a_policy_over_the_body_may_be_nested() -> None:
    policy = {"order": {"items": {"name": ["tea"]}}}
    subscription = subscribed(FilterPolicy=policy, FilterPolicyScope="MessageBody")
    bodies = ({"order": {"items": [{"name": name}, {"name": "cup"}]}} for name in ("tea", "jam"))
    messages = [replace(NOTIFICATION, message=json.dumps(body)) for body in bodies]
    assert [subscription.wants(message) for message in messages] == [True, False]


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ({"kind": [{"starts": "x"}]}, "FilterPolicy: Unrecognized match type starts"),
        ({"kind": "gift"}, 'FilterPolicy: "kind" must be an object or an array'),
        ({"kind": [{"exists": 1}]}, "FilterPolicy: exists match pattern must be either"),
        ({"kind": [{"numeric": [">", "a"]}]}, "FilterPolicy: Value of > must be numeric"),
        ({"kind": {"of": ["gift"]}}, "Filter policy scope MessageAttributes does not support"),
        (
            {name: ["x"] for name in "abcdef"},
            "FilterPolicy: Filter policy can not have more than 5",
        ),
        ({name: list(range(6)) for name in "abc"}, "FilterPolicy: Filter policy is too complex"),
    ],
    ids=str,
)
def test_a_malformed_policy_is_refused_in_awss_words(policy: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidFilterPolicy, match=f"^Invalid parameter: {told}"):
        subscribed(FilterPolicy=policy)


def test_the_depth_of_a_policy_counts_among_its_combinations() -> None:
    """AWS's own example: 3 x 4 values three and two levels deep make 72, and 180 are too many."""
    fine = {"a": {"b": {"c": [1, 2, 3, 4]}}, "d": {"e": [1, 2, 3]}}
    subscribed(FilterPolicy=fine, FilterPolicyScope="MessageBody")
    with pytest.raises(InvalidFilterPolicy, match="too complex"):
        subscribed(FilterPolicy={**fine, "f": {"g": {"h": [1]}}}, FilterPolicyScope="MessageBody")


FIFO = replace(
    NOTIFICATION, topic_arn=f"{TOPIC}.fifo", group_id="shop", deduplication_id="once", subject=None
)


def test_a_fifo_topic_delivers_one_after_the_other(
    targets, clock, activity, closing, settle, received
) -> None:
    overtaken = threading.Event()

    def send(arn: str, message: Message) -> None:
        if message.body == "1":
            assert not overtaken.wait(0.1)
        overtaken.set()
        received.add(arn, message)

    slow = Targets(targets.invoke, send, targets.publish, targets.put_event)
    fanout = closing(Fanout(targets=slow, clock=clock, activity=activity))
    subscription = replace(subscribed("sqs", RawMessageDelivery="true"), endpoint=f"{QUEUE}.fifo")
    for text in ("1", "2", "3"):
        fanout.publish(replace(FIFO, message=text, deduplication_id=text), [subscription])
    settle()
    messages = [message for _, message in received.wait_for(3)]
    assert [message.body for message in messages] == ["1", "2", "3"]
    assert {message.group_id for message in messages} == {"shop"}


def test_a_fifo_topic_knows_a_message_for_five_minutes(fanout, clock, settle, received) -> None:
    subscription = replace(subscribed("sqs"), endpoint=f"{QUEUE}.fifo")
    fanout.publish(FIFO, [subscription])
    clock.advance(299)
    fanout.publish(FIFO, [subscription])
    settle()
    received.wait_for(1)
    clock.advance(1)
    fanout.publish(FIFO, [subscription])
    settle()
    received.wait_for(2)


def test_a_standard_queue_is_sent_no_group_by_a_fifo_topic(fanout, settle, received) -> None:
    fanout.publish(FIFO, [subscribed("sqs")])
    settle()
    [(_, message)] = received.wait_for(1)
    assert (message.group_id, message.deduplication_id) == (None, None)


@pytest.mark.parametrize("protocol", ["http", "https", "email", "sms", "application", "firehose"])
def test_a_protocol_that_is_not_emulated_is_refused_by_name(protocol: str) -> None:
    with pytest.raises(NotEmulated, match=f"subscriptions other than .*: {protocol}"):
        Subscription.parse(f"{TOPIC}:1", protocol, "x", {})


@pytest.fixture
def fanout(targets, clock, activity, closing) -> Fanout:
    return closing(Fanout(targets=targets, clock=clock, activity=activity))


def test_every_subscriber_is_sent_the_message(fanout, settle, received) -> None:
    uninterested = subscribed("sqs", FilterPolicy={"kind": ["sale"]})
    fanout.publish(NOTIFICATION, [subscribed(), subscribed("sqs"), uninterested])
    settle()
    assert sorted(arn for arn, _ in received.wait_for(2)) == [FUNCTION, QUEUE]


def test_what_an_endpoint_refuses_goes_to_the_dead_letter_queue(
    targets, clock, activity, closing, settle, received
) -> None:
    def gone(arn: str, payload: bytes) -> None:
        raise KeyError(arn)

    broken = Targets(gone, targets.send, targets.publish, targets.put_event)
    fanout = closing(Fanout(targets=broken, clock=clock, activity=activity))
    redrive = subscribed(RedrivePolicy={"deadLetterTargetArn": DEAD_LETTERS})
    fanout.publish(NOTIFICATION, [subscribed(), redrive])
    settle()
    [(arn, message)] = received.wait_for(1)
    assert arn == DEAD_LETTERS
    assert json.loads(message.body)["Records"][0]["Sns"]["Message"] == '{"order": 7}'


def test_a_raw_message_with_eleven_attributes_is_discarded(fanout, settle, received) -> None:
    many = {f"a{n}": {"Type": "String", "Value": "x"} for n in range(11)}
    fanout.publish(
        replace(NOTIFICATION, attributes=many), [subscribed("sqs", RawMessageDelivery="true")]
    )
    settle()
    received.wait_for(0)
