"""Requests as boto3 sends them, as WSGI would hand them on; and the least input an operation takes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3  # type: ignore[import-untyped]
from botocore.awsrequest import AWSResponse  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from workbook.cloud.calls import read_call
from workbook.cloud.iam.requests import Request, read

ENDPOINT = "http://127.0.0.1:4566"


class _Sent(Exception):
    pass


@cache
def client(service: str, endpoint: str = ENDPOINT, addressing: str = "path") -> Any:
    """A client that validates nothing, so that any input can be sent."""
    return boto3.Session().client(
        service,
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=Config(
            parameter_validation=False,
            s3={"addressing_style": addressing},
            retries={"max_attempts": 1},
        ),
    )


def environ_of(
    service: str, operation: str, *, via: Any = None, **parameters: Any
) -> dict[str, Any]:
    """The WSGI environ of a call."""
    via = via or client(service)
    sent: list[Any] = []

    def keep(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        raise _Sent

    via.meta.events.register_first("before-send", keep, unique_id="keep")
    try:
        via._make_api_call(operation, parameters)
    except _Sent:
        pass
    finally:
        via.meta.events.unregister("before-send", unique_id="keep")
    (request,) = sent
    return environ(request.method, request.url, dict(request.headers), _bytes(request.body))


def environ(method: str, url: str, headers: Mapping[str, Any], body: bytes = b"") -> dict[str, Any]:
    """The WSGI environ of a request."""
    parts = urlsplit(url)
    texts = {n: v.decode() if isinstance(v, bytes) else str(v) for n, v in headers.items()}
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(parts.path or "/", "latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": texts.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": parts.netloc,
        "wsgi.input": io.BytesIO(body),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in texts.items()},
    }


def request_of(service: str, operation: str, **parameters: Any) -> Request:
    """A call as the judge reads it."""
    return as_read(environ_of(service, operation, **parameters))


def as_read(received: dict[str, Any]) -> Request:
    """An environ as the judge reads it."""
    body = received["wsgi.input"].getvalue().decode("utf-8", "replace")
    form = {}
    if received["CONTENT_TYPE"].startswith("application/x-www-form-urlencoded"):
        form = {
            "Action": [
                part.partition("=")[2] for part in body.split("&") if part.startswith("Action=")
            ]
        }
    call = read_call(received, form)
    return read(received, call, account="123456789012", caller="arn:aws:iam::123456789012:user/me")


def operations(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation's name and the least input that it takes."""
    model = client(service).meta.service_model
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        yield name, {} if shape is None else _least(shape)


def _least(shape: Any, depth: int = 0) -> Any:
    kind = shape.type_name
    if kind == "structure":
        wanted = shape.required_members
        return {name: _least(shape.members[name], depth + 1) for name in wanted}
    if kind == "list":
        return [_least(shape.member, depth + 1)] if depth < 6 else []
    if kind == "map":
        return {"key": _least(shape.value, depth + 1)} if depth < 6 else {}
    simple = {"integer": 1, "long": 1, "boolean": True, "float": 1.0, "double": 1.0, "timestamp": 0}
    return simple.get(
        kind, b"x" if kind == "blob" else (getattr(shape, "enum", None) or ["something"])[0]
    )


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        return bytes(body.read())
    return body.encode() if isinstance(body, str) else bytes(body)
