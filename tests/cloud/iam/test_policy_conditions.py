"""Condition operators, with keys that are there, missing, or unknown."""

from __future__ import annotations

import time

import pytest

from workbook.cloud.iam.conditions import UnknownKey, holds
from workbook.cloud.iam.policies import Condition
from workbook.cloud.missing import NotEmulated

KEYS = {
    "aws:currenttime": ("2026-10-02T12:00:00Z",),
    "aws:epochtime": ("1790942400",),
    "aws:principalarn": ("arn:aws:iam::123456789012:role/shop",),
    "aws:securetransport": ("true",),
    "aws:sourceip": ("203.0.113.7",),
    "dynamodb:leadingkeys": ("mine", "yours"),
    "s3:max-keys": ("10",),
    "s3:prefix": ("home/ann",),
}


def judged(operator: str, key: str, *values: str) -> bool:
    return holds(Condition(operator, key, values), KEYS, lambda _: True)


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "s3:prefix", ["home/ann"], True),
        ("StringEquals", "S3:PREFIX", ["home/ann"], True),
        ("StringEquals", "s3:prefix", ["home/bob", "home/ann"], True),
        ("StringEquals", "s3:prefix", ["home/Ann"], False),
        ("StringEquals", "s3:prefix", ["home/*"], False),
        ("StringNotEquals", "s3:prefix", ["home/ann"], False),
        ("StringNotEquals", "s3:prefix", ["home/bob", "home/ann"], False),
        ("StringEqualsIgnoreCase", "s3:prefix", ["HOME/ANN"], True),
        ("StringNotEqualsIgnoreCase", "s3:prefix", ["HOME/ANN"], False),
        ("StringLike", "s3:prefix", ["home/*"], True),
        ("StringLike", "s3:prefix", ["home/a?"], False),
        ("StringNotLike", "s3:prefix", ["home/*"], False),
        ("NumericEquals", "s3:max-keys", ["10.0"], True),
        ("NumericNotEquals", "s3:max-keys", ["10"], False),
        ("NumericLessThan", "s3:max-keys", ["10"], False),
        ("NumericLessThanEquals", "s3:max-keys", ["10"], True),
        ("NumericGreaterThan", "s3:max-keys", ["9"], True),
        ("NumericGreaterThanEquals", "s3:max-keys", ["11"], False),
        ("NumericEquals", "s3:max-keys", ["ten"], False),
        ("DateGreaterThan", "aws:CurrentTime", ["2026-01-01T00:00:00Z"], True),
        ("DateLessThan", "aws:CurrentTime", ["2026-01-01"], False),
        ("DateEquals", "aws:CurrentTime", ["1790942400"], True),
        ("DateNotEquals", "aws:EpochTime", ["2026-10-02T12:00:00Z"], False),
        ("DateGreaterThanEquals", "aws:EpochTime", ["2026-10-02T12:00:00+00:00"], True),
        ("DateLessThanEquals", "aws:EpochTime", ["1790942399"], False),
        ("Bool", "aws:SecureTransport", ["true"], True),
        ("Bool", "aws:SecureTransport", ["false"], False),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24"], True),
        ("IpAddress", "aws:SourceIp", ["203.0.113.7"], True),
        ("IpAddress", "aws:SourceIp", ["2001:db8::/32"], False),
        ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24"], False),
        ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/sh*"], True),
        ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam"], False),
        ("ArnEquals", "aws:PrincipalArn", ["arn:aws:iam::*:role/*"], True),
        ("ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/*"], False),
        ("ArnNotEquals", "aws:PrincipalArn", ["arn:aws:iam::1:role/shop"], True),
        ("Null", "s3:prefix", ["false"], True),
        ("Null", "s3:prefix", ["true"], False),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ["mine", "yours", "ours"], True),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ["mine"], False),
        ("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", ["mine"], True),
        ("ForAnyValue:StringLike", "dynamodb:LeadingKeys", ["th*"], False),
        ("ForAnyValue:StringNotEquals", "dynamodb:LeadingKeys", ["mine"], True),
        ("ForAllValues:StringNotEquals", "dynamodb:LeadingKeys", ["mine"], False),
    ],
)
def test_operators(operator: str, key: str, values: list[str], expected: bool) -> None:
    assert judged(operator, key, *values) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("ArnNotLike", True),
        ("Bool", False),
        ("BoolIfExists", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("NumericLessThan", False),
    ],
)
def test_a_missing_key(operator: str, expected: bool) -> None:
    """AWS's page "Condition operators": no match, but for negations and ...IfExists."""
    assert judged(operator, "aws:SourceVpc", "1") is expected


def test_a_negation_without_a_set_operator_asks_every_value() -> None:
    assert not judged("StringNotEquals", "dynamodb:LeadingKeys", "mine")
    assert judged("StringNotEquals", "dynamodb:LeadingKeys", "theirs")


def test_a_date_without_a_zone_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "America/New_York")
        time.tzset()
        assert judged("DateEquals", "aws:EpochTime", "2026-10-02T12:00:00")
    time.tzset()


def test_null_asks_whether_a_key_is_missing() -> None:
    assert judged("Null", "aws:SourceVpc", "true")
    assert not judged("Null", "aws:SourceVpc", "false")


@pytest.mark.parametrize("operator", ["BinaryEquals", "StringMatches", "ForSomeValues:Bool"])
def test_other_operators_are_refused_by_name(operator: str) -> None:
    with pytest.raises(NotEmulated, match=f"other condition operators: {operator}"):
        judged(operator, "s3:prefix", "a")


def test_a_key_that_cannot_be_known_is_not_taken_for_missing() -> None:
    test = Condition("StringNotEquals", "aws:ResourceTag/Team", ("shop",))
    with pytest.raises(UnknownKey, match="aws:ResourceTag/Team"):
        holds(test, KEYS, KEYS.__contains__)
