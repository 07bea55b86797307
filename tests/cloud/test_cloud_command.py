"""The terminal's command, run as a person would run it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import psutil
import pytest
from small_apps import zipped

from workbook.cloud.functions import cpu_share

# What `python3 -m workbook cloud` does with a command's module.
RUN = """
import argparse, sys
from workbook.commands import cloud
parser = argparse.ArgumentParser()
cloud.add_arguments(parser)
sys.exit(cloud.run(parser.parse_args()))
"""


LOOP = """
import time
def handler(event, context):
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() - began < 1: pass
    return (time.process_time() - used) / (time.monotonic() - began)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the command; ends what a failed test has left running."""
    started: list[subprocess.Popen[str]] = []

    def run(*options: str) -> subprocess.Popen[str]:
        command = subprocess.Popen(
            [sys.executable, "-c", RUN, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(command)
        return command

    yield run
    for command in started:
        command.kill()
        command.wait()


def read_until_blank_end(process: subprocess.Popen[str]) -> str:
    """What it prints up to the line that says how to end it."""
    assert process.stdout is not None
    lines = []
    while not (lines and lines[-1].startswith("Ctrl-C")):
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        lines.append(line)
    return "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_exports_and_serves_until_interrupted_and_leaves_nothing(
    start: Start, number: signal.Signals, tmp_path: Path
) -> None:
    ready = tmp_path / "ready.json"
    command = start("--ready-file", str(ready))
    said = read_until_blank_end(command)
    exports = [line for line in said.splitlines() if line.startswith("export ")]
    assert exports
    assert all(name in "".join(exports) for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"))
    while not ready.exists():  # it is written right after the last line
        os.sched_yield()
    told = json.loads(ready.read_text())
    assert told["endpoint"] in said
    assert told["pid"] == command.pid
    family = psutil.Process(command.pid).children(recursive=True)
    command.send_signal(number)
    assert command.wait(20) == 0
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not ready.exists()


def test_it_says_how_to_package_without_a_network_once_there_are_wheels(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_WHEELHOUSE", str(tmp_path))
    (tmp_path / "workbook.json").touch()
    said = read_until_blank_end(start())
    line = f"PIP_FIND_LINKS={tmp_path.as_uri()} PIP_NO_INDEX=1 chalice deploy"
    assert line in said.splitlines()


@pytest.mark.skipif(
    not cpu_share.supported(), reason="this system does not tell the CPU time of other processes"
)
def test_cpu_by_memory_reaches_the_functions(start: Start, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    read_until_blank_end(start("--cpu-by-memory", "--ready-file", str(ready)))
    while not ready.exists():  # it is written right after the last line
        os.sched_yield()
    endpoint = json.loads(ready.read_text())["endpoint"]
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    session = boto3.session.Session(region_name="us-east-1", **keys)
    iam, functions = (session.client(name, endpoint_url=endpoint) for name in ("iam", "lambda"))
    role = iam.create_role(RoleName="loop", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    functions.create_function(
        FunctionName="loop",
        Role=role,
        Runtime="python3.12",
        Handler="app.handler",
        Code={"ZipFile": zipped(LOOP)},
    )
    used = json.loads(functions.invoke(FunctionName="loop")["Payload"].read())
    assert used < 3 * cpu_share.share_of(128, cores=1)


def test_a_taken_port_is_one_sentence_and_a_way_out(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = start("--port", str(port))
        _, complaint = command.communicate(timeout=30)
    assert command.returncode == 1
    first, second = complaint.splitlines()
    assert first == f"Port {port} is taken by another program."
    assert "--port" in second
