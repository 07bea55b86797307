"""Deliveries are read from a log as Lambda writes it, and drawn in words and in HTML."""

from __future__ import annotations

from typing import Any

from workbook.panels.deliveries import deliveries

LOG = [
    ("one", "INIT_START Runtime Version: python:3.11"),
    ("one", "START RequestId: 1 Version: $LATEST"),
    ("one", "reserved 1 <b>"),
    ("two", "START RequestId: 2 Version: $LATEST"),
    ("two", "reserved 2"),
    ("one", "[ERROR] ValueError: no\nTraceback (most recent call last):\n  File ..."),
    ("one", "END RequestId: 1"),
    ("one", "REPORT RequestId: 1\tDuration: 2 ms"),
    ("two", "2026-11-23T07:00:00.000Z 2 Task timed out after 3.00 seconds"),
    ("two", "END RequestId: 2"),
    ("one", "START RequestId: 3 Version: $LATEST"),
    ("one", "END RequestId: 3"),
]


class Cloud:
    """As much of a cloud as is asked for: CloudWatch Logs with one log group."""

    def client(self, service: str) -> Cloud:
        assert service == "logs"
        return self

    def describe_log_groups(self, logGroupNamePrefix: str) -> dict[str, Any]:
        known = logGroupNamePrefix == "/aws/lambda/worker"
        return {"logGroups": [{"logGroupName": logGroupNamePrefix}] if known else []}

    def filter_log_events(self, logGroupName: str) -> dict[str, Any]:
        events = [{"logStreamName": stream, "message": text + "\n"} for stream, text in LOG]
        return {"events": events}


def test_each_delivery_has_its_own_lines_and_its_own_end() -> None:
    assert repr(deliveries(Cloud(), "worker")).splitlines() == [
        "worker: 3 deliveries, 2 failed.",
        "   1  reserved 1 <b>",
        "      failed: ValueError: no",
        "   2  reserved 2",
        "      failed: timed out",
        "   3  done",
    ]


def test_the_last_ones_keep_their_numbers() -> None:
    shown = repr(deliveries(Cloud(), "worker", last=1)).splitlines()
    assert shown == ["worker: 1 delivery after 2 earlier, none failed.", "   3  done"]


def test_a_function_that_never_ran_has_none() -> None:
    assert repr(deliveries(Cloud(), "idler")) == "idler: 0 deliveries, none failed."


def test_what_a_function_printed_is_escaped() -> None:
    drawn = deliveries(Cloud(), "worker")._repr_html_()
    assert "reserved 1 &lt;b&gt;" in drawn
    assert 'aria-label="worker: 3 deliveries, 2 failed."' in drawn
