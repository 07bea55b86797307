"""How much a second `python3 -m workbook lab` costs beside `jupyter lab` alone, in the same run.

    python benchmarks/second_start.py [--starts N]

Run it with a Python outside the environment, as a person's is, after a first start. Prints one
table; the exit code is 1 where the bound does not hold. Each start is measured from its command to
the first answer of its server, the two turn by turn, since a laptop's speed changes by the minute.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from table import Row, markdown, shown

from workbook import settings

ADDED_SECONDS = 2.0  # what a second start may cost before JupyterLab's own
ANSWERS_WITHIN_SECONDS = 120


def main() -> int:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--starts", type=int, default=5, help="of each (default: 5)")
    starts = parser.parse_args().starts
    python = settings.venv() / "bin" / "python"
    if not python.exists():
        raise SystemExit(f"{python} is missing: start `python3 -m workbook lab` once.")
    folder = Path(tempfile.mkdtemp(prefix="workbook-benchmark-"))
    quiet = ["--no-browser"]
    alone = [str(python), "-m", "jupyterlab", *quiet, f"--ServerApp.root_dir={folder}"]
    alone += ["--allow-root"] if os.geteuid() == 0 else []
    ours = [sys.executable, "-m", "workbook", "lab", *quiet]
    mine = {"WORKBOOK_WORKSPACE": str(folder / "workspace")}
    theirs = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
    try:
        until_it_answers(ours, mine), until_it_answers(alone, theirs)  # lays out; warms the disk
        pairs = [
            (until_it_answers(ours, mine), until_it_answers(alone, theirs)) for _ in range(starts)
        ]
    finally:
        shutil.rmtree(folder)
    with_us, without = (statistics.median(column) for column in zip(*pairs))
    row = Row(
        "second start, until it answers",
        shown(with_us),
        f"jupyter lab alone: {shown(without)}",
        with_us / without,
        1.5,
    )
    print(markdown([row]))
    print(f"\nadded: {shown(with_us - without)} (allowed: {shown(ADDED_SECONDS)})")
    return 0 if row.holds and with_us - without <= ADDED_SECONDS else 1


def until_it_answers(command: list[str], more: dict[str, str]) -> float:
    """Seconds from the command to its server's first answer; ends it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    option = "--port" if "workbook" in command else "--ServerApp.port"
    began = time.perf_counter()
    server = subprocess.Popen(
        [*command, f"{option}={port}"],
        cwd=ROOT,
        env={**os.environ, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while server.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=20).close()
                return time.perf_counter() - began
            if time.perf_counter() - began > ANSWERS_WITHIN_SECONDS:
                break
            time.sleep(0.005)
        raise SystemExit(f"It did not come to answer: {' '.join(command)}")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
