"""Event source mappings at work: a poller for each, by the kind of its source.

The Lambda API tells of mappings made, changed and removed; whoever writes to a queue, a table
or a stream calls `wake`. Everything between is in sqs.py and streams.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from .activity import Activity
from .asynchronous import Invoke
from .batches import Throttled
from .clock import Clock
from .mappings import Mapping, MayRead, anybody_may
from .sqs import Queue, QueuePoller
from .stream_records import DynamoDBRecords, Kind, KinesisRecords
from .streams import Stream, StreamPoller
from .targets import Targets

Poller = QueuePoller | StreamPoller


class Pollers:
    """All pollers, by their mapping's UUID.

    Args:
        invoke: runs a function, synchronously.
        throttled: the exceptions by which `invoke` says "too many at once".
        queue: the queue with this ARN.
        stream: the stream with this ARN.
        targets: where streams tell of what they gave up.
        may_read: asked before each read; what is refused stays where it is.
        execution_role: the ARN of a function's role, which Kinesis events carry.
    """

    def __init__(
        self,
        *,
        invoke: Invoke,
        throttled: Throttled,
        queue: Callable[[str], Queue],
        stream: Callable[[str], Stream],
        targets: Targets,
        clock: Clock,
        activity: Activity,
        may_read: MayRead = anybody_may,
        execution_role: Callable[[str], str] = str,
    ) -> None:
        self._invoke = invoke
        self._throttled = throttled
        self._queue = queue
        self._stream = stream
        self._targets = targets
        self._clock = clock
        self._activity = activity
        self._may_read = may_read
        self._execution_role = execution_role
        self._lock = threading.Lock()
        self._pollers: dict[str, tuple[Mapping, Poller]] = {}

    def put(self, mapping: Mapping) -> None:
        """Begin to poll for a new mapping, or use a known one's new settings."""
        with self._lock:
            _, poller = self._pollers.get(mapping.uuid, (None, None))
            if poller is None:
                poller = self._poller(mapping)
            self._pollers[mapping.uuid] = (mapping, poller)
        poller.change(mapping)

    def remove(self, uuid: str) -> None:
        """Stop polling for a mapping; nothing happens when it is unknown."""
        with self._lock:
            _, poller = self._pollers.pop(uuid, (None, None))
        if poller is not None:
            poller.close()

    def wake(self, source_arn: str) -> None:
        """This queue or stream has something new; returns at once."""
        with self._lock:
            found = [
                one for mapping, one in self._pollers.values() if mapping.source_arn == source_arn
            ]
        for poller in found:
            poller.wake()

    def wake_all(self) -> None:
        """What functions may read has changed, perhaps; returns at once."""
        with self._lock:
            pollers = [poller for _, poller in self._pollers.values()]
        for poller in pollers:
            poller.wake()

    def in_flight(self) -> int:
        """Pollers that are at work, or wait for a message that is hidden."""
        return self._activity.in_flight("pollers")

    def close(self) -> None:
        """End every poller."""
        with self._lock:
            pollers = [poller for _, poller in self._pollers.values()]
            self._pollers.clear()
        for poller in pollers:
            poller.close()

    def _poller(self, mapping: Mapping) -> Poller:
        if mapping.service == "sqs":
            return QueuePoller(
                mapping,
                self._queue(mapping.source_arn),
                invoke=self._invoke,
                throttled=self._throttled,
                clock=self._clock,
                activity=self._activity,
                may_read=self._may_read,
            )
        kind: Kind = DynamoDBRecords()
        if mapping.service == "kinesis":
            kind = KinesisRecords(role=lambda: self._execution_role(mapping.function_arn))
        return StreamPoller(
            mapping,
            self._stream(mapping.source_arn),
            kind,
            invoke=self._invoke,
            throttled=self._throttled,
            targets=self._targets,
            clock=self._clock,
            activity=self._activity,
            may_read=self._may_read,
        )
