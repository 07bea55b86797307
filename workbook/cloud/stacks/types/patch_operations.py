"""Patch operations, in which API Gateway takes changes. See "Patch operations" in its API reference."""

from __future__ import annotations

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
