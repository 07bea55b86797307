"""A case of a property, and how things show that several services have."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Clients = Callable[[str], Any]  # by the name of a service
Look = Callable[[Clients, str], Any]  # clients and physical id → what shows


@dataclass
class Case:
    """One property.

    Args:
        first, then: values it is given, one after the other; `then` None: it is taken away. Where
            AWS knows one value only, both are that.
        shows: what is seen after each; the values themselves unless given.
        base: other properties that are needed.
        beside: other resources of the stack.
        base_then: what of `base` changes with it.
    """

    type: str
    name: str
    first: Any
    then: Any
    look: Look
    shows: tuple[Any, Any] | None = None
    base: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)
    base_then: dict[str, Any] = field(default_factory=dict)

    @property
    def expected(self) -> tuple[Any, Any]:
        """What is seen after each value."""
        return self.shows or (self.first, self.then)

    @property
    def id(self) -> str:
        """What the test is called by."""
        return f"{self.type.removeprefix('AWS::')} {self.name}"

    def templates(self) -> list[dict[str, Any]]:
        """With the first value, and then, if there is another, with that."""
        first = self._template(self.base, self.first)
        then = self._template({**self.base, **self.base_then}, self.then)
        return [first] if first == then else [first, then]

    def _template(self, base: dict[str, Any], value: Any) -> dict[str, Any]:
        properties = {**base, self.name: value}
        if value is None:
            del properties[self.name]
        it = {"Type": self.type, "Properties": properties}
        return {"Resources": {**self.beside, "It": it}}


class Tags(dict[str, str]):
    """The tags that somebody gave; those of CloudFormation's are apart.

    Args:
        found: as a service tells them, in one of three forms.
    """

    def __init__(self, found: Any) -> None:
        told = found or {}
        if isinstance(told, list):
            told = {tag["Key"]: tag["Value"] for tag in told}
        super().__init__({key: told[key] for key in told if not key.startswith("aws:")})
        self.own = {key: told[key] for key in told if key.startswith("aws:cloudformation:")}


def physical(aws: Clients, it: str) -> str:
    return it


def as_json(look: Look) -> Look:
    def read(aws: Clients, it: str) -> Any:
        found = look(aws, it)
        return json.loads(found) if found else None

    return read
