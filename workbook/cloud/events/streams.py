"""Reading a table's stream for a function: batches in order, shard by shard.

A batch that fails holds its shard up: it is retried, perhaps in halves, until it succeeds, runs
out of retries or grows too old; then the failure destination is told where in the stream it lay
(stream_batches.py decides that, record by record). The stream is read through `Stream`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from .activity import Activity
from .asynchronous import Invoke
from .batches import Throttled
from .bell import Bell
from .clock import Clock
from .item_size import item_size
from .mappings import Mapping, MayRead, anybody_may
from .stream_batches import StreamBatches
from .targets import Arn, Targets

logger = logging.getLogger(__name__)

Raw = Dict[str, Any]  # a record as GetRecords answers it

JOIN_SECONDS = 1.0


class Stream(Protocol):
    """The stream as a poller needs it; any method may raise when the table is gone."""

    def shards(self) -> Sequence[str]: ...

    def latest(self, shard: str) -> str | None:
        """The newest record's sequence number, None when there is no record yet."""
        ...

    def read(self, shard: str, after: str | None, limit: int) -> Sequence[Raw]:
        """Up to `limit` records after that sequence number, oldest first; never waits."""
        ...


class StreamPoller:
    """Carries one stream's records to one function, with one thread for each shard."""

    def __init__(
        self,
        mapping: Mapping,
        stream: Stream,
        *,
        invoke: Invoke,
        throttled: Throttled,
        targets: Targets,
        clock: Clock,
        activity: Activity,
        may_read: MayRead = anybody_may,
    ) -> None:
        self._shards = [
            _ShardPoller(
                mapping, stream, shard, invoke, throttled, targets, clock, activity, may_read
            )
            for shard in stream.shards()
        ]

    def wake(self) -> None:
        """A record has come."""
        for shard in self._shards:
            shard.bell.ring()

    def change(self, mapping: Mapping) -> None:
        """Use other settings from the next batch on; the place in the stream is kept."""
        for shard in self._shards:
            shard.mapping = mapping
        self.wake()

    def close(self) -> None:
        """Read no more; an invocation under way is left to finish by itself."""
        for shard in self._shards:
            shard.bell.close()
        for shard in self._shards:
            shard.thread.join(JOIN_SECONDS)


class _ShardPoller:
    def __init__(
        self,
        mapping: Mapping,
        stream: Stream,
        shard: str,
        invoke: Invoke,
        throttled: Throttled,
        targets: Targets,
        clock: Clock,
        activity: Activity,
        may_read: MayRead,
    ) -> None:
        self._may_read = may_read
        self.mapping = mapping
        self.bell = Bell("pollers", clock=clock, activity=activity)
        self._stream = stream
        self._shard = shard
        self._clock = clock
        self._batches = StreamBatches(shard, invoke, throttled, targets, clock, self.bell)
        self._after = stream.latest(shard) if mapping.starting_position == "LATEST" else None
        name = f"stream-poller-{mapping.uuid[:8]}"
        self.thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        while self.bell.listen():
            mapping = self.mapping
            reads = mapping.enabled and self._may_read(mapping.function_arn, mapping.source_arn)
            batch = self._gather(mapping) if reads else []
            if not batch:
                self.bell.rest(None)
                continue
            wanted = [one for one in batch if _passes(one, mapping)]
            try:
                if wanted:
                    self._batches.process(mapping, wanted)
            except Exception:  # e.g. the failure destination is gone; the shard must go on
                logger.exception("A batch for %s was not finished", mapping.function_arn)
            self._after = batch[-1]["dynamodb"]["SequenceNumber"]
            self.bell.ring()

    def _gather(self, mapping: Mapping) -> list[dict[str, Any]]:
        batch = self._read(mapping, self._after, mapping.batch_size)
        deadline = self._clock.after(mapping.window_seconds)
        while 0 < len(batch) < mapping.batch_size and self._clock.now() < deadline:
            if not self.bell.listen(until=deadline):
                return []
            after = batch[-1]["dynamodb"]["SequenceNumber"]
            batch += self._read(mapping, after, mapping.batch_size - len(batch))
        return batch

    def _read(self, mapping: Mapping, after: str | None, limit: int) -> list[dict[str, Any]]:
        try:
            found = self._stream.read(self._shard, after, limit)
        except Exception:  # the table may be gone
            logger.warning("The stream %s cannot be read", mapping.source_arn, exc_info=True)
            return []
        return [record(one, mapping.source_arn) for one in found]


def record(raw: Raw, stream_arn: str) -> dict[str, Any]:
    """A stream's record as Lambda hands it to a function; images as DynamoDB writes them."""
    change = raw["dynamodb"]
    created = change["ApproximateCreationDateTime"]
    images = {name: change[name] for name in ("Keys", "NewImage", "OldImage") if name in change}
    return {
        "eventID": raw["eventID"],
        "eventName": raw["eventName"],
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": Arn.parse(stream_arn).region,
        "dynamodb": {
            "ApproximateCreationDateTime": _epoch(created),
            **images,
            "SequenceNumber": str(change["SequenceNumber"]),
            "SizeBytes": sum(item_size(image) for image in images.values()),
            "StreamViewType": change["StreamViewType"],
        },
        "eventSourceARN": stream_arn,
    }


def _passes(one: dict[str, Any], mapping: Mapping) -> bool:
    return not mapping.filters or any(each.pattern.matches(one) for each in mapping.filters)


def _epoch(created: datetime | float) -> float:
    if not isinstance(created, datetime):
        return created
    return (created if created.tzinfo else created.replace(tzinfo=UTC)).timestamp()
