"""Work to be done soon, or at a given moment, by a few threads that outlive any failure of it.

S3, SNS, EventBridge and asynchronous invocations each own an outbox: the API call that caused an
event puts a job there and returns at once. It is no message queue: jobs are plain callables, kept
in memory, and what is not done when the outbox closes is dropped.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from contextvars import Context, copy_context

from workbook.cloud.traces import causes

from .activity import Activity
from .clock import Clock

logger = logging.getLogger(__name__)

CAPACITY = 100_000
JOIN_SECONDS = 1.0

Job = Callable[[], None]


class OutboxFull(Exception):
    """So much waits already that one more job would only grow the memory."""


class Outbox:
    """Jobs in order of when they are due, then of when they came.

    Args:
        engine: names its threads, its log lines and its tokens in `activity`.
        workers: the most jobs that run at the same time; threads start when needed.
        capacity: the most jobs that may wait.
    """

    def __init__(
        self,
        engine: str,
        *,
        clock: Clock,
        activity: Activity,
        workers: int = 8,
        capacity: int = CAPACITY,
    ) -> None:
        self.engine = engine
        self._clock = clock
        self._activity = activity
        self._most_workers = workers
        self._capacity = capacity
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Job, Context]] = []
        self._order = itertools.count()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def put(self, job: Job, *, due: float | None = None, accepted: bool = False) -> None:
        """Have `job` run at `due`, at once when None; never blocks. A closed outbox ignores it.

        Args:
            accepted: part of something that was put before; it must not be lost for want of room.

        Raises:
            OutboxFull: `capacity` jobs are waiting.
        """
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= self._capacity and not accepted:
                raise OutboxFull(f"{self._capacity} events of {self.engine} wait already.")
            self._activity.begin(self.engine)
            moment = self._clock.now() if due is None else due
            # Its context says what caused it, wherever it runs.
            heapq.heappush(self._waiting, (moment, next(self._order), job, copy_context()))
            self._wake_one()

    def in_flight(self) -> int:
        """Jobs that wait or run."""
        return self._activity.in_flight(self.engine)

    def close(self) -> None:
        """Drop what waits, and end the threads; one that hangs in a delivery is left behind."""
        with self._changed:
            self._closed = True
            dropped, self._waiting = len(self._waiting), []
            self._changed.notify_all()
        self._activity.end(self.engine, dropped)
        for thread in self._threads:
            thread.join(JOIN_SECONDS)

    def _wake_one(self) -> None:
        if self._idle:
            self._changed.notify()
        elif len(self._threads) < self._most_workers:
            name = f"{self.engine}-{len(self._threads)}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (due := self._next_due()) is not None:
            job, context = due
            try:
                context.run(self._do, job)
            finally:
                self._activity.end(self.engine)

    def _do(self, job: Job) -> None:
        try:
            job()
        except Exception as error:  # a target may fail in any way; the next must still go out
            logger.exception("A delivery of %s failed", self.engine)
            causes.failed(error)

    def _next_due(self) -> tuple[Job, Context] | None:
        with self._changed:
            while not self._closed:
                due = self._waiting[0][0] if self._waiting else None
                if due is not None and due <= self._clock.now():
                    _, _, job, context = heapq.heappop(self._waiting)
                    if self._waiting:  # someone must watch the next one while this thread works
                        self._wake_one()
                    return job, context
                self._idle += 1
                self._clock.wait(self._changed, due)
                self._idle -= 1
            return None
