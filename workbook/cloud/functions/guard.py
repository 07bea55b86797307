"""The guard: a small process that ends what the cloud leaves behind when it dies.

Workers and the processes that handlers start lead process groups of their own. The cloud tells
the guard each group as it comes (`+123`) and goes (`-123`). When the cloud ends, however it
ends, the kernel closes the pipe; the guard then kills every group that is left and removes the
scratch folder. A handler in an endless loop dies too, which no watch inside the worker can
promise. A child of a handler that makes itself a new session escapes; this is what it costs
to need no privileges.

    Guard (here, in the cloud) ──pipe──▶ `python guard.py SCRATCH` (a session of its own)
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path


class Guard:
    """The cloud's end of the pipe.

    Args:
        scratch: the folder to remove at the end.
    """

    def __init__(self, scratch: Path) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-s", "-P", str(Path(__file__).resolve()), str(scratch)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )

    def watch(self, group: int) -> None:
        """From now on, kill this process group if the cloud dies."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group has ended; its number may be another's soon."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """End the guard, and with it whatever is still watched."""
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        # the guard may have been killed, or closed by now
        with self._lock, contextlib.suppress(BrokenPipeError, ValueError):
            self._process.stdin.write(line.encode())


def keep(scratch: str) -> None:
    """Follow the cloud's words on standard input until it ends; then clear up."""
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line[0] == "+" else groups.discard
        change(int(line[1:]))
    for group in groups:
        kill_group(group)
    remove_tree(scratch)


def kill_group(group: int) -> None:
    """Kill every process of a group; none is fine too."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for zombies
        os.killpg(group, signal.SIGKILL)


def remove_tree(folder: str | Path) -> None:
    """Remove a folder with everything in it, also what was made read-only."""
    for parent, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            os.chmod(parent, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep(sys.argv[1])
