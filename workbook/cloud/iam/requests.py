"""What a request asks of AWS: service, operation, parameters. From its head where that will do.

The counterpart of botocore's serializers, driven by the same service models: JSON and query
services name their operation, REST services by their path (routes.py). Bodies are read only where
a decision may hang on them, and can be read again; an object on its way to S3 never is. The
resources a request is about are worked out in actions/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qs

from workbook.cloud.calls import MODEL_OF, AwsCall
from workbook.cloud.iam import s3_requests
from workbook.cloud.iam.routes import Route, routes
from workbook.cloud.iam.s3_requests import body_of

FORM = "application/x-www-form-urlencoded"
# Prefixes of IAM's actions, where they are not the name in the signature.
PREFIX_OF = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "tagging": "tag",
    "apigatewayv2": "apigateway",
    "dynamodbstreams": "dynamodb",
}
_CBOR = re.compile(r"/service/[^/]+/operation/(\w+)")


class Protocol(Enum):
    """How a service talks, and so how it refuses."""

    JSON = "json"
    QUERY = "query"
    REST_JSON = "rest-json"
    S3 = "rest-xml"


@dataclass(frozen=True)
class Request:
    """One call, ready to be judged.

    Args:
        service: the prefix of its actions in IAM: "dynamodb", "s3".
        operation: AWS's name for it; "" where no operation has such a path.
        parameters: the members of its input, named as in boto3. What a query service nests stays
            flat: "Tags.member.1.Key".
        caller: the ARN of whoever asks, for operations that are about oneself.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    protocol: Protocol
    method: str
    path: str
    region: str
    account: str
    caller: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    def arn(self, resource: str, *, service: str | None = None) -> str:
        """The ARN of a resource of this request's account and region."""
        return f"arn:aws:{service or self.service}:{self.region}:{self.account}:{resource}"

    def text(self, *names: str) -> str:
        """The first of these parameters that is there, as text; "" when none is."""
        found = (self.parameters[name] for name in names if self.parameters.get(name))
        return str(next(found, ""))


def read(environ: dict[str, Any], call: AwsCall, *, account: str, caller: str) -> Request:
    """Read a request; its body is left as it was found."""
    headers = _headers(environ)
    if call.service == "s3":
        protocol = Protocol.S3
        operation, parameters = s3_requests.read(environ, call, headers)
    elif environ.get("CONTENT_TYPE", "").startswith(FORM) or _asks_in_query(call):
        protocol = Protocol.QUERY
        operation, parameters = call.operation, _form(environ, call)
    elif call.operation:
        protocol = Protocol.JSON
        operation, parameters = call.operation, _json(environ)
    elif named := _CBOR.fullmatch(call.path):
        protocol = Protocol.JSON
        operation, parameters = named[1], {}
    else:
        protocol = Protocol.REST_JSON
        operation, parameters = _rest(environ, call, headers)
    return Request(
        service=PREFIX_OF.get(call.service, call.service),
        operation=operation,
        parameters=parameters,
        protocol=protocol,
        method=call.method,
        path=call.path,
        region=call.region,
        account=account,
        caller=caller,
        headers=headers,
    )


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }


def _asks_in_query(call: AwsCall) -> bool:
    return call.method == "GET" and bool(call.operation)


def _form(environ: dict[str, Any], call: AwsCall) -> dict[str, str]:
    fields = parse_qs(body_of(environ).decode("utf-8", "replace"), keep_blank_values=True)
    fields = fields or parse_qs(call.query, keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _json(environ: dict[str, Any]) -> dict[str, Any]:
    try:
        parsed = json.loads(body_of(environ) or b"{}")
    except ValueError:  # the service will say so; there is nothing in it to be judged
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _rest(
    environ: dict[str, Any], call: AwsCall, headers: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    query = parse_qs(call.query, keep_blank_values=True)
    for route in _routes(MODEL_OF.get(call.service, call.service)):
        found = route.parameters(call.method, call.path, query, headers)
        if found is not None:
            body = _json(environ) if call.method in ("POST", "PUT", "PATCH") else {}
            return route.operation, {**body, **found}
    return "", {}


def _routes(service: str) -> tuple[Route, ...]:
    from botocore.exceptions import UnknownServiceError  # type: ignore[import-untyped]  # slow

    try:
        return routes(service)
    except UnknownServiceError:
        return ()
