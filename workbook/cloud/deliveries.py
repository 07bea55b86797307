"""moto's side of events/: the ways in and out, between its models and events/'s values.

Implements the callables of `events.targets.Targets`, and puts what moto holds (a bucket, a topic, a
rule) in the words of events/. It is thin: shaping events is events/'s job, keeping state moto's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from workbook.cloud.events.bridge import Rule, Target
from workbook.cloud.events.patterns import Pattern
from workbook.cloud.events.s3 import ObjectChange
from workbook.cloud.events.sns import Notification, Subscription
from workbook.cloud.events.targets import Arn, Message
from workbook.cloud.firewall import REGION
from workbook.cloud.lambda_state import ACCOUNT


def send_to_queue(arn: str, message: Message) -> None:
    """SendMessage, without the detour over HTTP."""
    from moto.sqs.models import sqs_backends  # loaded when a queue was made

    queue = Arn.parse(arn)
    sqs_backends[queue.account][queue.region].send_message(
        queue.resource,
        message.body,
        message_attributes=_for_moto(message),
        group_id=message.group_id,
        deduplication_id=message.deduplication_id,
    )


def publish_to_topic(arn: str, message: Message) -> None:
    """Publish, without the detour over HTTP."""
    from moto.sns.models import sns_backends  # loaded when a topic was made

    topic = Arn.parse(arn)
    sns_backends[topic.account][topic.region].publish(
        message.body,
        arn,
        subject=message.subject,
        group_id=message.group_id,
        deduplication_id=message.deduplication_id,
    )


def rules(bus: str) -> list[Rule]:
    """The rules of an event bus, by its name or ARN; none when there is no such bus."""
    from moto.events.models import events_backends  # loaded when EventBridge was first called

    arn = Arn.parse(bus) if bus.startswith("arn:") else None
    account, region = (arn.account, arn.region) if arn else (ACCOUNT, REGION)
    name = bus.rpartition("/")[2]
    found = events_backends[account][region].event_buses.get(name)
    return [_rule(each) for each in list(found.rules.values())] if found else []


def rule(arn: str) -> Rule:
    """One rule as it is now.

    Raises:
        KeyError: it is gone.
    """
    from moto.events.models import events_backends  # loaded when EventBridge was first called

    where = Arn.parse(arn)
    for bus in list(events_backends[where.account][where.region].event_buses.values()):
        for each in list(bus.rules.values()):
            if each.arn == arn:
                return _rule(each)
    raise KeyError(arn)


def _rule(moto_rule: Any) -> Rule:
    pattern = moto_rule.event_pattern.dump()
    return Rule(
        arn=moto_rule.arn,
        enabled=moto_rule.state == "ENABLED",
        pattern=Pattern.parse(pattern) if pattern else None,
        targets=[Target.parse(target) for target in list(moto_rule.targets)],
    )


def object_change(
    account: str, event: str, moto_bucket: Any, moto_key: Any, *, moment: float
) -> ObjectChange:
    """What happened to an object, in events/'s words.

    Args:
        event: with the prefix "s3:", as moto names it.
    """
    created, removed = "ObjectCreated" in event, "ObjectRemoved" in event
    versioned = moto_bucket.versioning_status == "Enabled"
    return ObjectChange(
        event=event.removeprefix("s3:"),
        bucket=moto_bucket.name,
        key=moto_key.name,
        region=moto_bucket.region_name,
        account=account,
        moment=moment,
        size=moto_key.size if created else None,
        etag=None if removed else moto_key.etag,
        version_id=moto_key.version_id if versioned else None,
    )


def notification(
    moto_topic: Any, message_id: str, published: Mapping[str, Any], moment: float
) -> Notification:
    """A published message, in events/'s words.

    Args:
        published: the parameters of moto's Topic.publish.
    """
    text = published["message"]
    structured = published.get("message_structure") == "json"
    return Notification(
        message_id=message_id,
        topic_arn=moto_topic.arn,
        message=text,
        moment=moment,
        subject=published.get("subject"),
        attributes=published.get("message_attributes") or {},
        by_protocol=json.loads(text) if structured else {},
        group_id=published.get("group_id"),
        deduplication_id=published.get("deduplication_id") or _of_content(moto_topic, text),
    )


def _of_content(moto_topic: Any, text: str) -> str | None:
    """The id that a FIFO topic gives a message that was published without one."""
    return hashlib.sha256(text.encode()).hexdigest() if moto_topic.fifo_topic else None


def subscriptions(moto_topic: Any) -> list[Subscription]:
    """Who is subscribed to a topic now."""
    backend = moto_topic.sns_backend
    return [
        Subscription.parse(each.arn, each.protocol, each.endpoint, each.attributes)
        for each in list(backend.subscriptions.values())
        if each.topic.arn == moto_topic.arn
    ]


def notification_configuration(moto_bucket: Any) -> dict[str, Any]:
    """A bucket's configuration in boto3's spelling."""
    held = moto_bucket.notification_configuration
    if held is None:
        return {}
    configuration: dict[str, Any] = {
        kind: [_notification(each, field) for each in entries]
        for kind, field, entries in (
            ("LambdaFunctionConfigurations", "LambdaFunctionArn", held.cloud_function),
            ("QueueConfigurations", "QueueArn", held.queue),
            ("TopicConfigurations", "TopicArn", held.topic),
        )
    }
    if held.event_bridge is not None:
        configuration["EventBridgeConfiguration"] = {}
    return configuration


def _notification(moto_notification: Any, arn_field: str) -> dict[str, Any]:
    rules = moto_notification.filters.get("S3Key", {}).get("FilterRule", [])
    return {
        "Id": moto_notification.id,
        arn_field: moto_notification.arn,
        "Events": list(moto_notification.events),
        "Filter": {"Key": {"FilterRules": [dict(rule) for rule in rules]}},
    }


def _for_moto(message: Message) -> dict[str, Any] | None:
    return {name: dict(value) for name, value in message.attributes.items()} or None
