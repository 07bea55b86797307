"""`python3 -m workbook cloud`: a local AWS in a terminal, until it is interrupted.

It prints the lines that point any AWS client at it, and writes a ready file for scripts. What
it serves is workbook.cloud's; this file only reads options and waits.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from workbook import settings
from workbook.errors import CloudError

HELP = "serve a local AWS that chalice deploy reaches, until interrupted"
NEEDS_ENVIRONMENT = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        metavar="N",
        help="listen on port N; any free one if left out",
    )
    parser.add_argument(
        "--enforce-iam",
        action="store_true",
        help="let each function do only what its role allows",
    )
    parser.add_argument(
        "--cpu-by-memory",
        action="store_true",
        help="give each function the share of a CPU that its memory buys on AWS (Linux)",
    )
    parser.add_argument(
        "--ready-file",
        type=Path,
        metavar="PATH",
        help='write {"endpoint": …, "pid": …} to PATH once it answers',
    )


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT, SIGTERM or a closed terminal."""
    from workbook.cloud import LocalCloud  # slow to import, and --help needs none of it

    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    try:
        cloud = LocalCloud.start(
            port=options.port,
            enforce_iam=options.enforce_iam,
            cpu_by_memory=options.cpu_by_memory,
        )
    except CloudError as refused:
        print(refused, file=sys.stderr)
        return 1
    with cloud:
        if options.ready_file is not None:
            _write_whole(options.ready_file, {"endpoint": cloud.endpoint, "pid": os.getpid()})
        print(f"The local cloud answers at {cloud.endpoint}. In another terminal:\n")
        print(f"{cloud.exports()}\n")
        if packaging := settings.wheels_in_place():
            given = " ".join(f"{name}={value}" for name, value in packaging.items())
            print("Where there is no network, packaging takes the workbook's own wheels:\n")
            print(f"{given} chalice deploy\n")
        print("Ctrl-C ends it.", flush=True)
        while not ending.wait(1.0):
            if not cloud.alive():
                print("The local cloud has ended by itself.", file=sys.stderr)
                return 1
    if options.ready_file is not None:
        options.ready_file.unlink(missing_ok=True)
    return 0


def _write_whole(path: Path, content: dict[str, object]) -> None:
    """So that whoever waits for the file never reads half of it."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(content) + "\n")
    part.replace(path)
