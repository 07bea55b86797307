"""Intrinsic functions: each takes its argument as it stands in the template, and gives a value.

What names mean is the Scope's, in scope.py, which calls these. See "Intrinsic function reference"
in AWS's template reference. A function that is given what it cannot take raises a plain TypeError
or the like; the scope says so in the template's terms.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import invalid
from .references import PLACEHOLDER, split_attribute, sub_parts

if TYPE_CHECKING:
    from .scope import Scope

# What a change set shows for a value that only exists once a resource has been made.
UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


class _NoValue:
    """AWS::NoValue: whatever it is assigned to is left out."""


NO_VALUE = _NoValue()


def _ref(scope: Scope, name: str) -> Any:
    if name == "AWS::NoValue":
        return NO_VALUE
    return scope.names[name] if name in scope.names else scope.ref(name)


def _get_att(scope: Scope, argument: Any) -> Any:
    resource, attribute = split_attribute(argument)
    return scope.attribute(resource, scope.resolve(attribute))


def _sub(scope: Scope, argument: Any) -> str:
    text, variables = sub_parts(argument)
    own = {name: scope.resolve(value) for name, value in variables.items()}

    def replaced(match: Any) -> str:
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        if name in own:
            return _text(own[name])
        resource, dot, attribute = name.partition(".")
        return _text(scope.attribute(resource, attribute) if dot else _ref(scope, resource))

    return PLACEHOLDER.sub(replaced, text)


def _join(scope: Scope, argument: Any) -> str:
    delimiter, values = argument
    return str(delimiter).join(_text(value) for value in _list(scope, values))


def _split(scope: Scope, argument: Any) -> list[str]:
    delimiter, text = argument
    return _text(scope.resolve(text)).split(delimiter)


def _select(scope: Scope, argument: Any) -> Any:
    index, values = argument
    items = _list(scope, values)
    position = int(scope.resolve(index))
    if not 0 <= position < len(items):
        if UNKNOWN in items:
            return UNKNOWN
        raise invalid(
            f"Template error: Fn::Select cannot select nonexistent value at index {position}"
        )
    return items[position]


def _if(scope: Scope, argument: Any) -> Any:
    name, then, otherwise = argument
    return scope.resolve(then if scope.condition(name) else otherwise)


def _equals(scope: Scope, argument: Any) -> bool:
    one, other = (scope.resolve(value) for value in argument)
    return _comparable(one) == _comparable(other)


def _and(scope: Scope, argument: Any) -> bool:
    values = [scope.truth(value) for value in _operands(argument)]
    return all(values)


def _or(scope: Scope, argument: Any) -> bool:
    values = [scope.truth(value) for value in _operands(argument)]
    return any(values)


def _not(scope: Scope, argument: Any) -> bool:
    [value] = argument
    return not scope.truth(value)


def _find_in_map(scope: Scope, argument: Any) -> Any:
    keys = [_text(scope.resolve(key)) for key in argument[:3]]
    name, top, second = keys
    mappings = scope.template.section("Mappings")
    if name not in mappings:
        raise invalid(f"Template error: Mapping named '{name}' is not present in the template.")
    try:
        return scope.resolve(mappings[name][top][second])
    except KeyError:
        if len(argument) == 4 and scope.template.language_extensions:
            return scope.resolve(argument[3]["DefaultValue"])
        raise invalid(f"Template error: Unable to get mapping for {'::'.join(keys)}") from None


def _import_value(scope: Scope, argument: Any) -> Any:
    return scope.imported(_text(scope.resolve(argument)))


def _base64(scope: Scope, argument: Any) -> str:
    return base64.b64encode(_text(scope.resolve(argument)).encode()).decode()


def _get_azs(scope: Scope, argument: Any) -> list[str]:
    # Nothing in the local cloud has zones; every region is given three, as most have on AWS.
    region = _text(scope.resolve(argument)) or scope.names["AWS::Region"]
    return [f"{region}{letter}" for letter in "abc"]


def _condition(scope: Scope, argument: Any) -> bool:
    return scope.condition(argument)


def _length(scope: Scope, argument: Any) -> int:
    return len(_list(scope, argument))


def _to_json_string(scope: Scope, argument: Any) -> str:
    return json.dumps(scope.resolve(argument), separators=(",", ":"))


FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Ref": _ref,
    "Condition": _condition,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::And": _and,
    "Fn::Or": _or,
    "Fn::Not": _not,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _base64,
    "Fn::GetAZs": _get_azs,
}
# Known where the transform AWS::LanguageExtensions is asked for.
EXTENSIONS = {"Fn::Length": _length, "Fn::ToJsonString": _to_json_string}


def _list(scope: Scope, value: Any) -> list[Any]:
    found = scope.resolve(value)
    if isinstance(found, str) and UNKNOWN in found:
        return [UNKNOWN]
    if not isinstance(found, list):
        raise TypeError(value)
    return found


def _operands(argument: Any) -> list[Any]:
    if not isinstance(argument, list) or not 2 <= len(argument) <= 10:
        raise TypeError(argument)
    return argument


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)) or value is NO_VALUE:
        raise TypeError(value)
    return str(value)


def _comparable(value: Any) -> Any:
    return value if isinstance(value, (dict, list)) else _text(value)
