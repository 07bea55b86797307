"""Spans as they are recorded become segments: which belong together, in which order."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.calls import AwsCall
from workbook.cloud.functions.spec import Outcome, Phase
from workbook.cloud.traces import journal as journals
from workbook.cloud.traces.causes import HANDLED, Span, causing, handling, onward, stream_place
from workbook.cloud.traces.journal import Journal
from workbook.cloud.traces.shaping import DEEPEST, Traces
from workbook.cloud.traces.trace import Trace

NOW = 1_767_268_800.0
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"


def span(kind: str, began: float, ended: float | None, *parents: Span, **detail: Any) -> Span:
    made = Span(kind, root="1-a", parents=tuple(each.id for each in parents), detail=detail)
    made.began, made.ended = NOW + began, None if ended is None else NOW + ended
    return made


def gateway(began: float = 0.0) -> Span:
    return span("gateway", began, began + 1, method="GET", path="/", api="a", stage="s")


def function(name: str, began: float, ended: float | None, *parents: Span, **detail: Any) -> Span:
    return span("function", began, ended, *parents, arn=FUNCTION + name, **detail)


def call(operation: str, began: float, ended: float | None, *parents: Span, **detail: Any) -> Span:
    made = AwsCall("dynamodb", operation, "POST", "/", "", "us-east-1", "AKIA")
    return span("call", began, ended, *parents, call=made, **{"environment": "", **detail})


def tree(*spans: Span, of: Span | None = None) -> list[str]:
    wanted = of or spans[0]
    wanted.request_id = "wanted"
    found = Traces(spans).find("wanted")
    assert found is not None
    return Trace.of(found).tree(times=False).splitlines()


def test_calls_from_threads_have_an_order_that_does_not_depend_on_which_was_first() -> None:
    top = gateway()
    works = function("f", 0.1, 0.9, top)
    first, then = call("A", 0.2, 0.4, works), call("B", 0.3, 0.5, works)
    later = call("A", 0.6, 0.7, works)
    expected = ["GET /", "└ function f", "  ├ dynamodb A", "  ├ dynamodb B", "  └ dynamodb A"]
    assert tree(top, works, first, then, later) == expected
    first.began, then.began = then.began, first.began
    assert tree(top, works, then, first, later) == expected


def test_a_call_without_a_header_belongs_to_the_phase_its_environment_was_in() -> None:
    top = gateway()
    phases = (Phase("init", NOW + 0.1, 100), Phase("handler", NOW + 0.3, 100))
    works = function("f", 0.1, 0.5, top, environment="e1", phases=phases)
    other = function("g", 0.1, 0.5, environment="e2")
    at_import = call("AtImport", 0.15, 0.2, environment="e1")
    in_handler = call("InHandler", 0.35, 0.36, environment="e1")
    elsewhere = call("Elsewhere", 0.35, 0.36, environment="e3")
    between = call("Between", 0.7, 0.8, environment="e1")
    assert tree(top, works, other, at_import, in_handler, elsewhere, between) == [
        "GET /",
        "└ function f",
        "  ├ init",
        "  │ └ dynamodb AtImport",
        "  └ handler",
        "    └ dynamodb InHandler",
    ]


def test_throttled_attempts_in_a_row_are_one_line() -> None:
    top = call("PutItem", 0.0, 0.1)
    event = span("event", 0.1, None, top, service="lambda", source="f", target="f")
    refused = [
        function("f", 0.2 + n / 10, 0.21 + n / 10, event, throttled=True, error="Reserved")
        for n in range(3)
    ]
    done = function("f", 0.9, 1.0, event)
    lines = tree(top, event, *refused, done)
    assert lines[2:] == ["  ├ function f, 3 times  THROTTLED Reserved", "  └ function f"]
    found = Traces([top, event, *refused, done]).find("wanted")
    assert found is not None and found["segments"][1]["duration_ms"] == 800.0  # until it was taken


def test_what_still_runs_is_shown_as_running() -> None:
    top = gateway()
    top.ended = None
    works = function("f", 0.1, None, top)
    under_way = call("PutItem", 0.2, None, works)
    assert tree(top, works, under_way) == [
        "GET /  still running",
        "└ function f  still running",
        "  └ dynamodb PutItem  still running",
    ]


def test_an_attempt_of_the_sdk_is_told() -> None:
    environ = {"HTTP_AMZ_SDK_REQUEST": "attempt=2; max=5"}
    journal = Journal()
    with journal.call(AwsCall("s3", "GetObject", "GET", "/a", "", "", ""), environ) as again:
        again.detail["target"] = "a"
    assert tree(again) == ["s3 GetObject a, attempt 2"]


def test_a_chain_without_end_is_cut_and_says_so() -> None:
    chain = [gateway()]
    for number in range(2_000):
        chain.append(function("loop", number, number + 1, chain[-1]))
    lines = tree(*chain)
    assert len(lines) == DEEPEST + 1
    assert lines[-1].endswith("function loop, and more below it")


def test_a_parent_that_is_forgotten_leaves_the_rest_of_the_trace() -> None:
    forgotten = gateway()
    works = function("f", 0.1, 0.2, forgotten)
    assert tree(works) == ["function f"]


def test_names_of_a_template_take_the_place_of_made_up_ones() -> None:
    put = call("PutItem", 0.0, 0.1, target="shop-Items-0a1b2c3d4e5f")
    put.request_id = "wanted"
    found = Traces([put], {"shop-Items-0a1b2c3d4e5f": "Items"}).find("wanted")
    assert found is not None
    (segment,) = found["segments"]
    assert segment["name"] == "dynamodb PutItem Items"
    assert segment["detail"]["resource"] == "shop-Items-0a1b2c3d4e5f"


def test_a_journal_has_bounds() -> None:
    journal = Journal()
    for number in range(journals.SPANS + 10):
        journal.keep(gateway())
        if number < journals.PLACES + 10:
            journal.arrives(f"m{number}", "sqs", "q")
    assert len(journal.spans()) == journals.SPANS
    assert len(journal._places) == journals.PLACES


def test_a_batch_has_the_writers_of_its_messages_for_causes() -> None:
    journal = Journal()
    writers = [gateway(), gateway()]
    for number, writer in enumerate(writers):
        with causing(journal, writer):
            journal.arrives(f"m{number}", "sqs", "q")
    token = HANDLED.set(("m0", "m1", "unknown"))
    batch = journal.invocation(FUNCTION + "f", {"request_id": "r"})
    HANDLED.reset(token)
    messages = [each for each in journal.spans() if each.kind == "event"]
    assert batch.parents == tuple(each.id for each in messages)
    assert [each.parents for each in messages] == [(each.id,) for each in writers]
    assert batch.root not in ("", "1-a")


@pytest.mark.parametrize("service", ["dynamodb", "kinesis"])
def test_a_records_writer_is_known_by_its_place_in_the_stream(service: str) -> None:
    arn, journal, writer = (
        f"arn:aws:{service}:us-east-1:123456789012:stream/x",
        Journal(),
        gateway(),
    )
    with causing(journal, writer):
        journal.arrives(stream_place(arn, 7), service, arn)
    record = {
        "eventSourceARN": arn,
        "dynamodb": {"SequenceNumber": "7"},
        "kinesis": {"sequenceNumber": "7"},
    }
    with handling([{key: record[key] for key in ("eventSourceARN", service)}]):
        handled = journal.invocation(FUNCTION + "f", {"request_id": "r"})
    (written,) = (each for each in journal.spans() if each.kind == "event")
    assert handled.parents == (written.id,)
    assert written.parents == (writer.id,)


@pytest.mark.parametrize("payload", [b"[]", b"null", b'"lost"', b"{", b"\xff", b"{}"])
def test_an_error_of_any_shape_is_an_error(payload: bytes) -> None:
    """A process may post what it likes to the Runtime API."""
    failed = function("f", 0, 1, batch=None)
    outcome = Outcome("r", payload, "Unhandled", b"", 1.0, 1, None, 1, "e", False, "1")
    journals.came_to(failed, outcome)
    assert failed.detail["error"] == "an error"


def test_without_a_cause_nothing_is_recorded() -> None:
    with onward("sns", "topic", "queue"):
        pass  # and nothing fails


def test_an_event_that_carries_no_header_begins_a_trace_of_its_own() -> None:
    journal = Journal()
    roots = []
    for carries in (True, False):
        with causing(journal, gateway()), onward("s3", "photos", "bus", carries=carries):
            options = {"request_id": "r"}
            roots.append(journal.invocation(FUNCTION + "f", options).root)
            assert f"Root={roots[-1]};" in options["trace_header"]
    assert roots[0] == "1-a" != roots[1]
