"""One request and its answer, side by side: a pure view, as text and as HTML.

`request_console` makes one for each request it sends. What differs from answer to answer though
the app says the same (dates, request ids) is left out, so that an exchange can be compared.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook.check.face import EDGES
from workbook.panels.senders import Answer, Request

# RFC 9110's words. Python's own differ between its versions for 413 and 422.
REASONS = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}
# Edges only repeat what the words say.
_VERDICTS = {
    2: ("the request was served", EDGES["passed"]),
    3: ("look elsewhere", EDGES["note"]),
    4: ("the caller's side is at fault", EDGES["fault"]),
    5: ("our side is at fault", EDGES["failed"]),
}
_NO_ANSWER = ("no HTTP answer", EDGES["failed"])
_NEUTRAL = EDGES["not-attempted"]
_CHANGING = {
    "connection",
    "date",
    "server",
    "x-amz-apigw-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
}
LONGEST_BODY = 1200
_BYTES_SHOWN = 16


@dataclass(frozen=True)
class Exchange:
    """A request, the place it was sent to, and what came back."""

    place: str
    request: Request
    answer: Answer

    @property
    def line(self) -> str:
        """Both in one line: ``POST /items → 422 Unprocessable Content``."""
        return f"{self.request.method} {self.request.path} → {self.status}"

    @property
    def status(self) -> str:
        """The status with its words: ``422 Unprocessable Content``."""
        if self.answer.status is None:
            return "no answer"
        return f"{self.answer.status} {REASONS.get(self.answer.status, '')}".rstrip()

    @property
    def verdict(self) -> str:
        """Whose side the status speaks of, in words."""
        return self._judged()[0]

    def __repr__(self) -> str:
        request, answer = self._sent(), self._came()
        return "\n".join(
            [
                f"▶ {self.request.method} {self.request.path}   ({self.place})",
                *_indented(request),
                f"◀ {self.status}   ({self.verdict})",
                *_indented(answer),
            ]
        )

    def _repr_html_(self) -> str:
        verdict, colour = self._judged()
        sent = f"{self.request.method} {self.request.path}"
        return (
            '<div role="status" style="display:grid;gap:.8em;max-width:84em;line-height:1.4;'
            "grid-template-columns:repeat(auto-fit,minmax(min(24em,100%),1fr));"
            'font-size:var(--jp-ui-font-size1,13px)">'
            f"{_side('Request', sent, self.place, self._sent(), _NEUTRAL)}"
            f"{_side('Answer', self.status, verdict, self._came(), colour)}</div>"
        )

    def _sent(self) -> str:
        return _message(self.request.headers, self.request.body)

    def _came(self) -> str:
        if self.answer.status is None:
            return self.answer.trouble
        return _message(self.answer.headers, self.answer.body)

    def _judged(self) -> tuple[str, str]:
        return _VERDICTS.get((self.answer.status or 0) // 100, _NO_ANSWER)


def shown_body(body: bytes) -> str:
    """A body for reading: JSON laid out, text as it is, anything else as its first bytes."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        start = body[:_BYTES_SHOWN].hex(" ")
        more = " …" if len(body) > _BYTES_SHOWN else ""
        return f"{len(body):,} bytes that are no text: {start}{more}"
    if len(text) > LONGEST_BODY:
        return f"{text[:60]} …\n({len(body):,} bytes)"
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _message(headers: Mapping[str, Any], body: bytes) -> str:
    lines = [
        f"{name}: {value}"
        for name, values in headers.items()
        if name.lower() not in _CHANGING
        for value in (values if isinstance(values, list) else [values])
    ]
    return "\n".join([*lines, *([""] if lines else []), shown_body(body) or "(no body)"])


def _indented(text: str) -> list[str]:
    return [f"  {line}".rstrip() for line in text.splitlines()]


def _side(name: str, headline: str, note: str, text: str, colour: str) -> str:
    # Styles stand on the elements: a page that takes <style> away, as GitHub does, keeps the words.
    return (
        f'<div style="border-left:.35em solid {colour};padding:.2em .8em;min-width:0">'
        f'<div style="opacity:.8">{name}</div>'
        f'<div style="overflow-wrap:anywhere"><strong>{html.escape(headline)}</strong> '
        f"({html.escape(note)})</div>"
        '<pre style="margin:.4em 0 0;white-space:pre-wrap;word-break:normal;'
        f'overflow-wrap:anywhere;background:none;padding:0">{html.escape(text)}</pre></div>'
    )
