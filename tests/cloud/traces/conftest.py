"""Traces of a few segments, made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.traces.trace import Segment, Trace


def segment(
    identity: str, parent: str | None, kind: str, name: str, start: float, **more: Any
) -> Segment:
    """A segment of 5 ms that ended well, unless told otherwise."""
    given = {"duration_ms": 5.0, "status": "ok", "detail": {}, **more}
    return Segment(identity, parent, kind, name, start, **given)


@pytest.fixture
def order() -> Trace:
    """POST /orders → a function → a queue → a worker that fails, and then does not."""
    cold = {"cold": True, "trace_id": "1-a"}
    sent = {"trace_id": "1-a"}
    failed = {"status": "error", "detail": {"error": "ValueError: no <beans>", "trace_id": "1-b"}}
    again = {"detail": {"attempt": 2, "trace_id": "1-b"}}
    return Trace(
        "1-a",
        1_767_268_800.0,
        (
            segment(
                "g", None, "gateway", "POST /orders", 0, duration_ms=40.0, detail={"status": 202}
            ),
            segment("f", "g", "function", "shop", 1, duration_ms=38.0, detail=cold),
            segment("f.0", "f", "init", "init", 2, duration_ms=20.0),
            segment("f.1", "f", "handler", "handler", 23, duration_ms=15.0),
            segment("c", "f.1", "call", "sqs SendMessage orders", 30, detail=sent),
            segment("e", "c", "event", "queue orders", 34, duration_ms=6.0),
            segment("w", "e", "function", "worker", 40, **failed),
            segment("w.0", "w", "handler", "handler", 41, duration_ms=4.0, status="error"),
            segment("v", "e", "function", "worker", 140, **again),
            segment("v.0", "v", "handler", "handler", 141, duration_ms=4.0),
        ),
    )
