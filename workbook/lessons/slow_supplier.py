"""A supplier who is slow on demand: an HTTP service in this process that answers when it is told.

    with supplier.holding():      whoever asks now waits until the block ends
    with supplier.together(5):    nobody is answered before five are waiting
    supplier.hold(), release()    the same as holding, over several cells or buttons

A function that asks it is busy for as long as a lesson needs, and no longer: "at the same time"
is then a fact and not a hope, and nothing sleeps.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Self

from workbook.errors import WorkbookError

HOST = "127.0.0.1"
PRICE = b"4.20"
_MORE_THAN_EVER_COME = 1_000_000
WAIT_SECONDS = 25.0  # below API Gateway's 29, so that a learner sees our sentence and not its 504


def start() -> Supplier:
    """A supplier that answers at once, until it is told to wait."""
    return Supplier()


class Supplier:
    """Answers every GET with a price; `start` makes it, `with` or stop() ends it.

    Attributes:
        url: where to ask, on this machine.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting = 0
        self._needed = 0  # how many must wait before they are answered; 0 asks for no wait
        self._round = 0
        supplier = self

        class Asked(_Handler):
            answers_when = supplier

        self._server = _Server((HOST, 0), Asked)
        self.url = f"http://{HOST}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def hold(self) -> None:
        """From now on nobody is answered, until `release`."""
        self._need(_MORE_THAN_EVER_COME)

    def release(self) -> None:
        """Answer whoever waits, and from now on whoever comes."""
        self._need(0)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Inside the block nobody is answered; at its end all are."""
        with self.together(_MORE_THAN_EVER_COME):
            yield

    @contextmanager
    def together(self, number: int) -> Iterator[None]:
        """Inside the block answers are given to so many at once, when as many are waiting."""
        self._need(number)
        try:
            yield
        finally:
            self.release()

    def until_waiting(self, number: int) -> None:
        """Come back when so many are waiting for an answer.

        Raises:
            WorkbookError: there were fewer after 25 seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting >= number, WAIT_SECONDS):
                raise WorkbookError(
                    f"Only {self._waiting} of {number} requests have reached the supplier.",
                    "Begin as many requests as you wait for, while the supplier is holding.",
                )

    def wait_for_the_answer(self) -> None:
        """What a question does: wait for its round to end, at most 25 seconds."""
        with self._changed:
            self._waiting += 1
            mine = self._round
            self._changed.notify_all()
            if self._waiting >= self._needed:
                self._answer_all()
            self._changed.wait_for(lambda: self._round > mine, WAIT_SECONDS)
            if self._round == mine:  # given up: those who come later are another round
                self._answer_all()

    def stop(self) -> None:
        """Answer whoever waits, and end the service. Twice is fine."""
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"a supplier on {HOST}, {self._waiting} waiting for an answer"

    def _need(self, number: int) -> None:
        with self._changed:
            self._needed = number
            if self._waiting >= number:
                self._answer_all()

    def _answer_all(self) -> None:
        self._round += 1
        self._waiting = 0
        self._changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    answers_when: ClassVar[Supplier]

    def do_GET(self) -> None:
        self.answers_when.wait_for_the_answer()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(PRICE)))
        self.end_headers()
        self.wfile.write(PRICE)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a notebook's cell shows what the lesson prints."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A function that was killed while it waited has hung up; that is what the lesson shows."""
