"""One request to an app in this process, told in a few lines: what chapter 03 asks with.

    ask(app, "POST", "/items", {"name": "Moka pot"})     prints what was sent and what came
    status_of(app, "/items", {"name": "Moka pot"})       posts it as JSON, and gives the status

`panels.request_console` shows one exchange in full; these are for several under one another.
"""

from __future__ import annotations

import json
from typing import Any

from chalice import Chalice
from chalice.test import Client, HTTPResponse

_JSON = "application/json"
_SHOWN = 40  # characters of a body; what is longer is cut off with an ellipsis


def ask(
    app: Chalice,
    method: str,
    path: str,
    body: Any = b"",
    content_type: str | None = _JSON,
) -> None:
    """Print a request, send it, and print its status and body; each of its Errors gets a line.

    The request is printed first: what the view prints or logs stands between it and the answer.

    Args:
        app: what is asked.
        method: GET, POST and so on.
        path: with its query string, if any.
        body: bytes as they are; anything else as JSON.
        content_type: what the body claims to be; None sends no such header.
    """
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    text = sent.decode()
    shown = [f"{text[:_SHOWN]}{'…' if text[_SHOWN:] else ''}"] if text else []
    claim = [] if content_type == _JSON else [f"({content_type or 'no content type'})"]
    print(method, path, *shown, *claim)
    answer = _answer(app, method, path, sent, content_type)
    told = answer.json_body
    problems = told.pop("Errors", [])
    print(" ->", answer.status_code, told)
    for each in problems:
        print(f"      {each['field'] or 'the body'}: {each['problem']}")


def status_of(app: Chalice, path: str, body: Any) -> int:
    """The status that a POST of this value, as JSON, is answered with."""
    answer = _answer(app, "POST", path, json.dumps(body).encode(), _JSON)
    status: int = answer.status_code
    return status


def _answer(
    app: Chalice, method: str, path: str, sent: bytes, content_type: str | None
) -> HTTPResponse:
    headers = {"Content-Type": content_type} if content_type else {}
    with Client(app) as client:
        return client.http.request(method, path, headers=headers, body=sent)
