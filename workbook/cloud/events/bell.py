"""How a poller waits: rung when its source has something new, otherwise asleep.

Nothing polls on a timer. Whoever adds to a queue or a stream rings the bell, and a poller that
knows of something hidden until later (a visibility timeout) rests until then. From the ring until
it rests with nothing to expect, the bell holds a token, so that `settle` waits for it.
"""

from __future__ import annotations

import threading

from .activity import Activity
from .clock import Clock


class Bell:
    """One poller's bell; several threads may listen."""

    def __init__(self, engine: str, *, clock: Clock, activity: Activity) -> None:
        self._engine = engine
        self._clock = clock
        self._activity = activity
        self._changed = threading.Condition()
        self._rung = False
        self._holding = False
        self._due: float | None = None
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether there is nothing to listen for any more."""
        return self._closed

    def ring(self) -> None:
        """There is something to look at."""
        with self._changed:
            if self._closed:
                return
            self._rung = True
            self._hold()
            self._changed.notify_all()

    def listen(self, until: float | None = None) -> bool:
        """Wait for a ring, for the end of the rest, or for `until`; False once closed."""
        with self._changed:
            while not self._closed and not self._rung:
                moments = [moment for moment in (self._due, until) if moment is not None]
                if moments and min(moments) <= self._clock.now():
                    break
                self._clock.wait(self._changed, min(moments, default=None))
            self._rung = False
            self._due = None
            return not self._closed

    def rest(self, due: float | None) -> None:
        """Nothing to do until `due`, or until the next ring when None.

        A ring that came since the last `listen` is not lost: the next `listen` returns at once.
        """
        with self._changed:
            self._due = due
            if due is None and not self._rung:
                self._let_go()

    def pause(self, seconds: float) -> bool:
        """Wait for a delay of AWS's, whatever rings; False once closed."""
        until = self._clock.after(seconds)
        with self._changed:
            while not self._closed and self._clock.now() < until:
                self._clock.wait(self._changed, until)
            return not self._closed

    def close(self) -> None:
        """Wake every listener for the last time."""
        with self._changed:
            self._closed = True
            self._let_go()
            self._changed.notify_all()

    def _hold(self) -> None:
        if not self._holding:
            self._holding = True
            self._activity.begin(self._engine)

    def _let_go(self) -> None:
        if self._holding:
            self._holding = False
            self._activity.end(self._engine)
