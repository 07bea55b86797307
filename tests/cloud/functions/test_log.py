"""Log events out of a process's bytes, and the platform's lines."""

from __future__ import annotations

import datetime
import time
from typing import Any

import pytest

from workbook.cloud.functions import log


def frame(text: str) -> bytes:
    data = text.encode()
    moment = time.time_ns() // 1000
    return b"\xa5\x5a\x00\x03" + len(data).to_bytes(4, "big") + moment.to_bytes(8, "big") + data


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"one\ntwo\n", ["one\n", "two\n"]),
        (b"one\ntw", ["one\n"]),
        (b"\n\n", ["\n", "\n"]),
        (frame("one\ntwo\n"), ["one\ntwo\n"]),
        (frame("[ERROR] no end"), ["[ERROR] no end\n"]),
        (b"before" + frame("in") + b"after\n", ["before\n", "in\n", "after\n"]),
        (b"caf\xe9 \xff\n", ["caf� �\n"]),
        (b"\xa5\x5a\x00\xff\xff\xff\xff\xff" + bytes(8) + b"x\n", ["�Z\x00\n", None]),
    ],
    ids=["lines", "unfinished", "empty", "frame", "no end", "mixed", "not utf-8", "no frame"],
)
def test_lines_and_frames_become_events(data: bytes, events: list[str | None]) -> None:
    made = log.Output().feed(data)
    assert [a for a, b in zip(made, events, strict=True) if b is not None] == [
        event for event in events if event is not None
    ]


def test_events_are_the_same_however_the_bytes_arrive() -> None:
    data = "Käse\n".encode() + frame("ein\nRahmen ☕\n") + b"last\n"
    output = log.Output()
    events = [event for byte in data for event in output.feed(bytes([byte]))]
    assert events == ["Käse\n", "ein\nRahmen ☕\n", "last\n"]


def test_an_unfinished_line_is_kept_for_the_rest() -> None:
    output = log.Output()
    assert output.feed(b"half") == []
    assert output.rest() == ["half\n"]
    assert output.rest() == []


def test_a_line_longer_than_cloudwatch_takes_is_cut() -> None:
    events = log.Output().feed(b"x" * 600_000 + b"\n")
    assert [len(event) for event in events[:2]] == [262_119, 262_119]
    assert sum(len(event) - 1 for event in events) == 600_000


def test_a_framed_message_longer_than_cloudwatch_takes_is_cut_as_well() -> None:
    events = log.Output().feed(frame("x" * 600_000))
    assert [len(event) for event in events] == [262_119, 262_119, 75_765]


def test_the_tail_is_the_last_4_kb() -> None:
    stream = log.LogStream("group", "stream", lambda *_: None)
    for number in range(2_000):
        stream.line(f"line {number}")
    assert len(stream.tail()) == 4096
    assert stream.tail().endswith("line 1998\nline 1999\n")
    stream.forget_tail()
    assert stream.tail() == ""


def test_a_log_that_cannot_be_written_fails_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("no such log group")

    stream = log.LogStream("/aws/lambda/shop", "stream", refuse)
    stream.line("lost")
    stream.flush()
    assert "the log of /aws/lambda/shop could not be written" in caplog.text


def test_much_output_is_written_while_the_request_goes_on() -> None:
    written: list[tuple[int, str]] = []
    stream = log.LogStream("group", "stream", lambda _, __, events: written.extend(events))
    stream.output(b"x\n" * 5_000)
    assert len(written) == 5_000


def test_the_report_line_is_worded_as_aws_words_it() -> None:
    figures: Any = {"duration_ms": 3000.0, "billed_ms": 3403, "memory_mb": 128, "max_memory_mb": 73}
    common = (
        "REPORT RequestId: 2b68f3d0\tDuration: 3000.00 ms\tBilled Duration: 3403 ms"
        "\tMemory Size: 128 MB\tMax Memory Used: 73 MB"
    )
    assert log.report("2b68f3d0", **figures, init_ms=None) == common + "\t"
    assert (
        log.report("2b68f3d0", **figures, init_ms=402.04, status="timeout")
        == common + "\tInit Duration: 402.04 ms\tStatus: timeout"
    )
    assert (
        log.report("2b68f3d0", **figures, init_ms=None, status="error", error_type="Runtime.X")
        == common + "\tStatus: error\tError Type: Runtime.X"
    )


def test_a_stream_is_named_by_day_version_and_environment() -> None:
    moment = datetime.datetime(2026, 9, 29, 1, 2, tzinfo=datetime.UTC)
    assert log.stream_name("$LATEST", "0" * 32, moment) == f"2026/09/29/[$LATEST]{'0' * 32}"


def test_a_timeout_is_logged_with_its_moment() -> None:
    moment = datetime.datetime(2026, 9, 29, 1, 2, 3, 4_000, tzinfo=datetime.UTC)
    line = log.timed_out("2b68f3d0", 3, moment)
    assert line == "2026-09-29T01:02:03.004Z 2b68f3d0 Task timed out after 3.00 seconds\n"
