"""EventBridge: from an event on a bus to the targets of the rules that match it.

Rules and targets are plain data, read afresh for each event. Entries of PutEvents become events
in entries.py, what a target is sent is decided in inputs.py, schedules fire through `fire`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated
from workbook.cloud.traces.causes import onward

from .activity import Activity
from .clock import Clock, iso_seconds
from .entries import Event, scheduled_event
from .inputs import TargetInput
from .outbox import Outbox
from .patterns import Pattern
from .targets import Message, Targets, target_service

logger = logging.getLogger(__name__)

KNOWN_SETTINGS = {
    "Id",
    "Arn",
    "RoleArn",
    "Input",
    "InputPath",
    "InputTransformer",
    "SqsParameters",
    "DeadLetterConfig",
    "RetryPolicy",  # taken and not needed: a local target accepts or is gone
}

WHOLE_EVENT = TargetInput()


@dataclass(frozen=True)
class Target:
    """One target of a rule; made by `parse`, which refuses what is not emulated."""

    id: str
    arn: str
    input: TargetInput = WHOLE_EVENT
    group_id: str | None = None
    dead_letter: str | None = None

    @classmethod
    def parse(cls, target: Mapping[str, Any]) -> Target:
        """A target as PutTargets takes it.

        Raises:
            NotEmulated: the kind of target, or a setting of it, is not emulated.
            InvalidInput: see TargetInput.parse.
        """
        target_service(target["Arn"])
        for name in target.keys() - KNOWN_SETTINGS:
            raise NotEmulated(Missing.TARGET_SETTINGS, name)
        return cls(
            id=target["Id"],
            arn=target["Arn"],
            input=TargetInput.parse(target),
            group_id=(target.get("SqsParameters") or {}).get("MessageGroupId"),
            dead_letter=(target.get("DeadLetterConfig") or {}).get("Arn"),
        )


@dataclass(frozen=True)
class Rule:
    """A rule as it is now; without a pattern it listens to no bus."""

    arn: str
    enabled: bool = True
    pattern: Pattern | None = None
    targets: Sequence[Target] = ()

    def wants(self, event: Event) -> bool:
        """Whether an event on the rule's bus goes to its targets."""
        return self.enabled and self.pattern is not None and self.pattern.matches(event)


class Bridge:
    """Delivers events to the targets of rules; its methods return at once.

    Args:
        rules: the rules of the event bus with this ARN or name.
        rule: the rule with this ARN; KeyError when it is gone.
    """

    def __init__(
        self,
        *,
        rules: Callable[[str], Iterable[Rule]],
        rule: Callable[[str], Rule],
        targets: Targets,
        clock: Clock,
        activity: Activity,
    ) -> None:
        self._rules = rules
        self._rule = rule
        self._targets = targets
        self._clock = clock
        self._outbox = Outbox("bridge", clock=clock, activity=activity)

    def put(self, bus: str, event: Event) -> None:
        """An event has come to a bus."""
        for rule in self._rules(bus):
            if rule.wants(event):
                self._send(rule, event)

    def fire(self, rule_arn: str, moment: float) -> None:
        """A rule's schedule was due at this moment; what Schedules is given as `fire`."""
        rule = self._rule(rule_arn)
        if rule.enabled:
            self._send(rule, scheduled_event(rule_arn, moment))

    def in_flight(self) -> int:
        """Events not yet handed to their target."""
        return self._outbox.in_flight()

    def close(self) -> None:
        """Drop what waits and end the threads."""
        self._outbox.close()

    def _send(self, rule: Rule, event: Event) -> None:
        now = iso_seconds(self._clock.now())
        for target in rule.targets:
            body = target.input.text(event, rule_arn=rule.arn, now=now)
            self._put(rule, target, Message(body, group_id=target.group_id))

    def _put(self, rule: Rule, target: Target, message: Message) -> None:
        with onward("events", rule.arn, target.arn):
            self._outbox.put(lambda: self._deliver(rule, target, message))

    def _deliver(self, rule: Rule, target: Target, message: Message) -> None:
        try:
            self._targets.deliver(target.arn, message)
        except Exception as error:  # whatever the target's trouble, the dead letters are for it
            if target.dead_letter is None:
                raise
            logger.info("%s failed; its dead-letter queue has the event", target.arn)
            self._targets.send(target.dead_letter, _dead_letter(rule, target, message, error))


def _dead_letter(rule: Rule, target: Target, message: Message, error: Exception) -> Message:
    """The event with why it was given up, as "Using dead-letter queues" has it."""
    reasons = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target.arn,
        "ERROR_CODE": type(error).__name__,
        "ERROR_MESSAGE": str(error),
    }
    attributes = {
        name: {"DataType": "String", "StringValue": text} for name, text in reasons.items() if text
    }
    return Message(message.body, attributes=attributes)
