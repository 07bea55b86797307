"""An entry of the table, and what most entries ask of a call's body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.calls import AwsCall
from workbook.cloud.missing import Missing

Parameters = Mapping[str, Any]
Asks = Callable[[Parameters], object]  # truthy when the call asks for what is not there


@dataclass(frozen=True)
class Unimplemented:
    """One thing that is not there.

    Args:
        missing: its name.
        service: as in calls.AwsCall; an operation of "" and no route mean all of the service.
        operation: AWS's name of the call, for services that send it.
        route: method and path, for services that do not (Lambda, API Gateway, S3).
        asks: whether the body asks for it; always when None.
    """

    missing: Missing
    service: str
    operation: str = ""
    route: re.Pattern[str] | None = None
    asks: Asks | None = None

    def covers(self, call: AwsCall, parameters: Parameters) -> bool:
        """Whether this call would need it."""
        if call.service != self.service:
            return False
        if self.operation and call.operation != self.operation:
            return False
        asked = f"{call.method} {call.path}" + (f"?{call.query}" if call.query else "")
        if self.route is not None and not self.route.fullmatch(asked):
            return False
        return self.asks is None or bool(self.asks(parameters))


def has(*path: str) -> Asks:
    """Whether the value at a path in the body is there and not empty."""

    def asks(parameters: Parameters) -> object:
        value: Any = parameters
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    return asks


def equals(wanted: str, *path: str) -> Asks:
    """Whether the value at a path in the body is this one."""
    value = has(*path)
    return lambda parameters: value(parameters) == wanted


def patches(*paths: str) -> Asks:
    """Whether a patch operation touches one of these paths, and not to switch it off."""

    def asks(parameters: Parameters) -> object:
        return any(
            re.search("|".join(paths), each.get("path", ""))
            and each.get("op") != "remove"
            and each.get("value") not in ("false", "", None)
            for each in parameters.get("patchOperations", ())
        )

    return asks


def route(pattern: str) -> re.Pattern[str]:
    """Method and path, of services that do not send the name of a call."""
    return re.compile(pattern)
