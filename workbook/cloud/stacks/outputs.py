"""The outputs of a goal, with what they are exported as."""

from __future__ import annotations

from typing import Any

from .errors import invalid
from .scope import Scope
from .stack import Goal, Output


def resolve_outputs(goal: Goal, scope: Scope) -> tuple[Output, ...]:
    """Every output whose condition holds.

    Raises:
        Refusal: one has no value, or a value that is no text.
    """
    found = []
    for key, declared in goal.template.section("Outputs").items():
        condition = declared.get("Condition")
        if condition is not None and not scope.condition(condition):
            continue
        export = declared.get("Export")
        found.append(
            Output(
                key,
                _text(key, scope.resolve(declared.get("Value"))),
                declared.get("Description"),
                None if export is None else _text(key, scope.resolve(export.get("Name"))),
            )
        )
    return tuple(found)


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int, float)):
        raise invalid(
            f"Template format error: The Value field of every Outputs member must evaluate to a "
            f"String; {key} does not."
        )
    return str(value)
