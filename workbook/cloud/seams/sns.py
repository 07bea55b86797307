"""SNS: a message is handed on to events/, which knows the subscriptions and their policies."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.sns.models",
    "Topic.publish",
    "self message subject message_attributes group_id deduplication_id message_structure",
    rests_on="subscription.publish(",
    replaces="calls functions inside the caller's request, with TopicArn EXAMPLE in 1970",
)
def _fan_out_later(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def publish(self: Any, message: str, **details: Any) -> Any:
        message_id = original(self, message, **details)
        hooks.message_published(self, message_id, {"message": message, **details})
        return message_id

    return publish


@SEAMS.at(
    "moto.sns.models",
    "Subscription.publish",
    "self message message_id subject message_attributes group_id deduplication_id"
    " message_structure",
    rests_on='self.protocol == "lambda"',
    replaces="delivers to one subscription, as part of the above",
)
def _deliver_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def publish(self: Any, *args: Any, **kwargs: Any) -> None:
        """`message_published` has the message already."""

    return publish


@SEAMS.at(
    "moto.sns.models",
    "SNSBackend.subscribe",
    "self topic_arn endpoint protocol",
    rests_on="FIFO SQS Queues can not be subscribed to standard SNS topics",
    replaces="subscribes functions to FIFO topics, which SNS does not",
)
def _only_queues_to_fifo_topics(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def subscribe(self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
        if protocol != "sqs" and self.get_topic(topic_arn).fifo_topic:
            _refuse_parameter(f"Invalid protocol type: {protocol}")
        return original(self, topic_arn, endpoint, protocol)

    return subscribe


@SEAMS.at(
    "moto.sns.responses",
    "SNSResponse.subscribe",
    "self",
    rests_on="subscription = self.backend.subscribe(topic_arn, endpoint, protocol)",
    replaces="keeps a subscription whose attributes it refuses",
)
def _subscribe_whole_or_not(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def subscribe(self: Any) -> Any:
        before = set(self.backend.subscriptions)
        try:
            return original(self)
        except BaseException:
            topic, endpoint = self._get_param("TopicArn"), self._get_param("Endpoint")
            for arn, each in list(self.backend.subscriptions.items()):
                if arn not in before and (each.topic.arn, each.endpoint) == (topic, endpoint):
                    self.backend.unsubscribe(arn)
            raise

    return subscribe


@SEAMS.at(
    "moto.sns.models",
    "SNSBackend._validate_filter_policy",
    "self value scope",
    rests_on='keyword in ["prefix", "suffix"]',
    replaces="knows some of the operators of filter policies and refuses the others",
)
def _check_filter_policies(original: Replacement, hooks: Hooks) -> Replacement:
    def _validate_filter_policy(self: Any, value: Any, scope: str | None) -> None:
        hooks.check_filter_policy(value, scope or "MessageAttributes")

    return _validate_filter_policy


@SEAMS.at(
    "moto.sns.models",
    "SNSBackend.set_subscription_attributes",
    "self arn name value",
    rests_on="filter_policy = json.loads(value)",
    replaces="answers 500 for a policy that is no JSON, and takes any scope",
)
def _check_subscription_attributes(original: Replacement, hooks: Hooks) -> Replacement:
    scopes = ("MessageAttributes", "MessageBody")

    @wraps(original)
    def set_subscription_attributes(self: Any, arn: str, name: str, value: Any) -> None:
        if name == "FilterPolicyScope":
            if value not in scopes:
                _refuse_parameter(
                    f"FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody "
                    "or MessageAttributes"
                )
            held = self.subscriptions[arn]._filter_policy if arn in self.subscriptions else None
            if held:
                hooks.check_filter_policy(held, value)
        if name == "FilterPolicy" and value:
            try:
                json.loads(value)
            except ValueError:
                _refuse_parameter("FilterPolicy: failed to parse JSON.")
        original(self, arn, name, value)

    return set_subscription_attributes


def _refuse_parameter(reason: str) -> None:
    from moto.sns.exceptions import SNSInvalidParameter

    raise SNSInvalidParameter(f"Invalid parameter: {reason}")
