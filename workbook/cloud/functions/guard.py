"""The guard: a small process that ends what the cloud leaves behind when it dies.

Workers and the processes that handlers start lead process groups of their own. The cloud tells
the guard each group as it comes and goes. When the cloud ends, however it ends, the kernel
closes the pipe between them; the guard then kills every group that is left and removes the
scratch folder. So a handler in an endless loop dies too, which no watch inside the worker can
promise. A child of a handler that makes itself a new session escapes: the price of needing no
privileges.

    Guard (here, in the cloud) ──pipe──▶ keeper.py (a process in a session of its own)
"""

from __future__ import annotations

import contextlib
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
        keeper = Path(__file__).with_name("keeper.py")
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-s", "-P", str(keeper), str(scratch)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin is not None
        self._pipe = self._process.stdin

    def watch(self, group: int) -> None:
        """From now on, kill this process group if the cloud dies."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group has ended; its number may be another's soon."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """End the guard, and with it whatever is still watched."""
        with self._lock:
            self._pipe.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        # the guard may have been killed, or closed by now
        with self._lock, contextlib.suppress(BrokenPipeError, ValueError):
            self._pipe.write(line.encode())
