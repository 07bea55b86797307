"""The request console: write a request, send it, read the answer beside it.

    request_console(app, "POST", "/items", json={"name": "Moka pot"})

A thin widget: `senders` reaches the app or API, `exchange` draws what came. The request it is made
with is sent at once, so that a page without a running kernel shows an exchange too.
"""

from __future__ import annotations

import html
import json as json_format
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workbook.panels.choice import Choice
from workbook.panels.exchange import Exchange
from workbook.panels.senders import Answer, Request, sender_to
from workbook.panels.static_face import Panel

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
ONE_LINE = 60  # characters of JSON that stay on one line in the body's field
REMEMBERED = 8  # exchanges listed below the answer


def request_console(
    target: object,
    method: str = "GET",
    path: str = "/",
    *,
    json: Any = None,
    headers: Mapping[str, str] | None = None,
    body: str | bytes = "",
) -> RequestConsole:
    """A console that has sent this request, and sends whatever it is changed into.

    Args:
        target: a Chalice app; a running `local_server`; `cloud.api(…)`; or an address on this
            machine.
        json: a body to be sent as JSON, with that content type.
        headers: sent as they are; a content type given here wins.
        body: sent as it is.

    Raises:
        UnknownName: the target is none of those.
    """
    sent = dict(headers or {})
    if json is not None:
        short = json_format.dumps(json, ensure_ascii=False)
        laid_out = json_format.dumps(json, indent=2, ensure_ascii=False)
        body = short if len(short) <= ONE_LINE else laid_out
        if "content-type" not in {name.lower() for name in sent}:
            sent["Content-Type"] = "application/json"
    raw = body.encode() if isinstance(body, str) else body
    return RequestConsole(target, Request(method.upper(), path, sent, raw))


class RequestConsole(Panel):
    """Fields for a request, a button that sends it, and the exchange below.

    Attributes:
        exchanges: every exchange of this console, the newest last.
    """

    def __init__(self, target: object, request: Request) -> None:
        self._sender = sender_to(target)
        self.exchanges: list[Exchange] = []
        self._fixed_body: bytes | None = None
        methods = METHODS if request.method in METHODS else (*METHODS, request.method)
        self._method = Choice("Method", methods, request.method)
        self._path = widgets.Text(value=request.path, description="Path", layout=_wide("16em", 1))
        self._send = widgets.Button(
            description="Send", button_style="primary", tooltip="Send this request", layout=_KEY
        )
        self._headers = widgets.Textarea(
            value="\n".join(f"{name}: {value}" for name, value in request.headers.items()),
            description="Headers",
            placeholder="Content-Type: application/json",
            rows=4,
            layout=_wide("20em", 1),
        )
        self._body = widgets.Textarea(description="Body", rows=4, layout=_wide("20em", 1))
        self._fill_body(request.body)
        self._answer = widgets.HTML()
        self._earlier = widgets.HTML()
        self._send.on_click(lambda _: self._press())
        super().__init__(
            [
                self._method,
                widgets.HBox([self._path, self._send], layout=_ROW),
                widgets.HBox([self._headers, self._body], layout=_ROW),
                self._answer,
                self._earlier,
            ],
            layout=widgets.Layout(max_width="84em"),
        )
        self.send(request)

    def send(self, request: Request) -> Exchange:
        """Send a request and show what came."""
        return self._show(Exchange(self._sender.place, request, self._sender.send(request)))

    def face(self) -> Exchange:
        """The newest exchange: what a page without a running kernel shows."""
        return self.exchanges[-1]

    def _press(self) -> None:
        method, path = self._method.value, self._path.value.strip()
        try:
            headers = _parsed(self._headers.value)
        except ValueError as error:
            trouble = Answer(None, trouble=f"Not sent. {error}")
            self._show(Exchange(self._sender.place, Request(method, path), trouble))
            return
        body = self._body.value.encode() if self._fixed_body is None else self._fixed_body
        self.send(Request(method, path if path.startswith("/") else f"/{path}", headers, body))

    def _show(self, exchange: Exchange) -> Exchange:
        self.exchanges.append(exchange)
        self._answer.value = exchange._repr_html_()
        self._earlier.value = _list_of(self.exchanges[:-1])
        return exchange

    def _fill_body(self, body: bytes) -> None:
        try:
            self._body.value = body.decode()
        except UnicodeDecodeError:  # a text field cannot hold it: it is sent as it was given
            self._fixed_body = body
            self._body.value = f"({len(body):,} bytes that are no text, sent as they are)"
            self._body.disabled = True


def _parsed(lines: str) -> dict[str, str]:
    headers = {}
    for number, line in enumerate(lines.splitlines(), 1):
        name, colon, value = line.partition(":")
        if line.strip() and not (colon and name.strip()):
            raise ValueError(f"Line {number} of the headers is {line!r}; write Name: value.")
        if line.strip():
            headers[name.strip()] = value.strip()
    return headers


def _list_of(exchanges: list[Exchange]) -> str:
    if not exchanges:
        return ""
    newest = reversed(exchanges[-REMEMBERED:])
    rows = "".join(f"<li>{html.escape(exchange.line)}</li>" for exchange in newest)
    return f'<div style="opacity:.8">Before that, newest first</div><ol>{rows}</ol>'


def _wide(width: str, grow: int = 0) -> widgets.Layout:
    return widgets.Layout(width=width, flex=f"{grow} 1 {width}", min_width="0", max_width="100%")


_ROW = widgets.Layout(flex_flow="row wrap", width="100%")
_KEY = widgets.Layout(width="8em", flex="0 0 8em")
