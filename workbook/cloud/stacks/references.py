"""What a piece of a template refers to, found without resolving anything.

plan.py orders resources by it, parameters and resources that do not exist are named by it.
intrinsics.py gives the same functions their values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from .errors import invalid

# ${Name}, ${Name.Attribute}, ${AWS::Region}; ${!Literal} stands for itself.
PLACEHOLDER = re.compile(r"\$\{(!?)\s*([^}]*?)\s*\}")


@dataclass(frozen=True)
class Reference:
    """A name that a Ref, a Fn::GetAtt or a Fn::Sub mentions; attribute is None for a Ref."""

    name: str
    attribute: str | None = None


def function_of(value: Any) -> tuple[str, Any] | None:
    """The intrinsic function that a value is, with its argument."""
    if isinstance(value, Mapping) and len(value) == 1:
        [(name, argument)] = value.items()
        # A policy's statement may hold an object under the word Condition.
        condition = name == "Condition" and isinstance(argument, str)
        if name == "Ref" or condition or str(name).startswith("Fn::"):
            return name, argument
    return None


def references(value: Any, conditions: Mapping[str, bool] | None = None) -> Iterator[Reference]:
    """Every reference in a value.

    Args:
        conditions: where given, the branches of Fn::If that are not taken are passed over.
    """
    function = function_of(value)
    if function is not None:
        yield from _of_function(*function, conditions)
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from references(entry, conditions)
    elif isinstance(value, list):
        for entry in value:
            yield from references(entry, conditions)


def split_attribute(argument: Any) -> tuple[str, Any]:
    """Resource and attribute of a Fn::GetAtt's argument, "A.B" or ["A", "B"]."""
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[0], str):
        raise invalid(
            "Template error: every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute"
        )
    return parts[0], parts[1]


def sub_parts(argument: Any) -> tuple[str, Mapping[str, Any]]:
    """Text and own variables of a Fn::Sub's argument."""
    text, variables = (
        argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    )
    if not isinstance(text, str) or not isinstance(variables, Mapping):
        raise invalid(
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected "
            "arguments. Specify a string as first argument, and an optional second argument to "
            "specify a mapping of values to replace in the string"
        )
    return text, variables


def unresolved(found: Iterable[Reference], known: AbstractSet[str], block: str) -> None:
    """Check that every reference leads somewhere.

    Args:
        known: parameters, pseudo parameters and resources.
        block: "Resources" or "Outputs", for the message.

    Raises:
        Refusal: naming those that do not.
    """
    unknown = sorted({reference.name for reference in found} - known)
    if unknown:
        raise invalid(
            f"Template format error: Unresolved resource dependencies [{', '.join(unknown)}] "
            f"in the {block} block of the template"
        )


def _of_function(
    name: str, argument: Any, conditions: Mapping[str, bool] | None
) -> Iterator[Reference]:
    if name == "Ref":
        yield Reference(str(argument))
    elif name == "Condition":
        return
    elif name == "Fn::GetAtt":
        resource, attribute = split_attribute(argument)
        yield Reference(resource, attribute if isinstance(attribute, str) else "")
        yield from references(attribute, conditions)
    elif name == "Fn::Sub":
        yield from _of_sub(argument, conditions)
    elif name == "Fn::If" and conditions is not None and _is_choice(argument):
        yield from references(argument[1 if conditions.get(argument[0]) else 2], conditions)
    else:
        yield from references(argument, conditions)


def _of_sub(argument: Any, conditions: Mapping[str, bool] | None) -> Iterator[Reference]:
    text, variables = sub_parts(argument)
    yield from references(dict(variables), conditions)
    for literal, name in PLACEHOLDER.findall(text):
        if not literal and name not in variables:
            resource, dot, attribute = name.partition(".")
            yield Reference(resource, attribute if dot else None)


def _is_choice(argument: Any) -> bool:
    return isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str)
