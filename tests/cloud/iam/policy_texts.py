"""Policies as tests write them, and refusals as they expect them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

REGION_AND_ACCOUNT = "us-east-1:123456789012"


def statement(effect: str, actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    """One statement of a policy."""
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return statement("Allow", actions, resources, **more)


def deny(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies."""
    return statement("Deny", actions, resources, **more)


def document(*statements: dict[str, Any]) -> str:
    """A policy's JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def arn(service: str, resource: str) -> str:
    """An ARN of the tests' account and region."""
    return f"arn:aws:{service}:{REGION_AND_ACCOUNT}:{resource}"


@dataclass
class Refusal:
    """What came, once it has come."""

    message: str = ""


@contextlib.contextmanager
def refused(code: str, fragment: str = "") -> Iterator[Refusal]:
    """What is called in here is refused with this error and these words in its message."""
    refusal = Refusal()
    with pytest.raises(ClientError) as error:
        yield refusal
    found = error.value.response["Error"]
    refusal.message = found["Message"]
    assert found["Code"] == code
    assert fragment in refusal.message
