"""Polling a queue for a function: batches out, what succeeded deleted, the rest left to return.

A message that fails stays hidden until its visibility timeout ends; after maxReceiveCount the
queue itself moves it to its dead-letter queue. A FIFO queue hands out nothing more of a group
while a message of that is hidden, so its order needs no care here. Batches run side by side up to
the mapping's concurrency, and only one of the threads gathers at a time, so that a batch fills
before the next one is begun. The queue is somebody else's: it is read, and deleted from, through
`Queue`.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from typing import Any, Protocol

from .activity import Activity
from .asynchronous import Invoke
from .batches import Throttled, failed_identifiers, invoke_patiently, split_by_size
from .bell import Bell
from .clock import Clock
from .mappings import Filter, Mapping, MayRead, anybody_may
from .targets import Arn

logger = logging.getLogger(__name__)

Received = Dict[str, Any]  # a message as ReceiveMessage answers it, with all its attributes

FIRST_CONCURRENCY = 5  # Lambda starts with five batches at a time; here that is also the most
LARGEST_PAYLOAD = 6 * 1024 * 1024
LEAST_REST = 0.02  # seconds; a queue may call a message visible a moment before it hands it out
JOIN_SECONDS = 1.0


class Queue(Protocol):
    """The queue as a poller needs it; any method may raise when the queue is gone."""

    @property
    def visibility_timeout(self) -> float:
        """Seconds for which a received message is hidden."""
        ...

    def receive(self, limit: int) -> Sequence[Received]:
        """Up to `limit` messages that are visible now, at once; never waits."""
        ...

    def delete(self, receipt_handles: Sequence[str]) -> None: ...

    def hide(self, receipt_handles: Sequence[str], seconds: float) -> None:
        """Change the visibility timeout of received messages, to fractions of seconds too."""
        ...

    def hidden_for(self) -> float | None:
        """Seconds until the next hidden or delayed message can be received; None without any."""
        ...


class QueuePoller:
    """Carries one queue's messages to one function."""

    def __init__(
        self,
        mapping: Mapping,
        queue: Queue,
        *,
        invoke: Invoke,
        throttled: Throttled,
        clock: Clock,
        activity: Activity,
        may_read: MayRead = anybody_may,
    ) -> None:
        self._mapping = mapping
        self._may_read = may_read
        self._queue = queue
        self._invoke = invoke
        self._throttled = throttled
        self._clock = clock
        self._bell = Bell("pollers", clock=clock, activity=activity)
        self._gathering = threading.Lock()
        self._running = threading.Lock()
        self._batches = 0  # gathered and not yet finished, under _running
        self._threads: list[threading.Thread] = []
        self._start_thread()

    def wake(self) -> None:
        """A message has come, or may have become visible."""
        self._bell.ring()

    def change(self, mapping: Mapping) -> None:
        """Use other settings from the next batch on."""
        self._mapping = mapping
        self._bell.ring()

    def close(self) -> None:
        """Gather no more; a batch under way is left to finish by itself."""
        self._bell.close()
        for thread in list(self._threads):
            thread.join(JOIN_SECONDS)

    def _start_thread(self) -> None:
        name = f"queue-poller-{self._mapping.uuid[:8]}-{len(self._threads)}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while not self._bell.closed:
            with self._gathering:
                batch = self._gather()
                mapping = self._mapping  # as it is now, not as it was before the wait
            if batch and not self._bell.closed:
                try:
                    self._process(mapping, batch)
                except Exception:  # the queue may be gone by now; there are others to carry
                    logger.exception("A batch from %s was not finished", mapping.source_arn)
                finally:
                    self._finished()

    def _finished(self) -> None:
        with self._running:
            self._batches -= 1
        self._bell.ring()  # to see what failed, and is hidden, before anyone calls it quiet

    def _gather(self) -> list[Received]:
        """The next batch, counted as running; empty when there is none for now."""
        if not self._bell.listen():
            return []
        mapping = self._mapping
        reads = mapping.enabled and self._may_read(mapping.function_arn, mapping.source_arn)
        batch = self._receive(mapping.batch_size) if reads else []
        if not batch:
            self._rest(reads)
            return []
        with self._running:
            self._batches += 1
        self._bell.ring()  # there may be more, for this thread or for another
        self._fill(batch)
        self._make_room()
        return batch

    def _fill(self, batch: list[Received]) -> None:
        deadline = self._clock.after(self._mapping.window_seconds)
        while len(batch) < self._mapping.batch_size and self._clock.now() < deadline:
            if not self._bell.listen(until=deadline):
                return
            batch += self._receive(self._mapping.batch_size - len(batch))
        self._bell.ring()

    def _make_room(self) -> None:
        """Start one more thread if all may be busy, up to the mapping's concurrency."""
        most = self._mapping.maximum_concurrency or FIRST_CONCURRENCY
        with self._running:
            if self._batches >= len(self._threads) < most:
                self._start_thread()

    def _rest(self, reads: bool) -> None:
        hidden = self._hidden_for() if reads else None
        with self._running:
            busy = self._batches > 0
        if hidden is not None:
            self._bell.rest(self._clock.now() + max(hidden, LEAST_REST))
        elif not busy:  # a batch that ends rings, and then there is a next time to say so
            self._bell.rest(None)

    def _hidden_for(self) -> float | None:
        try:
            return self._queue.hidden_for()
        except Exception:  # a queue that is gone has nothing more to give
            logger.warning("The queue %s cannot be read", self._mapping.source_arn, exc_info=True)
            return None

    def _receive(self, limit: int) -> list[Received]:
        wanted: list[Received] = []
        unwanted: list[Received] = []
        try:
            for message in self._queue.receive(limit):
                kept = passes(message, self._mapping.filters)
                (wanted if kept else unwanted).append(message)
            if unwanted:  # Lambda deletes what the filter drops
                self._queue.delete([message["ReceiptHandle"] for message in unwanted])
        except Exception:  # the queue may be gone; it may also be made again
            logger.warning("The queue %s cannot be read", self._mapping.source_arn, exc_info=True)
        return wanted

    def _process(self, mapping: Mapping, batch: list[Received]) -> None:
        records = [record(message, mapping.source_arn) for message in batch]
        for part in split_by_size(records, LARGEST_PAYLOAD, _size):
            failed = self._failed(mapping, part)
            handles = {one["messageId"]: one["receiptHandle"] for one in part}
            done = [handle for identity, handle in handles.items() if identity not in failed]
            if done:
                self._queue.delete(done)
            if failed and self._clock.pace != 1:
                seconds = self._queue.visibility_timeout / self._clock.pace
                self._queue.hide([handles[identity] for identity in failed], seconds)

    def _failed(self, mapping: Mapping, records: list[dict[str, Any]]) -> set[str]:
        identities = {one["messageId"] for one in records}
        patience = self._queue.visibility_timeout
        outcome = invoke_patiently(
            self._invoke, self._throttled, self._bell, mapping.function_arn, records, patience
        )
        if outcome is None or outcome.function_error is not None:
            return identities
        if not mapping.reports_failures:
            return set()
        return failed_identifiers(outcome.payload, identities)


