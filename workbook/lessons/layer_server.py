"""The process behind `layer_runs`: imports once, forks for every job, answers on a line.

Each line of its input asks for some jobs, as JSON: how many at once, and for each job what, folder,
arguments, environment, and the file to answer in. Its input's end is its own, in the middle of a
job too.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import select
import signal
import sys
import time
from typing import Any


def main() -> None:
    """Answer until nobody asks."""
    for line in sys.stdin:
        asked = json.loads(line)
        running: dict[int, int] = {}
        for job in asked["jobs"]:
            if len(running) == asked["at_once"]:
                _await_one_of(running)
            _start(job, running)
        while running:
            _await_one_of(running)
        print(flush=True)


def _start(job: dict[str, Any], running: dict[int, int]) -> None:
    """Fork. `running` maps the end of a pipe, which closes when the child is over, to the child."""
    ended, alive = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):  # a child may end in no other way than below
            _answer(job)
        os._exit(0)
    os.close(alive)
    running[ended] = child


def _await_one_of(running: dict[int, int]) -> None:
    """Nobody asks while a job runs, so something to read from the input is its end."""
    asking = sys.stdin.fileno()
    ready, _, _ = select.select([asking, *running], [], [])
    if asking in ready:
        os.killpg(0, signal.SIGKILL)
    for ended in ready:
        os.close(ended)
        os.waitpid(running.pop(ended), 0)


def _answer(job: dict[str, Any]) -> None:
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"], PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        answer = {"deploy": _deploy, "pytest": _pytest}[job["what"]](job["arguments"])
    with open(job["answer"], "w") as file:
        json.dump({**answer, "printed": printed.getvalue()}, file)


def _deploy(arguments: list[str]) -> dict[str, Any]:
    sys.argv = ["chalice", "deploy", *arguments]
    began = time.perf_counter()
    try:
        code: Any = chalice.cli.main()
    except SystemExit as ended:
        code = ended.code or 0
    return {"code": code, "seconds": time.perf_counter() - began}


def _pytest(arguments: list[str]) -> dict[str, Any]:
    sys.path.insert(0, os.getcwd())
    seen = _Seen()
    pytest.main(["-p", "no:cacheprovider", *arguments], plugins=[seen])
    return {"tests": seen.tests()}


class _Seen:
    """A pytest plugin that keeps what became of each test."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[bool, float]] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One of set-up, call and tear-down of one test."""
        file, _, test = report.nodeid.partition("::")
        self._keep(file, test, not report.failed, report.duration)

    def pytest_collectreport(self, report: Any) -> None:
        """A file of tests, imported or not."""
        if report.failed:
            self._keep(report.nodeid, "(import)", False, 0.0)

    def tests(self) -> list[tuple[str, str, bool, float]]:
        """File, test, whether it passed, seconds."""
        return [(*key, *value) for key, value in self._found.items()]

    def _keep(self, file: str, test: str, passed: bool, seconds: float) -> None:
        before, so_far = self._found.get((file, test), (True, 0.0))
        self._found[file, test] = (before and passed, so_far + seconds)


if __name__ == "__main__":
    # What follows is for the children, who then need not import it.
    import boto3
    import chalice.cli
    import chalice.deploy.deployer
    import chalice.deploy.packager
    import chalice.test
    import hypothesis  # noqa: F401
    import pytest
    from moto import mock_aws

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with contextlib.redirect_stdout(io.StringIO()):  # a rehearsal: it imports what it runs with
        pytest.main(["--collect-only", "-p", "no:cacheprovider", os.devnull])
    with mock_aws():  # much of moto and botocore is imported when it is first used
        boto3.resource("dynamodb", region_name="us-east-1").Table("none").meta.client.list_tables()
    boto3.DEFAULT_SESSION = None  # it knows keys; a child has to look for its own
    # With nbval comes jsonschema, and it a grammar of web addresses that takes a second to compile.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    gc.freeze()  # pytest collects garbage at its end: a child need not search what is here already
    main()
