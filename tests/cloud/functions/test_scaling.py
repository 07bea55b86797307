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
    provisioned: bool = False
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


# ── provisioned concurrency ─────────────────────────────────────────────────────────────────


def provision(scaling: Scaling[Fake], count: int, arn: str = "shop") -> list[Fake]:
    """So many environments of a function, made ready."""
    scaling.provision(arn, count)
    made = []
    while (pool := scaling.next_to_provision(0.0)) is not None:
        made.append(Fake(pool.spec, provisioned=True))
        assert scaling.give_back(pool, made[-1], 0.0)
    return made


def test_provisioned_environments_are_taken_first_and_then_ones_on_demand(
    scaling: Scaling[Fake],
) -> None:
    pool, warm = begin(scaling)
    finish(scaling, pool, warm)
    (ready,) = provision(scaling, 1)
    assert begin(scaling)[1] is ready
    assert begin(scaling)[1] is warm
    assert not begin(scaling)[1].provisioned


def test_provisioned_environments_are_never_idle_too_long(scaling: Scaling[Fake]) -> None:
    provision(scaling, 1)
    assert scaling.longest_idle_since() is None
    assert scaling.take_idle_since(1e9) == []


def test_provisioned_concurrency_is_kept_from_the_other_functions(scaling: Scaling[Fake]) -> None:
    provision(scaling, 2)
    begin(scaling, "mail")
    with pytest.raises(Throttled) as refusal:
        scaling.take("mail")
    assert refusal.value.reason == "ConcurrentInvocationLimitExceeded"
    begin(scaling), begin(scaling)
    with pytest.raises(Throttled):  # nothing is left to spill over to
        scaling.take("shop")


def test_reserved_concurrency_that_is_all_provisioned_leaves_nothing_to_other_versions(
    scaling: Scaling[Fake],
) -> None:
    scaling.deploy(dataclasses.replace(SHOP, reserved_concurrency=2))
    scaling.deploy(dataclasses.replace(SHOP, arn="shop:1", version="1"))
    provision(scaling, 1, "shop:1")
    begin(scaling, "shop:1"), begin(scaling, "shop:1")  # one of them spills over
    for arn in ("shop", "shop:1"):
        with pytest.raises(Throttled) as refusal:
            scaling.take(arn)
        assert refusal.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_fewer_than_before_hand_out_those_too_many_and_busy_ones_go_when_they_are_done(
    scaling: Scaling[Fake],
) -> None:
    ready = provision(scaling, 3)
    pool, busy = begin(scaling)
    assert scaling.provision("shop", 1) == ready[:2]
    assert pool.initialized() == 1
    scaling.provision("shop", 0)
    pool.busy.discard(busy)
    assert not scaling.give_back(pool, busy, 0.0)


def test_one_that_died_is_missed_and_replaced(scaling: Scaling[Fake]) -> None:
    dead, _ = provision(scaling, 2)
    assert scaling.drop_idle(dead)
    assert scaling.next_to_provision(0.0) is scaling.pool("shop")


def test_dead_ones_met_by_a_request_that_is_throttled_are_not_forgotten(
    scaling: Scaling[Fake],
) -> None:
    for one in provision(scaling, 3):
        one.dead = True
    with pytest.raises(Throttled):
        scaling.take("shop")
    assert len([*scaling]) == 3


def test_after_a_failure_no_more_are_tried_until_it_is_asked_for_again(
    scaling: Scaling[Fake],
) -> None:
    scaling.provision("shop", 1)
    scaling.pool("shop").failed = True
    assert scaling.next_to_provision(0.0) is None
    scaling.provision("shop", 1)
    assert scaling.next_to_provision(0.0) is not None


def test_what_replaces_a_function_is_provisioned_as_it_was(scaling: Scaling[Fake]) -> None:
    provision(scaling, 2)
    old = scaling.deploy(dataclasses.replace(SHOP, credentials={"AWS_ACCESS_KEY_ID": "new"}))
    new = scaling.next_to_provision(0.0)
    assert new is not None
    assert (new is old, new.provisioned) == (False, 2)
    assert not scaling.give_back(old, Fake(SHOP, provisioned=True), 0.0)  # type: ignore[arg-type]


def test_a_retired_pool_waits_for_what_is_still_starting(scaling: Scaling[Fake]) -> None:
    pool = scaling.pool("shop")
    starting = Fake(SHOP, provisioned=True)
    pool.starting.add(starting)
    scaling.remove("shop")
    assert not scaling.forget_if_done(pool)
    pool.starting.discard(starting)
    assert scaling.forget_if_done(pool)
