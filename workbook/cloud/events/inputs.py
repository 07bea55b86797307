"""What a rule's target is sent in place of the event: Input, InputPath or InputTransformer.

Follows "Amazon EventBridge input transformation". A template is text with <variables>: within
quotes a value is written into the string, elsewhere it is written as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\['([^']+)'\]")
VARIABLE = re.compile(r"<([A-Za-z0-9._-]+)>")
MISSING = object()


class InvalidInput(Exception):
    """AWS's ValidationException for a target; the message names the path or variable."""


@dataclass(frozen=True)
class Transformer:
    """An InputTransformer: paths by variable, and the template that uses them."""

    paths: Mapping[str, str]
    template: str


@dataclass(frozen=True)
class TargetInput:
    """One target's way of being told; at most one of the three is given."""

    constant: str | None = None
    path: str | None = None
    transformer: Transformer | None = None

    @classmethod
    def parse(cls, target: Mapping[str, Any]) -> TargetInput:
        """From a target as PutTargets takes it.

        Raises:
            InvalidInput: a path is no path, or a template uses a variable nobody set.
        """
        transformer = None
        if "InputTransformer" in target:
            given = target["InputTransformer"]
            transformer = Transformer(given.get("InputPathsMap") or {}, given["InputTemplate"])
            _check(transformer, target.get("Id", ""))
        if target.get("InputPath"):
            steps(target["InputPath"])
        return cls(target.get("Input"), target.get("InputPath"), transformer)

    def text(self, event: dict[str, Any], *, rule_arn: str, now: str) -> str:
        """What is sent for this event; `now` is when the event came in."""
        if self.constant is not None:
            return self.constant
        if self.path:
            found = look_up(event, self.path)
            return json.dumps(None if found is MISSING else found)
        if self.transformer is not None:
            return _fill(self.transformer, event, rule_arn, now)
        return json.dumps(event)


def steps(path: str) -> list[str | int]:
    """The steps of $.detail.items[0]['unit price'].

    Raises:
        InvalidInput: it is no path of that kind.
    """
    if not path.startswith("$") or STEP.sub("", path[1:]):
        raise InvalidInput(f"Invalid JSON path: {path}")
    found = STEP.finditer(path[1:])
    return [int(step[2]) if step[2] else step[1] or step[3] for step in found]


def look_up(event: Any, path: str) -> Any:
    """What lies at a path, or MISSING."""
    value = event
    for step in steps(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return value


def _check(transformer: Transformer, target_id: str) -> None:
    for path in transformer.paths.values():
        steps(path)
    for name in VARIABLE.findall(transformer.template):
        if name not in transformer.paths and name not in _reserved({}, "::", ""):
            raise InvalidInput(
                f"Invalid InputTemplate for target {target_id} : [Placeholder {name} is unknown]"
            )


def _fill(transformer: Transformer, event: dict[str, Any], rule_arn: str, now: str) -> str:
    values = {name: look_up(event, path) for name, path in transformer.paths.items()}
    values |= _reserved(event, rule_arn, now)
    writer = _Writer(values)
    return writer.write(transformer.template)


def _reserved(event: dict[str, Any], rule_arn: str, now: str) -> dict[str, Any]:
    without_detail = {name: value for name, value in event.items() if name != "detail"}
    return {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event.ingestion-time": now,
        "aws.events.event": without_detail,
        "aws.events.event.json": event,
    }


@dataclass
class _Writer:
    values: Mapping[str, Any]
    _quoted: bool = field(default=False)

    def write(self, template: str) -> str:
        """The template with its variables written in, each as its place demands."""
        pieces, position = [], 0
        for variable in VARIABLE.finditer(template):
            pieces.append(self._literal(template[position : variable.start()]))
            pieces.append(self._value(self.values[variable[1]]))
            position = variable.end()
        return "".join([*pieces, template[position:]])

    def _literal(self, text: str) -> str:
        unescaped = re.sub(r"\\.", "", text)
        self._quoted ^= unescaped.count('"') % 2 == 1
        return text

    def _value(self, value: Any) -> str:
        if not self._quoted:
            return '""' if value is MISSING else json.dumps(value)
        if value is MISSING:
            return ""
        text = value if isinstance(value, str) else json.dumps(value)
        return json.dumps(text)[1:-1]
