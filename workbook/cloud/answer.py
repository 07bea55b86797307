"""A whole HTTP answer as a value, and how one is given to WSGI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape

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


def service_error(code: str, message: str, status: int, *, service: str, form: bool) -> Answer:
    """An error in the protocol of the service that was called.

    Args:
        form: whether the call came as a form, whose services answer in XML.
    """
    if service == "s3" or form:
        error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        body = error if service == "s3" else f"<ErrorResponse>{error}</ErrorResponse>"
        return Answer(status, body.encode(), (("Content-Type", "text/xml"),))
    told = {"__type": code, "message": message, "Message": message}
    return json_answer(told, status, (("x-amzn-ErrorType", code),))


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a function may answer with any number
        return "Unknown"
