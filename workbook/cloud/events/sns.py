"""SNS fan-out: from one published message to what each subscriber of the topic receives.

A function gets the record that Lambda wraps around a notification; a queue gets the notification
as JSON text, or the bare message when raw delivery is on. Filter policies are event patterns
over the message's attributes or its body. Publishing and subscribing are the API's business.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated
from workbook.cloud.traces.causes import onward

from .activity import Activity
from .clock import Clock, iso_milliseconds
from .filter_policies import check_policy
from .outbox import Outbox
from .patterns import Pattern
from .targets import Arn, Message, Targets

logger = logging.getLogger(__name__)

PROTOCOLS = ("lambda", "sqs")
MOST_RAW_ATTRIBUTES = 10  # SNS discards a raw message with more: SQS would not take it
DEDUPLICATION_SECONDS = 300.0
NO_SIGNATURE = "EXAMPLE"  # what AWS's own sample events carry; nothing here is signed


@dataclass(frozen=True)
class Notification:
    """One published message.

    Args:
        attributes: {name: {"Type": …, "Value": …}}; binary values in base64.
        by_protocol: the messages of MessageStructure=json, `default` among them.
        moment: seconds since the epoch.
    """

    message_id: str
    topic_arn: str
    message: str
    moment: float
    subject: str | None = None
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_protocol: Mapping[str, str] = field(default_factory=dict)
    group_id: str | None = None
    deduplication_id: str | None = None

    @property
    def in_order(self) -> bool:
        """Whether it was published to a FIFO topic."""
        return self.topic_arn.endswith(".fifo")

    def text_for(self, protocol: str) -> str:
        """The message as subscribers of one protocol get it."""
        if not self.by_protocol:
            return self.message
        return self.by_protocol.get(protocol, self.by_protocol["default"])


@dataclass(frozen=True)
class Subscription:
    """One subscriber; made by `parse`, which refuses what is not emulated."""

    arn: str
    protocol: str
    endpoint: str
    raw: bool = False
    policy: Pattern | None = None
    policy_on_body: bool = False
    dead_letter: str | None = None

    @classmethod
    def parse(
        cls, arn: str, protocol: str, endpoint: str, attributes: Mapping[str, str]
    ) -> Subscription:
        """A subscription from Subscribe's parameters and its attributes as they are now.

        Raises:
            NotEmulated: the protocol is not emulated.
            InvalidFilterPolicy: AWS would refuse the policy.
        """
        if protocol not in PROTOCOLS:
            raise NotEmulated(Missing.SUBSCRIPTIONS, protocol)
        redrive = json.loads(attributes.get("RedrivePolicy") or "{}")
        on_body = attributes.get("FilterPolicyScope") == "MessageBody"
        return cls(
            arn=arn,
            protocol=protocol,
            endpoint=endpoint,
            raw=str(attributes.get("RawMessageDelivery", "")).lower() == "true",
            policy=_policy(attributes.get("FilterPolicy"), on_body=on_body),
            policy_on_body=on_body,
            dead_letter=redrive.get("deadLetterTargetArn"),
        )

    def wants(self, notification: Notification) -> bool:
        """Whether the filter policy, if there is one, lets the notification through."""
        if self.policy is None:
            return True
        if not self.policy_on_body:
            return self.policy.matches(_comparable(notification.attributes))
        try:
            body = json.loads(notification.text_for(self.protocol))
        except ValueError:
            return False
        return isinstance(body, dict) and self.policy.matches(body)


class Fanout:
    """Hands notifications to subscribers; `publish` returns at once."""

    def __init__(self, *, targets: Targets, clock: Clock, activity: Activity) -> None:
        self._targets = targets
        self._clock = clock
        self._outbox = Outbox("sns", clock=clock, activity=activity)
        self._in_order = Outbox("sns", clock=clock, activity=activity, workers=1)
        self._lately: dict[tuple[str, str], float] = {}  # until when a FIFO message is known
        self._lock = threading.Lock()

    def publish(self, notification: Notification, subscriptions: Iterable[Subscription]) -> None:
        """Send to every subscriber whose filter policy lets the notification through.

        A FIFO topic delivers in order, and a message that it had within five minutes not again.
        """
        if notification.in_order and self._had_lately(notification):
            return
        for subscription in subscriptions:
            if subscription.wants(notification):
                self._put(notification, subscription)

    def in_flight(self) -> int:
        """Messages not yet handed to their subscriber."""
        return self._outbox.in_flight() + self._in_order.in_flight()

    def close(self) -> None:
        """Drop what waits and end the threads."""
        self._outbox.close()
        self._in_order.close()

    def _put(self, notification: Notification, subscription: Subscription) -> None:
        outbox = self._in_order if notification.in_order else self._outbox
        with onward("sns", notification.topic_arn, subscription.endpoint):
            outbox.put(lambda: self._deliver(notification, subscription))

    def _had_lately(self, notification: Notification) -> bool:
        now = self._clock.now()
        key = (notification.topic_arn, notification.deduplication_id or "")
        with self._lock:
            for each in [each for each, until in self._lately.items() if until <= now]:
                del self._lately[each]
            if key in self._lately:
                return True
            self._lately[key] = now + DEDUPLICATION_SECONDS
            return False

    def _deliver(self, notification: Notification, subscription: Subscription) -> None:
        message = message_for(notification, subscription)
        if subscription.raw and len(message.attributes) > MOST_RAW_ATTRIBUTES:
            logger.warning("SNS discards a raw message with over ten attributes, as on AWS")
            return
        try:
            self._targets.deliver(subscription.endpoint, message)
        except Exception:  # whatever the endpoint's trouble, the dead-letter queue is for it
            if subscription.dead_letter is None:
                raise
            logger.info("%s failed; its dead-letter queue has the message", subscription.endpoint)
            self._targets.send(subscription.dead_letter, message)


def message_for(notification: Notification, subscription: Subscription) -> Message:
    """What this subscriber receives."""
    if subscription.protocol == "lambda":
        return Message(json.dumps(lambda_event(notification, subscription.arn)))
    if subscription.raw:
        body = notification.text_for("sqs")
        attributes = {name: _as_sqs(value) for name, value in notification.attributes.items()}
    else:
        envelope = queue_envelope(notification, subscription.arn)
        body, attributes = json.dumps(envelope, indent=2, separators=(",", " : ")), {}
    if not subscription.endpoint.endswith(".fifo"):  # a standard queue keeps no order
        return Message(body, attributes=attributes)
    return Message(
        body,
        attributes=attributes,
        group_id=notification.group_id,
        deduplication_id=notification.deduplication_id,
    )


def lambda_event(notification: Notification, subscription_arn: str) -> dict[str, Any]:
    """What a subscribed function is invoked with."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription_arn,
                "Sns": {
                    "Type": "Notification",
                    "MessageId": notification.message_id,
                    "TopicArn": notification.topic_arn,
                    "Subject": notification.subject,
                    "Message": notification.text_for("lambda"),
                    "Timestamp": iso_milliseconds(notification.moment),
                    "SignatureVersion": "1",
                    "Signature": NO_SIGNATURE,
                    "SigningCertUrl": _certificate_url(notification.topic_arn),
                    "UnsubscribeUrl": _unsubscribe_url(notification.topic_arn, subscription_arn),
                    "MessageAttributes": dict(notification.attributes),
                },
            }
        ]
    }


