"""SNS's filter policies: event patterns, within the bounds that SNS sets them.

Follows "Amazon SNS subscription filter policies" and its page of constraints. What an expression
means is conditions.py's business, how patterns are arranged patterns.py's; both speak the words of
EventBridge, which SNS repeats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .conditions import InvalidEventPattern
from .patterns import Pattern

MOST_KEYS = 5
MOST_COMBINATIONS = 150


class InvalidFilterPolicy(Exception):
    """SNS's 400 InvalidParameter; the message is AWS's."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid parameter: {reason}")


def check_policy(policy: Any, *, on_body: bool) -> Pattern:
    """The policy as a pattern.

    Args:
        policy: the policy, read from JSON.
        on_body: its scope is MessageBody, not MessageAttributes.

    Raises:
        InvalidFilterPolicy: SNS would refuse it.
    """
    try:
        pattern = Pattern.parse(policy)
    except InvalidEventPattern as error:
        raise InvalidFilterPolicy(f"FilterPolicy: {error.reason}") from error
    if not on_body and any(depth > 1 for _, depth in _leaves(policy)):
        raise InvalidFilterPolicy(
            "Filter policy scope MessageAttributes does not support nested filter policy"
        )
    if len(policy) > MOST_KEYS:
        raise InvalidFilterPolicy("FilterPolicy: Filter policy can not have more than 5 keys")
    if _combinations(policy) > MOST_COMBINATIONS:
        raise InvalidFilterPolicy("FilterPolicy: Filter policy is too complex")
    return pattern


def _leaves(policy: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[list[Any], int]]:
    """The arrays of expressions and how deep they lie; alternatives lie where their $or does."""
    for name, below in policy.items():
        if isinstance(below, Mapping):
            yield from _leaves(below, depth + 1)
        elif name == "$or" and all(isinstance(each, Mapping) for each in below):
            for alternative in below:
                yield from _leaves(alternative, depth)
        else:
            yield below, depth


def _combinations(policy: Mapping[str, Any], depth: int = 1) -> int:
    """Values times depth, multiplied over the keys, and added up over the alternatives of $or."""
    found = 1
    for name, below in policy.items():
        if isinstance(below, Mapping):
            found *= _combinations(below, depth + 1)
        elif name == "$or" and all(isinstance(each, Mapping) for each in below):
            found *= sum(_combinations(each, depth) for each in below)
        else:
            found *= len(below) * depth
    return found
