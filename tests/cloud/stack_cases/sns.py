"""Topics and subscriptions."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, as_json
from .given import ARN, OTHER_TAGS, TAGGED, TAGS
from .sqs import DEAD, DEAD_ARN, OTHER

TOPIC = "AWS::SNS::Topic"
SUBSCRIPTION = "AWS::SNS::Subscription"

SALES = {"Sales": {"Type": TOPIC, "Properties": {"TopicName": "sales"}}}
NEWS = {"News": {"Type": TOPIC, "Properties": {"TopicName": "news"}}}
SALES_ARN, NEWS_ARN = ARN.format("sns", "sales"), ARN.format("sns", "news")
SUBSCRIBED = {
    "TopicArn": {"Ref": "Sales"},
    "Protocol": "sqs",
    "Endpoint": {"Fn::GetAtt": ["Dead", "Arn"]},
}
WITH_TOPIC = {**SALES, **DEAD}


def topic(name: str) -> Look:
    return lambda aws, it: aws("sns").get_topic_attributes(TopicArn=it)["Attributes"].get(name)


def subscription(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        found = aws("sns").get_subscription_attributes(SubscriptionArn=it)
        return found["Attributes"].get(name)

    return look


def endpoints(aws: Clients, it: str) -> Any:
    found = aws("sns").list_subscriptions_by_topic(TopicArn=it)["Subscriptions"]
    return sorted(each["Endpoint"] for each in found)


CASES = [
    Case(TOPIC, "TopicName", "a", "b", lambda aws, it: it.rpartition(":")[2]),
    Case(TOPIC, "DisplayName", "A", None, topic("DisplayName"), ("A", "")),
    Case(TOPIC, "FifoTopic", True, None, topic("FifoTopic"), ("true", None)),
    Case(
        TOPIC,
        "ContentBasedDeduplication",
        True,
        False,
        topic("ContentBasedDeduplication"),
        ("true", "false"),
        {"FifoTopic": True},
    ),
    Case(TOPIC, "KmsMasterKeyId", "alias/one", "alias/two", topic("KmsMasterKeyId")),
    Case(
        TOPIC,
        "Subscription",
        [{"Protocol": "sqs", "Endpoint": DEAD_ARN}],
        [{"Protocol": "sqs", "Endpoint": ARN.format("sqs", "other")}],
        endpoints,
        ([DEAD_ARN], [ARN.format("sqs", "other")]),
        beside={**DEAD, **OTHER},
    ),
    Case(
        TOPIC,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(aws("sns").list_tags_for_resource(ResourceArn=it)["Tags"]),
        TAGGED,
    ),
    Case(
        SUBSCRIPTION,
        "TopicArn",
        SALES_ARN,
        NEWS_ARN,
        subscription("TopicArn"),
        base=SUBSCRIBED,
        beside={**WITH_TOPIC, **NEWS},
    ),
    Case(
        SUBSCRIPTION,
        "Protocol",
        "sqs",
        "lambda",
        subscription("Protocol"),
        None,
        SUBSCRIBED,
        WITH_TOPIC,
    ),
    Case(
        SUBSCRIPTION,
        "Endpoint",
        DEAD_ARN,
        ARN.format("sqs", "other"),
        subscription("Endpoint"),
        base=SUBSCRIBED,
        beside={**WITH_TOPIC, **OTHER},
    ),
    Case(
        SUBSCRIPTION,
        "FilterPolicy",
        {"kind": ["sale"]},
        {"kind": ["return"]},
        as_json(subscription("FilterPolicy")),
        base=SUBSCRIBED,
        beside=WITH_TOPIC,
    ),
    Case(
        SUBSCRIPTION,
        "FilterPolicyScope",
        "MessageBody",
        None,
        subscription("FilterPolicyScope"),
        ("MessageBody", "MessageAttributes"),
        {**SUBSCRIBED, "FilterPolicy": {"kind": ["sale"]}},
        WITH_TOPIC,
    ),
    Case(
        SUBSCRIPTION,
        "RawMessageDelivery",
        True,
        None,
        subscription("RawMessageDelivery"),
        ("true", "false"),
        SUBSCRIBED,
        WITH_TOPIC,
    ),
    Case(
        SUBSCRIPTION,
        "RedrivePolicy",
        {"deadLetterTargetArn": DEAD_ARN},
        None,
        as_json(subscription("RedrivePolicy")),
        base=SUBSCRIBED,
        beside=WITH_TOPIC,
    ),
]