def queue_envelope(notification: Notification, subscription_arn: str) -> dict[str, Any]:
    """The JSON that a subscribed queue gets without raw delivery; here it is URL, not Url."""
    subject = {} if notification.subject is None else {"Subject": notification.subject}
    attributes = {"MessageAttributes": dict(notification.attributes)}
    return {
        "Type": "Notification",
        "MessageId": notification.message_id,
        "TopicArn": notification.topic_arn,
        **subject,
        "Message": notification.text_for("sqs"),
        "Timestamp": iso_milliseconds(notification.moment),
        "SignatureVersion": "1",
        "Signature": NO_SIGNATURE,
        "SigningCertURL": _certificate_url(notification.topic_arn),
        "UnsubscribeURL": _unsubscribe_url(notification.topic_arn, subscription_arn),
        **(attributes if notification.attributes else {}),
    }


def _policy(text: str | None, *, on_body: bool) -> Pattern | None:
    policy = json.loads(text) if text else None
    return check_policy(policy, on_body=on_body) if policy else None  # {} takes a policy away


def _comparable(attributes: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Attributes as a pattern sees them: strings, numbers, members of arrays; never binaries."""
    seen: dict[str, Any] = {}
    for name, attribute in attributes.items():
        kind, value = attribute["Type"].partition(".")[0], attribute["Value"]
        if attribute["Type"] == "String.Array" or kind == "Number":
            try:
                seen[name] = json.loads(value)
            except ValueError:
                seen[name] = value
        elif kind == "String":
            seen[name] = value
    return seen


def _as_sqs(attribute: Mapping[str, str]) -> dict[str, Any]:
    binary = attribute["Type"].startswith("Binary")
    field_name = "BinaryValue" if binary else "StringValue"
    return {"DataType": attribute["Type"], field_name: attribute["Value"]}


def _certificate_url(topic_arn: str) -> str:
    region = Arn.parse(topic_arn).region
    return f"https://sns.{region}.amazonaws.com/SimpleNotificationService-EXAMPLE.pem"


def _unsubscribe_url(topic_arn: str, subscription_arn: str) -> str:
    region = Arn.parse(topic_arn).region
    action = f"Action=Unsubscribe&SubscriptionArn={subscription_arn}"
    return f"https://sns.{region}.amazonaws.com/?{action}"
