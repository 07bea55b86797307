"""A place where requests wait for each other, so that what happens at once does so for certain.

    address(2) ◀──GET── execution environment 1 ─┐ both are answered
               ◀──GET── execution environment 2 ─┘ when both have come

Two requests sent together may still be served one after the other by one quick environment. A view
that first asks here cannot be finished before the other has begun. It is HTTP on 127.0.0.1, since
that reaches from one process to another; one for each number of parties, for the kernel's life.
"""

from __future__ import annotations

import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
PATIENCE_SECONDS = 20.0


@cache
def address(parties: int) -> str:
    """Where to send a GET that is answered when `parties` of them have come.

    Whoever waits alone for twenty seconds is answered 504.
    """
    server = _Server((HOST, 0), _Arrival)
    server.barrier = threading.Barrier(parties)
    threading.Thread(target=server.serve_forever, name="meeting point", daemon=True).start()
    return f"http://{HOST}:{server.server_port}/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    barrier: threading.Barrier


class _Arrival(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        try:
            self.server.barrier.wait(PATIENCE_SECONDS)
            status = 204
        except threading.BrokenBarrierError:
            self.server.barrier.reset()  # for those who come next
            status = 504
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: a notebook's output is compared."""
