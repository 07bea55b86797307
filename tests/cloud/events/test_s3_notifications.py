"""S3 tells those who asked, of what they asked for, in AWS's shape."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from chalice.app import S3Event

from workbook.cloud.events.s3 import Notifier, ObjectChange, eventbridge_event, record
from workbook.cloud.events.s3_configuration import InvalidNotification, Notifications
from workbook.cloud.missing import NotEmulated

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:resize"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:uploads"
TOPIC = "arn:aws:sns:us-east-1:123456789012:uploads"
CHANGE = ObjectChange(
    event="ObjectCreated:Put",
    bucket="photos",
    key="items/blue mug.jpg",
    region="us-east-1",
    account="123456789012",
    moment=1_767_268_800.0,
    size=1024,
    etag='"0123456789abcdef0123456789abcdef"',
)


def configured(*events: str, arn: str = FUNCTION, **filters: str) -> dict[str, Any]:
    kind, field = {
        "lambda": ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
        "sqs": ("QueueConfigurations", "QueueArn"),
        "sns": ("TopicConfigurations", "TopicArn"),
    }[arn.split(":")[2]]
    rules = [{"Name": name, "Value": value} for name, value in filters.items()]
    entry = {"Id": "rule", field: arn, "Events": list(events), "Filter": {"Key": {}}}
    entry["Filter"]["Key"]["FilterRules"] = rules
    return {kind: [entry]}


def wanted(event: str, key: str, *events: str, **filters: str) -> bool:
    notifications = Notifications.parse(configured(*events, **filters))
    return bool(list(notifications.matching(event, key)))


def test_a_created_object_has_every_field_of_awss_sample(sample, shape) -> None:
    event = {"Records": [record(CHANGE, "rule", "0A1B2C3D4E5F678901")]}
    assert shape(event) == shape(sample("S3Put"))


def test_a_removed_object_has_neither_size_nor_etag(sample, shape) -> None:
    removed = replace(CHANGE, event="ObjectRemoved:Delete", size=None, etag=None)
    event = {"Records": [record(removed, "rule", "0A1B2C3D4E5F678901")]}
    assert shape(event) == shape(sample("S3Delete"))


@pytest.mark.parametrize("event", ["ObjectTagging:Put", "ObjectTagging:Delete", "ObjectAcl:Put"])
def test_a_change_beside_the_content_has_no_sequence(event: str) -> None:
    """AWS's page "Event message structure": version 2.3, a sequencer for PUTs and DELETEs only."""
    change = replace(CHANGE, event=event, size=None)
    entry, bridged = record(change, "rule", "00"), eventbridge_event(change, "00")
    assert (entry["eventVersion"], entry["eventName"]) == ("2.3", event)
    etag = "0123456789abcdef0123456789abcdef"
    assert entry["s3"]["object"] == {"key": "items/blue+mug.jpg", "eTag": etag}
    assert bridged["detail"]["object"] == {"key": "items/blue mug.jpg", "etag": etag}
    assert "reason" not in bridged["detail"]


def test_the_record_carries_awss_values() -> None:
    entry = record(replace(CHANGE, version_id="v1"), "rule", "00")
    assert entry["eventVersion"] == "2.1"
    assert entry["eventTime"] == "2026-01-01T12:00:00.000Z"
    assert entry["s3"]["configurationId"] == "rule"
    assert entry["s3"]["object"] == {
        "key": "items/blue+mug.jpg",
        "size": 1024,
        "eTag": "0123456789abcdef0123456789abcdef",
        "versionId": "v1",
        "sequencer": "00",
    }


@pytest.mark.parametrize("key", ["items/blue mug.jpg", "a+b.txt", "caf\u00e9/100%.txt", "x&y=z"])
def test_chalice_reads_the_key_back_as_it_was_written(key: str) -> None:
    event = S3Event({"Records": [record(replace(CHANGE, key=key), "rule", "00")]}, None)
    assert (event.bucket, event.key) == ("photos", key)


def test_a_wildcard_takes_every_event_of_its_family() -> None:
    assert wanted("ObjectCreated:Copy", "a", "s3:ObjectCreated:*")
    assert not wanted("ObjectRemoved:Delete", "a", "s3:ObjectCreated:*")
    assert wanted("ObjectRemoved:Delete", "a", "s3:ObjectRemoved:Delete")
    assert not wanted("ObjectRemoved:DeleteMarkerCreated", "a", "s3:ObjectRemoved:Delete")


def test_prefix_and_suffix_are_matched_against_the_decoded_key() -> None:
    filters = {"Prefix": "my items/", "suffix": ".jpg"}
    assert wanted("ObjectCreated:Put", "my items/a.jpg", "s3:ObjectCreated:*", **filters)
    assert not wanted("ObjectCreated:Put", "my+items/a.jpg", "s3:ObjectCreated:*", **filters)
    assert not wanted("ObjectCreated:Put", "my items/a.png", "s3:ObjectCreated:*", **filters)


