"""API keys and usage plans: what API Gateway says of them."""

from __future__ import annotations

from typing import Any

from .apigateway import resource
from .apigateway_stages import DEPLOYED, STAGE, STAGED
from .case import Case, Clients, Look

API_KEY = "AWS::ApiGateway::ApiKey"
USAGE_PLAN = "AWS::ApiGateway::UsagePlan"
USAGE_PLAN_KEY = "AWS::ApiGateway::UsagePlanKey"

SHOPPER = {
    "Shopper": resource(API_KEY, Name="shopper"),
    "Partner": resource(API_KEY, Name="partner"),
}
PLANS = {
    "Slow": resource(USAGE_PLAN, UsagePlanName="slow"),
    "Fast": resource(USAGE_PLAN, UsagePlanName="fast"),
}
PLANNED = {
    "KeyId": {"Ref": "Shopper"},
    "KeyType": "API_KEY",
    "UsagePlanId": {"Ref": "Slow"},
}
SHOPPER_IS_SLOW = [("slow", "shopper", "API_KEY")]
OPEN = {
    **DEPLOYED,
    "Open": resource(STAGE, **STAGED),
    "Shut": resource(STAGE, **{**STAGED, "StageName": "shut"}),
}


def key(name: str) -> Look:
    return lambda aws, it: aws("apigateway").get_api_key(apiKey=it, includeValue=True).get(name)


def plan(name: str) -> Look:
    return lambda aws, it: aws("apigateway").get_usage_plan(usagePlanId=it).get(name)


def keys_of(aws: Clients, it: str) -> Any:
    """Which key is in which plan, and of what type."""
    gateway = aws("apigateway")
    return [
        (each["name"], held["name"], held["type"])
        for each in gateway.get_usage_plans()["items"]
        for held in gateway.get_usage_plan_keys(usagePlanId=each["id"])["items"]
    ]


CASES = [
    Case(API_KEY, "Name", "shopper", "partner", key("name")),
    Case(API_KEY, "Description", "buys", None, key("description"), ("buys", "")),
    Case(API_KEY, "Enabled", True, None, key("enabled"), (True, False)),
    Case(API_KEY, "Value", "a" * 20, "b" * 20, key("value")),
    Case(USAGE_PLAN, "UsagePlanName", "slow", "slower", plan("name")),
    Case(
        USAGE_PLAN,
        "Description",
        "for all",
        None,
        plan("description"),
        ("for all", ""),
        {"UsagePlanName": "slow"},
    ),
    Case(
        USAGE_PLAN,
        "ApiStages",
        [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Open"}}],
        [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Shut"}}],
        lambda aws, it: [each["stage"] for each in plan("apiStages")(aws, it)],
        (["open"], ["shut"]),
        beside=OPEN,
    ),
    Case(
        USAGE_PLAN,
        "Quota",
        {"Limit": 5, "Period": "DAY", "Offset": 0},
        None,
        lambda aws, it: (plan("quota")(aws, it) or {}).get("limit"),
        (5, None),
    ),
    Case(
        USAGE_PLAN,
        "Throttle",
        {"RateLimit": 2.5, "BurstLimit": 4},
        {"RateLimit": 3},
        plan("throttle"),
        ({"rateLimit": 2.5, "burstLimit": 4}, {"rateLimit": 3.0}),
    ),
    Case(
        USAGE_PLAN_KEY,
        "KeyId",
        {"Ref": "Shopper"},
        {"Ref": "Partner"},
        keys_of,
        (SHOPPER_IS_SLOW, [("slow", "partner", "API_KEY")]),
        PLANNED,
        {**SHOPPER, **PLANS},
    ),
    Case(
        USAGE_PLAN_KEY,
        "KeyType",
        "API_KEY",
        "API_KEY",
        keys_of,
        (SHOPPER_IS_SLOW, SHOPPER_IS_SLOW),
        PLANNED,
        {**SHOPPER, **PLANS},
    ),
    Case(
        USAGE_PLAN_KEY,
        "UsagePlanId",
        {"Ref": "Slow"},
        {"Ref": "Fast"},
        keys_of,
        (SHOPPER_IS_SLOW, [("fast", "shopper", "API_KEY")]),
        PLANNED,
        {**SHOPPER, **PLANS},
    ),
]
