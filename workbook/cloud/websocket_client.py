"""What LocalCloud hands out to talk to a deployed WebSocket API with.

A thin layer over the client of the `websockets` library: JSON in and out, a limit on every wait,
and a refusal that says what the API answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Self

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from workbook.errors import WorkbookError

TIMEOUT_SECONDS = 35.0  # above API Gateway's own 29


class Refused(WorkbookError):
    """The API did not let the client in.

    Attributes:
        status_code: the HTTP status it answered instead.
        text: the body it answered.
    """

    def __init__(self, status_code: int, text: str) -> None:
        super().__init__(
            f"The API refused the connection: {status_code} {text}".rstrip(),
            "Look at the log of the function behind $connect, and at its authorizer.",
        )
        self.status_code = status_code
        self.text = text


class Closed(WorkbookError):
    """The connection is closed.

    Attributes:
        code: of the close frame; 1006 where there was none.
        reason: likewise.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(
            f"The connection is closed ({code} {reason}".rstrip() + ").",
            "Make another one with connect().",
        )
        self.code = code
        self.reason = reason


class WebSocket:
    """One stage of a deployed WebSocket API.

    Args:
        url: the stage's address, ws://….
        name: what the API is called.
    """

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self.name = name

    def connect(
        self,
        query: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        subprotocols: list[str] | None = None,
    ) -> Conversation:
        """Connect; the connection is open until it is closed, or its `with` is left.

        Args:
            query: what follows the address, "?name=value" or nothing.

        Raises:
            Refused: the API did not let the client in.
        """
        options: dict[str, Any] = {
            "additional_headers": dict(headers or {}),
            "subprotocols": subprotocols,
            "compression": None,
            "proxy": None,
            "open_timeout": TIMEOUT_SECONDS,
            "ping_interval": None,
        }
        try:
            # Entered for good: the conversation's close is what leaves it.
            connection = connect(self.url + query, **options).__enter__()
        except InvalidStatus as refused:
            body = (refused.response.body or b"").decode(errors="replace")
            raise Refused(refused.response.status_code, body) from None
        return Conversation(connection)

    def __repr__(self) -> str:
        return f"{self.name} at {self.url}"


class Conversation:
    """An open connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def send(self, message: Any) -> None:
        """Send a text as it is, an iterator of texts in a frame each, anything else as JSON.

        Raises:
            Closed: the connection is closed.
        """
        as_it_is = isinstance(message, str | bytes | Iterator)
        try:
            self._connection.send(message if as_it_is else json.dumps(message))
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    def receive(self, timeout: float = TIMEOUT_SECONDS) -> str:
        """The next message.

        Raises:
            TimeoutError: none came within `timeout` seconds.
            Closed: the connection is closed, and all that was sent before has been received.
        """
        try:
            return str(self._connection.recv(timeout, decode=True))
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    def receive_json(self, timeout: float = TIMEOUT_SECONDS) -> Any:
        """As `receive`, parsed."""
        return json.loads(self.receive(timeout))

    def ping(self, timeout: float = TIMEOUT_SECONDS) -> bool:
        """Whether the other side answers a ping within `timeout` seconds."""
        return self._connection.ping().wait(timeout)

    @property
    def subprotocol(self) -> str | None:
        """What both sides have agreed to speak."""
        return self._connection.subprotocol

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close it; twice is fine."""
        self._connection.close(code, reason)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _closed(closed: ConnectionClosed) -> Closed:
    end = closed.rcvd or closed.sent
    return Closed(end.code, end.reason) if end else Closed(1006, "")
