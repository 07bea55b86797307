"""AWS::SNS::Topic and AWS::SNS::Subscription."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from ..errors import AlreadyExists
from .protocol import Context, ResourceType
from .schema import Properties, Schema, as_list, differs, picked, tag_changes
from .shapes import JSON, TAGS

_TOPIC_SETTINGS = ("DisplayName", "KmsMasterKeyId", "ContentBasedDeduplication")
# The scope comes first: the policy is read according to it.
_SUBSCRIPTION_SETTINGS = (
    "FilterPolicyScope",
    "FilterPolicy",
    "RawMessageDelivery",
    "RedrivePolicy",
)
_DEFAULTS = {"FilterPolicyScope": "MessageAttributes", "RawMessageDelivery": "false"}


class Topic(ResourceType):
    """See "AWS::SNS::Topic" in AWS's template reference."""

    schema = Schema(
        type="AWS::SNS::Topic",
        properties={
            "TopicName": str,
            "DisplayName": str,
            "FifoTopic": bool,
            "ContentBasedDeduplication": bool,
            "KmsMasterKeyId": str,
            "Subscription": [{"Protocol": str, "Endpoint": str}],
            "Tags": TAGS,
        },
        replaces={"TopicName", "FifoTopic"},
        attributes={"TopicArn", "TopicName"},
        name_property="TopicName",
        tag_form="list",
        missing={"NotFound"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        sns = context.client("sns")
        fifo = properties.get("FifoTopic", False)
        name = properties.get("TopicName")
        if name is None:
            name = context.name(251) + ".fifo" if fifo else context.name(256)
        self._check_free(context, name)
        settings = picked(properties, *_TOPIC_SETTINGS)
        arn: str = sns.create_topic(
            Name=name,
            Attributes=_texts({**({"FifoTopic": True} if fifo else {}), **settings}),
            Tags=properties.get("Tags", []),
        )["TopicArn"]
        context.exists(arn)
        for subscription in properties.get("Subscription", []):
            sns.subscribe(TopicArn=arn, **subscription)
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        sns = context.client("sns")
        for name in _TOPIC_SETTINGS:
            if differs(name, properties, old):
                sns.set_topic_attributes(
                    TopicArn=physical_id,
                    AttributeName=name,
                    AttributeValue=_text(properties.get(name, "")),
                )
        self._update_subscriptions(context, physical_id, properties, old)
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            sns.tag_resource(ResourceArn=physical_id, Tags=as_list(to_set))
        if to_take:
            sns.untag_resource(ResourceArn=physical_id, TagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        sns = context.client("sns")
        # On AWS a topic's subscriptions go with it, after a while.
        for each in sns.list_subscriptions_by_topic(TopicArn=physical_id)["Subscriptions"]:
            sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
        sns.delete_topic(TopicArn=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"TopicArn": physical_id, "TopicName": physical_id.rpartition(":")[2]}

    def _check_free(self, context: Context, name: str) -> None:
        # CreateTopic gives whoever asks the topic that is there.
        arn = context.arn("sns", name)
        try:
            context.client("sns").get_topic_attributes(TopicArn=arn)
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in self.schema.missing:
                raise
            return
        raise AlreadyExists(self.schema.type, arn)

    @staticmethod
    def _update_subscriptions(
        context: Context, arn: str, properties: Properties, old: Properties
    ) -> None:
        sns = context.client("sns")
        wanted, before = properties.get("Subscription", []), old.get("Subscription", [])
        gone = [(each["Protocol"], each["Endpoint"]) for each in before if each not in wanted]
        if gone:
            for each in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
                if (each["Protocol"], each["Endpoint"]) in gone:
                    sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
        for subscription in wanted:
            if subscription not in before:
                sns.subscribe(TopicArn=arn, **subscription)


class Subscription(ResourceType):
    """See "AWS::SNS::Subscription" in AWS's template reference."""

    schema = Schema(
        type="AWS::SNS::Subscription",
        properties={
            "TopicArn": str,
            "Protocol": str,
            "Endpoint": str,
            "FilterPolicy": JSON,
            "FilterPolicyScope": str,
            "RawMessageDelivery": bool,
            "RedrivePolicy": JSON,
        },
        required={"TopicArn", "Protocol"},
        replaces={"TopicArn", "Protocol", "Endpoint"},
        attributes={"Arn"},
        missing={"NotFound"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        arn: str = context.client("sns").subscribe(
            **picked(properties, "TopicArn", "Protocol", "Endpoint"),
            Attributes=_texts(picked(properties, *_SUBSCRIPTION_SETTINGS)),
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        return arn

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        for name in _SUBSCRIPTION_SETTINGS:
            if differs(name, properties, old):
                context.client("sns").set_subscription_attributes(
                    SubscriptionArn=physical_id,
                    AttributeName=name,
                    AttributeValue=_text(properties.get(name, _DEFAULTS.get(name, ""))),
                )

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sns").unsubscribe(SubscriptionArn=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Arn": physical_id}


def _texts(settings: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in settings.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
