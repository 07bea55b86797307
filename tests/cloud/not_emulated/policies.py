"""Policies that would have to be judged by something that is not there."""

from __future__ import annotations

from typing import Any

from workbook.cloud.missing import Missing

from .given import ROLE, Call

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
# A policy of a role, and what its session then calls.
POLICIES: dict[Missing, tuple[dict[str, Any], Call]] = {
    Missing.POLICY_VARIABLES: (
        {**ALLOW_ALL, "Resource": "arn:aws:s3:::${aws:userid}"},
        ("s3", "list_objects_v2", {"Bucket": "shelf"}),
    ),
    Missing.CONDITION_OPERATORS: (
        {**ALLOW_ALL, "Condition": {"BinaryEquals": {"aws:userid": "QmluYXJ5"}}},
        ("dynamodb", "list_tables", {}),
    ),
    Missing.UNKNOWN_KEYS: (
        {**ALLOW_ALL, "Effect": "Deny", "Condition": {"Null": {"aws:ResourceTag/team": "true"}}},
        ("dynamodb", "list_tables", {}),
    ),
    Missing.USER_SESSIONS: (ALLOW_ALL, ("sts", "get_session_token", {})),
    Missing.SESSION_POLICIES: (
        ALLOW_ALL,
        (
            "sts",
            "assume_role",
            {
                "RoleArn": ROLE,
                "RoleSessionName": "shop",
                "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            },
        ),
    ),
    Missing.PARTIQL: (ALLOW_ALL, ("dynamodb", "execute_statement", {"Statement": "SELECT 1"})),
}
