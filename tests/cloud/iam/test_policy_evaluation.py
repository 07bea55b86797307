"""Decisions over policies, after the examples in AWS's "Policy evaluation logic" and its pages on
the elements of a policy."""

from __future__ import annotations

from typing import Any

import pytest
from policy_texts import allow, deny, document

from workbook.cloud.iam.evaluate import BOUNDARY, IDENTITY, SESSION, Context, Layer, decide
from workbook.cloud.iam.policies import Need, parse
from workbook.cloud.iam.wildcards import arn_matches, resource_matches
from workbook.cloud.missing import NotEmulated

BUCKET = "arn:aws:s3:::carlossalazar"
ELSEWHERE = "arn:aws:s3:::somebody-else"


def layer(kind: str, *statements: dict[str, Any]) -> Layer:
    return Layer(kind, (parse(kind, document(*statements)),))


def verdict(action: str, resource: str, *layers: Layer, **keys: str) -> str:
    """ "allowed", or of which layer the denial is and whether it was said."""
    found = {name.replace("__", ":").lower(): (value,) for name, value in keys.items()}
    known = {"aws:sourceip", "aws:username", *found}
    denial = decide(Need(action, resource), layers, Context(found, known.__contains__))
    if denial is None:
        return "allowed"
    return f"{'explicit' if denial.explicit else 'implicit'}: {denial.kind}"


def under(action: str, resource: str, *statements: dict[str, Any], **keys: str) -> str:
    return verdict(action, resource, layer(IDENTITY, *statements), **keys)


# AWS's "Example of evaluating identity-based policies": Carlos has his bucket, and no other.
CARLOS = (
    allow(["s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets"]),
    allow("s3:*", [BUCKET, f"{BUCKET}/*"]),
)
# AWS's "Difference between explicit and implicit denies".
READS_BUT_REPORTS = (allow(["iam:Get*", "iam:List*"]), deny("iam:*Report"))


@pytest.mark.parametrize(
    ("action", "resource", "statements", "expected"),
    [
        ("s3:PutObject", f"{BUCKET}/a", CARLOS, "allowed"),
        ("s3:ListAllMyBuckets", "*", CARLOS, "allowed"),
        ("s3:PutObject", f"{ELSEWHERE}/a", CARLOS, "implicit: identity-based policy"),
        ("iam:GetUser", "*", READS_BUT_REPORTS, "allowed"),
        ("iam:CreatePolicy", "*", READS_BUT_REPORTS, "implicit: identity-based policy"),
        ("iam:GetCredentialReport", "*", READS_BUT_REPORTS, "explicit: identity-based policy"),
        ("s3:GetObject", BUCKET, (), "implicit: identity-based policy"),
        ("S3:getobject", BUCKET, (allow("s3:GetObject"),), "allowed"),
        ("s3:GetObject", BUCKET.upper(), (allow("*", BUCKET),), "implicit: identity-based policy"),
        ("s3:GetObject", BUCKET, (allow("s3:Get?bject"),), "allowed"),
        ("s3:GetObjects", BUCKET, (allow("s3:Get?bject"),), "implicit: identity-based policy"),
    ],
)
def test_statements_add_up(
    action: str, resource: str, statements: tuple[dict[str, Any], ...], expected: str
) -> None:
    assert under(action, resource, *statements) == expected


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:DeleteBucket", BUCKET, "implicit: identity-based policy"),
        ("s3:GetObject", f"{BUCKET}/a", "allowed"),
        ("s3:GetObject", f"{ELSEWHERE}/a", "implicit: identity-based policy"),
    ],
)
def test_not_action_allows_all_but_some(action: str, resource: str, expected: str) -> None:
    """AWS's page on NotAction: every S3 action on a bucket except DeleteBucket."""
    statement = {
        "Effect": "Allow",
        "NotAction": "s3:DeleteBucket",
        "Resource": [BUCKET, f"{BUCKET}/*"],
    }
    assert under(action, resource, statement) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (f"{BUCKET}/a", "allowed"),
        (f"{ELSEWHERE}/a", "explicit: identity-based policy"),
    ],
)
def test_not_resource_denies_all_but_some(resource: str, expected: str) -> None:
    """AWS's page on NotResource: whatever else allows it, nothing outside the bucket."""
    statement = {"Effect": "Deny", "Action": "s3:*", "NotResource": [BUCKET, f"{BUCKET}/*"]}
    assert under("s3:GetObject", resource, allow("*"), statement) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:GetObject", "allowed"),
        ("iam:CreateUser", "implicit: permissions boundary"),
        ("sqs:SendMessage", "implicit: identity-based policy"),
        ("s3:DeleteObject", "explicit: permissions boundary"),
    ],
)
def test_a_boundary_narrows_and_never_grants(action: str, expected: str) -> None:
    """AWS's page "Permissions boundaries": the intersection of both."""
    identity = layer(IDENTITY, allow(["iam:*", "s3:*"]))
    boundary = layer(BOUNDARY, allow(["s3:*", "sqs:*"]), deny("s3:DeleteObject"))
    assert verdict(action, "*", identity, boundary) == expected


