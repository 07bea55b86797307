"""A stage: one frozen snapshot of an API, answering.

    match ──▶ refuse what is not emulated ──▶ authorizer ──▶ API key ──▶ function or MOCK

What ends a request early is raised, as Refused (an answer of API Gateway's own) or NotEmulated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workbook.cloud.gateway import mock, proxy
from workbook.cloud.gateway.authorizers import Identity, TokenAuthorizer
from workbook.cloud.gateway.event import Call, proxy_event
from workbook.cloud.gateway.lambda_calls import InvokeResult, LambdaCalls
from workbook.cloud.gateway.media import compressed, decompressed
from workbook.cloud.gateway.model import Authorizer, Integration, Method, RestApi
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.responses import (
    AUTHORIZER_BROKEN,
    BAD_REQUEST,
    CALL_REJECTED,
    FORBIDDEN,
    MALFORMED_OUTPUT,
    MISSING_TOKEN,
    Refused,
    Response,
)
from workbook.cloud.gateway.routing import Match, Router
from workbook.cloud.missing import Missing, NotEmulated


class Stage:
    """A deployment behind a stage's name.

    Args:
        api_keys: values and ids of the keys in the stage's usage plans; replaced as a whole when
            the plans change, which needs no deployment.
        region: where the API stands, for the ARNs of its methods.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        api: RestApi,
        *,
        variables: Mapping[str, str],
        api_keys: Mapping[str, str],
        deployment_id: str,
        region: str,
        calls: LambdaCalls,
        clock: Callable[[], float],
    ) -> None:
        self.deployment_id = deployment_id
        self.api_keys = api_keys
        self._api = api
        self._variables = variables
        self._region = region
        self._calls = calls
        self._router = Router(api)
        self._authorizers = {
            key: TokenAuthorizer(authorizer, clock) for key, authorizer in api.authorizers.items()
        }

    def answer(self, request: Request, call: Call) -> Response:
        """The API's answer to a request.

        Raises:
            Refused, NotEmulated: what is answered instead.
        """
        if self._api.not_emulated:
            raise NotEmulated(self._api.not_emulated[0])
        match = self._router.match(request.method, request.path)
        if match is None or match.method.integration is None:
            raise Refused(MISSING_TOKEN)
        _check_emulated(match.method, match.method.integration)
        request = self._unpacked(request)
        identity, latency_ms = self._authorize(request, match, call)
        api_key = self._api_key(request, match.method, identity)
        if match.method.integration.type == "MOCK":
            binary_types = self._api.binary_media_types
            response = mock.response(match.method.integration, request, binary_types)
        else:
            event = proxy_event(
                request,
                match,
                call,
                variables=self._variables,
                binary_types=self._api.binary_media_types,
                authorizer=identity.for_event(latency_ms) if identity else None,
                api_key=api_key,
            )
            response = self._from_function(match.method.integration, event, request, call)
        return self._packed(response, request)

    def _authorize(self, request: Request, match: Match, call: Call) -> tuple[Identity | None, int]:
        if match.method.authorization_type == "NONE":
            return None, 0
        authorizer = self._api.authorizers.get(match.method.authorizer_id or "")
        if authorizer is None:
            raise Refused(AUTHORIZER_BROKEN)
        if authorizer.type != "TOKEN":
            raise NotEmulated(Missing.AUTHORIZERS, authorizer.type)
        arn = (
            f"arn:aws:execute-api:{self._region}:{call.account}:"
            f"{call.api_id}/{call.stage}/{request.method}{request.path}"
        )

        def ask(event: bytes) -> InvokeResult:
            return self._ask(authorizer, event, call)

        return self._authorizers[authorizer.id].authorize(request, arn, ask)

    def _ask(self, authorizer: Authorizer, event: bytes, call: Call) -> InvokeResult:
        try:
            return self._calls.call(authorizer.uri, self._variables, event, call.trace)
        except Refused as refused:  # late or rejected is one to who waits for an authorizer
            raise Refused(AUTHORIZER_BROKEN) from refused

    def _api_key(
        self, request: Request, method: Method, identity: Identity | None
    ) -> tuple[str, str] | None:
        """The value and id of the key that a method requires."""
        if not method.api_key_required:
            return None
        if self._api.api_key_source == "AUTHORIZER":
            value = identity.usage_identifier_key if identity else None
        else:
            value = request.header("x-api-key")
        if value is None or value not in self.api_keys:
            raise Refused(FORBIDDEN)
        return value, self.api_keys[value]

    def _from_function(
        self, integration: Integration, event: dict[str, Any], request: Request, call: Call
    ) -> Response:
        if integration.http_method != "POST":  # Lambda is called by POST, whatever the client sent
            raise Refused(CALL_REJECTED)
        result = self._calls.call(
            integration.uri,
            self._variables,
            json.dumps(event).encode(),
            call.trace,
            timeout=integration.timeout_ms / 1000,
        )
        if result.function_error is not None:
            raise Refused(MALFORMED_OUTPUT)
        binary_types = self._api.binary_media_types
        response = proxy.response(result.payload, request.header("accept"), binary_types)
        return response._replace(headers=(*response.headers, ("X-Amzn-Trace-Id", call.trace)))

    def _unpacked(self, request: Request) -> Request:
        """The request without its Content-Encoding, where the API has compression turned on."""
        if self._api.minimum_compression_size is None:
            return request
        try:
            body = decompressed(request.body, request.header("content-encoding"))
        except ValueError as error:
            raise Refused(BAD_REQUEST) from error
        return replace(request, body=body)

    def _packed(self, response: Response, request: Request) -> Response:
        smallest = self._api.minimum_compression_size
        if smallest is None or len(response.body) < max(smallest, 1):
            return response
        if any(name.lower() == "content-encoding" for name, _ in response.headers):
            return response
        packed = compressed(response.body, request.header("accept-encoding"))
        if packed is None:
            return response
        body, encoding = packed
        headers = (*response.headers, ("Content-Encoding", encoding))
        return Response(response.status, headers, body)


def _check_emulated(method: Method, integration: Integration) -> None:
    """Refuse by name what a method asks for and this cloud does not have."""
    if method.authorization_type not in ("NONE", "CUSTOM"):
        raise NotEmulated(Missing.AUTHORIZATION, method.authorization_type)
    if method.request_validator:
        raise NotEmulated(Missing.REQUEST_VALIDATORS)
    if integration.type not in ("AWS_PROXY", "MOCK"):
        raise NotEmulated(Missing.INTEGRATIONS, integration.type)
    if integration.request_parameters:
        raise NotEmulated(Missing.REQUEST_MAPPINGS)
