"""Rules on a schedule: rate(…) and cron(…), fired when the clock gets there.

The clock gets there by itself, or by being advanced: then everything due on the way fires, in
order and once, before `advance` returns. What a firing does is the bridge's business: it is told
of the rule and of the moment that was due, which is also the time in the event.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .activity import Activity
from .clock import Clock
from .cron import Cron, InvalidSchedule

logger = logging.getLogger(__name__)

JOIN_SECONDS = 1.0
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}

Fire = Callable[[str, float], None]


class Expression(Protocol):
    """What a rule's ScheduleExpression means."""

    def next_after(self, moment: float) -> float | None:
        """The first firing after `moment`; None when there will be no more."""
        ...


@dataclass(frozen=True)
class Rate:
    """Every so many seconds, counted from when the rule was made."""

    seconds: int
    since: float

    def next_after(self, moment: float) -> float:
        """The first firing after `moment`."""
        passed = max(0, int((moment - self.since) // self.seconds))
        return self.since + (passed + 1) * self.seconds


def parse_expression(text: str, since: float) -> Expression:
    """A ScheduleExpression of a rule that is made at `since`.

    Raises:
        InvalidSchedule: AWS would refuse it.
    """
    if fields := re.fullmatch(r"cron\((.*)\)", text):
        return Cron.parse(fields[1])
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)(s?)\)", text)
    if rate is None:
        raise InvalidSchedule
    value = int(rate[1])
    if value < 1 or (value == 1) == bool(rate[3]):  # 1 minute, 2 minutes; nothing else
        raise InvalidSchedule
    return Rate(value * UNITS[rate[2]], since)


@dataclass
class _Entry:
    text: str
    expression: Expression
    due: float | None


class Schedules:
    """Enabled rules with a schedule, by ARN.

    Args:
        fire: told of a rule's ARN and the moment that was due; it should not wait.
    """

    def __init__(self, *, fire: Fire, clock: Clock, activity: Activity) -> None:
        self._fire = fire
        self._clock = clock
        self._activity = activity
        self._changed = threading.Condition()
        self._firing = threading.RLock()  # one firing at a time, so that they stay in order
        self._entries: dict[str, _Entry] = {}
        self._closed = False
        clock.on_advance(self.run_due)
        self._thread = threading.Thread(target=self._work, name="schedules", daemon=True)
        self._thread.start()

    def put(self, arn: str, expression: str, *, enabled: bool = True) -> None:
        """Take on a rule, or its new settings; an unchanged schedule keeps its beat.

        Raises:
            InvalidSchedule: AWS would refuse the expression.
        """
        now = self._clock.now()
        parsed = parse_expression(expression, now)
        with self._changed:
            known = self._entries.get(arn)
            if not enabled:
                self._entries.pop(arn, None)
            elif known is None or known.text != expression:
                self._entries[arn] = _Entry(expression, parsed, parsed.next_after(now))
            self._changed.notify_all()

    def remove(self, arn: str) -> None:
        """Forget a rule; nothing happens when it is unknown."""
        with self._changed:
            self._entries.pop(arn, None)

    def upcoming(self) -> list[tuple[float, str]]:
        """The next firing of each rule, soonest first."""
        with self._changed:
            due = [
                (entry.due, arn) for arn, entry in self._entries.items() if entry.due is not None
            ]
        return sorted(due)

    def run_due(self) -> None:
        """Fire all that is due by now, in order."""
        with self._firing:
            while (due := self._take_due()) is not None:
                moment, arn = due
                try:
                    self._fire(arn, moment)
                except Exception:  # one rule's targets must not keep the others from firing
                    logger.exception("The rule %s could not be fired", arn)
                finally:
                    self._activity.end("schedules")

    def in_flight(self) -> int:
        """Firings under way; schedules that are merely waiting are not in flight."""
        return self._activity.in_flight("schedules")

    def close(self) -> None:
        """Fire no more."""
        self._clock.forget(self.run_due)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(JOIN_SECONDS)

    def _take_due(self) -> tuple[float, str] | None:
        with self._changed:
            found = self.upcoming()[:1]
            if self._closed or not found or found[0][0] > self._clock.now():
                return None
            [(moment, arn)] = found
            entry = self._entries[arn]
            entry.due = entry.expression.next_after(moment)
            self._activity.begin("schedules")
            return moment, arn

    def _work(self) -> None:
        while not self._closed:
            with self._changed:
                soonest = min((moment for moment, _ in self.upcoming()), default=None)
                if not self._closed:
                    self._clock.wait(self._changed, soonest)
            self.run_due()
