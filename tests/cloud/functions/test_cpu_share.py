"""CPU by memory: the CPU time that a function uses follows its share, and nobody stays stopped."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from functions_bench import Bench

from workbook.cloud.functions import cpu_share
from workbook.cloud.functions.cpu_share import PERIOD_SECONDS, CpuShares, Quota, share_of

on_this_system = pytest.mark.skipif(
    not cpu_share.supported(), reason="this system does not tell the CPU time of other processes"
)
SMALL = share_of(128, cores=1)
GENEROUS = 60.0


# ── the bookkeeping, on a clock of the tests' own ───────────────────────────────────────────


def used_by_a_loop(
    quota: Quota, seconds: float, *, cores: int = 1, late: float = 0.0
) -> tuple[float, float]:
    """CPU time of a loop that uses all it is let, on so many cores, and how long it took."""
    now = used = 0.0
    running = True
    while now < seconds:
        after = quota.next_look(now) + late
        used += (after - now) * cores if running else 0.0
        now = after
        running = quota.charge(now, used)
    return used, now


@pytest.mark.parametrize("memory", [128, 512, 1_024, 1_769])
@pytest.mark.parametrize("late", [0.0, 0.003, 0.05])
def test_cpu_time_follows_the_share_however_late_the_looks_are(memory: int, late: float) -> None:
    share = memory / 1_769
    used, took = used_by_a_loop(Quota(share, 1, now=0.0, used=0.0), 20.0, late=late)
    assert used / took == pytest.approx(share, rel=0.02, abs=0.006)


def test_several_processes_share_what_is_more_than_a_core() -> None:
    quota = Quota(share_of(2_654, cores=4), 4, now=0.0, used=0.0)
    used, took = used_by_a_loop(quota, 20.0, cores=4)
    assert used / took == pytest.approx(1.5, rel=0.02)


def test_a_share_is_no_more_than_the_machine_has() -> None:
    assert share_of(10_240, cores=2) == 2.0
    assert share_of(1_769, cores=2) == 1.0


def test_quota_that_is_not_used_is_not_saved() -> None:
    quota = Quota(0.5, 1, now=0.0, used=0.0)
    assert quota.charge(100.0, 0.0)
    assert quota.next_look(100.0) == pytest.approx(100.0 + 0.5 * PERIOD_SECONDS)
    assert not quota.charge(100.0 + 0.5 * PERIOD_SECONDS, 0.5 * PERIOD_SECONDS)


def test_a_debt_is_paid_by_later_periods_and_excused_time_is_none() -> None:
    quota = Quota(0.5, 1, now=0.0, used=0.0)
    assert not quota.charge(0.0, 10.25 * PERIOD_SECONDS)
    assert quota.next_look(0.0) == pytest.approx(20 * PERIOD_SECONDS)
    quota = Quota(0.5, 1, now=0.0, used=0.0)
    quota.excuse(0.0, 5.0)
    assert quota.charge(0.0, 5.0)


def test_a_debt_that_time_has_paid_leaves_one_quota_and_no_more() -> None:
    quota = Quota(0.5, 1, now=0.0, used=0.0)
    quota.charge(0.0, 1.0)
    quota.excuse(100.0, 1.0)
    assert quota.next_look(100.0) == pytest.approx(100.0 + 0.5 * PERIOD_SECONDS)


def test_a_child_that_ended_is_no_credit() -> None:
    quota = Quota(0.5, 1, now=0.0, used=0.0)
    quota.charge(0.0, 1.0)
    assert not quota.charge(0.0, 0.0)


# ── processes ───────────────────────────────────────────────────────────────────────────────

LOOP = """
    import time
    began, used = time.monotonic(), time.process_time()
    while time.process_time() - used < 0.2: pass
    AT_INIT = 0.2 / (time.monotonic() - began)

    def handler(event, context):
        began, used = time.monotonic(), time.process_time()
        while time.monotonic() - began < event: pass
        return [(time.process_time() - used) / (time.monotonic() - began), AT_INIT]
    """


@pytest.fixture
def sharing(bench_with: Callable[..., Bench]) -> Bench:
    return bench_with(cpu_by_memory=True)


def state(pid: int) -> str:
    """Linux's letter for what a process does; T is stopped, and none is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + GENEROUS
    while not condition():
        assert time.monotonic() < deadline


@on_this_system
def test_a_small_function_uses_its_share_but_its_init_may_use_all(sharing: Bench) -> None:
    used, at_init = json.loads(sharing.deploy(LOOP, memory_mb=128)(1.0).payload)
    assert used < 3 * SMALL  # what a busy machine delays is a debt that this one second may not see
    assert at_init > 1.5 * SMALL
    (environment,) = sharing.functions.environments()
    assert state(environment["pid"]) not in ("T", "")  # it waits, and is not stopped


