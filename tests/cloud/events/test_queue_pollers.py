"""A queue's messages reach the function in batches, and none is lost or forgotten."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from chalice.app import SQSEvent
from invocations import FAILED, PARTIAL, Outcome, Throttled, mapped

from workbook.cloud.events.clock import Clock
from workbook.cloud.events.mappings import InvalidMapping, Mapping
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.sqs import record
from workbook.cloud.missing import NotEmulated

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:pack"
PATIENCE = 60.0


@dataclass
class Stored:
    message: dict[str, Any]
    visible_at: float
    received: int = 0


class FakeQueue:
    """SQS's visibility, receive counts and redrive, on the test's clock."""

    visibility_timeout = 30.0

    def __init__(self, clock: Clock, *, maximum_receives: int | None = None) -> None:
        self._clock = clock
        self._maximum_receives = maximum_receives
        self._lock = threading.Lock()
        self._stored: dict[str, Stored] = {}
        self._sent = 0
        self.dead_letters: list[str] = []

    def send(self, *bodies: str, delay: float = 0) -> None:
        with self._lock:
            for body in bodies:
                self._sent += 1
                message = {
                    "MessageId": f"m{self._sent}",
                    "ReceiptHandle": f"m{self._sent}",
                    "Body": body,
                    "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                }
                at = self._clock.now() + delay
                self._stored[f"m{self._sent}"] = Stored(message, visible_at=at)

    def bodies(self) -> list[str]:
        with self._lock:
            return [stored.message["Body"] for stored in self._stored.values()]

    def receive(self, limit: int) -> Sequence[dict[str, Any]]:
        now, found = self._clock.now(), []
        with self._lock:
            for handle, stored in list(self._stored.items()):
                if stored.visible_at > now or len(found) == limit:
                    continue
                if stored.received == self._maximum_receives:
                    self.dead_letters.append(self._stored.pop(handle).message["Body"])
                    continue
                stored.received += 1
                stored.visible_at = now + self.visibility_timeout
                attributes = {
                    "ApproximateReceiveCount": str(stored.received),
                    "SentTimestamp": "1767268800000",
                    "SenderId": "AIDAEXAMPLE",
                    "ApproximateFirstReceiveTimestamp": "1767268800000",
                }
                found.append(stored.message | {"Attributes": attributes})
        return found

    def delete(self, receipt_handles: Sequence[str]) -> None:
        with self._lock:
            for handle in receipt_handles:
                self._stored.pop(handle, None)

    def hide(self, receipt_handles: Sequence[str], seconds: float) -> None:
        with self._lock:
            for handle in receipt_handles:
                self._stored[handle].visible_at = self._clock.now() + seconds

    def hidden_for(self) -> float | None:
        with self._lock:
            moments = [stored.visible_at for stored in self._stored.values()]
        return min(moments) - self._clock.now() if moments else None


@dataclass
class Handler:
    """Takes batches; `answer` decides on each, by the bodies in it."""

    answer: Callable[[list[dict[str, Any]]], Outcome] = lambda records: Outcome()
    batches: list[list[dict[str, Any]]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    most_at_once: int = 0
    at_once: int = 0

    def __call__(self, arn: str, payload: bytes, **context: Any) -> Outcome:
        records = json.loads(payload)["Records"]
        with self._changed:
            self.batches.append(records)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self._changed.notify_all()
        try:
            return self.answer(records)
        finally:
            with self._changed:
                self.at_once -= 1

    def bodies(self) -> list[list[str]]:
        return [[one["body"] for one in batch] for batch in self.batches]

    def every_body(self) -> list[str]:
        return [body for batch in self.bodies() for body in batch]


@pytest.fixture
def queue(clock) -> FakeQueue:
    return FakeQueue(clock)


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def start(poll):
    """Starts the pollers with one mapping; the rest of the arguments is its settings."""

    def started(queue: FakeQueue, **settings: Any) -> Pollers:
        return poll(mapping(**settings), queue._clock, queue=queue)

    return started


def mapping(**settings: Any) -> Mapping:
    return mapped(QUEUE, FUNCTION, **settings)


def failing(*bodies: str) -> Callable[[list[dict[str, Any]]], Outcome]:
    """An answer that reports the messages with these bodies as failed."""

    def answer(records: list[dict[str, Any]]) -> Outcome:
        failures = [{"itemIdentifier": r["messageId"]} for r in records if r["body"] in bodies]
        return Outcome(json.dumps({"batchItemFailures": failures}).encode())

    return answer


def test_a_record_has_every_field_of_awss_sample(sample, shape, queue) -> None:
    queue.send("hello")
    [message] = queue.receive(1)
    assert shape({"Records": [record(message, QUEUE)]}) == shape(sample("Sqs"))


def test_chalice_reads_bodies_and_receipt_handles(queue) -> None:
    queue.send("a", "b")
    records = [record(message, QUEUE) for message in queue.receive(2)]
    read = [(one.body, one.receipt_handle) for one in SQSEvent({"Records": records}, None)]
    assert read == [("a", "m1"), ("b", "m2")]


def test_message_attributes_are_in_lambdas_spelling(queue) -> None:
    queue.send("a")
    [message] = queue.receive(1)
    attributes = {
        "kind": {"DataType": "String", "StringValue": "gift"},
        "seal": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
    }
    shaped = record(
        {**message, "MessageAttributes": attributes, "MD5OfMessageAttributes": "0f"}, QUEUE
    )
    assert shaped["messageAttributes"] == {
        "kind": {
            "stringValue": "gift",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "String",
        },
        "seal": {
            "binaryValue": "AAE=",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "Binary",
        },
    }
    assert shaped["md5OfMessageAttributes"] == "0f"


def test_messages_that_were_there_before_the_mapping_are_delivered(
    start, queue, handler, settle
) -> None:
    queue.send(*"abcdefghijkl")
    start(queue)
    settle()
    assert sorted(handler.every_body()) == list("abcdefghijkl")
    assert max(len(batch) for batch in handler.batches) == 10
    assert queue.bodies() == []


def test_a_wake_up_is_enough_for_a_new_message(start, queue, handler, settle) -> None:
    pollers = start(queue)
    settle()
    queue.send("later")
    pollers.wake(QUEUE)
    settle()
    assert handler.bodies() == [["later"]]


def test_a_batch_that_fails_returns_after_the_visibility_timeout(
    start, queue, handler, clock, settle
) -> None:
    answers = [FAILED, Outcome()]
    handler.answer = lambda records: answers.pop(0)
    queue.send("a")
    start(queue)
    clock.advance_to(30)
    settle()
    counts = [batch[0]["attributes"]["ApproximateReceiveCount"] for batch in handler.batches]
    assert counts == ["1", "2"]
    assert queue.bodies() == []


def test_only_the_reported_messages_return(start, queue, handler, clock, settle) -> None:
    handler.answer = failing("b")
    queue.send("a", "b", "c")
    start(queue, **PARTIAL)
    clock.await_sleeper(30)
    assert queue.bodies() == ["b"]
    handler.answer = failing()
    clock.advance_to(30)
    settle()
    assert handler.bodies() == [["a", "b", "c"], ["b"]]


@pytest.mark.parametrize(
    "answer", ["", "null", "{}", '{"batchItemFailures": null}', '{"batchItemFailures": []}']
)
def test_an_answer_without_failures_is_success(start, queue, handler, settle, answer: str) -> None:
    handler.answer = lambda records: Outcome(answer.encode())
    queue.send("a", "b")
    start(queue, **PARTIAL)
    settle()
    assert queue.bodies() == []


@pytest.mark.parametrize(
    "answer",
    [
        "{no json",
        '"done"',
        '{"batchItemFailures": "m1"}',
        '{"batchItemFailures": ["m1"]}',
        '{"batchItemFailures": [{"itemIdentifier": ""}]}',
        '{"batchItemFailures": [{"itemIdentifier": null}]}',
        '{"batchItemFailures": [{"messageId": "m1"}]}',
        '{"batchItemFailures": [{"itemIdentifier": "unknown"}]}',
    ],
)
def test_a_malformed_answer_fails_the_whole_batch(
    start, queue, handler, clock, answer: str
) -> None:
    handler.answer = lambda records: Outcome(answer.encode())
    queue.send("a", "b")
    start(queue, **PARTIAL)
    clock.await_sleeper(30)
    assert queue.bodies() == ["a", "b"]


def test_without_the_response_type_an_answer_is_not_read(start, queue, handler, settle) -> None:
    handler.answer = lambda records: Outcome(b'{"batchItemFailures": [{"itemIdentifier": "m1"}]}')
    queue.send("a")
    start(queue)
    settle()
    assert queue.bodies() == []


def test_a_window_waits_for_the_batch_to_fill(start, queue, handler, clock, settle) -> None:
    pollers = start(queue, BatchSize=100, MaximumBatchingWindowInSeconds=20)
    queue.send(*"abc")
    pollers.wake(QUEUE)
    clock.await_sleeper(20)
    assert handler.batches == []
    queue.send(*"def")
    pollers.wake(QUEUE)
    clock.advance_to(20)
    settle()
    assert handler.bodies() == [list("abcdef")]


def test_a_full_batch_does_not_wait_for_the_window(start, queue, handler, settle) -> None:
    queue.send(*(str(n) for n in range(12)))
    start(queue, BatchSize=12, MaximumBatchingWindowInSeconds=300)
    settle()
    assert [len(batch) for batch in handler.batches] == [12]


def test_a_batch_over_six_megabytes_is_split(start, queue, handler, settle) -> None:
    queue.send(*("x" * 1_000_000 for _ in range(8)))
    start(queue)
    settle()
    assert [len(batch) for batch in handler.batches] == [6, 2]


def test_no_more_batches_at_once_than_the_mapping_allows(
    start, queue, handler, settle, activity
) -> None:
    both_in = threading.Barrier(2)

    def meet(records: list[dict[str, Any]]) -> Outcome:
        both_in.wait(PATIENCE)
        return Outcome()

    handler.answer = meet
    queue.send(*(str(n) for n in range(40)))
    start(queue, ScalingConfig={"MaximumConcurrency": 2})
    settle()
    assert len(handler.batches) == 4
    assert handler.most_at_once == 2
    assert len([t for t in threading.enumerate() if t.name.startswith("queue-poller")]) == 2


def test_a_batch_under_way_is_in_flight_though_the_queue_is_empty(
    start, queue, handler, clock, settle, activity, monkeypatch
) -> None:
    entered, may_end = threading.Event(), threading.Event()

    def hold(records: list[dict[str, Any]]) -> Outcome:
        entered.set()
        assert may_end.wait(PATIENCE)
        return Outcome()

    looked = threading.Event()

    def nothing_hidden() -> None:
        if entered.is_set():
            looked.set()

    monkeypatch.setattr(queue, "hidden_for", nothing_hidden)
    handler.answer = hold
    queue.send("a")
    pollers = start(queue)
    assert entered.wait(PATIENCE)
    pollers.wake(QUEUE)
    assert looked.wait(PATIENCE)
    assert not activity.wait_until_quiet(0.05)
    may_end.set()
    settle()


def test_a_disabled_mapping_delivers_nothing_until_enabled(start, queue, handler, settle) -> None:
    queue.send("a")
    pollers = start(queue, State="Disabled")
    pollers.wake(QUEUE)
    settle()
    assert handler.batches == []
    pollers.put(mapping(State="Enabled"))
    settle()
    assert handler.bodies() == [["a"]]


def test_the_batch_after_a_change_is_judged_by_the_new_settings(
    start, queue, handler, clock, settle
) -> None:
    """The poller sleeps under the old settings, and must not answer for the batch by them."""
    pollers = start(queue)
    settle()
    handler.answer = failing("b")
    queue.send("a", "b")
    pollers.put(mapping(**PARTIAL))
    clock.await_sleeper(30)
    assert queue.bodies() == ["b"]


def test_a_removed_mapping_delivers_nothing(start, queue, handler, settle) -> None:
    pollers = start(queue)
    pollers.remove(mapping().uuid)
    queue.send("a")
    pollers.wake(QUEUE)
    settle()
    assert handler.batches == []


def test_a_throttled_batch_is_tried_again_without_being_received_again(
    start, queue, handler, clock, settle
) -> None:
    refusals = [Throttled(), Throttled()]

    def answer(records: list[dict[str, Any]]) -> Outcome:
        if refusals:
            raise refusals.pop()
        return Outcome()

    handler.answer = answer
    queue.send("a")
    start(queue)
    clock.advance_to(1)
    clock.advance_to(3)
    settle()
    counts = [batch[0]["attributes"]["ApproximateReceiveCount"] for batch in handler.batches]
    assert counts == ["1", "1", "1"]


def test_filters_drop_and_delete_what_they_do_not_let_through(
    start, queue, handler, settle
) -> None:
    criteria = {"Filters": [{"Pattern": '{"body": {"kind": ["gift"]}}'}]}
    queue.send('{"kind": "gift"}', '{"kind": "sale"}', "plain text")
    start(queue, FilterCriteria=criteria)
    settle()
    assert handler.bodies() == [['{"kind": "gift"}']]
    assert queue.bodies() == []


def test_a_filter_on_text_drops_json(start, queue, handler, settle) -> None:
    criteria = {"Filters": [{"Pattern": '{"body": [{"prefix": "pl"}]}'}]}
    queue.send('{"kind": "gift"}', "plain text")
    start(queue, FilterCriteria=criteria)
    settle()
    assert handler.bodies() == [["plain text"]]


def test_a_delayed_message_is_delivered_when_it_is_due(
    start, queue, handler, clock, settle
) -> None:
    queue.send("a", delay=15)
    start(queue)
    clock.advance_to(15)
    settle()
    assert handler.bodies() == [["a"]]


def test_five_hundred_messages_one_in_five_failing_end_processed_or_dead(
    start, handler, settle
) -> None:
    queue = FakeQueue(Clock(pace=3000), maximum_receives=3)
    bodies = [str(number) for number in range(500)]
    unlucky = [body for body in bodies if int(body) % 5 == 0]
    handler.answer = failing(*unlucky)
    queue.send(*bodies)
    start(queue, **PARTIAL)
    settle()
    processed = set(handler.every_body()) - set(unlucky)
    assert sorted(queue.dead_letters) == sorted(unlucky)
    assert processed == set(bodies) - set(unlucky)
    assert queue.bodies() == []
    assert handler.every_body().count("5") == 3


def test_a_queue_that_cannot_be_read_does_not_end_the_poller(
    start, queue, handler, settle, monkeypatch
) -> None:
    def broken(limit: int) -> list[dict[str, Any]]:
        raise KeyError(QUEUE)

    queue.send("a")
    with monkeypatch.context() as patched:
        patched.setattr(queue, "receive", broken)
        patched.setattr(queue, "hidden_for", lambda: None)
        pollers = start(queue)
        settle()
    pollers.wake(QUEUE)
    settle()
    assert handler.bodies() == [["a"]]


def test_closing_ends_every_thread(start, queue) -> None:
    pollers = start(queue)
    pollers.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("queue-poller")]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        ({"BatchSize": 10_001, "MaximumBatchingWindowInSeconds": 1}, "less than or equal to 10000"),
        ({"ScalingConfig": {"MaximumConcurrency": 1}}, "greater than or equal to 2"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "Invalid filter pattern"),
    ],
)
def test_settings_that_lambda_refuses_are_refused_in_its_words(settings, message: str) -> None:
    with pytest.raises(InvalidMapping, match=message):
        mapping(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"MaximumBatchingWindowInSeconds": 1}, "Batching window is not supported for FIFO queues"),
        ({"BatchSize": 11}, "less than or equal to 10$"),
    ],
    ids=str,
)
def test_a_fifo_queue_has_small_batches_and_no_window(settings, message: str) -> None:
    with pytest.raises(InvalidMapping, match=message):
        mapping(EventSourceArn=f"{QUEUE}.fifo", **settings)


def test_sources_and_settings_that_are_not_emulated_are_refused_by_name() -> None:
    with pytest.raises(NotEmulated, match="sources other than .*: mq"):
        mapping(EventSourceArn="arn:aws:mq:us-east-1:123456789012:broker:b")
    with pytest.raises(NotEmulated, match="provisioned pollers"):
        mapping(ProvisionedPollerConfig={"MinimumPollers": 1})