def test_an_event_that_nothing_here_causes_is_refused_by_name() -> None:
    with pytest.raises(NotEmulated, match="s3:ObjectRestore:Post"):
        Notifications.parse(configured("s3:ObjectRestore:Post"))


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (configured("s3:ObjectEaten:*"), "A specified event is not supported"),
        (configured("s3:ObjectCreated:*", middle="x"), "must be either prefix or suffix"),
        (configured("s3:ObjectCreated:*", prefix="x", Prefix="y"), "more than one prefix rule"),
        (
            configured("s3:ObjectCreated:*", prefix="a")
            | configured("s3:ObjectCreated:Put", arn=QUEUE, prefix="ab"),
            "Configuration is ambiguously defined",
        ),
    ],
)
def test_what_s3_refuses_is_refused_in_its_words(configuration, message: str) -> None:
    with pytest.raises(InvalidNotification, match=message):
        Notifications.parse(configuration)


def test_rules_that_share_no_key_stand_beside_each_other() -> None:
    one = configured("s3:ObjectCreated:*", prefix="a")
    other = configured("s3:ObjectCreated:*", arn=QUEUE, prefix="b")
    assert len(Notifications.parse(one | other).rules) == 2


def test_every_kind_of_target_is_told(
    targets, clock, activity, received, closing, settle, shape
) -> None:
    notifier = closing(Notifier(targets=targets, clock=clock, activity=activity))
    everything = (
        configured("s3:ObjectCreated:Put", prefix="items/")
        | configured("s3:ObjectCreated:Put", arn=QUEUE, prefix="items/blue")
        | configured("s3:ObjectCreated:Copy", arn=TOPIC)
        | {"EventBridgeConfiguration": {}}
    )
    everything["QueueConfigurations"][0]["Filter"]["Key"]["FilterRules"].append(
        {"Name": "suffix", "Value": ".png"}
    )
    everything["LambdaFunctionConfigurations"][0]["Filter"]["Key"]["FilterRules"].append(
        {"Name": "suffix", "Value": ".jpg"}
    )
    notifications = Notifications.parse(everything)
    notifier.notify(CHANGE, notifications)
    notifier.notify(replace(CHANGE, key="items/blue.png"), notifications)
    notifier.notify(replace(CHANGE, event="ObjectCreated:Copy"), notifications)
    settle()
    told = received.wait_for(6)
    assert sorted(arn for arn, _ in told) == sorted(
        [FUNCTION, QUEUE, TOPIC, *["arn:aws:events:us-east-1:123456789012:event-bus/default"] * 3]
    )
    topic_message = dict(told)[TOPIC]
    assert topic_message.subject == "Amazon S3 Notification"
    assert shape(json.loads(topic_message.body)) == shape(dict(told)[FUNCTION])


def test_queues_and_topics_get_a_test_event_and_functions_none(
    targets, clock, activity, received, closing, settle
) -> None:
    notifier = closing(Notifier(targets=targets, clock=clock, activity=activity))
    both = configured("s3:ObjectCreated:*") | configured("s3:ObjectRemoved:*", arn=QUEUE)
    notifier.send_test_events("photos", Notifications.parse(both))
    settle()
    [(arn, message)] = received.wait_for(1)
    body = json.loads(message.body)
    assert arn == QUEUE
    assert (body["Event"], body["Bucket"]) == ("s3:TestEvent", "photos")
    assert body["Time"] == "2026-01-01T12:00:00.000Z"


def test_sequencers_grow_even_within_one_microsecond(
    targets, clock, activity, received, closing, settle
) -> None:
    notifier = closing(Notifier(targets=targets, clock=clock, activity=activity))
    for _ in range(20):
        notifier.notify(CHANGE, Notifications.parse(configured("s3:ObjectCreated:*")))
    settle()
    sequencers = [
        event["Records"][0]["s3"]["object"]["sequencer"] for _, event in received.wait_for(20)
    ]
    assert len(set(sequencers)) == 20
    assert {len(sequencer) for sequencer in sequencers} == {18}


def test_eventbridge_is_told_in_its_own_shape() -> None:
    event = eventbridge_event(replace(CHANGE, version_id="v1"), "617F")
    assert event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "123456789012",
        "time": "2026-01-01T12:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:s3:::photos"],
        "detail": {
            "version": "0",
            "bucket": {"name": "photos"},
            "object": {
                "key": "items/blue mug.jpg",
                "size": 1024,
                "etag": "0123456789abcdef0123456789abcdef",
                "version-id": "v1",
                "sequencer": "617F",
            },
            "request-id": CHANGE.request_id,
            "requester": "123456789012",
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }


def test_eventbridge_tells_a_deletion_from_a_delete_marker() -> None:
    deleted = eventbridge_event(replace(CHANGE, event="ObjectRemoved:Delete"), "0")
    marked = eventbridge_event(replace(CHANGE, event="ObjectRemoved:DeleteMarkerCreated"), "0")
    assert deleted["detail-type"] == marked["detail-type"] == "Object Deleted"
    assert deleted["detail"]["deletion-type"] == "Permanently Deleted"
    assert marked["detail"]["deletion-type"] == "Delete Marker Created"
