"""Which environment answers which request, without any process."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.cloud.functions.scaling import Pool, Scaling
from workbook.cloud.functions.spec import FunctionSpec, Throttled


@dataclass(eq=False)
class Fake:
    spec: FunctionSpec
    idle_since: float = 0.0
    dead: bool = False

    def lost(self) -> bool:
        return self.dead


SHOP = FunctionSpec(
    arn="shop",
    name="shop",
    version="$LATEST",
    handler="app.handler",
    runtime="python3.12",
    zip_path=Path("shop.zip"),
    code_sha256="1",
    memory_mb=128,
    timeout_seconds=3,
    environment={},
    role_arn="",
    region="eu-central-1",
    account="123456789012",
    credentials={},
    reserved_concurrency=None,
)
MAIL = dataclasses.replace(SHOP, arn="mail", name="mail")


@pytest.fixture
def scaling() -> Scaling[Fake]:
    made: Scaling[Fake] = Scaling(account_limit=3)
    made.deploy(SHOP)
    made.deploy(MAIL)
    return made


def begin(scaling: Scaling[Fake], arn: str = "shop") -> tuple[Pool[Fake], Fake]:
    pool, environment, _ = scaling.take(arn)
    environment = environment or Fake(pool.spec)
    pool.busy.add(environment)
    return pool, environment


def finish(scaling: Scaling[Fake], pool: Pool[Fake], environment: Fake, now: float = 0.0) -> None:
    pool.busy.discard(environment)
    scaling.give_back(pool, environment, now)


def test_the_most_recently_used_environment_is_taken_first(scaling: Scaling[Fake]) -> None:
    (pool, first), (_, second) = begin(scaling), begin(scaling)
    finish(scaling, pool, first, 1.0)
    finish(scaling, pool, second, 2.0)
    assert begin(scaling)[1] is second


def test_dead_environments_are_passed_over_and_handed_out_to_be_ended(
    scaling: Scaling[Fake],
) -> None:
    (pool, living), (_, dead) = begin(scaling), begin(scaling)
    finish(scaling, pool, living)
    finish(scaling, pool, dead)
    dead.dead = True
    assert scaling.take("shop") == (pool, living, [dead])


def test_an_unknown_function_is_a_key_error(scaling: Scaling[Fake]) -> None:
    with pytest.raises(KeyError):
        scaling.take("nobody")


def test_the_account_limit_counts_all_functions(scaling: Scaling[Fake]) -> None:
    begin(scaling), begin(scaling)
    pool, environment = begin(scaling, "mail")
    with pytest.raises(Throttled) as refusal:
        scaling.take("shop")
    assert refusal.value.reason == "ConcurrentInvocationLimitExceeded"
    finish(scaling, pool, environment)
    begin(scaling)


def test_reserved_concurrency_limits_its_function_and_is_kept_from_the_others(
    scaling: Scaling[Fake],
) -> None:
    scaling.deploy(dataclasses.replace(SHOP, reserved_concurrency=2))
    begin(scaling, "mail")
    with pytest.raises(Throttled) as refusal:
        scaling.take("mail")
    assert refusal.value.reason == "ConcurrentInvocationLimitExceeded"
    begin(scaling), begin(scaling)
    with pytest.raises(Throttled) as refusal:
        scaling.take("shop")
    assert refusal.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_reserved_concurrency_is_shared_by_the_versions_of_a_function(
    scaling: Scaling[Fake],
) -> None:
    for version in ("1", "2"):
        arn = f"shop:{version}"
        scaling.deploy(dataclasses.replace(SHOP, arn=arn, version=version, reserved_concurrency=1))
    begin(scaling, "shop:1")
    with pytest.raises(Throttled):
        scaling.take("shop:2")


def test_no_reserved_concurrency_at_all_stops_a_function(scaling: Scaling[Fake]) -> None:
    scaling.deploy(dataclasses.replace(SHOP, reserved_concurrency=0))
    with pytest.raises(Throttled):
        scaling.take("shop")


def test_reserving_concurrency_keeps_the_environments(scaling: Scaling[Fake]) -> None:
    pool, environment = begin(scaling)
    finish(scaling, pool, environment)
    kept = scaling.deploy(dataclasses.replace(SHOP, reserved_concurrency=2))
    assert kept is pool
    assert not pool.retired
    assert begin(scaling)[1] is environment


@pytest.mark.parametrize("change", [{"code_sha256": "2"}, {"environment": {"A": "1"}}])
def test_a_change_retires_the_pool_which_is_done_after_its_last_request(
    scaling: Scaling[Fake], change: dict[str, object]
) -> None:
    pool, environment = begin(scaling)
    old = scaling.deploy(dataclasses.replace(SHOP, **change))  # type: ignore[arg-type]
    assert old is pool
    assert pool.retired
    assert begin(scaling)[0] is not pool
    assert not scaling.forget_if_done(pool)
    pool.busy.discard(environment)
    assert scaling.forget_if_done(pool)
    assert not scaling.forget_if_done(pool)  # told once


def test_environments_idle_too_long_are_taken_out_oldest_first(scaling: Scaling[Fake]) -> None:
    (pool, old), (_, young) = begin(scaling), begin(scaling)
    assert scaling.longest_idle_since() is None
    finish(scaling, pool, old, 10.0)
    finish(scaling, pool, young, 20.0)
    assert scaling.longest_idle_since() == 10.0
    assert scaling.take_idle_since(15.0) == [old]
    assert begin(scaling)[1] is young
