"""Child processes that end when their parent ends, however it ends.

A tethered child runs in a session of its own, so an interrupted notebook cell (SIGINT to the
kernel's process group) does not reach it. What ties it to its parent is a pipe: the parent holds
the writing end and never writes. When the parent dies, even by SIGKILL, the kernel closes the
pipe; a small supervisor reads end-of-file and ends the child's whole process group.

    parent ──pipe──▶ supervisor (`python -m workbook.tether ARGV…`, leads the session) ──▶ child
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

GRACE_SECONDS = 3.0
LETTING_GO_SECONDS = 1.0
_PR_SET_CHILD_SUBREAPER = 36


class Tethered:
    """A running child, tied to this process.

    Args:
        argv: the command, as for subprocess.
        cwd: the child's working directory.
        env: the child's whole environment; this process's own when None.
        output: where the child's stdout and stderr go; discarded when None.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | str | None = None,
        env: Mapping[str, str] | None = None,
        output: IO[bytes] | None = None,
    ) -> None:
        self._supervisor = subprocess.Popen(
            # Isolated and without site: the supervisor needs nothing, and must not cost the start.
            [sys.executable, "-IS", str(Path(__file__).resolve()), *argv],
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if output is None else output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The supervisor's process id; the child leads a process group of its own below it."""
        return self._supervisor.pid

    def poll(self) -> int | None:
        """The child's exit code, or None while it runs."""
        return self._supervisor.poll()

    def wait(self, seconds: float) -> int | None:
        """Wait for the child to end by itself; its exit code, or None when time is up."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._supervisor.wait(seconds)
        return None

    def stop(self) -> None:
        """End the child and everything it started; does nothing when it has ended."""
        if self._supervisor.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._supervisor.stdin.close()
        self._supervisor.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


def supervise(argv: Sequence[str]) -> int:
    """Run argv until it ends or standard input closes; then end its process group."""
    read_end, write_end = os.pipe()
    signal.set_wakeup_fd(_without_blocking(write_end))
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # the wake-up fd tells; a handler must exist
    child = subprocess.Popen(list(argv), stdin=subprocess.DEVNULL, process_group=0)
    _adopt_orphans()
    while child.poll() is None:
        ready, _, _ = select.select([sys.stdin.fileno(), read_end], [], [])
        if sys.stdin.fileno() in ready or signal.SIGTERM in os.read(read_end, 512):
            break
    return _end_group(child)


def _end_group(child: subprocess.Popen[bytes]) -> int:
    _signal_group(child.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE_SECONDS)
    _signal_group(child.pid, signal.SIGKILL)
    code = child.wait()
    _await_end_of_group(child.pid)
    return code


def _adopt_orphans() -> None:
    """On Linux, what the child leaves behind becomes this process's own to reap, not init's.

    Loaded when the child is on its way already: it must not cost the start.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _await_end_of_group(group: int) -> None:
    """A process lets go of its ports as it ends, and killing it does not wait for that.

    Bounded, for elsewhere init reaps the orphans, and a group of zombies can still be signalled.
    """
    until = time.monotonic() + LETTING_GO_SECONDS
    while _signal_group(group, 0) and time.monotonic() < until:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-group, os.WNOHANG)
        time.sleep(0.002)


def _signal_group(group: int, number: int) -> bool:
    """Whether there was a group to signal."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS: EPERM for zombies
        return False
    return True


def _without_blocking(descriptor: int) -> int:
    os.set_blocking(descriptor, False)
    return descriptor


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[1:]))