def record(message: Received, queue_arn: str) -> dict[str, Any]:
    """A received message as Lambda hands it to a function."""
    checksum = message.get("MD5OfMessageAttributes")
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes") or {}),
        "messageAttributes": _attributes(message),
        **({"md5OfMessageAttributes": checksum} if checksum else {}),
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": Arn.parse(queue_arn).region,
    }


def passes(message: Received, filters: Sequence[Filter]) -> bool:
    """Whether FilterCriteria let the message through; a body's form must suit the pattern's."""
    if not filters:
        return True
    try:
        body: Any = json.loads(message["Body"])
    except ValueError:
        body = message["Body"]
    form = "json" if isinstance(body, dict) else "text"
    seen = {
        "messageId": message["MessageId"],
        "body": body if form == "json" else message["Body"],
        "attributes": message.get("Attributes") or {},
        "messageAttributes": _attributes(message),
    }
    return any(one.body in (None, form) and one.pattern.matches(seen) for one in filters)


def _attributes(message: Received) -> dict[str, Any]:
    attributes = message.get("MessageAttributes") or {}
    return {name: _attribute(value) for name, value in attributes.items()}


def _attribute(value: Dict[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        shaped["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        raw = value["BinaryValue"]
        shaped["binaryValue"] = base64.b64encode(raw).decode() if isinstance(raw, bytes) else raw
    return {**shaped, "dataType": value["DataType"]}


def _size(one: dict[str, Any]) -> int:
    return len(json.dumps(one))
