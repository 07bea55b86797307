"""Policies that authorizers return, evaluated on a method's ARN."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.gateway.policy import MalformedPolicy, Verdict, evaluate
from workbook.cloud.missing import NotEmulated

API = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5"
CALLED = f"{API}/api/GET/items/5"


def statement(
    effect: str = "Allow", resource: Any = "*", action: Any = "execute-api:Invoke", **more: Any
) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def verdict(*statements: Any) -> Verdict:
    return evaluate({"Version": "2012-10-17", "Statement": list(statements)}, CALLED)


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        (CALLED, True),
        ("*", True),
        (f"{API}/api/*/*", True),
        (f"{API}/*", True),
        (f"{API}/api/GET/items/?", True),
        (f"{API}/api/GET/*", True),
        (["arn:other", CALLED], True),
        ([], False),
        (f"{API}/api/GET/items", False),
        (f"{API}/api/POST/items/5", False),
        (f"{API}/prod/GET/items/5", False),
        (f"{API}/api/get/items/5", False),
        (f"{API}/api/GET/items/5/", False),
        (f"{API}/api/GET/items/[0-9]", False),
    ],
)
def test_a_resource_matches_with_wildcards_across_slashes(resource: Any, allowed: bool) -> None:
    expected = Verdict.ALLOWED if allowed else Verdict.DENIED
    assert verdict(statement(resource=resource)) is expected


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("execute-api:*", True),
        ("*", True),
        ("Execute-API:invoke", True),
        (["s3:GetObject", "execute-api:Invoke"], True),
        ("execute-api:ManageConnections", False),
    ],
)
def test_only_statements_about_invoking_count(action: Any, allowed: bool) -> None:
    expected = Verdict.ALLOWED if allowed else Verdict.DENIED
    assert verdict(statement(action=action)) is expected


def test_a_deny_wins_wherever_it_stands() -> None:
    deny = statement("Deny", CALLED)
    assert verdict(statement(), deny) is Verdict.EXPLICITLY_DENIED
    assert verdict(deny, statement()) is Verdict.EXPLICITLY_DENIED
    assert verdict(statement("Deny", f"{API}/api/GET/other"), statement()) is Verdict.ALLOWED


def test_one_statement_needs_no_list() -> None:
    assert evaluate({"Statement": statement()}, CALLED) is Verdict.ALLOWED


def test_what_is_excluded_by_not_resource_is_not_allowed() -> None:
    excluding = {"Effect": "Allow", "Action": "*", "NotResource": CALLED}
    assert verdict(excluding) is Verdict.DENIED
    assert verdict({**excluding, "NotResource": "arn:other"}) is Verdict.ALLOWED


@pytest.mark.parametrize(
    "document",
    [
        None,
        "a string",
        {},
        {"Statement": []},
        {"Statement": ["x"]},
        {"Statement": [statement("allow")]},
        {"Statement": [{"Effect": "Allow", "Action": "*"}]},
        {"Statement": [{"Effect": "Allow", "Resource": "*"}]},
        {"Statement": [statement(resource=[7])]},
    ],
)
def test_a_malformed_policy_is_told_apart(document: Any) -> None:
    with pytest.raises(MalformedPolicy):
        evaluate(document, CALLED)


def test_a_condition_is_never_taken_as_met() -> None:
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    with pytest.raises(NotEmulated, match="conditions in an authorizer's policy"):
        verdict(statement(Condition=condition))
