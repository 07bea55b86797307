"""A table's changes reach the function in order; a failing batch is dealt with as on AWS."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from chalice.app import DynamoDBEvent
from invocations import FAILED, PARTIAL, Outcome, mapped

from workbook.cloud.events.clock import Clock
from workbook.cloud.events.mappings import InvalidMapping, Mapping
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.stream_records import DynamoDBRecords
from workbook.cloud.events.streams import Shard
from workbook.cloud.missing import NotEmulated

STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/items/stream/2026-01-01T12:00:00.000"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:project"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:discarded"
NOON = 1_767_268_800.0
Numbers = list[str]


class FakeStream:
    """One shard whose records are numbered from 1."""

    def __init__(self) -> None:
        self._records: list[dict[str, Any]] = []

    def change(self, count: int = 1) -> None:
        for _ in range(count):
            number = str(len(self._records) + 1)
            change = {
                "ApproximateCreationDateTime": NOON,
                "Keys": {"id": {"S": number}},
                "NewImage": {"id": {"S": number}},
                "SequenceNumber": number,
                "StreamViewType": "NEW_IMAGE",
            }
            raw = {"eventID": number, "eventName": "INSERT", "dynamodb": change}
            self._records.append(raw)

    def shards(self) -> Sequence[Shard]:
        return [Shard("shardId-1")]

    def ended(self, shard: str) -> bool:
        return False

    def latest(self, shard: str) -> str | None:
        return str(len(self._records)) if self._records else None

    def read(self, shard: str, after: str | None, limit: int) -> Sequence[dict[str, Any]]:
        start = int(after or 0)
        return self._records[start : start + limit]


@dataclass
class Handler:
    """Takes batches and keeps their sequence numbers; `answer` decides on each."""

    answer: Callable[[Numbers], Outcome] = lambda numbers: Outcome()
    batches: list[Numbers] = field(default_factory=list)

    def __call__(self, arn: str, payload: bytes, **context: Any) -> Outcome:
        records = json.loads(payload)["Records"]
        numbers = [one["dynamodb"]["SequenceNumber"] for one in records]
        self.batches.append(numbers)
        return self.answer(numbers)


@pytest.fixture
def stream() -> FakeStream:
    return FakeStream()


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def start(poll, stream, clock):
    def started(*, clock: Clock = clock, **settings: Any) -> Pollers:
        return poll(mapping(**settings), clock, stream=stream)

    return started


def mapping(**settings: Any) -> Mapping:
    return mapped(STREAM, FUNCTION, **{"StartingPosition": "TRIM_HORIZON"} | settings)


TO_QUEUE = {"DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}


def failing(*bad: str) -> Callable[[Numbers], Outcome]:
    """Fails any batch that holds one of these records."""
    return lambda numbers: FAILED if set(bad) & set(numbers) else Outcome()


def test_records_have_every_field_of_awss_samples_even_the_sizes(sample) -> None:
    for published in sample("DynamoDBUpdate")["Records"]:
        stream_arn = STREAM
        expected = published | {"eventSourceARN": stream_arn, "awsRegion": "us-east-1"}
        assert DynamoDBRecords().record(published, stream_arn, "shardId-1") == expected


def test_chalice_reads_keys_images_and_the_table_name(stream) -> None:
    stream.change()
    [raw] = stream.read("shardId-1", None, 1)
    [read] = DynamoDBEvent({"Records": [DynamoDBRecords().record(raw, STREAM, "shardId-1")]}, None)
    assert (read.table_name, read.event_name) == ("items", "INSERT")
    assert (read.keys, read.new_image, read.old_image) == ({"id": {"S": "1"}},) * 2 + (None,)
    assert read.timestamp.isoformat() == "2026-01-01T12:00:00"


@pytest.mark.parametrize(
    ("image", "size"),
    [
        ({"n": {"N": "-12.50"}}, 1 + 2 + 1 + 1),
        ({"n": {"N": "0"}}, 1 + 1 + 1),
        ({"b": {"B": "AAEC"}}, 1 + 3),
        ({"t": {"BOOL": True}, "z": {"NULL": True}}, 2 + 2),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
        ({"l": {"L": [{"S": "ab"}, {"NULL": True}]}}, 1 + 3 + 1 + 2 + 1 + 1),
        ({"m": {"M": {"k": {"S": "caf\u00e9"}}}}, 1 + 3 + 1 + 1 + 5),
    ],
    ids=str,
)
def test_sizes_count_as_dynamodb_counts(image: dict[str, Any], size: int) -> None:
    change = {
        "ApproximateCreationDateTime": NOON,
        "NewImage": image,
        "SequenceNumber": "1",
        "StreamViewType": "NEW_IMAGE",
    }
    raw = {"eventID": "1", "eventName": "INSERT", "dynamodb": change}
    shaped = DynamoDBRecords().record(raw, STREAM, "shardId-1")
    assert shaped["dynamodb"]["SizeBytes"] == size


def test_changes_arrive_in_order_in_batches(start, stream, handler, settle) -> None:
    stream.change(5)
    pollers = start(BatchSize=2)
    settle()
    stream.change(1)
    pollers.wake(STREAM)
    settle()
    assert handler.batches == [["1", "2"], ["3", "4"], ["5"], ["6"]]


def test_latest_begins_after_what_was_there_when_the_mapping_was_made(
    start, stream, handler, settle
) -> None:
    stream.change(2)
    pollers = start(StartingPosition="LATEST")
    settle()
    stream.change(1)
    pollers.wake(STREAM)
    settle()
    assert handler.batches == [["3"]]


def test_a_window_collects_records(start, stream, handler, clock, settle) -> None:
    pollers = start(MaximumBatchingWindowInSeconds=20)
    stream.change(1)
    pollers.wake(STREAM)
    clock.await_sleeper(20)
    stream.change(1)
    pollers.wake(STREAM)
    clock.advance_to(20)
    settle()
    assert handler.batches == [["1", "2"]]


def test_a_failing_batch_holds_up_the_ones_behind_it(start, stream, handler, clock, settle) -> None:
    answers = [FAILED, FAILED, Outcome(), Outcome()]
    handler.answer = lambda numbers: answers.pop(0)
    stream.change(2)
    start(BatchSize=1)
    clock.advance_to(1)
    clock.advance_to(3)
    settle()
    assert handler.batches == [["1"], ["1"], ["1"], ["2"]]


def test_what_outlives_its_retries_is_reported_and_passed_over(
    start, stream, handler, clock, settle, received
) -> None:
    handler.answer = failing("1")
    stream.change(3)
    start(BatchSize=2, MaximumRetryAttempts=1, **TO_QUEUE)
    clock.advance_to(1)
    settle()
    assert handler.batches == [["1", "2"], ["1", "2"], ["3"]]
    [(arn, message)] = received.wait_for(1)
    document = json.loads(message.body)
    assert arn == QUEUE
    assert document["requestContext"].pop("requestId")
    assert document == {
        "requestContext": {
            "functionArn": FUNCTION,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 2,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": "2026-01-01T12:00:01.000Z",
        "DDBStreamBatchInfo": {
            "shardId": "shardId-1",
            "startSequenceNumber": "1",
            "endSequenceNumber": "2",
            "approximateArrivalOfFirstRecord": "2026-01-01T12:00:00Z",
            "approximateArrivalOfLastRecord": "2026-01-01T12:00:00Z",
            "batchSize": 2,
            "streamArn": STREAM,
        },
    }


def test_bisecting_finds_the_one_bad_record(start, stream, handler, settle, received) -> None:
    handler.answer = failing("3")
    stream.change(4)
    start(BisectBatchOnFunctionError=True, MaximumRetryAttempts=0, **TO_QUEUE)
    settle()
    assert handler.batches == [["1", "2", "3", "4"], ["1", "2"], ["3", "4"], ["3"], ["4"]]
    [(_, message)] = received.wait_for(1)
    assert json.loads(message.body)["DDBStreamBatchInfo"]["startSequenceNumber"] == "3"


def test_a_partial_answer_is_a_checkpoint(start, stream, handler, clock, settle) -> None:
    failures = {"batchItemFailures": [{"itemIdentifier": "4"}, {"itemIdentifier": "3"}]}
    answers = [Outcome(json.dumps(failures).encode()), Outcome()]
    handler.answer = lambda numbers: answers.pop(0)
    stream.change(4)
    start(**PARTIAL)
    clock.advance_to(1)
    settle()
    assert handler.batches == [["1", "2", "3", "4"], ["3", "4"]]


def test_a_malformed_partial_answer_fails_the_whole_batch(
    start, stream, handler, clock, settle
) -> None:
    answers = [Outcome(b'{"batchItemFailures": [{"itemIdentifier": ""}]}'), Outcome()]
    handler.answer = lambda numbers: answers.pop(0)
    stream.change(2)
    start(**PARTIAL)
    clock.advance_to(1)
    settle()
    assert handler.batches == [["1", "2"], ["1", "2"]]


def test_records_that_grow_too_old_are_given_up(start, stream, handler, settle, received) -> None:
    handler.answer = failing("1")
    stream.change(1)
    began = time.time()
    clock = Clock(pace=100_000, real=lambda: NOON + time.time() - began)
    start(clock=clock, MaximumRecordAgeInSeconds=60, **TO_QUEUE)
    settle()
    [(_, message)] = received.wait_for(1)
    assert json.loads(message.body)["requestContext"]["condition"] == "RecordAgeExceeded"
    assert len(handler.batches) == 6  # after 1, 2, 4, 8 and 16 seconds; the next is too late


def test_filters_pass_over_what_they_do_not_let_through(start, stream, handler, settle) -> None:
    stream.change(4)
    pattern = {"dynamodb": {"NewImage": {"id": {"S": [{"anything-but": ["2", "3"]}]}}}}
    start(BatchSize=2, FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    settle()
    assert handler.batches == [["1"], ["4"]]


def test_a_disabled_mapping_keeps_its_place(start, stream, handler, settle) -> None:
    stream.change(1)
    pollers = start()
    settle()
    pollers.put(mapping(State="Disabled"))
    stream.change(1)
    pollers.wake(STREAM)
    settle()
    assert handler.batches == [["1"]]
    pollers.put(mapping(State="Enabled"))
    settle()
    assert handler.batches == [["1"], ["2"]]


def test_closing_ends_a_poller_that_waits_to_retry(start, stream, handler, clock) -> None:
    handler.answer = failing("1")
    stream.change(1)
    pollers = start()
    clock.await_sleeper(1)
    pollers.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("stream-poller")]


@pytest.mark.parametrize("position", [None, "AT_TIMESTAMP"])
def test_a_stream_needs_a_starting_position_it_knows(position: str | None) -> None:
    with pytest.raises(InvalidMapping):
        mapping(StartingPosition=position)


def test_retries_have_a_limit_of_their_own() -> None:
    with pytest.raises(InvalidMapping, match="less than or equal to 10000"):
        mapping(MaximumRetryAttempts=10_001)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"TumblingWindowInSeconds": 30}, "tumbling windows"),
        ({"ParallelizationFactor": 2}, "parallelization factors above 1"),
    ],
    ids=str,
)
def test_settings_that_are_not_emulated_are_refused_by_name(
    settings: dict[str, int], name: str
) -> None:
    with pytest.raises(NotEmulated, match=name):
        mapping(**settings)
