"""Condition elements: operators, and what becomes of keys that a request does not have.

AWS's pages "IAM JSON policy elements: Condition operators" and "Set operators for multivalued
context keys". Which keys a request has is context.py's. A key that this cloud cannot know is told
apart from one that is known to be absent, because the two must not be judged alike.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from workbook.cloud.iam.policies import Condition
from workbook.cloud.iam.wildcards import arn_matches, text_matches
from workbook.cloud.missing import Missing, NotEmulated

Comparison = Callable[[str, str], bool]  # the policy's value, the request's


class UnknownKey(Exception):
    """The test asks for a key that this cloud never knows; the text is its name."""


def holds(
    test: Condition, keys: Mapping[str, tuple[str, ...]], known: Callable[[str], bool]
) -> bool:
    """Whether a test holds for a request.

    Args:
        keys: the request's condition keys, in lower case.
        known: whether a key, in lower case, would be among them if AWS had it.

    Raises:
        UnknownKey: AWS might have it, and this cloud cannot say.
        NotEmulated: there is no such operator here.
    """
    key = test.key.lower()
    if not known(key):
        raise UnknownKey(test.key)
    quantifier, _, operator = test.operator.rpartition(":")
    found = keys.get(key, ())
    if operator == "Null":
        return ("true" in (value.lower() for value in test.values)) == (not found)
    base = operator.removesuffix("IfExists")
    negated = base in _NEGATED
    compare = _COMPARISONS.get(_NEGATED.get(base, base))
    if compare is None or quantifier not in _QUANTIFIERS:
        raise NotEmulated(Missing.CONDITION_OPERATORS, test.operator)
    if not found:
        return quantifier == "ForAllValues" or base != operator or (negated and not quantifier)

    def fits(value: str) -> bool:
        return any(_compared(compare, wanted, value) for wanted in test.values) != negated

    # A negated test of several values without a set operator asks each of them, as ForAllValues.
    every = quantifier == "ForAllValues" or (negated and not quantifier)
    return all(map(fits, found)) if every else any(map(fits, found))


def _compared(compare: Comparison, wanted: str, value: str) -> bool:
    try:
        return compare(wanted, value)
    except ValueError:  # "yesterday" as a date, "many" as a number: AWS has no match
        return False


def _number(compare: Callable[[float, float], bool]) -> Comparison:
    return lambda wanted, value: compare(float(value), float(wanted))


def _date(compare: Callable[[float, float], bool]) -> Comparison:
    return lambda wanted, value: compare(_moment(value), _moment(wanted))


def _moment(text: str) -> float:
    """Seconds since 1970, of a number or an ISO 8601 date."""
    if text.replace(".", "", 1).isdigit():
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _within(wanted: str, value: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)


_ORDERS: Sequence[tuple[str, Callable[[float, float], bool]]] = (
    ("Equals", lambda found, wanted: found == wanted),
    ("LessThan", lambda found, wanted: found < wanted),
    ("LessThanEquals", lambda found, wanted: found <= wanted),
    ("GreaterThan", lambda found, wanted: found > wanted),
    ("GreaterThanEquals", lambda found, wanted: found >= wanted),
)
_COMPARISONS: dict[str, Comparison] = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringEqualsIgnoreCase": lambda wanted, value: wanted.lower() == value.lower(),
    "StringLike": text_matches,
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
    "Bool": lambda wanted, value: wanted.lower() == value.lower(),
    "IpAddress": _within,
    **{f"Numeric{name}": _number(compare) for name, compare in _ORDERS},
    **{f"Date{name}": _date(compare) for name, compare in _ORDERS},
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
_QUANTIFIERS = ("", "ForAllValues", "ForAnyValue")
