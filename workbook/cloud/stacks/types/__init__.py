"""The resource types that a stack can hold, one small module for each service.

Each type is a ResourceType (protocol.py) whose properties are a shape (shapes.py): what it does not
list fails the stack by name, so that no property is taken and then forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

from .dynamodb import Table
from .protocol import Context, Properties, ResourceType
from .sqs import Queue, QueuePolicy

_ALL: tuple[type[ResourceType], ...] = (Table, Queue, QueuePolicy)

TYPES: Mapping[str, ResourceType] = {each.type: each() for each in _ALL}

__all__ = ["TYPES", "Context", "Properties", "ResourceType"]
