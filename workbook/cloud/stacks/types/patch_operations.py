"""How API Gateway is told: patch operations, and its spelling of what templates call otherwise.

See "Patch operations" in its API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Patch = dict[str, str]


def replace(path: str, value: object) -> Patch:
    """Set what stands at a path."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"op": "replace", "path": path, "value": text}


def add(path: str, value: str = "") -> Patch:
    """Add to what stands at a path."""
    return {"op": "add", "path": path, **({"value": value} if value else {})}


def remove(path: str, value: str = "") -> Patch:
    """Take away what stands at a path, or of several things there one."""
    return {"op": "remove", "path": path, **({"value": value} if value else {})}


def spelled(name: str) -> str:
    """A property's name as API Gateway's calls spell it: "StageName" is "stageName" there."""
    return name[0].lower() + name[1:]


def spelled_keys(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings, each under the name that API Gateway's calls have for it."""
    return {spelled(name): value for name, value in settings.items()}
