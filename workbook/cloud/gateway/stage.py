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
from workbook.cloud.gateway.admission import Account, Admission, Gatekeeper, Guard
from workbook.cloud.gateway.event import Call, proxy_event
from workbook.cloud.gateway.lambda_calls import LambdaCalls
from workbook.cloud.gateway.media import compressed, decompressed
from workbook.cloud.gateway.model import Integration, Method, RestApi
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.responses import (
    BAD_REQUEST,
    CALL_REJECTED,
    FORBIDDEN,
    MALFORMED_OUTPUT,
    MISSING_TOKEN,
    Refused,
    Response,
)
from workbook.cloud.gateway.routing import Match, Router
from workbook.cloud.gateway.throttling import Limits, StageRates, UsagePlan
from workbook.cloud.missing import Missing, NotEmulated


class Stage:
    """A deployment behind a stage's name.

    Args:
        api_keys: values and ids of the keys in the stage's usage plans; replaced as a whole when
            the plans change, which needs no deployment.
        plans: what the keys' usage plans allow, by the keys' values.
        rates: what the stage allows, whoever calls.
        limits: what of all that is left.
        region: where the API stands, for the ARNs of its methods.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        api: RestApi,
        *,
        variables: Mapping[str, str],
        api_keys: Mapping[str, str],
        plans: Mapping[str, UsagePlan],
        rates: StageRates,
        limits: Limits,
        deployment_id: str,
        region: str,
        calls: LambdaCalls,
        account: Account,
        clock: Callable[[], float],
    ) -> None:
        self.deployment_id = deployment_id
        self.api_keys = api_keys
        self._plans = plans
        self._rates = rates
        self._limits = limits
        self._api = api
        self._variables = variables
        self._region = region
        self._calls = calls
        self._router = Router(api)
        self._gatekeeper = Gatekeeper(
            api.authorizers, variables=variables, calls=calls, account=account, clock=clock
        )

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
        admission = self._admit(request, match, call)
        request = self._unpacked(request)
        api_key = self._api_key(request, match.method, admission)
        self._throttle(match, call, api_key)
        if match.method.integration.type == "MOCK":
            binary_types = self._api.binary_media_types
            response = mock.response(match.method.integration, request, binary_types)
        else:
            event = self._event(request, match, call, admission, api_key)
            response = self._from_function(match.method.integration, event, request, call)
        return self._packed(response, request)

    def _admit(self, request: Request, match: Match, call: Call) -> Admission:
        method = match.method
        guard = Guard(method.authorization_type, method.authorizer_id, method.scopes)
        arn = (
            f"arn:aws:execute-api:{self._region}:{call.account}:"
            f"{call.api_id}/{call.stage}/{request.method}{request.path}"
        )

        def described() -> dict[str, Any]:
            key = request.header("x-api-key")
            return self._event(request, match, call, Admission(), (key, None) if key else None)

        return self._gatekeeper.admit(guard, request, arn, call.trace, described)

    def _event(
        self,
        request: Request,
        match: Match,
        call: Call,
        admission: Admission,
        api_key: tuple[str, str | None] | None,
    ) -> dict[str, Any]:
        return proxy_event(
            request,
            match,
            call,
            variables=self._variables,
            binary_types=self._api.binary_media_types,
            authorizer=admission.context,
            identity=admission.identity,
            api_key=api_key,
        )

    def _api_key(
        self, request: Request, method: Method, admission: Admission
    ) -> tuple[str, str] | None:
        """The value and id of the key that a method requires."""
        if not method.api_key_required:
            return None
        if self._api.api_key_source == "AUTHORIZER":
            value = admission.usage_key
        else:
            value = request.header("x-api-key")
        if value is None or value not in self.api_keys:
            raise Refused(FORBIDDEN)
        return value, self.api_keys[value]

    def _throttle(self, match: Match, call: Call, api_key: tuple[str, str] | None) -> None:
        """Per client first, then per method, as "How throttling limit settings are applied"."""
        stage = (call.api_id, call.stage)
        method = f"{match.resource.path}/{match.method.http_method}"
        if api_key is not None and api_key[0] in self._plans:
            self._limits.take_for_key(self._plans[api_key[0]], api_key[1], stage, method)
        self._limits.take_for_method(self._rates, stage, method)

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
    if method.request_validator:
        raise NotEmulated(Missing.REQUEST_VALIDATORS)
    if integration.type not in ("AWS_PROXY", "MOCK"):
        raise NotEmulated(Missing.INTEGRATIONS, integration.type)
    if integration.request_parameters:
        raise NotEmulated(Missing.REQUEST_MAPPINGS)
