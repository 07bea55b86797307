"""From a function's output to the client's response, for a Lambda proxy integration.

Page: "Output format of a Lambda function for proxy integration". No field is mandatory, no other
field is allowed, and a field of the wrong kind makes the whole answer a 502.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbook.cloud.gateway.media import is_binary
from workbook.cloud.gateway.responses import (
    CALL_REJECTED,
    JSON,
    MALFORMED_OUTPUT,
    Refused,
    Response,
)

_FIELDS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, a field name

# "Amazon API Gateway important notes", column Response, Lambda proxy.
_REMAPPED = {
    "authorization",
    "connection",
    "content-length",
    "content-md5",
    "date",
    "max-forwards",
    "server",
    "user-agent",
    "www-authenticate",
}
_DROPPED = {
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
}


def response(payload: bytes, accept: str | None, binary_types: Sequence[str]) -> Response:
    """The response that a function's output asks for.

    Args:
        accept: the client's Accept header, which decides whether a base64 body is decoded.

    Raises:
        Refused: the output is malformed (502), or its body cannot be decoded (500).
    """
    output = _parse(payload)
    headers = [
        (outgoing, value)
        for name, value in _headers(output)
        if (outgoing := _outgoing_name(name)) is not None
    ]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", JSON))
    return Response(_status(output), tuple(headers), _body(output, accept, binary_types))


def _parse(payload: bytes) -> Mapping[str, Any]:
    try:
        output = json.loads(payload)
    except ValueError as error:
        raise Refused(MALFORMED_OUTPUT) from error
    if not isinstance(output, dict) or not output.keys() <= _FIELDS:
        raise Refused(MALFORMED_OUTPUT)
    return output


def _status(output: Mapping[str, Any]) -> int:
    value = output.get("statusCode", 200)
    if not isinstance(value, int | str):
        raise Refused(MALFORMED_OUTPUT)
    try:
        status = int(value)
    except ValueError as error:
        raise Refused(MALFORMED_OUTPUT) from error
    if not 100 <= status <= 599:
        raise Refused(MALFORMED_OUTPUT)
    return status


def _headers(output: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Both header maps as one list: the list's values first, in the list's spelling."""
    single = _checked_map(output, "headers")
    multiple = _checked_map(output, "multiValueHeaders")
    if not all(isinstance(values, list) for values in multiple.values()):
        raise Refused(MALFORMED_OUTPUT)
    pairs = [(name, _text(value)) for name, values in multiple.items() for value in values]
    spelling = {name.lower(): name for name in multiple}
    for name, value in single.items():
        pair = (spelling.get(name.lower(), name), _text(value))
        if pair not in pairs:
            pairs.append(pair)
    return pairs


def _checked_map(output: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = output.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(_NAME.fullmatch(name) for name in value):
        raise Refused(MALFORMED_OUTPUT)
    return value


def _text(value: Any) -> str:
    """A header's value; booleans and numbers pass, written as JSON writes them."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if not isinstance(value, str) or {"\r", "\n"} & set(value):
        raise Refused(MALFORMED_OUTPUT)
    # as UTF-8 on the wire; WSGI wants each byte as a latin-1 character
    return value.encode("utf-8", "replace").decode("latin-1")


def _outgoing_name(name: str) -> str | None:
    if name.lower() in _DROPPED:
        return None
    return f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name


def _body(output: Mapping[str, Any], accept: str | None, binary_types: Sequence[str]) -> bytes:
    body = output.get("body")
    is_base64 = output.get("isBase64Encoded")
    if not isinstance(body, str | None) or not isinstance(is_base64, bool | None):
        raise Refused(MALFORMED_OUTPUT)
    if not body:
        return b""
    if not is_base64 or not is_binary(accept, binary_types):
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        # API_CONFIGURATION_ERROR: "Base64 decoding failed on binary data"
        raise Refused(CALL_REJECTED) from error
