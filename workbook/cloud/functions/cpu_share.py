"""The CPU time that memory buys: on request, each environment gets its share and no more.

AWS gives a function CPU in proportion to its memory, one vCPU at 1,769 MB ("Configure Lambda
function memory"). There the kernel's bandwidth control does it, in periods of 20 ms: a group of
processes that has used up its quota waits for the next period. Here one thread does the same from
outside, with what every Linux user may do: it reads how much CPU time an environment's processes
have used, stops them (SIGSTOP) when that is the quota, and lets them go on (SIGCONT) in the next
period. What they used beyond it before they were stopped is a debt that later periods pay, so it is
the CPU time that follows the share, whatever the timer's delays. A control group of the kernel's own
would be more exact, but few users may make one, and two ways would be two behaviours.

process.py starts the processes; environment.py says when they are to be held to their share.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

VCPU_MB = 1_769
PERIOD_SECONDS = 0.02
_SOONEST = 0.001  # between looks at processes that run
_PROC = "/proc"


def share_of(memory_mb: int, cores: int) -> float:
    """Cores that so much memory buys; no more than there are."""
    return min(memory_mb / VCPU_MB, float(cores))


def supported() -> bool:
    """Whether this system tells the CPU time of other processes, as Linux does."""
    try:
        return sys.platform == "linux" and time.clock_gettime(_clock_of(os.getpid())) > 0
    except OSError:
        return False


class Quota:
    """The bookkeeping of one group of processes: AWS's periods, without any process or clock.

    Args:
        share: of one core, per second.
        cores: how many the group may use at once.
        now: seconds, on any clock; `used` are seconds of CPU time.
    """

    def __init__(self, share: float, cores: int, *, now: float, used: float) -> None:
        self._quota = share * PERIOD_SECONDS
        self._cores = cores
        self._left = self._quota
        self._period = now
        self._used = used

    def charge(self, now: float, used: float) -> bool:
        """Take off what was used since; whether the group may run now."""
        could_run = self._left > 0
        self._left -= max(used - self._used, 0.0)  # less than before: a child has ended
        self._used = used
        self._refill(now)
        if could_run:  # else it was woken too late, and is owed what it has missed
            self._left = min(self._left, self._quota)
        return self._left > 0

    def excuse(self, now: float, used: float) -> None:
        """Leave out what was used since: nobody held the group to its share."""
        self._used = used
        self._refill(now)
        self._left = min(self._left, self._quota)

    def _refill(self, now: float) -> None:
        periods = math.floor((now - self._period) / PERIOD_SECONDS + 1e-9)
        self._period += periods * PERIOD_SECONDS
        self._left += periods * self._quota

    def next_look(self, now: float) -> float:
        """When the group may have used up what is left, or when it may run again."""
        if self._left > 0:
            return now + max(self._left / self._cores, _SOONEST)
        periods = math.floor(-self._left / self._quota) + 1
        return self._period + periods * PERIOD_SECONDS


class CpuShares:
    """Holds process groups to their shares, on one thread that runs while there are any."""

    def __init__(self, *, cores: int | None = None) -> None:
        self._cores = cores or os.cpu_count() or 1
        self._changed = threading.Condition()
        self._looks: list[tuple[float, int, Group, int]] = []  # a heap: the next one first
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def group(self, pid: int, memory_mb: int) -> Group:
        """What a process that leads a group of its own is held to; not yet held."""
        share = share_of(memory_mb, self._cores)
        return Group(pid, Quota(share, self._cores, now=time.monotonic(), used=0.0))

    @contextlib.contextmanager
    def holding(self, group: Group | None) -> Iterator[None]:
        """Hold a group to its share meanwhile; None is held to nothing."""
        if group is None:
            yield
            return
        with self._changed:
            group.begin()
            self._look(group, time.monotonic())
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._hold_for_ever, name="cpu-shares", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                group.end()  # a look that is still due finds it so

    def close(self) -> None:
        """Hold nobody any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _look(self, group: Group, now: float) -> None:
        group.look(now)
        entry = (group.quota.next_look(now), next(self._numbers), group, group.turn)
        heapq.heappush(self._looks, entry)

    def _hold_for_ever(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                while self._looks and self._looks[0][0] <= now:
                    _, _, group, turn = heapq.heappop(self._looks)
                    if group.held and group.turn == turn:
                        self._look(group, now)
                self._changed.wait(self._looks[0][0] - now if self._looks else None)


class Group:
    """A process group with its quota; changed under the lock of CpuShares alone."""

    def __init__(self, pid: int, quota: Quota) -> None:
        self.quota = quota
        self.held = False
        self.turn = 0  # how often it has been held
        self._pid = pid
        self._stopped = False

    def begin(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.quota.excuse(time.monotonic(), cpu_seconds(self._pid))
        self.held = True
        self.turn += 1

    def look(self, now: float) -> None:
        try:
            may_run = self.quota.charge(now, cpu_seconds(self._pid))
        except ProcessLookupError:  # it has ended, whether it was stopped or not
            self.held = False
            return
        if may_run is self._stopped:
            self._signal(signal.SIGCONT if may_run else signal.SIGSTOP)

    def end(self) -> None:
        """Let it run, so that none is left stopped whom nobody would wake; its debt stays."""
        if self.held:
            with contextlib.suppress(ProcessLookupError):
                self.quota.charge(time.monotonic(), cpu_seconds(self._pid))
        self.held = False
        if self._stopped:
            self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        self._stopped = number is signal.SIGSTOP
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, number)


def cpu_seconds(pid: int) -> float:
    """What a process and the processes below it have used.

    Raises:
        ProcessLookupError: it has ended.
    """
    try:
        total = time.clock_gettime(_clock_of(pid))
    except OSError as gone:
        raise ProcessLookupError(pid) from gone
    for child in _children(pid):
        with contextlib.suppress(ProcessLookupError):
            total += cpu_seconds(child)
    return total


def _clock_of(pid: int) -> int:
    """Linux's clock of a process's CPU time, as clock_getcpuclockid(3) makes it."""
    return (~pid << 3) | 2


def _children(pid: int) -> Iterator[int]:
    try:
        for thread in os.listdir(f"{_PROC}/{pid}/task"):
            with open(f"{_PROC}/{pid}/task/{thread}/children", "rb") as children:
                yield from map(int, children.read().split())
    except OSError:  # it has ended meanwhile, or this kernel does not tell
        return
