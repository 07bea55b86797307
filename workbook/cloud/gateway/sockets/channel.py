"""The WebSocket protocol on one socket, under API Gateway's limits (RFC 6455; library: websockets).

The library keeps the protocol's state and never touches the socket; this moves the bytes. One
thread reads; any thread may send or close.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterable, Iterator

from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from workbook.cloud.gateway.sockets.closing import MESSAGE_LIMIT, Code, End, Gone

FRAME_LIMIT = 32 * 1024
SEND_SECONDS = 10.0  # a client that takes nothing for so long is cut off
CLOSING_SECONDS = 2.0  # how long a client has to answer a close frame


class Handshake:
    """A client's request for a connection, read and judged by the protocol's rules.

    Args:
        target: the request's target, as sent.
        headers: as sent.
    """

    def __init__(self, target: str, headers: Iterable[tuple[str, str]]) -> None:
        self._protocol = ServerProtocol(max_size=(MESSAGE_LIMIT, FRAME_LIMIT))
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        self._protocol.receive_data("\r\n".join(lines).encode("latin-1"))
        requests = [each for each in self._protocol.events_received() if isinstance(each, Request)]
        self._response: Response | None = self._protocol.accept(requests[0]) if requests else None

    @property
    def valid(self) -> bool:
        """Whether the request is a handshake that may be accepted."""
        return self._response is not None and self._response.status_code == 101

    def accept(
        self,
        connection: socket.socket,
        early: bytes,
        subprotocol: str | None,
        *,
        on_closing: Callable[[], None] = lambda: None,
    ) -> Channel:
        """Answer 101, as soon as `messages` is asked for, or something is sent.

        Args:
            early: what the client sent before it had the answer.
            on_closing: called once, before the other side can know that the end has begun.
        """
        assert self._response is not None
        if subprotocol:
            self._response.headers["Sec-WebSocket-Protocol"] = subprotocol
        self._protocol.send_response(self._response)
        return Channel(self._protocol, connection, early, on_closing)


class Channel:
    """An open connection."""

    def __init__(
        self,
        protocol: ServerProtocol,
        connection: socket.socket,
        early: bytes,
        on_closing: Callable[[], None],
    ) -> None:
        self._protocol = protocol
        self._socket = connection
        self._early = early
        self._on_closing: Callable[[], None] | None = on_closing
        self._lock = threading.RLock()
        self._broken = False  # whether the socket has failed
        self._ended = False  # whether the protocol was told of the stream's end
        connection.settimeout(SEND_SECONDS)

    def messages(self, wait: Callable[[], float]) -> Iterator[str | None]:
        """Texts as they come in, until the connection is closed; None when a wait is over.

        Args:
            wait: how many seconds to wait for the next; asked before each wait.
        """
        parts: list[bytes] = []
        with self._lock:
            self._flush()  # the answer to the handshake, unless a message has sent it along
        try:
            while self._protocol.state is not State.CLOSED:
                data = self._read(wait())
                if data is None:
                    yield None
                    continue
                for frame in self._received(data):
                    yield from self._message(frame, parts)
        finally:
            self._socket.close()

    def send(self, text: str) -> None:
        """Send a message, in frames of up to 32 KB.

        Raises:
            Gone: the connection is closed.
        """
        data = text.encode()
        frames = [data[at : at + FRAME_LIMIT] for at in range(0, len(data), FRAME_LIMIT)] or [b""]
        with self._lock:
            try:
                for index, part in enumerate(frames):
                    send = self._protocol.send_continuation if index else self._protocol.send_text
                    send(part, fin=index == len(frames) - 1)
                self._flush()
            except InvalidState as closed:
                raise Gone from closed
            if self._broken:
                raise Gone

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake; nothing happens when the connection is closed already."""
        with self._lock:
            if self._protocol.state is not State.OPEN:
                return
            self._protocol.send_close(code, reason)
            self._flush()

    @property
    def open(self) -> bool:
        """Whether messages can be sent."""
        return self._protocol.state is State.OPEN and not self._broken

    @property
    def end(self) -> End:
        """How it ended."""
        sent, received = self._protocol.close_sent, self._protocol.close_rcvd
        if sent is not None and (received is None or not self._protocol.close_rcvd_then_sent):
            return End(sent.code, sent.reason)
        if received is not None:
            return End(received.code, received.reason)
        return End(Code.ABNORMAL, None)

    def _read(self, seconds: float) -> bytes | None:
        """What came in; b"" at the end of the stream, None when nothing came in time."""
        if self._early:
            data, self._early = self._early, b""
            return data
        if self._protocol.state is State.CLOSING:
            seconds = min(seconds, CLOSING_SECONDS)
        try:
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            if not poll.poll(max(seconds, 0) * 1000):
                return b"" if self._protocol.state is State.CLOSING else None
            return self._socket.recv(65_536)
        except OSError:
            return b""

    def _received(self, data: bytes) -> list[Frame]:
        with self._lock:
            if data:
                self._protocol.receive_data(data)
            elif not self._ended:
                self._ended = True
                self._protocol.receive_eof()
            frames = [each for each in self._protocol.events_received() if isinstance(each, Frame)]
            self._flush()  # pongs, and the answer to a close frame
            return frames

    def _message(self, frame: Frame, parts: list[bytes]) -> Iterator[str]:
        if frame.opcode is Opcode.BINARY:
            # "API Gateway rejects it and disconnects the client with code 1003"
            self._fail(Code.UNSUPPORTED_DATA, "Binary frames are not supported.")
        elif frame.opcode in (Opcode.TEXT, Opcode.CONT):
            parts.append(bytes(frame.data))
            if frame.fin:
                whole = b"".join(parts)
                parts.clear()
                try:
                    yield whole.decode()
                except UnicodeDecodeError:
                    self._fail(Code.INVALID_DATA, "")

    def _fail(self, code: Code, reason: str) -> None:
        with self._lock:
            if self._protocol.state is State.OPEN:
                self._protocol.fail(code, reason)
                self._flush()

    def _flush(self) -> None:
        if self._protocol.state is not State.OPEN and self._on_closing is not None:
            self._on_closing()
            self._on_closing = None
        try:
            for data in self._protocol.data_to_send():
                if data:
                    self._socket.sendall(data)
                else:
                    self._socket.shutdown(socket.SHUT_WR)
        except OSError:  # the client is gone, or takes nothing: whoever reads will find the end
            self._broken = True
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
