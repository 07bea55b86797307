"""A clock that strikes midnight while a learner's test runs: for the flaky test of chapter 07.

It stands in for `datetime` and `date` among the names that the test sees, and only there. Like every
clock it runs forwards: once struck, it has struck for the test too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any


@dataclass
class StrikingClock:
    """Today, and once struck, tomorrow.

    Attributes:
        struck: whether midnight has passed.
        asked: whether the test has looked at it.
    """

    struck: bool = False
    asked: bool = False

    def strike(self) -> None:
        """Midnight: from now on it is tomorrow."""
        self.struck = True

    def now(self, zone: Any = None) -> datetime:
        """The moment that it shows."""
        return datetime.now(zone) + timedelta(days=1 if self.struck else 0)


@contextmanager
def striking_clock(test: Callable[..., Any]) -> Iterator[StrikingClock]:
    """A clock that this function, and what stands beside it, looks at instead of the real one."""
    clock = StrikingClock()
    names: dict[str, Any] = getattr(test, "__globals__", {})
    real = {name: value for name, value in names.items() if _is_clock(value)}
    names.update({name: _moved(value, clock) for name, value in real.items()})
    try:
        yield clock
    finally:
        names.update(real)


def _is_clock(value: Any) -> bool:
    return value is datetime or value is date or _is_module(value)


def _is_module(value: Any) -> bool:
    return isinstance(value, ModuleType) and value.__name__ == "datetime"


def _moved(value: Any, clock: StrikingClock) -> Any:
    def look(zone: Any = None) -> datetime:
        clock.asked = True
        return clock.now(zone)

    class Moment(datetime):
        now = staticmethod(look)  # type: ignore[assignment]
        today = staticmethod(look)  # type: ignore[assignment]

    class Day(date):
        today = staticmethod(lambda: look().date())  # type: ignore[assignment]

    if _is_module(value):
        return SimpleNamespace(**{**vars(value), "datetime": Moment, "date": Day})
    return Moment if value is datetime else Day
