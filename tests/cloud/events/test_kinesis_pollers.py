"""A Kinesis stream's records reach the function in order, shard by shard, parents first."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from chalice.app import KinesisEvent
from invocations import FAILED, Outcome, mapped

from workbook.cloud.events.mappings import InvalidMapping, Mapping
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.stream_records import KinesisRecords
from workbook.cloud.events.streams import Shard
from workbook.cloud.missing import NotEmulated

STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:count"
ROLE = "arn:aws:iam::123456789012:role/count"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:discarded"
NOON = 1_767_268_800.0
PATIENCE = 60.0


class FakeStream:
    """Shards of records; a record's data says what it is, its number counts over all shards."""

    def __init__(self, *shards: str) -> None:
        self._parents: dict[str, tuple[str, ...]] = {shard: () for shard in shards}
        self._records: dict[str, list[dict[str, Any]]] = {shard: [] for shard in shards}
        self._ended: set[str] = set()

    def put(self, shard: str, *data: str, moment: float = NOON) -> None:
        for each in data:
            number = sum(map(len, self._records.values())) + 1
            raw = {
                "SequenceNumber": str(number),
                "PartitionKey": "k",
                "Data": each.encode(),
                "ApproximateArrivalTimestamp": moment,
            }
            self._records[shard].append(raw)

    def reshard(self, parents: Sequence[str], *children: str) -> None:
        self._ended.update(parents)
        for child in children:
            self._parents[child], self._records[child] = tuple(parents), []

    def shards(self) -> Sequence[Shard]:
        return [Shard(name, parents) for name, parents in list(self._parents.items())]

    def latest(self, shard: str) -> str | None:
        return self._records[shard][-1]["SequenceNumber"] if self._records[shard] else None

    def before(self, shard: str, moment: float) -> str | None:
        earlier = [
            each["SequenceNumber"]
            for each in self._records[shard]
            if each["ApproximateArrivalTimestamp"] < moment
        ]
        return earlier[-1] if earlier else None

    def ended(self, shard: str) -> bool:
        return shard in self._ended

    def read(self, shard: str, after: str | None, limit: int) -> Sequence[dict[str, Any]]:
        past = int(after or 0)
        return [each for each in self._records[shard] if int(each["SequenceNumber"]) > past][:limit]


@dataclass
class Handler:
    """Takes batches and keeps their data; `answer` decides on each."""

    answer: Callable[[list[str]], Outcome] = lambda batch: Outcome()
    batches: list[list[str]] = field(default_factory=list)

    def __call__(self, arn: str, payload: bytes, **context: Any) -> Outcome:
        batch = [record.data.decode() for record in KinesisEvent(json.loads(payload), None)]
        self.batches.append(batch)
        return self.answer(batch)


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def start(poll, clock):
    def started(stream: FakeStream, **settings: Any) -> Pollers:
        return poll(mapping(**settings), clock, stream=stream, execution_role=lambda arn: ROLE)

    return started


def mapping(**settings: Any) -> Mapping:
    return mapped(STREAM, FUNCTION, **{"StartingPosition": "TRIM_HORIZON"} | settings)


def test_a_record_has_every_field_of_awss_sample(sample) -> None:
    [published] = sample("Kinesis")["Records"]
    number, arrived = published["kinesis"]["sequenceNumber"], 1428537600.0
    raw = {
        "SequenceNumber": number,
        "PartitionKey": published["kinesis"]["partitionKey"],
        "Data": b"tea",
        "ApproximateArrivalTimestamp": datetime.fromtimestamp(arrived, UTC),
    }
    records = KinesisRecords(role=lambda: published["invokeIdentityArn"])
    expected = published | {"eventSourceARN": STREAM, "awsRegion": "us-east-1"}
    expected["kinesis"]["data"] = base64.b64encode(b"tea").decode()
    assert records.record(raw, STREAM, "shardId-000000000000") == expected


def test_chalice_reads_data_key_number_and_time() -> None:
    stream = FakeStream("a")
    stream.put("a", "tea", moment=NOON + 0.5)
    [raw] = stream.read("a", None, 1)
    records = KinesisRecords(role=lambda: ROLE)
    [read] = KinesisEvent({"Records": [records.record(raw, STREAM, "a")]}, None)
    assert (read.data, read.partition_key, read.sequence_number) == (b"tea", "k", "1")
    assert (read.schema_version, read.timestamp.isoformat()) == (
        "1.0",
        "2026-01-01T12:00:00.500000",
    )


