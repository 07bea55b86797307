"""The time that events live by: the real time, plus whatever a notebook has advanced it.

Engines ask it for the time, for the moment a delay ends, and wait through it, so that
`advance(seconds)` wakes whoever is now due. `pace` shortens AWS's own delays (a retry after a
minute, a visibility timeout): at pace 60 a minute lasts a second. It never bends timestamps.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from datetime import UTC, datetime

LONGEST_WAIT = 3600.0  # seconds; the wall clock may have been set while a thread slept


class Clock:
    """Real time plus an offset that only grows.

    Args:
        pace: how many of AWS's seconds pass in one of ours while something waits.
        real: where real time comes from, in seconds since the epoch.
    """

    def __init__(self, *, pace: float = 1.0, real: Callable[[], float] = time.time) -> None:
        self.pace = pace
        self._real = real
        self._offset = 0.0
        self._advances: list[tuple[float, float]] = []  # real moments, and the offset from then on
        self._lock = threading.Lock()
        self._sleepers: weakref.WeakSet[threading.Condition] = weakref.WeakSet()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._real() + self._offset

    def shown_at(self, moment: float) -> float:
        """What it showed at a moment of real time, which moto stamps what it keeps with."""
        with self._lock:
            passed = (offset for real, offset in reversed(self._advances) if real < moment)
            return moment + next(passed, 0.0)

    def after(self, seconds: float) -> float:
        """The moment when a delay of AWS's that starts now is over."""
        return self.now() + seconds / self.pace

    def advance(self, seconds: float) -> None:
        """Move the time forward, run the listeners in turn, wake every sleeper.

        Raises:
            ValueError: seconds is negative; time does not run backwards.
        """
        if seconds < 0:
            raise ValueError(f"A clock cannot be advanced by {seconds} seconds.")
        with self._lock:
            self._offset += seconds
            self._advances.append((self._real(), self._offset))
            listeners, sleepers = list(self._listeners), list(self._sleepers)
        for listener in listeners:
            listener()
        for condition in sleepers:
            with condition:
                condition.notify_all()

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Have `listener` called by each `advance`, before it returns."""
        with self._lock:
            self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Take back an `on_advance`."""
        with self._lock:
            self._listeners.remove(listener)

    def wait(self, condition: threading.Condition, until: float | None = None) -> None:
        """Wait, holding `condition`, to be notified or for `until`, whichever is first.

        It may also return for no reason: look at the state again, as with any condition.
        """
        with self._lock:
            self._sleepers.add(condition)
        left = LONGEST_WAIT if until is None else until - self.now()
        if left > 0:
            condition.wait(min(left, LONGEST_WAIT))


def iso_milliseconds(moment: float) -> str:
    """2026-01-31T12:00:00.000Z, as S3, SNS and Lambda's destinations write a time."""
    stamp = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return stamp.replace("+00:00", "Z")


def iso_seconds(moment: float) -> str:
    """2026-01-31T12:00:00Z, as EventBridge writes a time."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
