"""A template's parameters: what was given, or the default, checked as declared.

See "Parameters section structure" in the CloudFormation user guide. Types that name things of
services the local cloud does not have (AWS::EC2::KeyPair::KeyName) are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from .documents import malformed
from .errors import invalid
from .template import Template

HIDDEN = "****"
_LISTS = ("CommaDelimitedList", "List<Number>", "List<String>")
_STORED = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_DECLARED = (
    "Type",
    "Default",
    "NoEcho",
    "Description",
    "AllowedValues",
    "AllowedPattern",
    "ConstraintDescription",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
)

# The value of an SSM parameter by name; None when there is none.
ReadStored = Callable[[str], str | None]


@dataclass(frozen=True)
class Parameter:
    """A parameter with its value.

    Args:
        given: the text that was given, or the default.
        value: what a Ref to it gives: a text, or a list of texts.
        hidden: whether answers show **** in its place (NoEcho).
        stored: the value read from the parameter store, for types that do.
    """

    name: str
    given: str
    value: str | list[str]
    hidden: bool = False
    stored: str | None = None


def bind(
    template: Template, given: Mapping[str, str], read_stored: ReadStored
) -> dict[str, Parameter]:
    """Every parameter of a template with its value.

    Args:
        given: texts by name; the caller has put the previous text where it was asked for.

    Raises:
        Refusal: one is unknown, missing, or not as its declaration wants it.
    """
    declared = template.section("Parameters")
    unknown = [name for name in given if name not in declared]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts = {name: given.get(name, _default(entry)) for name, entry in declared.items()}
    missing = [name for name, text in texts.items() if text is None]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    return {
        name: _bind(name, declared[name], text, read_stored)
        for name, text in texts.items()
        if text is not None
    }


def check_declarations(template: Template) -> None:
    """Check that every parameter is declared as one can be.

    Raises:
        Refusal: naming the one that is not.
    """
    for name, entry in template.section("Parameters").items():
        for key, value in entry.items():
            if key not in _DECLARED:
                raise invalid(f"Invalid template parameter property '{key}'")
            if not _fits(key, value):
                raise malformed(f"[/Parameters/{name}/{key}] cannot be {value!r}.")
        if "Type" not in entry:
            raise malformed(
                f"[/Parameters/{name}] Every Parameters object must contain a Type member."
            )


def _fits(key: str, value: Any) -> bool:
    if key == "AllowedValues":
        return isinstance(value, list) and not any(isinstance(each, (list, dict)) for each in value)
    if key in ("MinLength", "MaxLength", "MinValue", "MaxValue"):
        return re.fullmatch(r"-?\d+(\.\d+)?", str(value)) is not None
    return isinstance(value, (str, int, float)) and (key != "Type" or isinstance(value, str))


def _default(entry: Mapping[str, Any]) -> str | None:
    if "Default" not in entry:
        return None
    default = entry["Default"]
    return str(default).lower() if isinstance(default, bool) else str(default)


def _bind(name: str, entry: Mapping[str, Any], text: str, read_stored: ReadStored) -> Parameter:
    kind = entry["Type"]
    stored = None
    match = _STORED.fullmatch(kind)
    if match is not None:
        kind = match[1]
        stored = read_stored(text)
        if stored is None:
            raise invalid(
                f"Unable to fetch parameters [{text}] from parameter store for this account."
            )
    if kind not in ("String", "Number", "AWS::SSM::Parameter::Name", *_LISTS):
        raise NotEmulated(Missing.PARAMETER_TYPES, entry["Type"])
    _check(name, entry, kind, text)
    raw = text if stored is None else stored
    value = [part.strip() for part in raw.split(",")] if kind in _LISTS else raw
    return Parameter(name, text, value, _is_true(entry.get("NoEcho", False)), stored)


def _check(name: str, entry: Mapping[str, Any], kind: str, text: str) -> None:
    parts = [part.strip() for part in text.split(",")] if kind in _LISTS else [text]
    wrong = None
    for part in parts:
        wrong = wrong or _wrong_value(entry, part) or _wrong_length(entry, part)
        if kind in ("Number", "List<Number>"):
            wrong = wrong or _wrong_number(entry, part)
    if wrong is None:
        return
    described = entry.get("ConstraintDescription")
    if described:
        raise invalid(f"Parameter '{name}' failed to satisfy constraint: {described}")
    raise invalid(f"Parameter '{name}' must {wrong}")


def _wrong_value(entry: Mapping[str, Any], text: str) -> str | None:
    allowed = entry.get("AllowedValues")
    if allowed is not None and text not in [_default({"Default": value}) for value in allowed]:
        return "be one of AllowedValues"
    pattern = entry.get("AllowedPattern")
    if pattern is not None and re.fullmatch(pattern, text) is None:
        return f"match pattern {pattern}"
    return None


def _wrong_length(entry: Mapping[str, Any], text: str) -> str | None:
    if len(text) < float(entry.get("MinLength", 0)):
        return f"contain at least {entry['MinLength']} characters"
    if "MaxLength" in entry and len(text) > float(entry["MaxLength"]):
        return f"contain at most {entry['MaxLength']} characters"
    return None


def _wrong_number(entry: Mapping[str, Any], text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "be a number"
    if "MinValue" in entry and number < float(entry["MinValue"]):
        return f"be a number not less than {entry['MinValue']}"
    if "MaxValue" in entry and number > float(entry["MaxValue"]):
        return f"be a number not greater than {entry['MaxValue']}"
    return None


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