def test_each_shard_is_read_in_order_beside_the_others(start, handler, settle) -> None:
    together = threading.Barrier(2, timeout=PATIENCE)  # broken unless both shards run at once

    def answer(batch: list[str]) -> Outcome:
        together.wait()
        return Outcome()

    handler.answer = answer
    stream = FakeStream("a", "b")
    stream.put("a", "a1", "a2", "a3")
    stream.put("b", "b1", "b2", "b3")
    start(stream, BatchSize=2)
    settle()
    assert [batch for batch in handler.batches if batch[0] < "b"] == [["a1", "a2"], ["a3"]]
    assert [batch for batch in handler.batches if batch[0] >= "b"] == [["b1", "b2"], ["b3"]]


def test_latest_begins_with_what_comes_after_the_mapping_in_every_shard(
    start, handler, settle
) -> None:
    stream = FakeStream("a", "b")
    stream.put("a", "old")
    pollers = start(stream, StartingPosition="LATEST")
    settle()
    stream.put("b", "new")
    pollers.wake(STREAM)
    settle()
    assert handler.batches == [["new"]]


def test_a_moment_begins_with_the_first_record_that_is_not_older(start, handler, settle) -> None:
    stream = FakeStream("a")
    stream.put("a", "before", moment=NOON - 0.1)
    stream.put("a", "then", moment=NOON)
    stream.put("a", "after", moment=NOON + 0.1)
    start(stream, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=NOON)
    settle()
    assert handler.batches == [["then", "after"]]


def test_records_too_old_when_their_turn_comes_are_given_up_unseen(
    start, handler, settle, received
) -> None:
    stream = FakeStream("a")
    stream.put("a", "a1", "a2", moment=NOON - 61)
    stream.put("a", "a3", moment=NOON - 59)
    destination = {"OnFailure": {"Destination": QUEUE}}
    start(stream, MaximumRecordAgeInSeconds=60, DestinationConfig=destination)
    settle()
    assert handler.batches == [["a3"]]
    [(_, message)] = received.wait_for(1)
    told = json.loads(message.body)
    assert told["requestContext"]["condition"] == "RecordAgeExceeded"
    assert told["requestContext"]["approximateInvokeCount"] == 0
    assert told["KinesisBatchInfo"]["batchSize"] == 2
    assert "responseContext" not in told


def test_a_record_grows_older_with_a_clock_that_is_advanced(start, handler, clock, settle) -> None:
    stream = FakeStream("a")
    pollers = start(stream, MaximumRecordAgeInSeconds=60, State="Disabled")
    stream.put("a", "a1")
    clock.advance(61)
    stream.put("a", "a2", moment=NOON + 0.1)
    pollers.put(mapping(MaximumRecordAgeInSeconds=60))
    settle()
    assert handler.batches == [["a2"]]


def test_the_children_of_a_split_shard_wait_until_it_is_drained(
    start, handler, clock, settle
) -> None:
    answers = [FAILED]
    handler.answer = lambda batch: answers.pop() if answers else Outcome()
    stream = FakeStream("a")
    stream.put("a", "a1", "a2")
    stream.reshard(["a"], "b", "c")
    stream.put("b", "b1")
    stream.put("c", "c1")
    pollers = start(stream, BatchSize=1)
    clock.await_sleeper(1)
    pollers.wake(STREAM)
    assert handler.batches == [["a1"]]
    clock.advance_to(1)
    settle()
    assert handler.batches[:3] == [["a1"], ["a1"], ["a2"]]
    assert sorted(handler.batches[3:]) == [["b1"], ["c1"]]


def test_a_shard_that_is_split_later_hands_over_to_its_children(start, handler, settle) -> None:
    stream = FakeStream("a", "b")
    pollers = start(stream, StartingPosition="LATEST")
    settle()
    stream.put("a", "a1")
    stream.reshard(["a", "b"], "c")
    stream.put("c", "c1")
    pollers.wake(STREAM)
    settle()
    assert handler.batches == [["a1"], ["c1"]]


def test_a_child_waits_for_both_of_its_parents(start, handler, clock, settle) -> None:
    failing = [FAILED]
    handler.answer = lambda batch: failing.pop() if batch == ["b1"] and failing else Outcome()
    stream = FakeStream("a", "b")
    stream.put("b", "b1")
    stream.reshard(["a", "b"], "c")
    stream.put("c", "c1")
    start(stream)
    clock.advance_to(1)
    settle()
    assert handler.batches == [["b1"], ["b1"], ["c1"]]


