"""Scratch folders among the system's temporary ones, which outlive no process for long.

A folder's name has the id of the process that made it. Who ends removes its own; a killed process
removes nothing, so each new folder first clears away what dead ones left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path


def make_scratch(prefix: str) -> Path:
    """A new empty folder, to be removed by whoever asks for it; see `remove_abandoned`."""
    remove_abandoned(prefix)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))


def remove_abandoned(prefix: str) -> None:
    """Remove the folders of processes that were killed before they could do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        pid = folder.name.removeprefix(prefix).partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process
        return True
    return True
