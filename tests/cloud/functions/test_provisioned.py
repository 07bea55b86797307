"""Provisioned concurrency for real: environments that are ready before anybody asks."""

from __future__ import annotations

import json
import os
import signal
import textwrap
from pathlib import Path
from typing import Any

import pytest
from functions_bench import Bench
from test_service import HOLD, Held

SHOW = """
    import os
    def handler(event, context): return os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]
"""
GENEROUS = 60.0


def provision(bench: Bench, source: str, count: int, **changes: Any) -> Any:
    call = bench.deploy(source, **changes)
    bench.functions.provision(bench.spec(source, **changes).arn, count)
    assert bench.functions.wait_until_provisioned(GENEROUS)
    return call


def states(bench: Bench) -> list[tuple[str, bool]]:
    return [(one["state"], one["provisioned"]) for one in bench.functions.environments()]


def test_nobody_waits_for_an_init_that_was_done_before(bench: Bench) -> None:
    call = provision(bench, SHOW, 2)
    assert states(bench) == [("idle", True)] * 2
    assert all(one["init_ms"] > 0 for one in bench.functions.environments())
    outcome = call()
    assert outcome.payload == b'"provisioned-concurrency"'
    assert (outcome.cold, outcome.init_ms) == (False, None)


def test_the_log_has_the_init_alone_and_then_once_in_a_report(bench: Bench) -> None:
    call = provision(bench, SHOW, 1)
    log = bench.log()
    assert log[0].startswith("INIT_START")
    assert log[1].startswith("INIT_REPORT Init Duration: ")
    call(), call()
    reports = [line for line in bench.log() if line.startswith("REPORT")]
    assert ["Init Duration" in line for line in reports] == [True, False]


def test_more_at_once_spill_over_to_environments_on_demand(bench: Bench, tmp_path: Path) -> None:
    call = provision(bench, HOLD, 2)
    held = [Held(tmp_path / str(number), call) for number in range(3)]
    assert states(bench) == [("busy", True), ("busy", True), ("busy", False)]
    assert [one.let_go().cold for one in held] == [False, False, True]
    assert bench.functions.provisioned(bench.spec(HOLD).arn).initialized == 2


def test_idle_reaping_leaves_them(bench_with: Any) -> None:
    now = [0.0]
    bench = bench_with(idle_seconds=10.0, clock=lambda: now[0])
    call = provision(bench, SHOW, 1)
    call()
    now[0] = 1_000_000.0
    bench.functions.reap()
    assert states(bench) == [("idle", True)]


def test_one_that_ends_is_replaced(bench: Bench) -> None:
    call = provision(bench, "import os\ndef handler(event, context): os._exit(1)", 1)
    call()
    assert bench.functions.wait_until_provisioned(GENEROUS)
    assert states(bench) == [("crashed", True), ("idle", True)]
    os.kill(bench.functions.environments()[-1]["pid"], signal.SIGKILL)
    with bench.logged:
        assert bench.logged.wait_for(
            lambda: sum(line.startswith("INIT_REPORT") for line in bench.log()) == 3, GENEROUS
        )


def test_those_that_end_before_any_request_are_replaced_after_longer_and_longer_pauses(
    bench_with: Any,
) -> None:
    now = [0.0]
    bench = bench_with(clock=lambda: now[0])
    call = provision(bench, SHOW, 1)
    arn, functions = bench.spec(SHOW).arn, bench.functions

    def kill(times: int) -> None:
        os.kill(functions.environments()[-1]["pid"], signal.SIGKILL)
        pool = functions._scaling.pool(arn)
        with functions._changed:  # until it is noted, then replaced if that is done at once
            assert functions._changed.wait_for(lambda: pool.unused == times, GENEROUS)
        assert functions.wait_until_provisioned(GENEROUS)

    def initialized_at(moment: float) -> int:
        now[0] = moment
        functions.reap()
        assert functions.wait_until_provisioned(GENEROUS)
        return functions.provisioned(arn).initialized

    kill(times=1)
    assert functions.provisioned(arn).initialized == 1
    kill(times=2)
    assert [initialized_at(moment) for moment in (0.9, 1.0)] == [0, 1]
    kill(times=3)
    assert [initialized_at(moment) for moment in (2.9, 3.0)] == [0, 1]
    call()
    assert functions._scaling.pool(arn).unused == 0  # the next one's end is the first again


def test_fewer_end_those_too_many(bench: Bench) -> None:
    provision(bench, SHOW, 3)
    bench.functions.provision(bench.spec(SHOW).arn, 1)
    assert states(bench) == [("reaped", True), ("reaped", True), ("idle", True)]


def test_an_init_that_fails_is_told_and_not_repeated(bench: Bench) -> None:
    provision(bench, "raise OSError('no leaves')", 3)
    told = bench.functions.provisioned(bench.spec().arn)
    assert (told.requested, told.initialized, told.failed) == (3, 0, True)
    assert states(bench) == [("crashed", True)]
    assert any("no leaves" in line for line in bench.log())


def test_new_credentials_make_new_ones(bench: Bench) -> None:
    provision(bench, SHOW, 1)
    call = bench.deploy(SHOW, credentials={"AWS_ACCESS_KEY_ID": "new"})
    assert bench.functions.wait_until_provisioned(GENEROUS)
    assert states(bench) == [("reaped", True), ("idle", True)]
    assert json.loads(call().payload) == "provisioned-concurrency"


@pytest.mark.parametrize("how", ["removed", "changed", "fewer"])
def test_an_init_that_does_not_end_is_ended_when_nobody_wants_it(
    bench: Bench, tmp_path: Path, how: str
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = f"open({str(pipe)!r}, 'w').close()\nimport threading\nthreading.Event().wait()"
    bench.deploy(source)
    stuck = bench.spec(source).arn
    bench.functions.provision(stuck, 1)
    with open(pipe):  # its init is under way
        pass
    if how == "removed":
        bench.functions.remove(stuck)
    elif how == "changed":
        bench.deploy(SHOW)
    else:
        bench.functions.provision(stuck, 0)
    provision(bench, SHOW, 1, name="other")  # nor does it hold up the next one
    assert states(bench)[0] == ("reaped", True)
    if how != "removed":
        assert not bench.functions.provisioned(stuck).failed
    if how != "fewer":
        assert {path.read_text() for path in bench.folder.rglob("app.py")} == {
            textwrap.dedent(SHOW)
        }


@pytest.mark.parametrize("when", ["starting", "ready"])
def test_closing_ends_them(bench_with: Any, tmp_path: Path, when: str) -> None:
    bench = bench_with()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = f"import os\nlife = open({str(pipe)!r}, 'w')\n"
    waits = "import threading; threading.Event().wait()"
    source += waits if when == "starting" else "def handler(*_): pass"
    bench.deploy(source)
    bench.functions.provision(bench.spec(source).arn, 1)
    with open(pipe) as life:
        if when == "ready":
            assert bench.functions.wait_until_provisioned(GENEROUS)
        bench.functions.close()
        assert life.read() == ""  # the process has let go of it
