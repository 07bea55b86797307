"""The AWS calls made to the cloud: read from each request, kept for looking at.

`AwsCall` is what can be told of a request from its headers and path; which operation a REST-like
request is (`PUT /2015-03-31/functions/…`) is looked up in botocore's models, and only when
somebody looks, because those models are slow to load. Nothing here decides on a request.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote

REMEMBERED = 5_000
# The name in a signature, where it is not the name of botocore's model.
MODEL_OF = {"monitoring": "cloudwatch", "email": "ses", "execute-api": "apigatewaymanagementapi"}
COPIES = ("CopyObject", "UploadPartCopy")
_CREDENTIAL = re.compile(r"Credential=([^/]+)/[^/]*/([^/]*)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class AwsCall:
    """One request to an AWS API.

    Args:
        service: as in its signature: "dynamodb"; "s3" when it is not signed, as moto assumes.
        operation: AWS's name for it, or "" where only its path tells.
        access_key: whose signature it bears.
        copies: whether it names a source to copy from, which alone tells CopyObject from PutObject.
    """

    service: str
    operation: str
    method: str
    path: str
    query: str
    region: str
    access_key: str
    copies: bool = False


def read_call(environ: Mapping[str, Any], form: Mapping[str, list[str]]) -> AwsCall:
    """What a request's head says; `form` is its body where that is a form."""
    signature = environ.get("HTTP_AUTHORIZATION", "")
    query = environ.get("QUERY_STRING", "")
    if "X-Amz-Credential" in query:  # a presigned URL
        signature = "Credential=" + unquote(parse_qs(query)["X-Amz-Credential"][0])
    found = _CREDENTIAL.search(signature)
    access_key, region, service = (
        found.groups() if found else (_older_signer(signature, query), "", "")
    )
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    action = form.get("Action") or parse_qs(query).get("Action") or [""]
    return AwsCall(
        service=_service(service, target, environ["PATH_INFO"]),
        operation=target.rpartition(".")[2] or action[0],
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=query,
        region=region or "us-east-1",
        access_key=access_key,
        copies="HTTP_X_AMZ_COPY_SOURCE" in environ,
    )


def _older_signer(header: str, query: str) -> str:
    """The access key of signature version 2, which names nothing else and is S3's alone."""
    if header.startswith("AWS "):
        return header.removeprefix("AWS ").partition(":")[0]
    return parse_qs(query).get("AWSAccessKeyId", [""])[0]


def _service(signed: str, target: str, path: str) -> str:
    if signed == "dynamodb" and target.startswith("DynamoDBStreams"):
        return "dynamodbstreams"
    if signed == "apigateway" and path.startswith("/v2/"):
        return "apigatewayv2"
    return signed or "s3"


class CallLog:
    """The last calls, with how they were answered."""

    def __init__(self) -> None:
        self._calls: deque[tuple[AwsCall, int, float, float]] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()

    def record(self, call: AwsCall, status: int, started: float, seconds: float) -> None:
        """Remember a call that was answered with `status`; times in seconds."""
        with self._lock:
            self._calls.append((call, status, started, seconds))

    def entries(self) -> Iterator[dict[str, Any]]:
        """Each call as plain data, oldest first."""
        with self._lock:
            calls = list(self._calls)
        for call, status, started, seconds in calls:
            yield {
                "service": call.service,
                "operation": operation_name(call),
                "status": status,
                "access_key": call.access_key,
                "started": started,
                "ms": seconds * 1000,
            }


def operation_name(call: AwsCall) -> str:
    """AWS's name of the operation; "METHOD path" when its model does not tell."""
    if call.operation:
        return call.operation
    wanted = parse_qs(call.query, keep_blank_values=True)
    called = call.path[max(call.path.find("/@connections/"), 0) :]  # below an API's stage
    for method, path, query, name in _rest_operations(MODEL_OF.get(call.service, call.service)):
        fits = method == call.method and path.fullmatch(called) and _asks_for(query, wanted)
        if fits and (name in COPIES) == call.copies:
            return name
    return f"{call.method} {call.path}"


def _asks_for(query: Mapping[str, list[str]], wanted: Mapping[str, list[str]]) -> bool:
    return all(name in wanted and values in ([""], wanted[name]) for name, values in query.items())


@lru_cache(maxsize=1)  # they are large: what is needed of one for long is kept by who needs it
def description(service: str) -> dict[str, Any]:
    """botocore's model of a service, as it is written; empty when there is none."""
    from botocore.exceptions import UnknownServiceError  # type: ignore[import-untyped]
    from botocore.loaders import Loader  # type: ignore[import-untyped]

    try:
        model: dict[str, Any] = Loader().load_service_model(service, "service-2")
    except UnknownServiceError:
        return {}
    return model


@cache
def _rest_operations(
    service: str,
) -> list[tuple[str, re.Pattern[str], dict[str, list[str]], str]]:
    """Method, path, query and name of a service's operations, the most particular first."""
    found = []
    for name, operation in description(service).get("operations", {}).items():
        uri, _, query = operation["http"]["requestUri"].partition("?")
        pattern = re.sub(r"\\{\w+\\\+\\}", ".+", re.escape(uri))
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", pattern)
        asked = parse_qs(query, keep_blank_values=True)
        found.append((operation["http"]["method"], re.compile(pattern + "/?"), asked, name))
    return sorted(found, key=lambda each: (-len(each[2]), -_literal(each[1].pattern)))


def _literal(pattern: str) -> int:
    return len(pattern.replace("[^/]+", "").replace(".+", ""))
