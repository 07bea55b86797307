"""Policies, inline and managed, and who holds them."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look
from .given import OTHER_POLICY, POLICY
from .iam import SELLER, WITH_ROLE

INLINE_POLICY = "AWS::IAM::Policy"
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"

HELD = {"PolicyName": "sell", "PolicyDocument": POLICY, "Roles": [{"Ref": "Seller"}]}


def inline(aws: Clients, it: str) -> Any:
    iam = aws("iam")
    names = iam.list_role_policies(RoleName="seller")["PolicyNames"]
    return {
        name: iam.get_role_policy(RoleName="seller", PolicyName=name)["PolicyDocument"]
        for name in names
    }


def managed(aws: Clients, it: str) -> Any:
    iam = aws("iam")
    policy = iam.get_policy(PolicyArn=it)["Policy"]
    found = iam.get_policy_version(PolicyArn=it, VersionId=policy["DefaultVersionId"])
    return found["PolicyVersion"]["Document"]


def holders(kind: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        found = aws("iam").list_entities_for_policy(PolicyArn=it)[f"Policy{kind}s"]
        return [each[f"{kind}Name"] for each in found]

    return look


def inline_of(kind: str, name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        listed = getattr(aws("iam"), f"list_{kind}_policies")
        return listed(**{f"{kind.capitalize()}Name": name})["PolicyNames"]

    return look


CASES = [
    Case(
        INLINE_POLICY, "PolicyName", "a", "b", inline, ({"a": POLICY}, {"b": POLICY}), HELD, SELLER
    ),
    Case(
        INLINE_POLICY,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        inline,
        ({"sell": POLICY}, {"sell": OTHER_POLICY}),
        HELD,
        SELLER,
    ),
    Case(
        INLINE_POLICY,
        "Roles",
        [{"Ref": "Seller"}],
        [{"Ref": "Buyer"}],
        lambda aws, it: [inline_of("role", name)(aws, it) for name in ("seller", "buyer")],
        ([["sell"], []], [[], ["sell"]]),
        HELD,
        WITH_ROLE,
    ),
    Case(
        INLINE_POLICY, "Users", ["ann"], [], inline_of("user", "ann"), (["sell"], []), HELD, SELLER
    ),
    Case(
        INLINE_POLICY,
        "Groups",
        ["staff"],
        [],
        inline_of("group", "staff"),
        (["sell"], []),
        HELD,
        SELLER,
    ),
    Case(
        MANAGED_POLICY,
        "ManagedPolicyName",
        "a",
        "b",
        lambda aws, it: it.rpartition("/")[2],
        base={"PolicyDocument": POLICY},
    ),
    Case(
        MANAGED_POLICY,
        "Description",
        "a",
        "b",
        lambda aws, it: aws("iam").get_policy(PolicyArn=it)["Policy"]["Description"],
        base={"PolicyDocument": POLICY},
    ),
    Case(
        MANAGED_POLICY,
        "Path",
        "/a/",
        "/b/",
        lambda aws, it: aws("iam").get_policy(PolicyArn=it)["Policy"]["Path"],
        base={"PolicyDocument": POLICY},
    ),
    Case(MANAGED_POLICY, "PolicyDocument", POLICY, OTHER_POLICY, managed),
    Case(
        MANAGED_POLICY,
        "Roles",
        [{"Ref": "Seller"}],
        [{"Ref": "Buyer"}],
        holders("Role"),
        (["seller"], ["buyer"]),
        {"PolicyDocument": POLICY},
        WITH_ROLE,
    ),
    Case(MANAGED_POLICY, "Users", ["ann"], [], holders("User"), base={"PolicyDocument": POLICY}),
    Case(
        MANAGED_POLICY, "Groups", ["staff"], [], holders("Group"), base={"PolicyDocument": POLICY}
    ),
]