def test_what_is_given_up_is_told_with_its_shard(start, handler, settle, received) -> None:
    handler.answer = lambda batch: FAILED if "bad" in batch else Outcome()
    stream = FakeStream("a")
    stream.put("a", "good", "bad", "fine", moment=NOON + 0.25)
    destination = {"DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}
    start(stream, BisectBatchOnFunctionError=True, MaximumRetryAttempts=0, **destination)
    settle()
    assert handler.batches == [
        ["good", "bad", "fine"],
        ["good"],
        ["bad", "fine"],
        ["bad"],
        ["fine"],
    ]
    [(arn, message)] = received.wait_for(1)
    document = json.loads(message.body)
    assert arn == QUEUE
    assert document["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert document["KinesisBatchInfo"] == {
        "shardId": "a",
        "startSequenceNumber": "2",
        "endSequenceNumber": "2",
        "approximateArrivalOfFirstRecord": "2026-01-01T12:00:00.250Z",
        "approximateArrivalOfLastRecord": "2026-01-01T12:00:00.250Z",
        "batchSize": 1,
        "streamArn": STREAM,
    }


def test_a_partial_answer_is_a_checkpoint(start, handler, clock, settle) -> None:
    failures = {"batchItemFailures": [{"itemIdentifier": "2"}]}
    answers = [Outcome(json.dumps(failures).encode()), Outcome()]
    handler.answer = lambda batch: answers.pop(0)
    stream = FakeStream("a")
    stream.put("a", "a1", "a2", "a3")
    start(stream, FunctionResponseTypes=["ReportBatchItemFailures"])
    clock.advance_to(1)
    settle()
    assert handler.batches == [["a1", "a2", "a3"], ["a2", "a3"]]


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ({"data": {"item": ["tea"]}}, ['{"item": "tea"}']),
        ({"data": [{"prefix": "te"}]}, ["text"]),
        ({"partitionKey": ["k"]}, ['{"item": "tea"}', '{"item": "mug"}', "text"]),
        ({"partitionKey": ["other"]}, []),
    ],
    ids=str,
)
def test_filters_look_at_decoded_data_and_at_the_record(
    start, handler, settle, pattern: dict[str, Any], kept: list[str]
) -> None:
    stream = FakeStream("a")
    stream.put("a", '{"item": "tea"}', '{"item": "mug"}', "text")
    start(stream, FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    settle()
    assert [data for batch in handler.batches for data in batch] == kept


def test_closing_ends_the_threads_of_every_shard(start, handler, clock) -> None:
    handler.answer = lambda batch: FAILED
    stream = FakeStream("a", "b")
    stream.put("a", "a1")
    pollers = start(stream)
    clock.await_sleeper(1)
    pollers.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("stream-poller")]


@pytest.mark.parametrize(
    "settings",
    [
        {"StartingPosition": None},
        {"StartingPosition": "AT_TIMESTAMP"},
        {"StartingPosition": "LATEST", "StartingPositionTimestamp": NOON},
    ],
    ids=str,
)
def test_a_stream_needs_a_starting_position_and_a_moment_with_one_of_them(
    settings: dict[str, Any],
) -> None:
    with pytest.raises(InvalidMapping):
        mapping(**settings)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"EventSourceArn": f"{STREAM}/consumer/fast:1"}, "enhanced fan-out"),
        ({"ParallelizationFactor": 2}, "parallelization factors above 1"),
        ({"TumblingWindowInSeconds": 30}, "tumbling windows"),
    ],
    ids=str,
)
def test_what_is_not_emulated_is_refused_by_name(settings: dict[str, Any], name: str) -> None:
    with pytest.raises(NotEmulated, match=name):
        mapping(**settings)


def test_a_batch_that_was_read_while_the_mapping_changed_is_read_again(
    start, handler, settle
) -> None:
    class ChangedMeanwhile(FakeStream):
        changes: Callable[[], None] | None = None

        def read(self, shard: str, after: str | None, limit: int) -> Sequence[dict[str, Any]]:
            found = super().read(shard, after, limit)
            if found and self.changes is not None:
                change, self.changes = self.changes, None
                change()
            return found

    stream = ChangedMeanwhile("a")
    pollers = start(stream, BatchSize=2)
    settle()
    stream.changes = lambda: pollers.put(mapping(BatchSize=3))
    stream.put("a", "a1", "a2", "a3")
    pollers.wake(STREAM)
    settle()
    assert handler.batches == [["a1", "a2", "a3"]]
