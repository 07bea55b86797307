"""As much of HTTP/1.1 as the Runtime API needs: whole requests in, whole responses out.

Written by hand because it is on the warm path: http.server spends more on parsing headers than
the function does on answering. It is no general server: no chunked bodies, no pipelining.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

MAX_HEAD_BYTES = 2 * 1024 * 1024  # runtimes send X-Ray causes of up to 1 MB in a header


class MalformedRequest(Exception):
    """What came in is not an HTTP request that this server reads."""


@dataclass(frozen=True)
class Request:
    """A request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def take_request(buffer: bytearray) -> Request | None:
    """The first whole request in the buffer, removed from it; None while it is incomplete."""
    head_end = buffer.find(b"\r\n\r\n")
    if head_end < 0:
        if len(buffer) > MAX_HEAD_BYTES:
            raise MalformedRequest("the head has no end")
        return None
    first, *lines = buffer[:head_end].decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if "transfer-encoding" in headers:
        raise MalformedRequest(str(NotEmulated(Missing.RESPONSE_STREAMING)))
    body_start = head_end + 4
    body_end = body_start + _content_length(headers)
    if len(buffer) < body_end:
        return None
    method, _, rest = first.partition(" ")
    request = Request(
        method, rest.partition(" ")[0], headers, bytes(memoryview(buffer)[body_start:body_end])
    )
    del buffer[:body_end]
    return request


def _content_length(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise MalformedRequest(f"Content-Length is {length!r}")
    return int(length)


def response(status: HTTPStatus, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a response, to be written at once: small packets cost 40 ms each."""
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", f"Content-Length: {len(body)}"]
    lines.extend(f"{name}: {_one_line(value)}" for name, value in (headers or {}).items())
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def _one_line(value: str) -> str:
    """A caller's value may hold line ends, which would begin a header of their own."""
    return value.replace("\r", " ").replace("\n", " ")


def json_response(status: HTTPStatus, document: Mapping[str, Any]) -> bytes:
    """The bytes of a response with a JSON body."""
    return response(status, json.dumps(document).encode(), {"Content-Type": "application/json"})
