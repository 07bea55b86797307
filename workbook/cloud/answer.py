"""A whole HTTP answer as a value, and how one is given to WSGI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Headers = tuple[tuple[str, str], ...]
StartResponse = Callable[..., Any]


@dataclass(frozen=True)
class Answer:
    """Status, headers and body, complete."""

    status: int
    body: bytes = b""
    headers: Headers = ()

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request with this."""
        named = {name.lower() for name, _ in self.headers}
        length = () if "content-length" in named else (("Content-Length", str(len(self.body))),)
        start_response(f"{self.status} {_reason(self.status)}", [*self.headers, *length])
        return [self.body]


def json_answer(value: Any, status: int = 200, headers: Headers = ()) -> Answer:
    """An answer whose body is JSON."""
    body = json.dumps(value, default=str).encode()
    return Answer(status, body, (("Content-Type", "application/json"), *headers))


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a function may answer with any number
        return "Unknown"
