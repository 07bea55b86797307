"""How often APIs may be called, read from moto's usage plans and stages for the gateway.

moto keeps numbers as they were sent, as numbers or as text; here they are what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.cloud.gateway import Quota, Rate, StageRates, UsagePlan

# What AWS allows an account, where only one of the two was given.
ACCOUNT = Rate(per_second=10_000.0, burst=5_000)


def keys_and_plans(
    backend: Any, api_id: str, stage: str
) -> tuple[dict[str, str], dict[str, UsagePlan]]:
    """The ids and the plans of the enabled API keys of a stage, each by the keys' values."""
    ids: dict[str, str] = {}
    plans: dict[str, UsagePlan] = {}
    for plan in list(backend.usage_plans.values()):
        there = [s for s in plan.api_stages if (s["apiId"], s["stage"]) == (api_id, stage)]
        if not there:
            continue
        allowed = _plan(plan, there[0].get("throttle") or {})
        for key_id in list(backend.usage_plan_keys.get(plan.id, {})):
            key = backend.keys.get(key_id)
            if key is not None and key.enabled:
                ids[key.value] = key.id
                plans[key.value] = allowed
    return ids, plans


def stage_rates(moto_stage: Any) -> StageRates:
    """What a stage's method settings allow."""
    rates = {
        name.replace("~1", "/"): _rate(
            settings, rate="throttlingRateLimit", burst="throttlingBurstLimit"
        )
        for name, settings in (moto_stage.method_settings or {}).items()
    }
    return StageRates({name: rate for name, rate in rates.items() if rate is not None})


def _plan(plan: Any, methods: Mapping[str, Mapping[str, Any]]) -> UsagePlan:
    quota = plan.quota
    by_method = {name: _rate(each) for name, each in methods.items()}
    return UsagePlan(
        id=plan.id,
        rate=_rate(plan.throttle),
        methods={name: rate for name, rate in by_method.items() if rate is not None},
        quota=Quota(int(quota["limit"]), quota.get("period", "DAY"), int(quota.get("offset") or 0))
        if quota.get("limit")
        else None,
    )


def _rate(
    settings: Mapping[str, Any], *, rate: str = "rateLimit", burst: str = "burstLimit"
) -> Rate | None:
    """A rate; None where nothing is limited, which a negative number says too."""
    per_second, tokens = settings.get(rate), settings.get(burst)
    if per_second is None and tokens is None:
        return None
    made = Rate(
        per_second=ACCOUNT.per_second if per_second is None else float(per_second),
        burst=ACCOUNT.burst if tokens is None else int(tokens),
    )
    return None if made.per_second < 0 or made.burst < 0 else made
