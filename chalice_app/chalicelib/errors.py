"""What may go wrong that a caller should hear of, each with its HTTP status.

    ServiceError
    ├── BadRequest       400   not readable at all
    ├── NotFound         404
    ├── Conflict         409   readable, but not in the present state
    │   └── OutOfStock   409
    ├── TooLarge         413
    ├── Invalid          422   readable, but not what the schema says
    └── Busy             503   try again

The domain raises them by meaning; web.py turns them into responses. Anything else is a 500.
"""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """A refusal with a sentence for the caller.

    Attributes:
        detail: the sentence; it quotes what the caller sent, never a secret.
        fields: what is wrong field by field, where that is known.
    """

    status = 400
    title = "Bad request"

    def __init__(self, detail: str, fields: list[dict[str, Any]] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = fields or []


class BadRequest(ServiceError):
    """The request cannot be read."""


class NotFound(ServiceError):
    """There is no such thing."""

    status, title = 404, "Not found"


class Conflict(ServiceError):
    """The present state does not allow it."""

    status, title = 409, "Conflict"


class OutOfStock(Conflict):
    """More was asked for than there is."""

    title = "Out of stock"


class TooLarge(ServiceError):
    """The body exceeds the service's limit."""

    status, title = 413, "Too large"


class Invalid(ServiceError):
    """The request does not fit its schema."""

    status, title = 422, "Invalid"


class Busy(ServiceError):
    """Too many writers at once; the same request may succeed later."""

    status, title = 503, "Busy"
