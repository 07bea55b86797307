"""How many bytes DynamoDB counts an item for, as "DynamoDB item sizes and formats" has it.

A stream record's SizeBytes is the sum over its keys and images.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

CONTAINER_BYTES = 3  # of a list or a map, however long
MEMBER_BYTES = 1  # of each member of one, besides its own size


def item_size(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an item in DynamoDB's JSON: {"Id": {"N": "101"}} is 5."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    kind, content = next(iter(value.items()))
    if kind == "M":
        members = len(content) * MEMBER_BYTES
        return CONTAINER_BYTES + members + item_size(content)
    if kind == "L":
        return CONTAINER_BYTES + sum(MEMBER_BYTES + _value_size(member) for member in content)
    if kind in ("SS", "NS", "BS"):
        return sum(_scalar_size(kind[0], member) for member in content)
    return _scalar_size(kind, content)


def _scalar_size(kind: str, content: Any) -> int:
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return _number_size(content)
    if kind == "B":
        return len(content if isinstance(content, bytes) else base64.b64decode(content))
    return 1  # a boolean or null


def _number_size(text: str) -> int:
    """About one byte for two significant digits, one more, and one for a minus sign."""
    mantissa = text.lstrip("-").lower().partition("e")[0].replace(".", "")
    digits = len(mantissa.strip("0")) or 1
    return (digits + 1) // 2 + 1 + text.startswith("-")