@on_this_system
def test_an_init_ahead_of_requests_has_no_burst(sharing: Bench) -> None:
    call = sharing.deploy(LOOP, memory_mb=128)
    sharing.functions.provision(sharing.spec().arn, 1)
    assert sharing.functions.wait_until_provisioned(GENEROUS)
    _, at_init = json.loads(call(0).payload)
    assert at_init < 3 * SMALL


@on_this_system
def test_processes_that_a_function_starts_are_of_its_share(sharing: Bench) -> None:
    call = sharing.deploy(
        """
        import os, time
        def handler(event, context):
            began = time.monotonic()
            child = os.fork()
            if child == 0:
                while time.monotonic() - began < event: pass
                os._exit(0)
            os.waitpid(child, 0)
            return os.times().children_user / (time.monotonic() - began)
        """,
        memory_mb=128,
    )
    assert json.loads(call(1.0).payload) < 3 * SMALL


@on_this_system
def test_without_the_option_nobody_is_held(bench: Bench) -> None:
    used, _ = json.loads(bench.deploy(LOOP, memory_mb=128)(0.5).payload)
    assert used > 1.5 * SMALL


@pytest.fixture
def spinning() -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group that uses all the CPU time it gets."""
    made = subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
    yield made
    made.kill()
    made.wait()


@pytest.fixture
def shares() -> Iterator[CpuShares]:
    made = CpuShares(cores=1)
    yield made
    made.close()


@on_this_system
def test_whoever_is_stopped_when_the_holding_ends_goes_on(
    shares: CpuShares, spinning: subprocess.Popen[bytes]
) -> None:
    group = shares.group(spinning.pid, memory_mb=128)
    for _ in range(3):
        with shares.holding(group):
            until(lambda: state(spinning.pid) == "T")
        until(lambda: state(spinning.pid) == "R")


@on_this_system
def test_one_that_has_ended_does_not_keep_the_others_from_being_held(
    shares: CpuShares, spinning: subprocess.Popen[bytes]
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    ended.wait()
    with (
        shares.holding(shares.group(ended.pid, memory_mb=128)),
        shares.holding(shares.group(spinning.pid, memory_mb=128)),
    ):
        until(lambda: state(spinning.pid) == "T")
        spinning.kill()  # while it is stopped and looked at
        spinning.wait()


@on_this_system
def test_a_timeout_ends_a_stopped_function(sharing: Bench) -> None:
    source = "def handler(event, context):\n    while True: pass"
    outcome = sharing.deploy(source, memory_mb=128, timeout_seconds=1)()
    assert json.loads(outcome.payload)["errorType"] == "Sandbox.Timedout"
    (environment,) = sharing.functions.environments()
    assert (environment["state"], state(environment["pid"])) == ("timed out", "")


@on_this_system
def test_one_that_dies_while_it_is_stopped_is_a_crash_like_any_other(sharing: Bench) -> None:
    call = sharing.deploy(
        """
        def handler(event, context):
            while event: pass
            return "alive"
        """,
        memory_mb=128,
    )

    def kill_when_stopped() -> None:
        until(lambda: any(one["state"] == "busy" for one in sharing.functions.environments()))
        (environment,) = sharing.functions.environments()
        until(lambda: state(environment["pid"]) == "T")
        os.kill(environment["pid"], signal.SIGKILL)

    with_it = Background(kill_when_stopped)
    outcome = call(True)
    with_it.join()
    assert "signal: killed" in json.loads(outcome.payload)["errorMessage"]
    assert call(False).payload == b'"alive"'


class Background:
    """A function on a thread of its own, whose failure is told when it is joined."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._done = self._pool.submit(work)

    def join(self) -> None:
        self._done.result(GENEROUS)
        self._pool.shutdown()


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from functions_bench import Bench

bench = Bench(Path({folder!r}), cpu_by_memory=True)
bench.deploy({source!r}, memory_mb=128)({pipe!r})
"""
TELLS_ITS_PID = """
    import os
    def handler(event, context):
        pipe = open(event, "w")
        pipe.write(f"{os.getpid()}\\n"); pipe.flush()
        while True: pass
    """


@on_this_system
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_stopped_function_ends_with_the_cloud(tmp_path: Path, how: signal.Signals) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    given: dict[str, Any] = {
        "tests": str(Path(__file__).parent),
        "folder": str(tmp_path / "bench"),
        "source": textwrap.dedent(TELLS_ITS_PID),
        "pipe": str(pipe),
    }
    cloud = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(**given)], stderr=subprocess.DEVNULL
    )
    with cloud, contextlib.ExitStack() as at_last, open(pipe) as reader:
        at_last.callback(cloud.kill)  # also when the test fails
        pid = int(reader.readline())
        until(lambda: state(pid) == "T")
        cloud.send_signal(how)
        cloud.wait(GENEROUS)
        ready, _, _ = select.select([reader], [], [], GENEROUS)
        assert ready, "the function lives on"
        assert reader.read() == ""
