"""Structured logs, each line with the correlation id of the request that it belongs to.

The id comes in with a request (or is made), and goes out with whatever the request gives rise to:
an order's message, an item's record, an upload, an alert. So one id finds every line.
"""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

from aws_lambda_powertools.logging import Logger

SERVICE = "inventory-service"
HEADER = "X-Correlation-Id"

# Chalice's own logger has this name too, so its tracebacks come out in the same form.
logger = Logger(service=SERVICE)

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("correlation_id", default="none")


def follow(proposed: str | None) -> str:
    """From here on, log under this id, or under a new one where it is none a log could trust."""
    known = proposed is not None and _ACCEPTABLE.fullmatch(proposed)
    correlation_id = proposed if proposed is not None and known else uuid.uuid4().hex
    _current.set(correlation_id)
    logger.set_correlation_id(correlation_id)
    return correlation_id


def correlation_id() -> str:
    """The id that is followed now."""
    return _current.get()
