"""A tethered child and what it started end with their parent, and are gone when it says so."""

import os
import select
import socket
import subprocess
import sys

import pytest

from workbook.tether import Tethered

HOST = "127.0.0.1"

# It takes a moment to end, for it has much memory to give back before its port is closed.
SERVER = """
import signal, socket
signal.signal(signal.SIGTERM, signal.SIG_IGN)
memory = b"x" * 400_000_000
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    signal.pause()
"""
STARTS_THE_SERVER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SERVER!r}])"

IS_KILLED = """
import os, sys
from workbook.tether import Tethered
child = Tethered([sys.executable, "-c", sys.argv[1]], output=os.fdopen(int(sys.argv[2]), "wb"))
print(child.pid, flush=True)
sys.stdin.read()
"""


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def reported_port(read_end):
    assert select.select([read_end], [], [], 60)[0]
    return int(os.read(read_end, 16))


@pytest.fixture
def pipe():
    read_end, write_end = os.pipe()
    yield read_end, write_end
    os.close(read_end)
    os.close(write_end)


def test_when_stop_returns_what_the_child_had_started_has_let_go_of_its_port(pipe):
    read_end, write_end = pipe
    with (
        os.fdopen(os.dup(write_end), "wb") as output,
        Tethered([sys.executable, "-c", STARTS_THE_SERVER], output=output) as child,
    ):
        port = reported_port(read_end)
        assert listening(port)
        child.stop()
        assert not listening(port)


def test_the_exit_code_of_a_child_that_ends_by_itself_is_known():
    with Tethered([sys.executable, "-c", "raise SystemExit(7)"]) as child:
        assert 7 == child.wait(60)
        assert 7 == child.poll()


def test_a_running_child_has_no_exit_code_and_waiting_for_it_has_an_end():
    with Tethered([sys.executable, "-c", "import signal; signal.pause()"]) as child:
        assert child.poll() is None
        assert child.wait(0.01) is None


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of a stranger's end")
def test_a_killed_parent_takes_everything_with_it(pipe):
    read_end, write_end = pipe
    with subprocess.Popen(
        [sys.executable, "-c", IS_KILLED, STARTS_THE_SERVER, str(write_end)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[write_end],
        text=True,
    ) as parent:
        supervisor = os.pidfd_open(int(parent.stdout.readline()))
        port = reported_port(read_end)
        assert listening(port)
        parent.kill()
        assert select.select([supervisor], [], [], 60)[0]
        assert not listening(port)
    os.close(supervisor)
