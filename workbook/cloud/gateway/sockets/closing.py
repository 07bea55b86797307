"""How connections end: codes of RFC 6455, the limit of messages, what a late sender is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

MESSAGE_LIMIT = 128 * 1024  # bytes, in either direction


class Code(IntEnum):
    """Codes of close frames; the library for the protocol has them too, but is slow to import."""

    NORMAL = 1000
    GOING_AWAY = 1001
    UNSUPPORTED_DATA = 1003
    NO_CODE = 1005  # there was a close frame without one
    ABNORMAL = 1006  # there was no close frame
    INVALID_DATA = 1007


@dataclass(frozen=True)
class End:
    """How a connection ended: the first close frame's code and reason, whoever sent it."""

    code: int
    reason: str | None


class Gone(Exception):
    """The connection is closed."""
