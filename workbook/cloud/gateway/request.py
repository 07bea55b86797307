"""A client's request, read once from its WSGI environ, as API Gateway sees it.

SCRIPT_NAME holds what leads to the stage's root ("/_aws/execute-api/abc123/api", or "/api" where
the host names the API); the rest of the path is the API's. The path is taken as it was sent,
undecoded, from REQUEST_URI, because API Gateway hands it on that way.

WSGI spells header names in capitals. A server that keeps the client's own spelling can hand it
on as a list of pairs under ORIGINAL_HEADERS; else names are written Like-This.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit

from workbook.cloud.gateway.responses import TOO_LARGE, Refused

ORIGINAL_HEADERS = "workbook.headers"
BODY_LIMIT = 10 * 1024 * 1024
_DISCARDED = 10 * BODY_LIMIT

# "Amazon API Gateway important notes": the headers that never reach an integration.
_DROPPED = {
    "connection",
    "content-length",
    "content-md5",
    "expect",
    "keep-alive",
    "max-forwards",
    "proxy-authenticate",
    "proxy-connection",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
    "x-http-method-override",
}


@dataclass(frozen=True)
class Sent:
    """What left the client, for a signature to be held against: nothing dropped or decoded."""

    method: str = ""
    path: str = ""
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Request:
    """One request. `path` is raw, begins with one slash and has no stage in it."""

    method: str
    path: str
    path_in_stage: str  # as sent, leading slashes and all
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    host: str
    source_ip: str
    scheme: str
    port: str
    protocol: str
    sent: Sent = Sent()

    @cached_property
    def _by_lower_name(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers}

    def header(self, name: str) -> str | None:
        """The last value of a header, whatever its case; None when absent."""
        return self._by_lower_name.get(name.lower())


def read(environ: Mapping[str, Any]) -> Request:
    """The request in a WSGI environ; reads its body.

    Raises:
        Refused: the body is larger than API Gateway's 10 MB.
    """
    sent = _sent_headers(environ)
    lower = {name.lower(): value for name, value in sent}
    whole_path, raw_path, raw_query = _target(environ)
    body = _body(environ)
    return Request(
        # "API Gateway overrides the method" (important notes, X-HTTP-Method-Override)
        method=lower.get("x-http-method-override", environ["REQUEST_METHOD"]).upper(),
        path="/" + raw_path.lstrip("/"),
        path_in_stage=raw_path or "/",
        query=parse_query(raw_query),
        headers=tuple(pair for pair in sent if _reaches_the_integration(*pair)),
        body=body,
        host=lower.get("host", environ.get("SERVER_NAME", "")),
        source_ip=environ.get("REMOTE_ADDR") or "127.0.0.1",
        scheme=environ.get("wsgi.url_scheme", "http"),
        port=str(environ.get("SERVER_PORT", "")),
        protocol=environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        sent=Sent(environ["REQUEST_METHOD"], whole_path, raw_query, tuple(sent), body),
    )


def parse_query(raw: str) -> tuple[tuple[str, str], ...]:
    """Decoded pairs in the order sent; a semicolon splits as an ampersand does."""
    pairs = (part.partition("=") for part in raw.replace(";", "&").split("&") if part)
    return tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)


def _target(environ: Mapping[str, Any]) -> tuple[str, str, str]:
    """The path as sent, what of it lies below the stage, and the query."""
    script_name = environ.get("SCRIPT_NAME", "")
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw is None:
        whole = script_name + environ.get("PATH_INFO", "")
        # PEP 3333: the path's bytes, disguised as latin-1
        raw = f"{quote(whole.encode('latin-1'))}?{environ.get('QUERY_STRING', '')}"
    if not raw.startswith("/"):  # absolute form: GET http://host/path
        parts = urlsplit(raw)
        raw = f"{parts.path}?{parts.query}"
    path, _, query = raw.partition("?")
    depth = len([part for part in script_name.split("/") if part])
    return path, _below(path, depth), query


def _below(path: str, depth: int) -> str:
    """The path without its first segments; slashes in a row count as one on the way."""
    for _ in range(depth):
        _, slash, rest = path.lstrip("/").partition("/")
        path = slash + rest
    return path


def _sent_headers(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    if ORIGINAL_HEADERS in environ:
        return [(name, value) for name, value in environ[ORIGINAL_HEADERS]]
    headers = [
        (key[5:].replace("_", "-").title(), value)
        for key, value in environ.items()
        if key.startswith("HTTP_")
    ]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    return headers


def _reaches_the_integration(name: str, value: str) -> bool:
    if name.lower() == "authorization":
        return not value.startswith("AWS4-HMAC-SHA256")  # dropped when it is a signature
    return name.lower() not in _DROPPED


def _body(environ: Mapping[str, Any]) -> bytes:
    stream = environ.get("wsgi.input")
    if stream is None:
        return b""
    if environ.get("CONTENT_LENGTH"):
        length = int(environ["CONTENT_LENGTH"])
        if length > BODY_LIMIT:
            _discard(stream, length)
            raise Refused(TOO_LARGE)
        return bytes(stream.read(length))
    if not environ.get("wsgi.input_terminated"):
        return b""
    body = bytes(stream.read(BODY_LIMIT + 1))  # chunked: the server ends the stream
    if len(body) > BODY_LIMIT:
        _discard(stream, _DISCARDED)
        raise Refused(TOO_LARGE)
    return body


def _discard(stream: Any, length: int) -> None:
    """Read on, within reason: a client that is still sending sees a broken pipe, not the answer."""
    left = min(length, _DISCARDED)
    while left > 0 and (part := stream.read(min(left, 65_536))):
        left -= len(part)
