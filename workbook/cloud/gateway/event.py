"""The event that a function behind a Lambda proxy integration receives (payload format 1.0).

Page: "Input format of a Lambda function for proxy integration". Shapes are AWS's, plain dicts.
The CloudFront-* headers of an edge-optimized API are not made up here: nothing stands before
this gateway, as nothing stands before a regional API.
"""

from __future__ import annotations

import base64
import os
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workbook.cloud.gateway.media import body_for_event
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.routing import Match

ApiKey = tuple[str, str | None]
"""An API key's value, and its id where that is known."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def new_id() -> str:
    """An id as API Gateway makes them: fifteen characters and an equals sign."""
    return base64.urlsafe_b64encode(os.urandom(11)).decode()


@dataclass(frozen=True)
class Call:
    """What is known of a call beside the client's request: where it arrived, when, and its ids."""

    account: str
    api_id: str
    stage: str
    deployment_id: str
    time: float  # seconds since 1970
    trace: str  # X-Amzn-Trace-Id, as the function's environment hands it on
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    # also the answer's x-amz-apigw-id
    extended_request_id: str = field(default_factory=new_id)


def new_trace(sent: str | None, now: float) -> str:
    """The trace header of a call: the client's root and decision where it sent them, else new."""
    given = dict(part.strip().partition("=")[::2] for part in (sent or "").split(";"))
    root = given.get("Root") or f"1-{int(now):08x}-{secrets.token_hex(12)}"
    parent = given.get("Parent") or secrets.token_hex(8)
    sampled = given.get("Sampled") or ("1" if "Parent" in given else "0")
    return f"Root={root};Parent={parent};Sampled={sampled}"


def proxy_event(
    request: Request,
    match: Match,
    call: Call,
    *,
    variables: Mapping[str, str],
    binary_types: Sequence[str] = (),
    authorizer: Mapping[str, Any] | None = None,
    identity: Mapping[str, str | None] | None = None,
    api_key: ApiKey | None = None,
) -> dict[str, Any]:
    """The whole event of one request.

    Args:
        authorizer: what an authorizer said of the caller.
        identity: what a signature says of the caller.
        api_key: the key's value and id, when the method required one.
    """
    headers = forwarded(request, call.trace)
    body, is_base64 = body_for_event(request.body, request.header("content-type"), binary_types)
    return {
        "resource": match.resource.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(headers) or None,
        "multiValueHeaders": grouped(headers) or None,
        "queryStringParameters": dict(request.query) or None,
        "multiValueQueryStringParameters": grouped(request.query) or None,
        "pathParameters": match.path_parameters or None,
        "stageVariables": dict(variables) or None,
        "requestContext": _context(request, match, call, authorizer, identity or {}, api_key),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _context(
    request: Request,
    match: Match,
    call: Call,
    authorizer: Mapping[str, Any] | None,
    identity: Mapping[str, str | None],
    api_key: ApiKey | None,
) -> dict[str, Any]:
    domain = _domain(request, call)
    context = {
        "resourceId": match.resource.id,
        "resourcePath": match.resource.path,
        "httpMethod": request.method,
        "extendedRequestId": call.extended_request_id,
        "requestTime": clf_time(call.time),
        "path": f"/{call.stage}{request.path_in_stage}",
        "accountId": call.account,
        "protocol": request.protocol,
        "stage": call.stage,
        "domainPrefix": domain.partition(".")[0],
        "requestTimeEpoch": int(call.time * 1000),
        "requestId": call.request_id,
        "identity": {**_identity(request, api_key), **identity},
        "domainName": domain,
        "deploymentId": call.deployment_id,
        "apiId": call.api_id,
    }
    if authorizer is not None:
        context["authorizer"] = dict(authorizer)
    return context


def _identity(request: Request, api_key: ApiKey | None) -> dict[str, str | None]:
    identity: dict[str, str | None] = {
        "cognitoIdentityPoolId": None,
        "accountId": None,
        "cognitoIdentityId": None,
        "caller": None,
        "sourceIp": request.source_ip,
        "principalOrgId": None,
        "accessKey": None,
        "cognitoAuthenticationType": None,
        "cognitoAuthenticationProvider": None,
        "userArn": None,
        "userAgent": request.header("user-agent"),
        "user": None,
    }
    if api_key is not None:
        identity |= {"apiKey": api_key[0], "apiKeyId": api_key[1]}
    return identity


def _domain(request: Request, call: Call) -> str:
    """The name under which the API answers: the host called, if it names the API.

    A call by path (/_aws/execute-api/…) reaches the same API as this name does.
    """
    if request.host.startswith(f"{call.api_id}."):
        return request.host
    port = f":{request.port}" if request.port else ""
    return f"{call.api_id}.execute-api.localhost{port}"


def forwarded(request: Request, trace: str) -> list[tuple[str, str]]:
    """The client's headers, and those that API Gateway sets itself."""
    set_here = {"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"}
    headers = [(n, value) for n, value in request.headers if n.lower() not in set_here]
    hops = [request.header("x-forwarded-for"), request.source_ip]
    return [
        *((_AS_SENT_ON.get(name.lower(), name), value) for name, value in headers),
        ("X-Amzn-Trace-Id", trace.partition(";")[0]),
        ("X-Forwarded-For", ", ".join(hop for hop in hops if hop)),
        ("X-Forwarded-Port", request.port),
        ("X-Forwarded-Proto", request.scheme),
    ]


# Whatever the client's spelling, these two arrive so (seen on AWS).
_AS_SENT_ON = {"authorization": "Authorization", "user-agent": "User-Agent"}


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def clf_time(seconds: float) -> str:
    """CLF-formatted, in UTC, and not in the language that the process speaks."""
    time = datetime.fromtimestamp(seconds, UTC)
    return f"{time:%d}/{_MONTHS[time.month - 1]}/{time:%Y:%H:%M:%S} +0000"
