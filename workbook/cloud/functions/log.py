"""What reaches CloudWatch Logs: the platform's own lines, and what a function writes.

Imitates https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html (text
format). Where the page is silent, the wording follows lines that people published in 2026.
One environment writes one stream, in order.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

_LOG = logging.getLogger(__name__)

WriteLog = Callable[[str, str, list[tuple[int, str]]], None]

TAIL_BYTES = 4096
_MAX_EVENT_BYTES = 262_144 - 26  # CloudWatch's limit, less what it counts for each event
_MAX_HELD = 1_000  # events, before they are written although the invocation goes on

_FRAME = b"\xa5\x5a\x00"
_FRAME_HEAD = 16
_PLAUSIBLE_SECONDS = 86_400.0


class LogStream:
    """One environment's stream, written to by its endpoint's thread and by its requests'.

    Args:
        group: such as "/aws/lambda/shop".
        stream: such as "2026/09/29/[$LATEST]0123…".
        write: what takes (group, stream, [(milliseconds, message)]).
    """

    def __init__(self, group: str, stream: str, write: WriteLog) -> None:
        self.group = group
        self.stream = stream
        self._write = write
        self._held: list[tuple[int, str]] = []
        self._tail: deque[str] = deque()
        self._tail_bytes = 0
        self._output = Output()
        self._lock = threading.RLock()

    def line(self, text: str) -> None:
        """Add a line of the platform's, after what the function has written by now."""
        with self._lock:
            for message in self._output.rest():
                self._add(message)
            self._add(text + "\n")

    def output(self, data: bytes) -> None:
        """Add what the process wrote: lines, and frames of its logging."""
        with self._lock:
            for message in self._output.feed(data):
                self._add(message)
            if len(self._held) >= _MAX_HELD:
                self.flush()

    def flush(self) -> None:
        """Write what is held."""
        with self._lock:
            events, self._held = self._held, []
            if not events:
                return
            try:
                self._write(self.group, self.stream, events)
            except Exception:  # noqa: BLE001 - a log that cannot be kept is no reason to fail a function
                _LOG.exception("the log of %s could not be written", self.group)

    def forget_tail(self) -> None:
        """Begin a new tail: what follows belongs to another invocation."""
        with self._lock:
            self._tail.clear()
            self._tail_bytes = 0

    def tail(self) -> str:
        """The last 4 KB since the tail began, as X-Amz-Log-Result carries."""
        with self._lock:
            text = "".join(self._tail)
        return text.encode()[-TAIL_BYTES:].decode(errors="ignore")

    def _add(self, message: str) -> None:
        self._held.append((time.time_ns() // 1_000_000, message))
        self._tail.append(message)
        self._tail_bytes += len(message)
        while self._tail_bytes - len(self._tail[0]) >= TAIL_BYTES:
            self._tail_bytes -= len(self._tail.popleft())


class Output:
    """Splits a process's output into log events.

    Lines of stdout and stderr are events each; a runtime's own logging comes in frames (a type,
    a length, a time, a text), so that a traceback of many lines stays one event, as on AWS.
    Both arrive through one pipe, in the order they were written.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[str]:
        """The events that are whole now."""
        self._buffer += data
        events: list[str] = []
        while (at := self._buffer.find(_FRAME)) >= 0:
            events += self._lines(at, whole=True)
            frame = self._frame()
            if frame is None:
                return events
            events += frame
        return events + self._lines(len(self._buffer), whole=False)

    def rest(self) -> list[str]:
        """What is left when no more may come: a last line without its end."""
        return self._lines(len(self._buffer), whole=True)

    def _frame(self) -> list[str] | None:
        """The frame at the buffer's beginning as events; None while it is not whole."""
        if len(self._buffer) < _FRAME_HEAD:
            return None
        written = int.from_bytes(self._buffer[8:16], "big") / 1e6
        if abs(written - time.time()) > _PLAUSIBLE_SECONDS:  # bytes that only look like a frame
            del self._buffer[: len(_FRAME)]
            return [_text(_FRAME)]
        end = _FRAME_HEAD + int.from_bytes(self._buffer[4:8], "big")
        if len(self._buffer) < end:
            return None
        text = bytes(self._buffer[_FRAME_HEAD:end])
        del self._buffer[:end]
        return [_text(part) for part in _parts(text)]

    def _lines(self, end: int, *, whole: bool) -> list[str]:
        lines = bytes(self._buffer[:end]).split(b"\n")
        last = lines.pop()
        if whole or len(last) > _MAX_EVENT_BYTES:
            lines += [last] if last else []
            last = b""
        del self._buffer[: end - len(last)]
        return [_text(part) for line in lines for part in _parts(line)]


def _parts(line: bytes) -> list[bytes]:
    starts = range(0, max(len(line), 1), _MAX_EVENT_BYTES)
    return [line[start : start + _MAX_EVENT_BYTES] for start in starts]


def _text(data: bytes) -> str:
    text = data.decode(errors="replace")
    return text if text.endswith("\n") else text + "\n"


def stream_name(version: str, environment_id: str, now: datetime | None = None) -> str:
    """YYYY/MM/DD/[version]id, in UTC."""
    return f"{(now or datetime.now(UTC)):%Y/%m/%d}/[{version}]{environment_id}"


def init_start(runtime_version: str, runtime_arn: str) -> str:
    """The line of an environment's beginning."""
    return f"INIT_START Runtime Version: {runtime_version}\tRuntime Version ARN: {runtime_arn}"


def init_report(init_ms: float, phase: str, status: str, error_type: str | None) -> str:
    """The line of an init that failed; phase is "init", or "invoke" for the second attempt."""
    ending = f"\tError Type: {error_type}" if error_type else ""
    return f"INIT_REPORT Init Duration: {init_ms:.2f} ms\tPhase: {phase}\tStatus: {status}{ending}"


def initialized(init_ms: float) -> str:
    """The line of an init ahead of any request, which AWS logs of provisioned concurrency alone."""
    return f"INIT_REPORT Init Duration: {init_ms:.2f} ms"


def start(request_id: str, version: str) -> str:
    """The line of an invocation's beginning."""
    return f"START RequestId: {request_id} Version: {version}"


def end(request_id: str) -> str:
    """The line of an invocation's end."""
    return f"END RequestId: {request_id}"


def timed_out(request_id: str, seconds: float, now: datetime | None = None) -> str:
    """The line of an invocation that took too long; AWS leaves an empty one after it."""
    moment = (now or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{moment} {request_id} Task timed out after {seconds:.2f} seconds\n"


def report(
    request_id: str,
    *,
    duration_ms: float,
    billed_ms: int,
    memory_mb: int,
    max_memory_mb: int,
    init_ms: float | None,
    status: str | None = None,
    error_type: str | None = None,
) -> str:
    """The line that sums an invocation up; status only where the environment was lost."""
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {max_memory_mb} MB",
    ]
    if init_ms is not None:
        fields.append(f"Init Duration: {init_ms:.2f} ms")
    if status is not None:
        fields.append(f"Status: {status}")
    if error_type is not None:
        fields.append(f"Error Type: {error_type}")
    return "\t".join(fields) + ("\t" if status is None else "")
