"""Reading a table's or a Kinesis stream for a function: batches in order, shard by shard.

A batch that fails holds its shard up: it is retried, perhaps in halves, until it succeeds, runs
out of retries or grows too old; then the failure destination is told where in the stream it lay
(stream_batches.py decides that, record by record). A shard that was split or merged is read to
its end before its children are begun, so that the order under a partition key is kept. The stream
is read through `Stream`; what its records look like is stream_records.py's.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .activity import Activity
from .asynchronous import Invoke
from .batches import Throttled
from .bell import Bell
from .clock import Clock
from .mappings import Mapping, MayRead, anybody_may
from .stream_batches import StreamBatches
from .stream_records import Kind, Raw, Record
from .targets import Targets

logger = logging.getLogger(__name__)

JOIN_SECONDS = 1.0


@dataclass(frozen=True)
class Shard:
    """A shard, and those it came out of when the stream was resharded."""

    id: str
    parents: tuple[str, ...] = ()


class Stream(Protocol):
    """The stream as a poller needs it; any method may raise when the stream is gone."""

    def shards(self) -> Sequence[Shard]: ...

    def latest(self, shard: str) -> str | None:
        """The newest record's sequence number, None when there is no record yet."""
        ...

    def before(self, shard: str, moment: float) -> str | None:
        """The sequence number of the last record that came before this moment, None if none did."""
        ...

    def ended(self, shard: str) -> bool:
        """Whether no record can be added to it any more."""
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
        kind: Kind,
        *,
        invoke: Invoke,
        throttled: Throttled,
        targets: Targets,
        clock: Clock,
        activity: Activity,
        may_read: MayRead = anybody_may,
    ) -> None:
        self._mapping = mapping
        self._stream = stream
        self._kind = kind
        self._invoke = invoke
        self._throttled = throttled
        self._targets = targets
        self._clock = clock
        self._activity = activity
        self._may_read = may_read
        self._lock = threading.Lock()
        self._closed = False
        self._pollers: dict[str, _ShardPoller] = {}
        # LATEST is the moment when the mapping is made; shards that come later are read whole.
        self._starts = {shard.id: self._start(shard.id) for shard in stream.shards()}
        self._begin_shards()

    def wake(self) -> None:
        """A record has come."""
        for shard in self._begin_shards():
            shard.bell.ring()

    def change(self, mapping: Mapping) -> None:
        """Use other settings from the next batch on; the place in the stream is kept."""
        with self._lock:
            self._mapping = mapping
            for shard in self._pollers.values():
                shard.mapping = mapping
        self.wake()

    def close(self) -> None:
        """Read no more; an invocation under way is left to finish by itself."""
        with self._lock:
            self._closed = True
            shards = list(self._pollers.values())
        for shard in shards:
            shard.bell.close()
        for shard in shards:
            shard.thread.join(JOIN_SECONDS)

    def _begin_shards(self) -> list[_ShardPoller]:
        """Every shard's poller, those of new shards too whose parents have been read to the end."""
        try:
            shards = self._stream.shards()
        except Exception:  # the stream may be gone
            logger.warning("%s cannot be read", self._mapping.source_arn, exc_info=True)
            shards = ()
        with self._lock:
            there = {shard.id for shard in shards}
            for shard in shards:
                parents = [each for each in shard.parents if each in there]
                if self._closed or shard.id in self._pollers:
                    continue
                if all(one in self._pollers and self._pollers[one].finished for one in parents):
                    self._pollers[shard.id] = self._poller(shard.id)
            return list(self._pollers.values())

    def _poller(self, shard: str) -> _ShardPoller:
        bell = Bell("pollers", clock=self._clock, activity=self._activity)
        batches = StreamBatches(
            self._kind, shard, self._invoke, self._throttled, self._targets, self._clock, bell
        )
        after = self._starts[shard] if shard in self._starts else self._start_later(shard)
        return _ShardPoller(
            self._mapping,
            self._stream,
            self._kind,
            shard,
            after,
            batches=batches,
            bell=bell,
            clock=self._clock,
            may_read=self._may_read,
            finished=self.wake,
        )

    def _start(self, shard: str) -> str | None:
        if self._mapping.starting_position == "LATEST":
            return self._stream.latest(shard)
        return self._start_later(shard)

    def _start_later(self, shard: str) -> str | None:
        moment = self._mapping.starting_timestamp
        if self._mapping.starting_position != "AT_TIMESTAMP" or moment is None:
            return None
        return self._stream.before(shard, moment)


class _ShardPoller:
    def __init__(
        self,
        mapping: Mapping,
        stream: Stream,
        kind: Kind,
        shard: str,
        after: str | None,
        *,
        batches: StreamBatches,
        bell: Bell,
        clock: Clock,
        may_read: MayRead,
        finished: Callable[[], None],
    ) -> None:
        self.mapping = mapping
        self.bell = bell
        self.finished = False
        self._stream = stream
        self._kind = kind
        self._shard = shard
        self._after = after
        self._batches = batches
        self._clock = clock
        self._may_read = may_read
        self._tell_finished = finished
        name = f"stream-poller-{mapping.uuid[:8]}"
        self.thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        while self.bell.listen():
            mapping = self.mapping
            reads = mapping.enabled and self._may_read(mapping.function_arn, mapping.source_arn)
            ended = reads and self._ended()  # asked first: a record may come, then a split
            batch = self._gather(mapping) if reads else []
            if batch and mapping != self.mapping:  # changed meanwhile: read again, as it is now
                self.bell.ring()
            elif batch:
                self._process(mapping, batch)
                self._after = self._kind.number(batch[-1])
                self.bell.ring()
            elif ended and not self.bell.closed:
                self._finish()
            else:
                self.bell.rest(None)

    def _process(self, mapping: Mapping, batch: list[Record]) -> None:
        wanted = [one for one in batch if self._kind.passes(one, mapping)]
        try:
            if wanted:
                self._batches.process(mapping, wanted)
        except Exception:  # e.g. the failure destination is gone; the shard must go on
            logger.exception("A batch for %s was not finished", mapping.function_arn)

    def _finish(self) -> None:
        """Have the children begun while this still counts as at work, then listen no more."""
        self.finished = True
        self._tell_finished()
        self.bell.close()

    def _gather(self, mapping: Mapping) -> list[Record]:
        batch = self._read(mapping, self._after, mapping.batch_size)
        deadline = self._clock.after(mapping.window_seconds)
        while 0 < len(batch) < mapping.batch_size and self._clock.now() < deadline:
            if not self.bell.listen(until=deadline):
                return []
            after = self._kind.number(batch[-1])
            batch += self._read(mapping, after, mapping.batch_size - len(batch))
        return batch

    def _ended(self) -> bool:
        try:
            return self._stream.ended(self._shard)
        except Exception:  # the stream may be gone
            logger.warning("The stream %s cannot be read", self.mapping.source_arn, exc_info=True)
            return False

    def _read(self, mapping: Mapping, after: str | None, limit: int) -> list[Record]:
        try:
            found = self._stream.read(self._shard, after, limit)
        except Exception:  # the stream may be gone
            logger.warning("The stream %s cannot be read", mapping.source_arn, exc_info=True)
            return []
        return [self._kind.record(one, mapping.source_arn, self._shard) for one in found]
