"""Functions as a whole: scaling for real, redeploys under load, looking in, closing."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from functions_bench import Bench

from workbook.cloud.functions import InvalidPackage, Throttled
from workbook.cloud.missing import NotEmulated

ECHO = "def handler(event, context): return event"
# holds on until the test lets it go: it opens one named pipe to say so and reads another
HOLD = """
    import os
    def handler(event, context):
        with open(event["arrived"], "w"): pass
        with open(event["go"]) as go: go.read()
        return os.getpid()
"""


class Held:
    """A request that is under way until let go."""

    def __init__(self, folder: Path, call: Callable[..., Any]) -> None:
        folder.mkdir()
        self._pipes = {name: str(folder / name) for name in ("arrived", "go")}
        for path in self._pipes.values():
            os.mkfifo(path)
        self._pool = ThreadPoolExecutor(1)
        self.outcome = self._pool.submit(call, self._pipes)
        with open(self._pipes["arrived"]):
            pass

    def let_go(self) -> Any:
        with open(self._pipes["go"], "w"):
            pass
        return self.outcome.result(10)


def test_requests_at_once_get_environments_of_their_own_and_later_ones_reuse_them(
    bench: Bench, tmp_path: Path
) -> None:
    call = bench.deploy(HOLD)
    held = [Held(tmp_path / str(number), call) for number in range(3)]
    assert bench.functions.busy() == 3
    assert [one["state"] for one in bench.functions.environments()] == ["busy"] * 3
    pids = {one.let_go().payload for one in held}
    assert len(pids) == 3
    assert bench.functions.busy() == 0
    last = held[-1].outcome.result().environment_id
    again = Held(tmp_path / "again", call).let_go()
    assert (again.cold, again.environment_id) == (False, last)
    assert [one["state"] for one in bench.functions.environments()] == ["idle"] * 3


def test_reserved_concurrency_throttles(bench: Bench, tmp_path: Path) -> None:
    call = bench.deploy(HOLD, reserved_concurrency=1)
    held = Held(tmp_path / "one", call)
    with pytest.raises(Throttled, match=r"Rate Exceeded\."):
        call({})
    held.let_go()
    assert Held(tmp_path / "two", call).let_go().function_error is None


def test_new_code_retires_environments_without_dropping_the_request_under_way(
    bench: Bench, tmp_path: Path
) -> None:
    call = bench.deploy(HOLD)
    idle = Held(tmp_path / "idle", call)
    held = Held(tmp_path / "held", call)
    idle.let_go()
    call = bench.deploy("def handler(event, context): return 'new'")
    assert call().payload == b'"new"'
    states = [one["state"] for one in bench.functions.environments()]
    assert sorted(states) == ["busy", "idle", "reaped"]
    assert held.let_go().function_error is None
    states = [one["state"] for one in bench.functions.environments()]
    assert sorted(states) == ["idle", "reaped", "reaped"]


@pytest.mark.parametrize(
    "change", [{"memory_mb": 512}, {"environment": {"A": "1"}}, {"timeout_seconds": 5}]
)
def test_new_configuration_retires_environments(bench: Bench, change: dict[str, Any]) -> None:
    bench.deploy(ECHO)()
    assert bench.deploy(ECHO, **change)().cold


def test_the_same_again_or_other_concurrency_keeps_environments_warm(bench: Bench) -> None:
    bench.deploy(ECHO)()
    assert not bench.deploy(ECHO)().cold
    assert not bench.deploy(ECHO, reserved_concurrency=7)().cold


def test_old_code_leaves_the_disk_with_its_last_environment(bench: Bench, tmp_path: Path) -> None:
    held = Held(tmp_path / "held", bench.deploy(HOLD))
    (code,) = (bench.folder / "scratch").glob("*/code/*")
    bench.deploy(ECHO)
    assert code.exists()
    held.let_go()
    assert not code.exists()


def test_every_request_during_redeploys_is_answered_by_one_version_or_the_other(
    bench: Bench,
) -> None:
    source = "def handler(event, context): return {}"
    call = bench.deploy(source.format(0))
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(call) for _ in range(400)]
        for version in range(1, 5):
            bench.deploy(source.format(version))
    outcomes = [answer.result() for answer in answers]
    assert {outcome.function_error for outcome in outcomes} == {None}
    assert {outcome.payload for outcome in outcomes} <= {b"0", b"1", b"2", b"3", b"4"}
    assert call().payload == b"4"


def test_a_package_that_is_refused_leaves_what_was_deployed_before(bench: Bench) -> None:
    call = bench.deploy(ECHO)
    broken = bench.folder / "broken.zip"
    broken.write_text("no zip")
    with pytest.raises(InvalidPackage):
        bench.functions.deploy(
            dataclasses.replace(bench.spec(), zip_path=broken, code_sha256="broken")
        )
    assert call("still").payload == b'"still"'


def test_another_language_is_named(bench: Bench) -> None:
    with pytest.raises(NotEmulated, match=r"nodejs22\.x"):
        bench.deploy(ECHO, runtime="nodejs22.x")


def test_what_is_removed_is_unknown_and_removing_it_again_is_fine(bench: Bench) -> None:
    call = bench.deploy(ECHO)
    call()
    for _ in range(2):
        bench.functions.remove(bench.spec().arn)
    with pytest.raises(KeyError):
        call()
    assert [one["state"] for one in bench.functions.environments()] == ["reaped"]


def test_versions_have_environments_and_streams_of_their_own(bench: Bench) -> None:
    arn = bench.spec().arn
    latest = bench.deploy(ECHO)
    first = bench.deploy(ECHO, arn=f"{arn}:1", version="1")
    assert (latest().executed_version, first().executed_version) == ("$LATEST", "1")
    streams = [stream for _, stream in bench.logs]
    assert "/[$LATEST]" in streams[0]
    assert "/[1]" in streams[1]


def test_environments_idle_too_long_are_reaped(bench_with: Callable[..., Bench]) -> None:
    now = [0.0]
    bench = bench_with(clock=lambda: now[0], idle_seconds=300.0)
    call = bench.deploy(ECHO)
    call()
    now[0] = 299.0
    bench.functions.reap()
    assert not call().cold
    now[0] = 599.0
    bench.functions.reap()
    assert call().cold
    assert [one["state"] for one in bench.functions.environments()] == ["reaped", "idle"]


def test_reaping_needs_no_one_to_call(bench_with: Callable[..., Bench], tmp_path: Path) -> None:
    bench = bench_with(idle_seconds=0.05)
    call = bench.deploy(
        "import os\ndef handler(event, context):\n    global pipe\n    pipe = open(event, 'w')"
    )
    path = tmp_path / "alive"
    os.mkfifo(path)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(call, str(path))
        with open(path) as pipe:
            assert pipe.read() == ""  # until the environment has ended


def test_looking_in_gives_plain_data(bench: Bench) -> None:
    call = bench.deploy("def handler(event, context): return 1 / event")
    outcomes = [call(1, trace_header="Root=1-2-3"), call(0)]
    (environment,) = json.loads(json.dumps(bench.functions.environments()))
    assert environment["served"] == 2
    assert environment["function"] == "shop"
    records = json.loads(json.dumps(bench.functions.invocations()))
    assert [one["request_id"] for one in records] == [one.request_id for one in outcomes]
    assert [one["function_error"] for one in records] == [None, "Unhandled"]
    assert [one["cold"] for one in records] == [True, False]
    assert [one["trace"] for one in records] == ["Root=1-2-3", None]
    assert {one["environment_id"] for one in records} == {environment["id"]}


def test_the_log_of_a_long_request_can_be_read_while_it_runs(bench: Bench, tmp_path: Path) -> None:
    held = Held(tmp_path / "held", bench.deploy(HOLD))
    with bench.logged:
        assert bench.logged.wait_for(lambda: any("START" in one for one in bench.log()), 5)
    held.let_go()


def test_closing_ends_what_is_under_way_and_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    held = Held(tmp_path / "held", bench.deploy(HOLD))
    bench.functions.close()
    error = json.loads(held.outcome.result(10).payload)
    assert error["errorType"] == "Runtime.ExitError"
    assert list((bench.folder / "scratch").iterdir()) == []
    assert not [one for one in threading.enumerate() if one.name.startswith(("runtime-", "watch"))]
