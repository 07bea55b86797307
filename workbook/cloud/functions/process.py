"""One runtime process: started, listened to through its Runtime API, and ended.

It turns what happens to a process (it asked, answered, exited, took too long, grew too large)
into Answers in the order in which they happened. What they mean is environment.py's matter.
"""

from __future__ import annotations

import contextlib
import enum
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.cloud.functions.guard import Guard
from workbook.cloud.functions.keeper import kill_group
from workbook.cloud.functions.runtime_api import Invocation, RuntimeApi

_GLANCE_SECONDS = 0.1  # between looks at the memory and the log of a request under way


class Kind(enum.Enum):
    """What happened."""

    READY = enum.auto()
    RESPONDED = enum.auto()
    FAILED = enum.auto()
    TOO_LARGE = enum.auto()
    INIT_FAILED = enum.auto()
    EXITED = enum.auto()
    TIMED_OUT = enum.auto()
    OUT_OF_MEMORY = enum.auto()


@dataclass(frozen=True)
class Answer:
    """What happened, with the body that was posted or the code the process exited with."""

    kind: Kind
    body: bytes = b""
    exit_code: int = 0


class RuntimeProcess:
    """A started process and the Runtime API that serves it.

    Args:
        argv: the runtime and its arguments.
        environment: given the Runtime API's address and the log's descriptor, its variables.
        cwd: its working directory.
        memory_mb: it is killed when its resident memory goes beyond.
        guard: ends it should the cloud die.
        on_output: told of what it writes.
        on_exit: told once it has ended, by itself or not; on a thread of its own.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        environment: Callable[[str, int], Mapping[str, str]],
        cwd: Path,
        memory_mb: int,
        guard: Guard,
        on_output: Callable[[bytes], None],
        on_exit: Callable[[], None],
        name: str,
    ) -> None:
        self.wrote = on_output
        self._memory_mb = memory_mb
        self._guard = guard
        self._on_exit = on_exit
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._is_ready = False
        self._peak_bytes = 0
        self._closing = threading.Lock()
        read_end, write_end = os.pipe()
        self._api = RuntimeApi(self, read_end, f"runtime-api-{name}")
        try:
            self._process = subprocess.Popen(
                list(argv),
                env=dict(environment(self._api.address, write_end)),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                pass_fds=(write_end,),
                start_new_session=True,
            )
        except (OSError, ValueError):  # no processes left, or a variable with a null byte
            self._api.close()
            raise
        finally:
            os.close(write_end)
        self._status = _status_of(self._process.pid)
        guard.watch(self._process.pid)
        self._watcher = threading.Thread(target=self._watch, name=f"watch-{name}", daemon=True)
        self._watcher.start()

    @property
    def pid(self) -> int:
        """The process's id; it leads a process group of the same number."""
        return self._process.pid

    def offer(self, invocation: Invocation, seconds: float) -> None:
        """Give it its next event, which it should take within so many seconds."""
        self._api.offer(invocation, seconds)

    def has_ended(self) -> bool:
        """Whether it has ended, as far as can be told at once."""
        if self._process.returncode is not None or self._api.waiting_runtime_died():
            return True
        try:
            os.kill(self._process.pid, 0)
        except ProcessLookupError:  # so lately that nobody has noted it yet
            return True
        return False

    def wait(self, seconds: float, on_glance: Callable[[], None]) -> Answer:
        """The next thing that happens to it, within so many seconds.

        Args:
            on_glance: called now and then while it goes on.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                answer = self._answers.get(timeout=min(left, _GLANCE_SECONDS))
                over = answer.kind is not Kind.EXITED and self._measure() > self._memory_mb
                return Answer(Kind.OUT_OF_MEMORY) if over else answer
            on_glance()
            if self._measure() > self._memory_mb:
                return Answer(Kind.OUT_OF_MEMORY)
        self._measure()
        return Answer(Kind.TIMED_OUT)

    @property
    def peak_mb(self) -> int:
        """The most resident memory it had used when last it was looked at, in whole MB."""
        return -(-self._peak_bytes // (1024 * 1024))

    def _measure(self) -> int:
        """Look at its memory; `peak_mb` then."""
        with contextlib.suppress(OSError, IndexError):  # no /proc, or no memory any more
            status = os.pread(self._status, 4096, 0)  # one system call: this is on the warm path
            self._peak_bytes = int(status.split(b"VmHWM:", 1)[1].split(None, 1)[0]) * 1024
        return self.peak_mb

    def end(self) -> None:
        """Kill it and what it started, and read the last it wrote."""
        if self._process.returncode is None:  # otherwise its number may be another's by now
            kill_group(self._process.pid)
        self._process.wait()
        if threading.current_thread() is not self._watcher:
            self._watcher.join()
        self._api.close()
        self._close_status()

    def _close_status(self) -> None:
        with self._closing:  # two may end it at once, and the number is soon another file's
            descriptor, self._status = self._status, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _watch(self) -> None:
        code = self._process.wait()
        kill_group(self._process.pid)  # what it leaves behind ends with it
        self._guard.forget(self._process.pid)
        self._answers.put(Answer(Kind.EXITED, exit_code=code))
        self._on_exit()

    # What the Runtime API tells (its Listener)

    def ready(self) -> None:
        """The runtime asked for an event; only the first time is news."""
        if not self._is_ready:
            self._is_ready = True
            self._answers.put(Answer(Kind.READY))

    def responded(self, body: bytes, headers: Mapping[str, str]) -> None:
        """The handler returned."""
        self._posted(Kind.RESPONDED, body, headers)

    def failed(self, body: bytes, headers: Mapping[str, str]) -> None:
        """The handler raised."""
        self._posted(Kind.FAILED, body, headers)

    def init_failed(self, body: bytes, headers: Mapping[str, str]) -> None:
        """The handler was not found."""
        self._posted(Kind.INIT_FAILED, body, headers)

    def response_too_large(self, size: int) -> None:
        """The handler returned more than AWS takes."""
        self._answers.put(Answer(Kind.TOO_LARGE))

    def _posted(self, kind: Kind, body: bytes, headers: Mapping[str, str]) -> None:
        peak = headers.get("workbook-peak-memory-bytes", "")
        if peak.isdecimal():
            self._peak_bytes = max(self._peak_bytes, int(peak))
        self._answers.put(Answer(kind, body))


def _status_of(pid: int) -> int:
    """A descriptor of what Linux tells of a process; -1 on other systems."""
    try:
        return os.open(f"/proc/{pid}/status", os.O_RDONLY)
    except OSError:
        return -1
