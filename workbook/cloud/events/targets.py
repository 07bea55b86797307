"""Where events go: one door out of this package, whatever caused the event.

A target is named by its ARN. The callables behind the door belong to whoever composes the cloud;
here is only which of them a target needs, and which targets are not emulated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from workbook.cloud.missing import Missing, NotEmulated


class Arn(NamedTuple):
    """arn:partition:service:region:account:resource"""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, arn: str) -> Arn:
        """The parts of an ARN.

        Raises:
            ValueError: it does not have six parts.
        """
        parts = arn.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn":
            raise ValueError(f"{arn!r} is not an ARN")
        return cls(*parts[1:])


@dataclass(frozen=True)
class Message:
    """What is handed to a target.

    Args:
        body: the event as text; for a function it is the payload.
        subject: for a topic only.
        attributes: message attributes as SendMessage takes them: {name: {DataType, StringValue}}.
        group_id: MessageGroupId, for a FIFO queue.
        deduplication_id: MessageDeduplicationId, for a FIFO queue.
    """

    body: str
    subject: str | None = None
    attributes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    group_id: str | None = None
    deduplication_id: str | None = None


class Deliver(Protocol):
    """Hands a message to the target with this ARN; returns when the target has accepted it."""

    def __call__(self, arn: str, message: Message) -> None: ...


@dataclass(frozen=True)
class Targets:
    """The ways out; all are called from an engine's threads and may raise.

    Args:
        invoke: function ARN and payload; asynchronous, as AsyncInvoker.invoke is.
        send: queue ARN and message.
        publish: topic ARN and message.
        put_event: event bus ARN and a whole event (see bridge.event).
    """

    invoke: Callable[[str, bytes], object]
    send: Callable[[str, Message], object]
    publish: Callable[[str, Message], object]
    put_event: Callable[[str, dict[str, Any]], object]

    def deliver(self, arn: str, message: Message) -> None:
        """Hand `message` to the function, queue or topic `arn`.

        Raises:
            NotEmulated: it is none of these.
        """
        service = target_service(arn)
        if service == "lambda":
            self.invoke(arn, message.body.encode())
        elif service == "sqs":
            self.send(arn, message)
        else:
            self.publish(arn, message)


def target_service(arn: str) -> str:
    """lambda, sqs or sns: what kind of target `arn` is.

    Raises:
        NotEmulated: it is none of these.
    """
    service = Arn.parse(arn).service
    if service not in ("lambda", "sqs", "sns"):
        raise NotEmulated(Missing.RULE_TARGETS, arn)
    return service
