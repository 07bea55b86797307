"""What the local cloud is measured against: fresh interpreters, `chalice package`, `chalice local`.

Each floor is taken in the same run as the figure it is compared with, turn by turn, because a
laptop's speed changes by the minute. Nothing here knows the local cloud; see local_cloud.py.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

CHALICE = str(Path(sys.executable).with_name("chalice"))


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def python(source: str, *, path: Path | None = None) -> None:
    """Run a line in a fresh interpreter, to its end."""
    more = {} if path is None else {"PYTHONPATH": str(path)}
    subprocess.run([sys.executable, "-c", source], env={**os.environ, **more}, check=True)


def resident_mb(pid: int) -> float:
    """The memory a process holds now."""
    return psutil.Process(pid).memory_info().rss / 1e6


def resident_after(source: str, *, path: Path) -> float:
    """The memory of a fresh interpreter that has run a line and waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"{source}; import sys; print(flush=True); sys.stdin.read()"],
        env={**os.environ, "PYTHONPATH": str(path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        return resident_mb(process.pid)
    finally:
        process.communicate()


def chalice(project: Path, *arguments: str) -> float:
    """Run the command line in a project, and show what it said if it failed; its seconds."""
    command = [CHALICE, *arguments]
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}  # `package` wants a region
    began = time.perf_counter()
    ran = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if ran.returncode:
        raise SystemExit(f"chalice {' '.join(arguments)} failed:\n{ran.stdout}{ran.stderr}")
    return took


@contextlib.contextmanager
def chalice_local(project: Path) -> Iterator[int]:
    """`chalice local` without its reloader; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [CHALICE, "local", "--no-autoreload", "--port", str(port)],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit("chalice local ended by itself.")


class Caller:
    """A client that keeps one connection.

    Args:
        port: on 127.0.0.1.
        path: what it asks for, each time.
    """

    def __init__(self, port: int, path: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._path = path

    def call(self) -> None:
        """One request; anything but 200 ends the run."""
        self._connection.request("GET", self._path, headers={"Accept": "application/json"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self._path} answered {answer.status}: {body.decode()}")

    def call_reconnecting(self) -> None:
        """One request over a connection of its own."""
        self._connection.close()
        self.call()


def throughput(callers: list[Caller], each: int) -> float:
    """Requests a second, with every caller sending so many at the same time."""
    ready = threading.Barrier(len(callers) + 1)

    def work(caller: Caller) -> None:
        ready.wait()
        for _ in range(each):
            caller.call()

    threads = [threading.Thread(target=work, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return each * len(callers) / (time.perf_counter() - began)
