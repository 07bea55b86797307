"""What happens to a function, told in steps, and how many environments that starts.

The answer is not written down: the steps are played through `workbook.cloud`'s own bookkeeping,
which chooses the environments of every function on the local cloud. No process is started.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook.cloud.functions.scaling import Pool, Scaling
from workbook.cloud.functions.spec import FunctionSpec, Throttled

ACCOUNT_LIMIT = 1_000
IDLE_SECONDS = 600.0
NIGHT_SECONDS = 8 * 3600.0


@dataclass(frozen=True)
class Crowd:
    """Requests that are all under way at the same time.

    Attributes:
        requests: how many come.
        crashes: how many of those end their environment.
    """

    requests: int
    crashes: int = 0


@dataclass(frozen=True)
class Night:
    """Nobody comes for hours."""


Step = Crowd | Night


def environments_started(steps: tuple[Step, ...], account_limit: int = ACCOUNT_LIMIT) -> int:
    """How many environments are started in all, when nothing is warm at first."""
    scaling: Scaling[_Environment] = Scaling(account_limit)
    scaling.deploy(_SHOP)
    started, now = 0, 0.0
    for step in steps:
        if isinstance(step, Night):
            now += NIGHT_SECONDS
            scaling.take_idle_since(now - IDLE_SECONDS)
        else:
            started += _crowd(scaling, step, now)
    return started


@dataclass(eq=False)
class _Environment:
    spec: FunctionSpec
    idle_since: float = 0.0
    provisioned: bool = False

    def lost(self) -> bool:
        return False


def _crowd(scaling: Scaling[_Environment], crowd: Crowd, now: float) -> int:
    started = 0
    taken: list[tuple[Pool[_Environment], _Environment]] = []
    for _ in range(crowd.requests):
        try:
            pool, environment, _lost = scaling.take(_SHOP.arn)
        except Throttled:
            break
        if environment is None:
            environment = _Environment(pool.spec)
            started += 1
        pool.busy.add(environment)
        taken.append((pool, environment))
    for number, (pool, environment) in enumerate(taken):
        pool.busy.discard(environment)
        if number >= crowd.crashes:
            scaling.give_back(pool, environment, now)
    return started


_SHOP = FunctionSpec(
    arn="shop",
    name="shop",
    version="$LATEST",
    handler="app.app",
    runtime="python3.13",
    zip_path=Path("shop.zip"),
    code_sha256="",
    memory_mb=128,
    timeout_seconds=60,
    environment={},
    role_arn="",
    region="us-east-1",
    account="123456789012",
    credentials={},
    reserved_concurrency=None,
)
