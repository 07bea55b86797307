"""Event patterns: whether an event is one that a rule, a filter or a subscription asked for.

A pattern mirrors the event; its leaves are arrays of match expressions, of which one must hold
(conditions.py). Follows "Amazon EventBridge event patterns" and AWS's open-source Event Ruler:
an array in the event holds if one of its members does, and fields that a pattern names together
must come from the same member of an array of objects.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .conditions import EXPRESSIONS, Condition, InvalidEventPattern, parse_condition

Fields = dict[str, list[Condition]]  # dotted path -> conditions, of which one must hold


@dataclass(frozen=True)
class Leaf:
    """A scalar of the event; `members` says which member of which arrays it lies in."""

    value: Any
    members: dict[int, int] = field(default_factory=dict)


class Pattern:
    """A pattern that has been checked, ready to be asked often."""

    def __init__(self, alternatives: list[Fields]) -> None:
        self._alternatives = alternatives

    @classmethod
    def parse(cls, pattern: str | Mapping[str, Any]) -> Pattern:
        """The pattern in JSON or already read.

        Raises:
            InvalidEventPattern: AWS would refuse it, in these words.
        """
        if isinstance(pattern, str):
            try:
                pattern = json.loads(pattern)
            except ValueError as error:
                raise InvalidEventPattern("Invalid JSON") from error
        if not isinstance(pattern, Mapping):
            raise InvalidEventPattern("Filter is not an object")
        return cls(_alternatives(pattern, "", in_or=False))

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the event is one the pattern asks for."""
        leaves: dict[str, list[Leaf]] = {}
        for path, leaf in _leaves(event, "", {}, itertools.count()):
            leaves.setdefault(path, []).append(leaf)
        return any(_hold(list(fields.items()), leaves, {}) for fields in self._alternatives)


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether `event` matches `pattern`.

    Raises:
        InvalidEventPattern: the pattern is not one.
    """
    return Pattern.parse(pattern).matches(event)


def _alternatives(pattern: Mapping[str, Any], path: str, *, in_or: bool) -> list[Fields]:
    """The pattern as a choice of conjunctions: each `$or` multiplies them."""
    if not pattern:
        raise InvalidEventPattern("Empty objects are not allowed")
    found: list[Fields] = [{}]
    for name, below in pattern.items():
        if name == "$or" and (in_or or _is_or(below)):
            choices = _or(below, path)
        elif in_or and name in EXPRESSIONS:
            raise InvalidEventPattern(
                f"{name} is Ruler reserved fieldName which cannot be used inside $or."
            )
        else:
            choices = _field(name, below, f"{path}.{name}" if path else name, in_or=in_or)
        found = [_joined(one, other) for one in found for other in choices]
    return found


def _field(name: str, below: Any, path: str, *, in_or: bool) -> list[Fields]:
    if isinstance(below, Mapping):
        return _alternatives(below, path, in_or=in_or)
    if not isinstance(below, list):
        raise InvalidEventPattern(f'"{name}" must be an object or an array')
    if not below:
        raise InvalidEventPattern("Empty arrays are not allowed")
    return [{path: [parse_condition(expression) for expression in below]}]


def _or(below: Any, path: str) -> list[Fields]:
    if not isinstance(below, list):
        raise InvalidEventPattern("It must be an Array followed with $or.")
    choices: list[Fields] = []
    for choice in below:
        if not isinstance(choice, Mapping):
            raise InvalidEventPattern("Only JSON object is allowed in array of $or relationship.")
        choices += _alternatives(choice, path, in_or=True)
    if len(below) < 2:
        raise InvalidEventPattern("There must have at least 2 Objects in $or relationship.")
    return choices


def _is_or(below: Any) -> bool:
    """Whether this is the relationship and not a field that happens to be called `$or`."""
    return (
        isinstance(below, list)
        and len(below) > 1
        and all(isinstance(choice, Mapping) for choice in below)
        and not any(name in EXPRESSIONS for choice in below for name in choice)
    )


def _joined(one: Fields, other: Fields) -> Fields:
    for path in one.keys() & other.keys():
        raise InvalidEventPattern(f"Path `{path}` cannot be allowed multiple times")
    return one | other


def _leaves(
    value: Any, path: str, members: dict[int, int], arrays: Iterator[int]
) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from _leaves(below, f"{path}.{name}" if path else name, members, arrays)
    elif isinstance(value, list):
        array = next(arrays)
        for index, below in enumerate(value):
            yield from _leaves(below, path, members | {array: index}, arrays)
    else:
        yield path, Leaf(value, members)


def _hold(
    fields: list[tuple[str, list[Condition]]], leaves: dict[str, list[Leaf]], taken: dict[int, int]
) -> bool:
    """Whether leaves can be chosen, one a field, that agree on the members of shared arrays."""
    if not fields:
        return True
    (path, conditions), rest = fields[0], fields[1:]
    found = leaves.get(path, [])
    if not found:
        return any(condition.absent for condition in conditions) and _hold(rest, leaves, taken)
    for leaf in found:
        agrees = all(taken.get(array, index) == index for array, index in leaf.members.items())
        holds = any(not one.absent and one.test(leaf.value) for one in conditions)
        if agrees and holds and _hold(rest, leaves, taken | leaf.members):
            return True
    return False
