"""Chalice's command line in processes of its own, without half a second of imports for each.

A server imports chalice once and forks for every command: it is Chalice's own main, in its own
process, folder, environment and streams. tests/cloud/test_plain_terminal.py starts the program
itself, as a person does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

SERVER = """
import json, os, sys
import chalice.cli, chalice.awsclient, chalice.deploy.deployer, chalice.deploy.packager

# An app that is written again in the same second, and no longer than before, would be imported as
# it was: bytecode goes by size and second.
sys.dont_write_bytecode = True
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        for number, path in enumerate(asked["streams"]):
            os.dup2(os.open(path, os.O_RDWR), number)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["chalice", *asked["arguments"]]
        sys.exit(chalice.cli.main())
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


def run(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command; what it printed, and how it ended."""
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    with tempfile.TemporaryDirectory() as place:
        streams = [Path(place, name) for name in ("in", "out", "err")]
        for stream, content in zip(streams, (given, "", ""), strict=True):
            stream.write_text(content)
        asked = {
            "arguments": [*arguments],
            "folder": str(folder),
            "environment": dict(environment),
            "streams": [str(stream) for stream in streams],
        }
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        _, out, err = (stream.read_text() for stream in streams)
        return subprocess.CompletedProcess(["chalice", *arguments], code, out, err)


@cache
def _server() -> subprocess.Popen[str]:
    """Ends when the tests do, since nobody holds its standard input any longer."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
