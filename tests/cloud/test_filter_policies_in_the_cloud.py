"""Filter policies of subscriptions in a running cloud: who gets what, and what SNS refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud

QUEUE = "arn:aws:sqs:us-east-1:123456789012:filtered"


@pytest.fixture
def topic(cloud: LocalCloud) -> Iterator[str]:
    """A topic, beside an empty queue."""
    sqs, sns = cloud.client("sqs"), cloud.client("sns")
    url = sqs.create_queue(QueueName="filtered")["QueueUrl"]
    arn = sns.create_topic(Name="filtered")["TopicArn"]
    yield arn
    for one in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    sns.delete_topic(TopicArn=arn)
    sqs.delete_queue(QueueUrl=url)


def subscribed(cloud: LocalCloud, topic: str, policy: Any, **attributes: str) -> str:
    text = policy if isinstance(policy, str) else json.dumps(policy)
    given = {"RawMessageDelivery": "true", "FilterPolicy": text, **attributes}
    answer = cloud.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes=given
    )
    return str(answer["SubscriptionArn"])


def received(cloud: LocalCloud) -> list[str]:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="filtered")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return sorted(message["Body"] for message in found)


def test_attributes_decide_by_operators_that_moto_does_not_know(
    cloud: LocalCloud, topic: str
) -> None:
    policy = {"file": [{"wildcard": "in/*.txt"}], "$or": [{"ip": [{"cidr": "10.0.0.0/8"}]}]}
    policy["$or"].append({"size": [{"numeric": ["<", 10]}]})
    subscribed(cloud, topic, policy)
    for text, name, ip, size in (
        ("near", "in/a.txt", "10.1.1.1", 99),
        ("small", "in/a.txt", "11.1.1.1", 9),
        ("neither", "in/a.txt", "11.1.1.1", 99),
        ("other", "out/a.txt", "10.1.1.1", 9),
    ):
        attributes = {
            "file": {"DataType": "String", "StringValue": name},
            "ip": {"DataType": "String", "StringValue": ip},
            "size": {"DataType": "Number", "StringValue": str(size)},
        }
        cloud.client("sns").publish(TopicArn=topic, Message=text, MessageAttributes=attributes)
    cloud.settle()
    assert received(cloud) == ["near", "small"]


def test_a_changed_policy_counts_from_the_next_message_on(cloud: LocalCloud, topic: str) -> None:
    sns = cloud.client("sns")
    policy = {"order": {"total": [{"numeric": [">", 100]}]}}
    arn = subscribed(cloud, topic, policy, FilterPolicyScope="MessageBody")
    bodies = [json.dumps({"order": {"total": total}}) for total in (50, 150)]
    for body in bodies:
        sns.publish(TopicArn=topic, Message=body)
    cloud.settle()
    assert received(cloud) == bodies[1:]
    sns.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue="{}"
    )
    sns.publish(TopicArn=topic, Message=bodies[0])
    cloud.settle()
    assert received(cloud) == bodies[:1]


@pytest.mark.parametrize(
    ("policy", "attributes", "told"),
    [
        ({"kind": [{"begins": "x"}]}, {}, "FilterPolicy: Unrecognized match type begins"),
        ({"kind": {"of": ["x"]}}, {}, "Filter policy scope MessageAttributes does not support"),
        ("no JSON", {}, "FilterPolicy: failed to parse JSON"),
        (
            {"kind": ["x"]},
            {"FilterPolicyScope": "Both"},
            r"FilterPolicyScope: Invalid value \[Both\]",
        ),
    ],
    ids=str,
)
def test_a_policy_that_sns_refuses_makes_no_subscription(
    cloud: LocalCloud, topic: str, policy: Any, attributes: dict[str, str], told: str
) -> None:
    with pytest.raises(ClientError, match=f"InvalidParameter.*Invalid parameter: {told}"):
        subscribed(cloud, topic, policy, **attributes)
    listed = cloud.client("sns").list_subscriptions_by_topic(TopicArn=topic)
    assert listed["Subscriptions"] == []


def test_a_scope_that_does_not_suit_the_policy_is_refused(cloud: LocalCloud, topic: str) -> None:
    arn = subscribed(cloud, topic, {"a": {"b": ["c"]}}, FilterPolicyScope="MessageBody")
    with pytest.raises(ClientError, match="does not support nested filter policy"):
        cloud.client("sns").set_subscription_attributes(
            SubscriptionArn=arn,
            AttributeName="FilterPolicyScope",
            AttributeValue="MessageAttributes",
        )
