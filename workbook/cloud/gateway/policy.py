"""Does an authorizer's policy let this call through?

Page: "Output from an Amazon API Gateway Lambda authorizer". A statement applies when it names
execute-api:Invoke and the method's ARN, with `*` and `?` as wildcards across slashes; an explicit
Deny wins. Conditions are refused by name, never taken as met.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

_ACTION = "execute-api:Invoke"


class Verdict(enum.Enum):
    """What a policy says of one call."""

    ALLOWED = "allowed"
    DENIED = "denied"  # no statement allows it
    EXPLICITLY_DENIED = "explicitly denied"


class MalformedPolicy(ValueError):
    """Not a policy document."""


def evaluate(document: Any, method_arn: str) -> Verdict:
    """The verdict of a policy document on a call.

    Raises:
        MalformedPolicy: the document is not one.
        NotEmulated: a statement has a Condition.
    """
    effects = [
        statement["Effect"]
        for statement in _statements(document)
        if _applies(statement, "Action", _ACTION) and _applies(statement, "Resource", method_arn)
    ]
    if "Deny" in effects:
        return Verdict.EXPLICITLY_DENIED
    return Verdict.ALLOWED if "Allow" in effects else Verdict.DENIED


def _statements(document: Any) -> list[Mapping[str, Any]]:
    if not isinstance(document, dict):
        raise MalformedPolicy("a policy document is an object")
    statements = _listed(document.get("Statement"))
    for each in statements:
        if not isinstance(each, dict) or each.get("Effect") not in ("Allow", "Deny"):
            raise MalformedPolicy("a statement has an Effect, Allow or Deny")
        if each.get("Condition"):
            raise NotEmulated(Missing.AUTHORIZER_CONDITIONS)
    if not statements:
        raise MalformedPolicy("a policy document has statements")
    return statements


def _applies(statement: Mapping[str, Any], element: str, value: str) -> bool:
    if f"Not{element}" in statement:
        return not _matches(statement[f"Not{element}"], value, element)
    if element not in statement:
        raise MalformedPolicy(f"a statement has an {element}")
    return _matches(statement[element], value, element)


def _matches(patterns: Any, value: str, element: str) -> bool:
    listed = _listed(patterns)
    if not all(isinstance(pattern, str) for pattern in listed):
        raise MalformedPolicy(f"{element} holds strings")
    flags = re.IGNORECASE if element == "Action" else 0
    return any(_pattern(pattern, flags).fullmatch(value) for pattern in listed)


@functools.lru_cache(maxsize=1024)
def _pattern(pattern: str, flags: int) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), flags | re.DOTALL)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
