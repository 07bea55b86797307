"""Nothing outlives the cloud, however it ends: no worker, no child of a handler, no folder.

Each test runs a Functions in a process of its own and kills it. That every process below it
has ended is told by the kernel: all of them hold one named pipe open, which then closes.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PROGRAM = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in background
sys.path.insert(0, {tests!r})
from pathlib import Path
from functions_bench import Bench

bench = Bench(Path({folder!r}))
call = bench.deploy({source!r})
if {waits}:
    call({pipe!r})
    print("answered", flush=True)
    threading.Event().wait()
call({pipe!r})
"""
HANDLERS = {
    "idle": """
        def handler(event, context):
            global pipe
            pipe = open(event, "w")
            pipe.write("x"); pipe.flush()
        """,
    "endless loop": """
        def handler(event, context):
            pipe = open(event, "w")
            pipe.write("x"); pipe.flush()
            while True: pass
        """,
    "deaf": """
        import signal, time
        def handler(event, context):
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            pipe = open(event, "w")
            pipe.write("x"); pipe.flush()
            time.sleep(600)
        """,
    "children": """
        import subprocess, os
        def handler(event, context):
            pipe = open(event, "w")
            subprocess.Popen(["sleep", "600"], pass_fds=[pipe.fileno()])
            if os.fork() == 0:
                while True: pass
            pipe.write("x"); pipe.flush()
        """,
}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("case", HANDLERS)
def test_workers_and_their_children_end_with_the_cloud(
    tmp_path: Path, case: str, how: signal.Signals
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    program = PROGRAM.format(
        tests=str(Path(__file__).parent),
        folder=str(tmp_path / "bench"),
        source=textwrap.dedent(HANDLERS[case]),
        pipe=str(pipe),
        waits=case in ("idle", "children"),
    )
    cloud = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with cloud, contextlib.ExitStack() as at_last:
        at_last.callback(cloud.kill)  # also when the test fails
        reader = os.open(pipe, os.O_RDONLY)
        assert os.read(reader, 1) == b"x"
        if case in ("idle", "children"):
            assert cloud.stdout is not None
            assert cloud.stdout.readline() == b"answered\n"
        cloud.send_signal(how)
        cloud.wait(10)
    ready, _, _ = select.select([reader], [], [], 10)
    assert ready, "a process lives on"
    assert os.read(reader, 1) == b""
    os.close(reader)
