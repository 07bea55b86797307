"""What the names in a template mean at one moment, and values resolved by it.

Parameters, conditions, and the resources that exist by then. Dynamic references ({{resolve:…}})
stay text here; dynamic.py replaces them at the last moment, so that no secret is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import invalid
from .intrinsics import EXTENSIONS, FUNCTIONS, NO_VALUE
from .references import function_of
from .template import Template


@dataclass
class Scope:
    """What the names in a template mean.

    Args:
        names: parameters and pseudo parameters, by name.
        ref: the physical id of a resource, by logical id.
        attribute: an attribute of a resource, by logical id and name.
        imported: the value of an export, by name.
    """

    template: Template
    names: Mapping[str, Any]
    ref: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    imported: Callable[[str], Any]
    _conditions: dict[str, bool] = field(default_factory=dict)
    _deciding: set[str] = field(default_factory=set)

    def resolve(self, value: Any) -> Any:
        """A value with every function in it replaced by what it gives.

        Raises:
            Refusal: a function is unknown or its argument is wrong.
        """
        function = function_of(value)
        if function is not None:
            return self._call(*function)
        if isinstance(value, Mapping):
            entries = {name: self.resolve(entry) for name, entry in value.items()}
            return {name: entry for name, entry in entries.items() if entry is not NO_VALUE}
        if isinstance(value, list):
            items = [self.resolve(entry) for entry in value]
            return [entry for entry in items if entry is not NO_VALUE]
        return value

    def condition(self, name: str) -> bool:
        """Whether the named condition holds."""
        if name not in self._conditions:
            declared = self.template.section("Conditions")
            if name not in declared:
                raise invalid(f"Template format error: Unresolved condition dependency {name}")
            if name in self._deciding:
                circle = ", ".join(sorted(self._deciding))
                raise invalid(f"Template error: Circular dependency for conditions: [{circle}]")
            self._deciding.add(name)
            self._conditions[name] = self.truth(declared[name])
            self._deciding.remove(name)
        return self._conditions[name]

    def conditions(self) -> dict[str, bool]:
        """Every condition of the template, by name."""
        return {name: self.condition(name) for name in self.template.section("Conditions")}

    def _call(self, name: str, argument: Any) -> Any:
        function = FUNCTIONS.get(name)
        if function is None and self.template.language_extensions:
            function = EXTENSIONS.get(name)
        if function is None:
            raise invalid(f"Template error: the local cloud does not know the function {name}")
        try:
            return function(self, argument)
        except (TypeError, ValueError, IndexError, KeyError):
            raise invalid(
                f"Template error: {name} cannot be given {json.dumps(argument, default=str)}"
            ) from None

    def truth(self, value: Any) -> bool:
        """What a condition's function gives."""
        found = self.resolve(value)
        if found in (True, "true"):
            return True
        if found in (False, "false"):
            return False
        raise invalid("Template format error: Conditions can only be boolean operations")
