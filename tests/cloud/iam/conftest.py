"""One cloud that enforces IAM, and ways to be somebody in it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from acting import Clients, administrator, clients_of
from policy_texts import document

from workbook.cloud import LocalCloud

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
_numbers = itertools.count(1)


@pytest.fixture
def role(strict: LocalCloud) -> Callable[..., str]:
    """Makes a role with one inline policy; returns its ARN."""
    iam = administrator(strict, "iam")

    def make(*statements: dict[str, Any], name: str | None = None, **settings: Any) -> str:
        name = name or f"role-{next(_numbers)}"
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, **settings)
        if statements:
            iam.put_role_policy(
                RoleName=name, PolicyName="inline", PolicyDocument=document(*statements)
            )
        return str(made["Role"]["Arn"])

    return make


@pytest.fixture
def under(strict: LocalCloud, role: Callable[..., str]) -> Callable[..., Clients]:
    """Makes a role with these statements; returns what makes clients that act as it."""

    def assume(*statements: dict[str, Any]) -> Clients:
        return clients_of(strict, role(*statements))

    return assume
