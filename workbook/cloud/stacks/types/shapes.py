"""What a resource type accepts, written as the properties look, and the check against it.

    {"QueueName": str, "DelaySeconds": int, "RedrivePolicy": JSON, "Tags": [{"Key": str, …}]}

Leaves are str, int, float, bool and JSON (an object or list of any content). CloudFormation takes "5" for
a number, "true" for a boolean and 5 for a text; so does `accepted`. What a shape does not name is
refused, because nothing would come of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ResourceFailure

JSON = object
TEXTS = {...: str}  # texts under names of the template's own
TAGS = [{"Key": str, "Value": str}]

Shape = Any  # str, int, float, bool or JSON; [Shape]; or a mapping of names to Shapes, ... for any

_NAMES = {str: "String", int: "Integer", float: "Double", bool: "Boolean"}


def accepted(shape: Shape, value: Any, path: str = "") -> Any:
    """The value with its leaves turned into what the shape names.

    Args:
        path: where the value stands, for messages.

    Raises:
        ResourceFailure: a property is not supported, or of another type.
    """
    if isinstance(shape, Mapping):
        return _object(shape, value, path)
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise _another_type(path, "List")
        return [accepted(shape[0], item, path) for item in value]
    if shape is JSON:
        return value
    if isinstance(value, (Mapping, list)):
        raise _another_type(path, _NAMES[shape])
    return _leaf(shape, value, path)


def _object(shape: Mapping[Any, Shape], value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _another_type(path, "Object")
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in shape and ... not in shape:
            raise ResourceFailure(f"Encountered unsupported property {prefix}{name}")
    return {
        name: accepted(shape[name if name in shape else ...], entry, prefix + name)
        for name, entry in value.items()
    }


def _leaf(kind: type, value: Any, path: str) -> Any:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if kind is str:
        return text
    if kind is bool and text in ("true", "false"):
        return text == "true"
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    raise _another_type(path, _NAMES[kind])


def _another_type(path: str, kind: str) -> ResourceFailure:
    return ResourceFailure(f"Value of property {path} must be of type {kind}")
