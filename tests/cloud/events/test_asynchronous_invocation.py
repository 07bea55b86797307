"""InvocationType=Event: accepted at once, retried as AWS does, and never lost without a word."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

import pytest
from invocations import Outcome, Throttled

from workbook.cloud.events.asynchronous import AsyncInvoker, PayloadTooLarge
from workbook.cloud.events.clock import Clock
from workbook.cloud.events.destinations import InvokeConfig, check_destination
from workbook.cloud.missing import NotEmulated

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:orders"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
ERROR = b'{"errorMessage": "no stock", "errorType": "KeyError", "stackTrace": []}'


@dataclass
class Function:
    """Answers its list one by one, then succeeds; remembers when it was called, and by which id."""

    clock: Clock
    answers: list[Outcome | Exception] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    request_ids: set[str | None] = field(default_factory=set)
    may_run: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.began = self.clock.now()
        self.may_run.set()

    def __call__(self, arn, payload, *, request_id=None, trace_header=None, client_context=None):
        assert self.may_run.wait(60.0)
        self.calls.append(round(self.clock.now() - self.began))
        self.request_ids.add(request_id)
        answer = self.answers.pop(0) if self.answers else SUCCEEDED
        if isinstance(answer, Exception):
            raise answer
        return answer


SUCCEEDED = Outcome(b'{"ok": true}')
FAILED = Outcome(ERROR, "Unhandled")


@pytest.fixture
def function(clock: Clock) -> Function:
    return Function(clock)


@pytest.fixture
def start(function, targets, clock, activity, closing):
    def started(config: InvokeConfig | None = None, clock: Clock = clock) -> AsyncInvoker:
        return closing(
            AsyncInvoker(
                invoke=function,
                throttled=Throttled,
                config=lambda arn: config or InvokeConfig(),
                targets=targets,
                clock=clock,
                activity=activity,
            )
        )

    return started


def test_the_caller_does_not_wait_for_the_function(start, function, settle) -> None:
    function.may_run.clear()
    invoker = start()
    request_id = invoker.invoke(FUNCTION, b"{}")
    assert (function.calls, invoker.in_flight()) == ([], 1)
    function.may_run.set()
    settle()
    assert function.request_ids == {request_id}


def test_a_function_error_is_retried_after_one_minute_and_then_after_two(
    start, function, clock, settle
) -> None:
    function.answers = [FAILED, FAILED]
    start().invoke(FUNCTION, b"{}")
    clock.advance_to(60)
    clock.advance_to(180)
    settle()
    assert function.calls == [0, 60, 180]
    assert len(function.request_ids) == 1


def test_after_three_failures_the_failure_destination_gets_the_whole_record(
    start, function, clock, settle, received
) -> None:
    function.answers = [FAILED, FAILED, FAILED]
    start(InvokeConfig(on_failure=QUEUE)).invoke(FUNCTION, b'{"order": 1}', request_id="r-1")
    clock.advance_to(60)
    clock.advance_to(180)
    settle()
    [(arn, message)] = received.wait_for(1)
    assert arn == QUEUE
    assert json.loads(message.body) == {
        "version": "1.0",
        "timestamp": "2026-01-01T12:03:00.000Z",
        "requestContext": {
            "requestId": "r-1",
            "functionArn": f"{FUNCTION}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": {"order": 1},
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "responsePayload": json.loads(ERROR),
    }


def test_success_is_recorded_at_the_success_destination(start, settle, received) -> None:
    start(InvokeConfig(on_success=FUNCTION, on_failure=QUEUE)).invoke(f"{FUNCTION}:live", b"{}")
    settle()
    [(arn, record)] = received.wait_for(1)
    assert arn == FUNCTION
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["functionArn"] == f"{FUNCTION}:live"
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"ok": True}


def test_an_event_bus_gets_the_record_as_an_event(start, function, settle, received) -> None:
    function.answers = [FAILED]
    start(InvokeConfig(maximum_retry_attempts=0, on_failure=BUS)).invoke(FUNCTION, b"{}")
    settle()
    [(arn, event)] = received.wait_for(1)
    assert arn == BUS
    assert event["source"] == "lambda"
    assert event["detail-type"] == "Lambda Function Invocation Result - Failure"
    assert event["resources"] == [BUS, f"{FUNCTION}:$LATEST"]
    assert event["detail"]["requestContext"]["approximateInvokeCount"] == 1


def test_the_dead_letter_is_the_event_with_three_attributes(
    start, function, settle, received
) -> None:
    function.answers = [FAILED]
    config = InvokeConfig(maximum_retry_attempts=0, dead_letter=QUEUE)
    start(config).invoke(FUNCTION, b'{"order": 1}', request_id="r-1")
    settle()
    [(_, message)] = received.wait_for(1)
    assert message.body == '{"order": 1}'
    assert message.attributes == {
        "RequestID": {"DataType": "String", "StringValue": "r-1"},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "no stock"},
    }


def test_throttles_back_off_and_do_not_use_up_the_retries(start, function, clock, settle) -> None:
    function.answers = [Throttled()] * 4
    start(InvokeConfig(maximum_retry_attempts=0)).invoke(FUNCTION, b"{}")
    for moment in (1, 3, 7, 15):
        clock.advance_to(moment)
    settle()
    assert function.calls == [0, 1, 3, 7, 15]


def test_an_event_too_old_for_another_try_is_given_up(
    start, function, clock, settle, received
) -> None:
    function.answers = [FAILED, FAILED]
    start(InvokeConfig(maximum_event_age_seconds=100, on_failure=QUEUE)).invoke(FUNCTION, b"{}")
    clock.advance_to(60)
    settle()
    [(_, message)] = received.wait_for(1)
    assert json.loads(message.body)["requestContext"]["condition"] == "EventAgeExceeded"
    assert function.calls == [0, 60]


def test_a_faster_pace_shortens_delays_and_still_counts_them_as_age(
    start, function, settle, received
) -> None:
    function.answers = [FAILED, FAILED, FAILED]
    config = InvokeConfig(maximum_event_age_seconds=150, on_failure=QUEUE)
    start(config, Clock(pace=100_000)).invoke(FUNCTION, b"{}")
    settle()
    [(_, message)] = received.wait_for(1)
    assert json.loads(message.body)["requestContext"]["condition"] == "EventAgeExceeded"
    assert len(function.calls) == 2


def test_no_reserved_concurrency_sends_the_event_straight_away(
    start, function, settle, received
) -> None:
    start(InvokeConfig(reserved_concurrency=0, on_failure=QUEUE)).invoke(FUNCTION, b"{}")
    settle()
    [(_, message)] = received.wait_for(1)
    record = json.loads(message.body)
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert "responseContext" not in record
    assert function.calls == []


def test_a_function_that_is_gone_loses_only_its_own_event(start, function, settle) -> None:
    function.answers = [KeyError(FUNCTION)]
    invoker = start()
    invoker.invoke(FUNCTION, b"{}")
    settle()
    invoker.invoke(FUNCTION, b"{}")
    settle()
    assert len(function.calls) == 2


def test_a_function_that_cannot_be_run_is_a_failed_attempt_and_not_a_lost_event(
    start, function, settle, received
) -> None:
    function.answers = [OSError("disk full")]
    start(InvokeConfig(maximum_retry_attempts=0, on_failure=QUEUE)).invoke(FUNCTION, b"{}")
    settle()
    [(_, message)] = received.wait_for(1)
    answer = {"errorMessage": "disk full", "errorType": "OSError"}
    assert json.loads(message.body)["responsePayload"] == answer


def test_a_broken_dead_letter_queue_does_not_keep_the_record_from_its_destination(
    start, function, settle, received
) -> None:
    function.answers = [FAILED]
    nowhere = "arn:aws:kinesis:us-east-1:123456789012:stream/none"
    config = InvokeConfig(maximum_retry_attempts=0, dead_letter=nowhere, on_failure=QUEUE)
    start(config).invoke(FUNCTION, b"{}")
    settle()
    assert [arn for arn, _ in received.wait_for(1)] == [QUEUE]


def test_settings_are_read_as_lambda_answers_them() -> None:
    settings = {
        "MaximumRetryAttempts": 0,
        "DestinationConfig": {"OnSuccess": {}, "OnFailure": {"Destination": BUS}},
    }
    expected = InvokeConfig(maximum_retry_attempts=0, on_failure=BUS, dead_letter=QUEUE)
    assert InvokeConfig.parse(settings, dead_letter=QUEUE) == expected
    assert InvokeConfig.parse({}) == InvokeConfig()
    bucket = {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::failures"}}}
    with pytest.raises(NotEmulated, match="destinations other than .*: arn:aws:s3:::failures"):
        InvokeConfig.parse(bucket)


def test_more_than_a_megabyte_is_refused_in_awss_words(start) -> None:
    with pytest.raises(PayloadTooLarge, match="too large for the Event invocation type"):
        start().invoke(FUNCTION, b" " * (1_048_576 + 1))


def test_a_bucket_as_destination_is_refused_by_name() -> None:
    check_destination(BUS)
    with pytest.raises(NotEmulated, match="destinations other than .*: arn:aws:s3:::failures"):
        check_destination("arn:aws:s3:::failures")


def test_closing_drops_what_would_be_retried_later(start, function, clock, settle) -> None:
    function.answers = [FAILED, FAILED]
    invoker = start()
    invoker.invoke(FUNCTION, b"{}")
    clock.advance_to(60)
    clock.await_sleeper(180)
    invoker.close()
    settle()
    assert function.calls == [0, 60]
