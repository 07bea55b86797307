"""The socket and the thread below one environment's Runtime API.

One thread serves the environment's connections and reads its process's output, in that order
of trust: output is read dry before a request is answered, so whatever a function printed before
it responded is logged before the response counts. It knows HTTP only; see runtime_api.py.
"""

from __future__ import annotations

import contextlib
import functools
import os
import select
import selectors
import socket
import threading
import time
from collections.abc import Callable

from workbook.cloud.functions import wire

_CHUNK = 65536
_MOST_CHUNKS = 64  # of output at a time, lest one that never ends keep requests waiting


class Endpoint:
    """A listening socket on 127.0.0.1, served by one thread until closed.

    Args:
        answer: given a connection and a request, the response; None when it will be sent later.
        hung_up: told of each connection that has ended.
        output: a descriptor with the process's output; owned, and closed with the endpoint.
        on_output: told of what was read from it.
    """

    def __init__(
        self,
        *,
        answer: Callable[[socket.socket, wire.Request], bytes | None],
        hung_up: Callable[[socket.socket], None],
        output: int,
        on_output: Callable[[bytes], None],
        name: str,
    ) -> None:
        self._answer = answer
        self._hung_up = hung_up
        self._output: int | None = output
        self._on_output = on_output
        self._closed = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self._wake, self._woken = socket.socketpair()
        self._connections: dict[socket.socket, bytearray] = {}
        self._selector = selectors.DefaultSelector()
        os.set_blocking(output, False)
        self._selector.register(self._server, selectors.EVENT_READ, self._accept)
        self._selector.register(output, selectors.EVENT_READ, self._read_output)
        self._selector.register(self._woken, selectors.EVENT_READ, lambda: None)
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """host:port, the form of AWS_LAMBDA_RUNTIME_API."""
        host, port = self._server.getsockname()
        return f"{host}:{port}"

    def close(self) -> None:
        """Read what output there is, end every connection, and return when that is done."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._wake.send(b"x")
        self._thread.join()

    def _serve(self) -> None:
        while not self._closed:
            for key, _ in self._selector.select():
                key.data()
        self._read_output()
        self._selector.close()
        for held in (*self._connections, self._server, self._wake, self._woken):
            held.close()
        self._close_output()

    def _accept(self) -> None:
        connection, _ = self._server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections[connection] = bytearray()
        read = functools.partial(self._read, connection)
        self._selector.register(connection, selectors.EVENT_READ, read)

    def _read(self, connection: socket.socket) -> None:
        buffer = self._connections[connection]
        try:
            data = connection.recv(_CHUNK)
            buffer += data
            while (request := wire.take_request(buffer)) is not None:
                self._read_output()
                reply = self._answer(connection, request)
                if reply is not None:
                    connection.sendall(reply)
        except (OSError, wire.MalformedRequest):
            data = b""
        if not data:
            self._hang_up(connection)

    def _hang_up(self, connection: socket.socket) -> None:
        self._hung_up(connection)
        self._selector.unregister(connection)
        del self._connections[connection]
        connection.close()

    def _read_output(self) -> None:
        for _ in range(_MOST_CHUNKS):
            if self._output is None:
                return
            try:
                data = os.read(self._output, _CHUNK)
            except BlockingIOError:
                return
            if data:
                self._on_output(data)
            else:  # every writer has closed it: a busy loop, if it stayed registered
                self._selector.unregister(self._output)
                self._close_output()

    def _close_output(self) -> None:
        if self._output is not None:
            os.close(self._output)
            self._output = None


def send_within(connection: socket.socket, data: bytes, seconds: float) -> None:
    """Send all of it, or as much as the other end takes in that time.

    Raises:
        OSError: the connection has ended.
    """
    until = time.monotonic() + seconds
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[connection.send(rest, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            room = select.poll()
            room.register(connection, select.POLLOUT)
            if not room.poll(max(until - time.monotonic(), 0.0) * 1000):
                return
