"""Rates and quotas: who waits for what, and when there is more."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.gateway import Quota, Rate, StageRates, UsagePlan

TOO_MANY = (429, "TooManyRequestsException", {"message": "Too Many Requests"})
EXCEEDED = (429, "LimitExceededException", {"message": "Limit Exceeded"})
HOUR = 3600


@pytest.fixture
def limited(served: Any, build: Any) -> Any:
    """Deploys /a and /b, which need an API key, and /open, which does not."""

    def deploy(plan: UsagePlan | None = None, rates: dict[str, Rate] | None = None) -> Any:
        keyed = {"GET": build.method(apiKeyRequired=True)}
        resources = {"/a": keyed, "/b": keyed, "/open": {"GET": build.method()}}
        return served.deploy(
            build.api(resources),
            api_keys={"key1": "k1", "key2": "k2"},
            plans={} if plan is None else {"key1": plan, "key2": plan},
            rates=StageRates(rates or {}),
        )

    return deploy


def get(stage: Any, path: str = "/a", key: str = "key1") -> int:
    return int(stage.get(path, headers={"x-api-key": key}).status)


def many(stage: Any, count: int, *where: str) -> list[int]:
    return [get(stage, *where) for _ in range(count)]


def refused(answer: Any) -> Any:
    return answer.status, answer.header("x-amzn-ErrorType"), answer.json


def test_a_burst_is_let_through_and_then_the_rate(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(per_second=2, burst=3)))
    assert many(stage, 4) == [200, 200, 200, 429]
    stage.clock.advance(0.5)
    assert many(stage, 2) == [200, 429]
    stage.clock.advance(1)
    assert many(stage, 3) == [200, 200, 429]
    stage.clock.advance(HOUR)
    assert many(stage, 4) == [200, 200, 200, 429]


def test_who_is_too_fast_is_told_so_and_no_function_runs(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(1, 1)))
    get(stage)
    assert refused(stage.get("/a", headers={"x-api-key": "key1"})) == TOO_MANY
    assert len(stage.functions.called) == 1


def test_each_key_has_a_bucket_of_its_own_for_all_methods(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(1, 1)))
    assert (get(stage, "/a"), get(stage, "/b")) == (200, 429)
    assert get(stage, "/b", "key2") == 200


def test_a_method_s_own_rate_takes_the_place_of_the_plan_s(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(1, 1), methods={"/a/GET": Rate(1, 2)}))
    assert many(stage, 3, "/a") == [200, 200, 429]
    assert many(stage, 2, "/b") == [200, 429]


def test_a_stage_s_rate_is_for_each_method_and_for_all_callers(limited: Any) -> None:
    stage = limited(rates={"*/*": Rate(1, 1), "/b/GET": Rate(1, 2)})
    assert (get(stage, "/a", "key1"), get(stage, "/a", "key2")) == (200, 429)
    assert many(stage, 3, "/b") == [200, 200, 429]
    assert (stage.get("/open").status, stage.get("/open").status) == (200, 429)


def test_a_plan_says_nothing_of_methods_without_a_key(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(1, 1)))
    assert many(stage, 3, "/open") == [200, 200, 200]


def test_a_wrong_key_takes_nothing(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(1, 1), quota=Quota(1, "DAY")))
    assert (get(stage, "/a", "wrong"), get(stage)) == (403, 200)


@pytest.mark.parametrize(
    ("period", "until"),
    [  # it is Thursday, 9 April 2015, 12:34:56
        ("DAY", 11 * HOUR + 25 * 60 + 4),
        ("WEEK", 2 * 24 * HOUR + 11 * HOUR + 25 * 60 + 4),
        ("MONTH", 21 * 24 * HOUR + 11 * HOUR + 25 * 60 + 4),
    ],
)
def test_a_quota_begins_anew_with_its_period(limited: Any, period: str, until: int) -> None:
    stage = limited(UsagePlan("p", quota=Quota(2, period)))
    assert many(stage, 2) == [200, 200]
    assert refused(stage.get("/a", headers={"x-api-key": "key1"})) == EXCEEDED
    assert get(stage, "/a", "key2") == 200
    stage.clock.advance(until - 1)
    assert get(stage) == 429
    stage.clock.advance(1)
    assert many(stage, 3) == [200, 200, 429]


def test_an_offset_is_taken_from_the_first_period(limited: Any) -> None:
    stage = limited(UsagePlan("p", quota=Quota(3, "DAY", offset=2)))
    assert many(stage, 2) == [200, 429]
    stage.clock.advance(24 * HOUR)
    assert many(stage, 4) == [200, 200, 200, 429]


def test_a_new_deployment_gives_nobody_more(limited: Any) -> None:
    plan = UsagePlan("p", Rate(1, 1))
    assert get(limited(plan)) == 200
    assert get(limited(plan)) == 429


def test_a_request_that_is_too_fast_does_not_count_against_the_quota(limited: Any) -> None:
    stage = limited(UsagePlan("p", Rate(1, 1), quota=Quota(2, "DAY")))
    assert many(stage, 3) == [200, 429, 429]
    stage.clock.advance(1)
    assert get(stage) == 200
    stage.clock.advance(1)
    assert refused(stage.get("/a", headers={"x-api-key": "key1"})) == EXCEEDED
