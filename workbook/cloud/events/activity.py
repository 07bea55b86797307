"""What is on its way, counted in one place, so that `settle` can wait for silence.

Every engine holds a token for each thing it has taken on and not yet finished. An engine that
passes something on to another takes the other's token before it gives its own back, and all
tokens lie under one lock: the sum cannot be nought while an event is between two engines.
"""

from __future__ import annotations

import threading
from collections import Counter


class Activity:
    """Tokens held, by engine."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: Counter[str] = Counter()

    def begin(self, engine: str, count: int = 1) -> None:
        """Take `count` tokens for `engine`."""
        with self._changed:
            self._held[engine] += count

    def end(self, engine: str, count: int = 1) -> None:
        """Give `count` tokens of `engine` back."""
        with self._changed:
            self._held[engine] -= count
            if not self._held.total():
                self._changed.notify_all()

    def in_flight(self, engine: str | None = None) -> int:
        """Tokens held by one engine, or by all of them."""
        with self._changed:
            return self._held.total() if engine is None else self._held[engine]

    def wait_until_quiet(self, timeout: float) -> bool:
        """Whether nothing was in flight at some moment within `timeout` real seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held.total(), timeout)
