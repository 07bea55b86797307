"""The HTTP server under the front: cheroot, with what AWS clients need and cheroot leaves out.

It keeps every connection alive, grows a thread for every request that waits (a function may call
AWS, which calls a function, so a fixed pool would lock up), and hands the application each header
exactly as it was sent (`environ["workbook.headers"]`): WSGI alone folds and recases them, while
API Gateway's event lists every value. Who leaves in the middle of a body has sent nothing. An application that speaks another protocol from here on
takes the connection over (`environ["workbook.take_over"]()`). It knows nothing of AWS; see front.py.
"""

from __future__ import annotations

import errno
import logging
import queue
import select
import socket
import threading
from typing import Any
from urllib.parse import unquote

from cheroot import server as cheroot_server
from cheroot import wsgi
from cheroot.workers import threadpool
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)

HEADERS = "workbook.headers"
TAKE_OVER = "workbook.take_over"
MAX_THREADS = 1_200  # an account's 1,000 concurrent executions, and the calls they make
KEEP_ALIVE_SECONDS = 60
LINGER_MS = 20  # how long a thread stays with a connection that has been answered
_LOG = logging.getLogger(__name__)


class Server(wsgi.Server):
    """Serve one WSGI application on 127.0.0.1.

    Args:
        port: 0 for any free one; `port` holds the one that was taken after `prepare()`.
        application: the WSGI application.
    """

    def __init__(self, port: int, application: Any) -> None:
        super().__init__(
            ("127.0.0.1", port),
            application,
            numthreads=8,
            request_queue_size=512,
            timeout=KEEP_ALIVE_SECONDS,
            shutdown_timeout=1,
        )
        self.requests = _GrowingPool(self, min=8, max=MAX_THREADS)
        self.gateway = _Gateway
        self.ConnectionClass = _Connection
        self.nodelay = True
        self.keep_alive_conn_limit = MAX_THREADS

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self.bind_addr[1])

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Cheroot's errors go where everything else is logged."""
        _LOG.log(level, msg, exc_info=traceback)


class _GrowingPool(threadpool.ThreadPool):
    """Cheroot's pool never grows by itself, and polls for readiness when asked to."""

    _queue: queue.Queue[Any]  # cheroot's own, which its type stubs leave out
    _threads: list[Any]

    def __init__(self, server: Server, **limits: int) -> None:
        super().__init__(server, **limits)
        self._growing = threading.Lock()

    def put(self, obj: Any) -> None:
        with self._growing:
            if self._queue.qsize() >= self.idle and len(self._threads) < self.max:
                self._threads.append(self._spawn_worker())
        super().put(obj)

    def grow(self, amount: int) -> None:
        self._threads.extend(self._spawn_worker() for _ in range(amount))

    def _spawn_worker(self) -> Any:
        worker = threadpool.WorkerThread(self.server)
        worker.daemon = True
        worker.start()
        return worker


class _Headers(cheroot_server.HeaderReader):
    """Keeps each header as it was sent, beside cheroot's own folded and recased form."""

    def __init__(self) -> None:
        self.as_sent: list[tuple[str, str]] = []

    def __call__(self, rfile: Any, hdict: Any = None) -> Any:
        return super().__call__(_Recorder(rfile, self.as_sent), hdict)


class _Recorder:
    def __init__(self, rfile: Any, as_sent: list[tuple[str, str]]) -> None:
        self._rfile, self._as_sent = rfile, as_sent

    def readline(self) -> bytes:
        line: bytes = self._rfile.readline()
        name, colon, value = line.decode("latin-1").partition(":")
        if colon and not name[:1].isspace():
            self._as_sent.append((name.strip(), value.strip()))
        return line


class _Request(cheroot_server.HTTPRequest):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header_reader = _Headers()


class _Connection(cheroot_server.HTTPConnection):
    RequestHandlerClass = _Request
    taken_over = False

    def take_over(self) -> tuple[socket.socket, bytes]:
        """The socket, which is the caller's to close, and what was read from it too far."""
        self.taken_over = True
        early = self.rfile.peek() if self.rfile.has_data() else b""
        return socket.socket(fileno=self.socket.detach()), early

    def close(self) -> None:
        """Close the socket, unless it is somebody else's by now."""
        if not self.taken_over:
            super().close()

    def communicate(self) -> bool:
        """Answer a request, and those that follow it closely, on the same thread.

        Cheroot gives a connection back to its selector after every request, which costs a busy
        connection two thread switches a request.
        """
        while super().communicate():
            if not self._more_follows():
                return True
        return False

    def _more_follows(self) -> bool:
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(self.rfile.has_data() or poll.poll(LINGER_MS))


class ClientLeft(ConnectionResetError):
    """The client was gone before its request was whole; nothing may come of half of one."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the client left in the middle of its request")


class _WholeBody(cheroot_server.KnownLengthRFile):
    """Cheroot hands on what there is of a body, as if it were all."""

    def read(self, size: int | None = None) -> bytes:
        wanted = self.remaining if size is None or size < 0 else min(size, self.remaining)
        data: bytes = super().read(wanted)
        if len(data) < wanted:
            raise ClientLeft
        return data


class _Gateway(wsgi.Gateway_10):
    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        body = self.req.rfile
        if isinstance(body, cheroot_server.KnownLengthRFile):
            self.req.rfile = _WholeBody(body.rfile, body.remaining)
        environ: dict[str, Any] = super().get_environ()
        as_sent = self.req.header_reader.as_sent
        raw_uri = environ["REQUEST_URI"]
        environ["RAW_URI"] = raw_uri
        # Cheroot leaves %2F alone; moto, like every WSGI application, expects a decoded path.
        environ["PATH_INFO"] = unquote(raw_uri.partition("?")[0], "latin-1")
        environ[HEADERS] = as_sent
        environ[TAKE_OVER] = self._take_over
        environ.update(_folded(as_sent))
        return environ

    def _take_over(self) -> tuple[socket.socket, bytes]:
        self.req.sent_headers = True  # cheroot must answer nothing itself
        self.req.close_connection = True
        return self.req.conn.take_over()


def _folded(as_sent: list[tuple[str, str]]) -> dict[str, Any]:
    """Repeated headers joined by commas, and underscored names (S3 metadata) under moto's key.

    Imitates moto.moto_server.werkzeug_app.MotoRequestHandler, which belongs to another server.
    """
    values: dict[str, list[str]] = {}
    preserved: dict[str, str] = {}
    for name, value in as_sent:
        key = environ_key_for_header(name)
        values.setdefault(key, []).append(value)
        if "_" in name and should_preserve_original_header_name(name):
            preserved.setdefault(key, name)
    environ: dict[str, Any] = {
        key: ",".join(found) for key, found in values.items() if key.startswith("HTTP_")
    }
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = preserved
    return environ
