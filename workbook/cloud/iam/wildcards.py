"""How the patterns of IAM's policies match actions, ARNs and plain text.

`*` is any run of characters and `?` any one. AWS's page "IAM JSON policy elements: Resource" has
the rules for ARNs: segments are compared one by one, and a `*` that ends a segment goes on past
its colon. Who asks, and what for, is in policies.py and conditions.py.
"""

from __future__ import annotations

import re
from functools import lru_cache

SEGMENTS = 6  # arn:partition:service:region:account:resource; a resource may hold colons itself


def action_matches(pattern: str, action: str) -> bool:
    """Whether an action's name fits; their case is of no matter."""
    return _compiled(pattern.lower()).fullmatch(action.lower()) is not None


def text_matches(pattern: str, text: str) -> bool:
    """Whether a text fits, case and all."""
    return _compiled(pattern).fullmatch(text) is not None


def resource_matches(pattern: str, resource: str) -> bool:
    """Whether a resource's ARN fits what a policy's Resource element names."""
    if pattern == "*":
        return True
    return _compiled_arn(pattern).fullmatch(resource) is not None


def arn_matches(pattern: str, arn: str) -> bool:
    """ArnLike: each of the six segments by itself, so that no `*` reaches into the next one."""
    wanted, found = pattern.split(":", SEGMENTS - 1), arn.split(":", SEGMENTS - 1)
    return len(wanted) == len(found) and all(map(text_matches, wanted, found))


@lru_cache(maxsize=4_096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_translated(pattern, run=".*"), re.DOTALL)


@lru_cache(maxsize=4_096)
def _compiled_arn(pattern: str) -> re.Pattern[str]:
    *segments, resource = pattern.split(":", SEGMENTS - 1)
    parts = [_segment(segment) for segment in segments]
    return re.compile(":".join([*parts, _translated(resource, run=".*")]), re.DOTALL)


def _segment(pattern: str) -> str:
    if not pattern.endswith("*"):
        return _translated(pattern, run="[^:]*")
    return _translated(pattern.rstrip("*"), run="[^:]*") + ".*"


def _translated(pattern: str, *, run: str) -> str:
    return "".join(run if each == "*" else _character(each) for each in pattern)


def _character(character: str) -> str:
    return "." if character == "?" else re.escape(character)
