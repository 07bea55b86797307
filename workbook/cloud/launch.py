"""Starts the cloud's process (daemon.py), tethered to this one, and reads what it says first."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, Any

from workbook.cloud import firewall
from workbook.errors import CloudError
from workbook.tether import Tethered

# The GNU allocator keeps a heap for each of several threads, and gives little of them back: with
# hundreds of threads that is a quarter of the cloud's memory. Other systems ignore these.
ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


@dataclass(frozen=True)
class Started:
    """A cloud's process that answers."""

    endpoint: str
    child: Tethered
    pid: int


def start(port: int, settings: dict[str, Any]) -> Started:
    """Start a cloud, and wait until it answers.

    Args:
        port: 0 takes a free one.
        settings: fields of emulator.Settings.

    Raises:
        CloudError: the port is taken, or the cloud could not start.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as said, os.fdopen(writing, "wb") as output:
        child = Tethered(
            [
                *(sys.executable, "-P", "-m", "workbook.cloud.daemon"),
                *("--port", str(port), "--settings", json.dumps(settings)),
            ],
            cwd=tempfile.gettempdir(),
            env=_child_environment(),
            output=output,
        )
        output.close()  # the child's copies are the last ones: its end is our end of file
        try:
            message = _first_message(said)
            if "error" in message:
                raise _refused(message)
        except BaseException:
            child.stop()
            raise
    return Started(message["endpoint"], child, message["pid"])


def _child_environment() -> dict[str, str]:
    clean = firewall.outside_aws(os.environ)
    nowhere = firewall.client_environment("http://127.0.0.1:9")
    return {**ALLOCATOR, **clean, **nowhere, "PYTHONUNBUFFERED": "1"}


def _first_message(said: IO[bytes]) -> dict[str, Any]:
    """The JSON line that the child says first; anything before it is a warning or a traceback."""
    other = []
    for line in said:
        if line.startswith(b"{"):
            message: dict[str, Any] = json.loads(line)
            return message
        other.append(line.decode(errors="replace"))
    last = other[-1].strip() if other else "it said nothing"
    raise CloudError(f"The local cloud ended while it started: {last}", "".join(other[-15:]))


def _refused(message: dict[str, Any]) -> CloudError:
    port = message["port"]
    if message["error"] == "taken":
        return CloudError(
            f"Port {port} is taken by another program.",
            "Choose another with --port (in Python: port=…), or leave it out for any free one.",
        )
    return CloudError(f"Port {port} cannot be used: {message['error']}.", "Choose another one.")
