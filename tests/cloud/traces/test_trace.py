"""A trace as text and as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from workbook.cloud.traces.trace import Segment, Trace


def test_the_tree_without_times_is_what_happened_and_nothing_that_changes(order: Trace) -> None:
    assert order.tree(times=False) == (
        "POST /orders → 202\n"
        "└ function shop, cold\n"
        "  ├ init\n"
        "  └ handler\n"
        "    └ sqs SendMessage orders\n"
        "      └ queue orders\n"
        "        ├ function worker  ERROR ValueError: no <beans>\n"
        "        │ └ handler  ERROR\n"
        "        └ function worker, attempt 2\n"
        "          └ handler"
    )


def test_times_stand_in_columns(order: Trace) -> None:
    head, *lines = order.tree().splitlines()
    assert head.split() == ["at", "ms", "took", "ms"]
    assert {len(line) for line in lines} == {len(head)}
    assert lines[0].split()[-2:] == ["0.0", "40.0"]
    assert lines[-1].split()[-2:] == ["141.0", "4.0"]


def test_the_first_line_sums_up(order: Trace) -> None:
    first = str(order).splitlines()[0]
    assert first == (
        "POST /orders: 3 function runs, 1 AWS call, 1 event; 1 failed. 145.0 ms in all."
    )
    assert repr(order) == str(order)


def test_a_trace_goes_through_json_and_comes_back(order: Trace) -> None:
    assert Trace.of(json.loads(json.dumps(order.data))) == order


@pytest.mark.parametrize(
    ("segment", "title"),
    [
        (Segment("a", None, "call", "s3 PutObject photos", 0, None, "running"), "still running"),
        (Segment("a", None, "event", "queue q", 0, None, "waiting"), "nobody has taken it"),
        (Segment("a", None, "event", "queue q", 0, None, "dropped"), "dropped as a duplicate"),
        (
            Segment("a", None, "function", "f", 0, 1, "throttled", {"times": 3}),
            "3 times  THROTTLED",
        ),
        (
            Segment("a", None, "call", "c", 0, 1, "error", {"error": "E", "attempt": 2}),
            "2  ERROR E",
        ),
        (Segment("a", None, "function", "f", 0, 1, "ok", {"authorizer": True}), "f, authorizer"),
        (Segment("a", None, "again", "f", 0, 1, "ok", {"of": "b"}), "f: the same batch as above"),
    ],
)
def test_what_must_not_be_missed_stands_in_words(segment: Segment, title: str) -> None:
    assert segment.title.endswith(title)


def test_a_segment_that_goes_on_has_no_end(order: Trace) -> None:
    open_ended = replace(order.segments[0], duration_ms=None, status="running")
    trace = replace(order, segments=(open_ended,))
    assert trace.tree().splitlines()[1].split()[-2:] == ["0.0", "–"]
