"""The cloud's own process: opens the port, composes the parts, serves until told to end.

Started by launch.py as a tethered child, so that it ends with its parent. What it says on standard
output is one line of JSON: {"endpoint": …, "pid": …} once it answers, or {"error": …} when it
cannot start. After that its output goes to a file in its scratch folder, which it removes.
"""

from __future__ import annotations

import argparse
import errno
import gc
import json
import logging
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from workbook.cloud.server import Server
from workbook.scratch import make_scratch

SCRATCH_PREFIX = "workbook-cloud-"


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM. The exit code is 1 when the port cannot be had."""
    options = _parser().parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted cell is none of its business
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    scratch = make_scratch(SCRATCH_PREFIX)
    try:
        return _serve(options, scratch, ending)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _serve(options: argparse.Namespace, scratch: Path, ending: threading.Event) -> int:
    server = Server(options.port, None)
    try:
        server.prepare()
    except OSError as refused:
        _say({"error": _why(refused), "port": options.port})
        return 1
    endpoint = f"http://127.0.0.1:{server.port}"
    gc.disable()  # what is imported stays: looking for garbage in it is a tenth of the start
    from workbook.cloud.emulator import Emulator, Settings  # slow: a taken port is told first

    settings = Settings(**json.loads(options.settings))
    emulator = Emulator(endpoint=endpoint, scratch=scratch, settings=settings)
    server.wsgi_app = emulator.application
    serving = threading.Thread(target=server.serve, name="server", daemon=True)
    serving.start()
    _say({"endpoint": endpoint, "pid": os.getpid()})
    gc.freeze()
    gc.enable()
    _write_output_to(scratch / "cloud.log")
    ending.wait()
    emulator.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workbook.cloud.daemon")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--settings", default="{}", help="emulator.Settings, as JSON")
    return parser


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _why(refused: OSError) -> str:
    # cheroot raises an error of its own, without a number, where no address can be bound
    taken = refused.errno == errno.EADDRINUSE or "in use" in str(refused)
    return "taken" if taken else str(refused)


def _write_output_to(path: Path) -> None:
    with path.open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr
    )


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # all is closed; a thread that still waits for a client must not hold it up