def test_a_session_policy_narrows_a_role_further() -> None:
    layers = (layer(IDENTITY, allow("s3:*")), layer(SESSION, allow("s3:Get*")))
    assert verdict("s3:GetObject", "*", *layers) == "allowed"
    assert verdict("s3:PutObject", "*", *layers) == "implicit: session policy"


def test_a_condition_on_an_unknown_key_allows_nothing() -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "shop"}}
    found = under("s3:GetObject", "*", allow("*", Condition=tagged))
    assert found == "implicit: identity-based policy"


def test_a_deny_on_an_unknown_key_is_neither_applied_nor_passed_over() -> None:
    tagged = {"StringNotEquals": {"aws:ResourceTag/team": "shop"}}
    with pytest.raises(NotEmulated, match="cannot be known: aws:ResourceTag/team"):
        under("s3:GetObject", "*", allow("*"), deny("s3:*", Condition=tagged))
    elsewhere = deny("sqs:*", Condition=tagged)
    assert under("s3:GetObject", "*", allow("*"), elsewhere) == "allowed"
    also_known = {**tagged, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    found = under("s3:GetObject", "*", allow("*"), deny("*", Condition=also_known))
    assert found == "allowed", "a test that is known to fail decides"


def test_policy_variables_are_refused_by_name_where_they_matter() -> None:
    own = allow("s3:*", "arn:aws:s3:::home/${aws:username}/*")
    with pytest.raises(NotEmulated, match=r"policy variables: \$\{aws:username\}"):
        under("s3:GetObject", "arn:aws:s3:::home/ann/a", own)
    assert under("sqs:SendMessage", "*", own, allow("sqs:*")) == "allowed"


def test_older_policies_have_no_variables() -> None:
    """AWS's page on Version: before 2012-10-17, ${aws:username} is text."""
    old = document(allow("s3:*", "arn:aws:s3:::${aws:username}")).replace(
        "2012-10-17", "2008-10-17"
    )
    layers = (Layer(IDENTITY, (parse("old", old),)),)
    assert verdict("s3:GetObject", "arn:aws:s3:::ann", *layers) != "allowed"
    assert verdict("s3:GetObject", "arn:aws:s3:::${aws:username}", *layers) == "allowed"


TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("*", "*", True),
        (TABLE, TABLE, True),
        (f"{TABLE}*", f"{TABLE}/index/by-shop", True),
        ("arn:aws:dynamodb:*:*:table/*", TABLE, True),
        ("arn:aws:dynamodb:us-east-?:*:table/orders", TABLE, True),
        ("arn:aws:dynamodb:us-west-*:*:table/orders", TABLE, False),
        # A * that ends a segment goes on past colons; one inside a segment does not.
        ("arn:aws:dynamodb:*", TABLE, True),
        ("arn:aws:dynamodb:*:table/orders", TABLE, True),
        ("arn:aws:dyn*db:us-east-1:123456789012:table/orders", TABLE, True),
        ("arn:aws:d*1:123456789012:table/orders", TABLE, False),
        ("arn:aws:logs:*:*:*", "arn:aws:logs:eu-west-1:1:log-group:/a:log-stream:b", True),
        (TABLE, "*", False),
        ("arn:aws:s3:::shop/*.csv", "arn:aws:s3:::shop/2026/10:30.csv", True),
        ("arn:aws:s3:::shop/[a]", "arn:aws:s3:::shop/a", False),
    ],
)
def test_patterns_of_resources(pattern: str, resource: str, expected: bool) -> None:
    assert resource_matches(pattern, resource) is expected


def test_arn_like_keeps_segments_apart() -> None:
    assert arn_matches("arn:aws:sns:*:*:orders", "arn:aws:sns:us-east-1:1:orders")
    assert not arn_matches("arn:aws:sns:*:orders", "arn:aws:sns:us-east-1:1:orders")
