"""The guard's program, `python keeper.py SCRATCH`: waits for the cloud's end, then clears up.

It reads `+123` and `-123` from standard input: process groups that came and went. At the end of
input it kills those that are left and removes the scratch folder. It imports little, since it
starts with every cloud; guard.py is the cloud's end of the pipe.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def keep(scratch: str) -> None:
    """Follow the cloud's words until it ends; then clear up."""
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


def remove_tree(folder: str | os.PathLike[str]) -> None:
    """Remove a folder with everything in it, also what was made read-only."""
    if not os.path.isdir(folder):
        return
    import shutil  # as long to import as all else here, and seldom needed by the program

    for parent, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            os.chmod(parent, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep(sys.argv[1])
