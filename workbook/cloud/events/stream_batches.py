"""What becomes of one batch of a shard: retried, halved, cut at a checkpoint, or given up.

Pieces of the batch wait in a stack, oldest on top, so that records stay in order. "How Lambda
processes records from stream and queue-based event sources" and "Reporting batch item failures"
have the rules; the record sent to a failure destination is that of "Retain discarded records".
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from typing import Any

from workbook.cloud.traces.causes import handling

from .asynchronous import Invoke, Outcome
from .batches import Throttled, failed_identifiers, invoke_patiently
from .bell import Bell
from .clock import Clock, iso_milliseconds
from .mappings import UNLIMITED, Mapping
from .stream_records import Kind
from .targets import Message, Targets

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
THROTTLE_PATIENCE = 86_400.0  # as long as a stream keeps its records

Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Piece:
    """Part of a batch, how often it was retried, and what came of it last.

    `aged` is what the clock's pace has saved us of the delays, in AWS's seconds; the age of its
    records counts it.
    """

    records: Records
    retries: int = 0
    aged: float = 0.0
    outcome: Outcome | None = None


class StreamBatches:
    """Sees the batches of one shard through, one after the other."""

    def __init__(
        self,
        kind: Kind,
        shard: str,
        invoke: Invoke,
        throttled: Throttled,
        targets: Targets,
        clock: Clock,
        bell: Bell,
    ) -> None:
        self._kind = kind
        self._shard = shard
        self._invoke = invoke
        self._throttled = throttled
        self._targets = targets
        self._clock = clock
        self._bell = bell

    def process(self, mapping: Mapping, records: Records) -> None:
        """Return when every record was processed or given up, or the poller was closed."""
        waiting = [Piece(records)]
        while waiting and not self._bell.closed:
            piece = self._young(mapping, waiting.pop())
            if not piece.records:
                continue
            outcome = self._attempt(mapping, piece)
            left = _unprocessed(self._kind, mapping, piece.records, outcome)
            if left:
                waiting += self._again(mapping, piece, left, outcome)

    def _attempt(self, mapping: Mapping, piece: Piece) -> Outcome | None:
        return invoke_patiently(
            self._invoke,
            self._throttled,
            self._bell,
            mapping.function_arn,
            piece.records,
            THROTTLE_PATIENCE,
        )

    def _again(
        self, mapping: Mapping, piece: Piece, left: Records, outcome: Outcome | None
    ) -> list[Piece]:
        """The pieces to try next, last one first; none when the records are given up."""
        piece = replace(piece, outcome=outcome)
        if _can_halve(mapping, piece, left):  # halving does not use up a retry
            middle = len(left) // 2
            return [replace(piece, records=left[middle:]), replace(piece, records=left[:middle])]
        if UNLIMITED != mapping.maximum_retry_attempts <= piece.retries:
            self._give_up(mapping, piece, left, "RetryAttemptsExhausted", piece.retries + 1)
            return []
        delay = min(FIRST_BACKOFF * 2**piece.retries, LONGEST_BACKOFF)
        self._bell.pause(delay)
        aged = piece.aged + delay - delay / self._clock.pace
        return [replace(piece, records=left, retries=piece.retries + 1, aged=aged)]

    def _young(self, mapping: Mapping, piece: Piece) -> Piece:
        """The piece without the records that are too old to be handed over, which are given up."""
        if mapping.maximum_record_age_seconds == UNLIMITED:
            return piece
        oldest = self._clock.now() + piece.aged - mapping.maximum_record_age_seconds
        came = [self._clock.shown_at(self._kind.arrived(one)) for one in piece.records]
        first = next((index for index, moment in enumerate(came) if moment >= oldest), len(came))
        if first:
            tried = max(piece.retries, int(piece.outcome is not None))
            self._give_up(mapping, piece, piece.records[:first], "RecordAgeExceeded", tried)
        return replace(piece, records=piece.records[first:])

    def _give_up(
        self, mapping: Mapping, piece: Piece, left: Records, condition: str, invoke_count: int
    ) -> None:
        if mapping.on_failure is None:
            return
        now = self._clock.now()
        document = discarded(
            self._kind, mapping, self._shard, left, condition, invoke_count, piece.outcome, now
        )
        with handling(left):
            self._targets.deliver(mapping.on_failure, Message(json.dumps(document)))


def discarded(
    kind: Kind,
    mapping: Mapping,
    shard: str,
    records: Records,
    condition: str,
    invoke_count: int,
    outcome: Outcome | None,
    moment: float,
) -> dict[str, Any]:
    """What a failure destination is told of records that were given up: where, not what."""
    first, last = records[0], records[-1]
    document: dict[str, Any] = {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping.function_arn,
            "condition": condition,
            "approximateInvokeCount": invoke_count,
        }
    }
    if outcome is not None:
        context = {"statusCode": 200, "executedVersion": outcome.executed_version}
        if outcome.function_error is not None:
            context["functionError"] = outcome.function_error
        document["responseContext"] = context
    return document | {
        "version": "1.0",
        "timestamp": iso_milliseconds(moment),
        kind.batch_info: {
            "shardId": shard,
            "startSequenceNumber": kind.number(first),
            "endSequenceNumber": kind.number(last),
            "approximateArrivalOfFirstRecord": kind.arrival(first),
            "approximateArrivalOfLastRecord": kind.arrival(last),
            "batchSize": len(records),
            "streamArn": mapping.source_arn,
        },
    }


def _unprocessed(
    kind: Kind, mapping: Mapping, records: Records, outcome: Outcome | None
) -> Records:
    """From the first record that failed onwards: the checkpoint is the lowest failure."""
    if outcome is None or outcome.function_error is not None:
        return records
    if not mapping.reports_failures:
        return []
    numbers = [kind.number(one) for one in records]
    failed = failed_identifiers(outcome.payload, numbers)
    first = next((index for index, number in enumerate(numbers) if number in failed), len(numbers))
    return records[first:]


def _can_halve(mapping: Mapping, piece: Piece, left: Records) -> bool:
    """A checkpoint has already cut the batch; only one that failed whole is halved."""
    return mapping.bisects and len(left) > 1 and len(left) == len(piece.records)
