"""What subscribers of a topic receive, and which of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from chalice.app import SNSEvent

from workbook.cloud.events.sns import (
    Fanout,
    InvalidFilterPolicy,
    Notification,
    Subscription,
    lambda_event,
    message_for,
)
from workbook.cloud.events.targets import Targets
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


def test_a_malformed_policy_is_refused_in_awss_words() -> None:
    with pytest.raises(InvalidFilterPolicy, match="^Invalid parameter: FilterPolicy: Unrecogn"):
        subscribed(FilterPolicy={"kind": [{"starts": "x"}]})


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
