"""Gateway: the stages that answer, and the way of a request through one of them.

`handle` is the pipeline that the package's docstring draws. What ends a request early is raised
as Refused (API Gateway's own answer) or NotEmulated (a 501 that names what is missing).
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from workbook.cloud.gateway import mock, proxy, swagger
from workbook.cloud.gateway.authorizers import Identity, TokenAuthorizer
from workbook.cloud.gateway.event import Call, new_trace, proxy_event
from workbook.cloud.gateway.media import compressed, decompressed
from workbook.cloud.gateway.model import (
    Authorizer,
    Integration,
    Method,
    NotEmulated,
    RestApi,
    check_deployable,
    function_arn,
)
from workbook.cloud.gateway.request import Request, read
from workbook.cloud.gateway.responses import (
    AUTHORIZER_BROKEN,
    BAD_REQUEST,
    CALL_REJECTED,
    FORBIDDEN,
    MALFORMED_OUTPUT,
    MISSING_TOKEN,
    TIMED_OUT,
    Refused,
    Response,
    not_emulated,
)
from workbook.cloud.gateway.routing import Match, Router

_log = logging.getLogger(__name__)

INTEGRATION_TIMEOUT_SECONDS = 29.0
THREADS = 1_000  # one a call under way; idle ones are reused


class InvokeResult(NamedTuple):
    """What a function answered."""

    payload: bytes
    function_error: str | None  # None, or AWS's "Unhandled"


Invoke = Callable[[str, bytes, str], InvokeResult]
"""invoke(function_arn, payload, trace): blocks; an exception means that Lambda took no call."""


@dataclass(frozen=True)
class Stage:
    """A deployment behind a stage's name: a frozen snapshot of an API, ready to answer."""

    name: str
    api_id: str
    api: RestApi
    router: Router
    variables: Mapping[str, str]
    deployment_id: str
    authorizers: Mapping[str, TokenAuthorizer]
    api_keys: Mapping[str, str] = field(default_factory=dict)  # value: id


class Gateway:
    """REST APIs of one account and region.

    Args:
        invoke: calls a function; see Invoke.
        clock: seconds since 1970; request times and the age of cached policies come from it.
        integration_timeout: seconds, at most what an integration's own timeout allows.
    """

    def __init__(
        self,
        *,
        invoke: Invoke,
        account: str,
        region: str,
        clock: Callable[[], float],
        integration_timeout: float = INTEGRATION_TIMEOUT_SECONDS,
    ) -> None:
        self._invoke = invoke
        self._account = account
        self._region = region
        self._clock = clock
        self._timeout = integration_timeout
        self._calls = ThreadPoolExecutor(THREADS, thread_name_prefix="integration")
        self._drafts: dict[str, RestApi] = {}
        self._stages: dict[tuple[str, str], Stage] = {}
        self._lock = threading.Lock()  # for changes; a request reads one entry

    def import_swagger(
        self, api_id: str, document: Mapping[str, Any], *, overwrite: bool
    ) -> RestApi:
        """Take a Swagger 2.0 document as the API's draft, which no stage serves yet.

        Args:
            overwrite: False adds to what an earlier import left, as PutRestApi's mode=merge.

        Raises:
            InvalidApi: as ImportRestApi's BadRequestException.
        """
        api = swagger.read(document)
        with self._lock:
            earlier = self._drafts.get(api_id)
            if earlier is not None and not overwrite:
                api = swagger.merge(earlier, api)
            self._drafts[api_id] = api
        return api

    def deploy(
        self,
        api_id: str,
        stage: str,
        api: RestApi,
        variables: Mapping[str, str],
        *,
        api_keys: Mapping[str, str] | None = None,
        deployment_id: str | None = None,
    ) -> None:
        """Let a stage answer with this snapshot; requests under way end on the one before.

        Args:
            api_keys: values and ids of the keys in the stage's usage plans.

        Raises:
            InvalidApi: as CreateDeployment's BadRequestException.
        """
        check_deployable(api)
        deployed = Stage(
            name=stage,
            api_id=api_id,
            api=api,
            router=Router(api),
            variables=dict(variables),
            deployment_id=deployment_id or secrets.token_hex(3),
            authorizers={
                key: TokenAuthorizer(authorizer, self._clock)
                for key, authorizer in api.authorizers.items()
            },
            api_keys=dict(api_keys or {}),
        )
        with self._lock:
            self._stages[api_id, stage] = deployed

    def set_api_keys(self, api_id: str, stage: str, api_keys: Mapping[str, str]) -> None:
        """Change which API keys a stage takes: usage plans work without a new deployment.

        Raises:
            KeyError: no such stage.
        """
        with self._lock:
            deployed = self._stages[api_id, stage]
            self._stages[api_id, stage] = replace(deployed, api_keys=dict(api_keys))

    def undeploy(self, api_id: str, stage: str) -> None:
        """Take a stage away; it need not exist."""
        with self._lock:
            self._stages.pop((api_id, stage), None)

    def remove(self, api_id: str) -> None:
        """Take an API away with all its stages; it need not exist."""
        with self._lock:
            self._drafts.pop(api_id, None)
            for key in [key for key in self._stages if key[0] == api_id]:
                del self._stages[key]

    def handle(self, api_id: str, stage: str, environ: Mapping[str, Any]) -> Response:
        """Answer one request, whatever becomes of it.

        Args:
            environ: a WSGI environ whose SCRIPT_NAME ends with the stage; see `request`.
        """
        now = self._clock()
        deployed = self._stages.get((api_id, stage))
        call = Call(
            account=self._account,
            api_id=api_id,
            stage=stage,
            deployment_id=deployed.deployment_id if deployed else "",
            time=now,
            trace=new_trace(environ.get("HTTP_X_AMZN_TRACE_ID"), now),
        )
        try:
            if deployed is None:
                raise Refused(FORBIDDEN)
            response = self._answer(deployed, read(environ), call)
        except Refused as refused:
            response = refused.answer.response()
        except NotEmulated as missing:
            response = not_emulated(str(missing)).response()
        ids = (
            ("x-amzn-RequestId", call.request_id),
            ("x-amz-apigw-id", call.extended_request_id),
        )
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body
        return Response(response.status, (*ids, *response.headers), body)

    def close(self) -> None:
        """Take no more calls; does not wait for those under way."""
        self._calls.shutdown(wait=False, cancel_futures=True)

    def _answer(self, stage: Stage, request: Request, call: Call) -> Response:
        if stage.api.not_emulated:
            raise NotEmulated(stage.api.not_emulated[0])
        match = stage.router.match(request.method, request.path)
        if match is None:
            raise Refused(MISSING_TOKEN)
        _check_emulated(match.method)
        request = _plain(request, stage.api)
        identity, latency_ms = self._authorize(stage, request, match, call)
        api_key = _api_key(stage, request, match.method, identity)
        integration = match.method.integration
        assert integration is not None  # check_deployable has seen to it
        if integration.type == "MOCK":
            response = mock.response(integration, request, stage.api.binary_media_types)
        else:
            event = proxy_event(
                request,
                match,
                call,
                variables=stage.variables,
                binary_types=stage.api.binary_media_types,
                authorizer=identity.for_event(latency_ms) if identity else None,
                api_key=api_key,
            )
            response = self._call_function(stage, integration, event, request, call)
        return _compressed(response, request, stage.api)

    def _authorize(
        self, stage: Stage, request: Request, match: Match, call: Call
    ) -> tuple[Identity | None, int]:
        if match.method.authorization_type == "NONE":
            return None, 0
        authorizer = stage.api.authorizers.get(match.method.authorizer_id or "")
        if authorizer is None:
            raise Refused(AUTHORIZER_BROKEN)
        if authorizer.type != "TOKEN":
            raise NotEmulated(f"A {authorizer.type} authorizer")
        arn = (
            f"arn:aws:execute-api:{self._region}:{self._account}:"
            f"{call.api_id}/{call.stage}/{request.method}{request.path}"
        )

        def ask(event: bytes) -> tuple[bytes, str | None]:
            return self._ask_authorizer(authorizer, stage, event, call)

        return stage.authorizers[authorizer.id].authorize(request, arn, ask)

    def _ask_authorizer(
        self, authorizer: Authorizer, stage: Stage, event: bytes, call: Call
    ) -> InvokeResult:
        try:
            return self._invoke_within(self._timeout, authorizer.uri, stage, event, call)
        except Refused as refused:
            raise Refused(AUTHORIZER_BROKEN) from refused

    def _call_function(
        self,
        stage: Stage,
        integration: Integration,
        event: Mapping[str, Any],
        request: Request,
        call: Call,
    ) -> Response:
        seconds = min(self._timeout, integration.timeout_ms / 1000)
        payload = json.dumps(event).encode()
        result = self._invoke_within(seconds, integration.uri, stage, payload, call)
        if result.function_error is not None:
            raise Refused(MALFORMED_OUTPUT)
        accept = request.header("accept")
        response = proxy.response(result.payload, accept, stage.api.binary_media_types)
        return response._replace(headers=(*response.headers, ("X-Amzn-Trace-Id", call.trace)))

    def _invoke_within(
        self, seconds: float, uri: str, stage: Stage, payload: bytes, call: Call
    ) -> InvokeResult:
        """Invoke the function that a URI names; the function goes on when time is up."""
        arn = function_arn(uri, stage.variables)
        if arn is None:
            raise Refused(CALL_REJECTED)
        under_way = self._calls.submit(self._invoke, arn, payload, call.trace)
        try:
            return under_way.result(seconds)
        except TimeoutError:
            if not under_way.done():
                raise Refused(TIMED_OUT) from None
            raise Refused(CALL_REJECTED) from None
        except Exception as error:  # whatever keeps Lambda from taking the call is a 500 to AWS
            _log.warning("Lambda took no call of %s: %r", arn, error)
            raise Refused(CALL_REJECTED) from error


def _check_emulated(method: Method) -> None:
    """Refuse by name what a method asks for and this cloud does not have."""
    integration = method.integration
    if method.authorization_type in ("AWS_IAM", "COGNITO_USER_POOLS"):
        raise NotEmulated(f"An {method.authorization_type} authorizer")
    if method.request_validator:
        raise NotEmulated("A request validator")
    if integration is not None and integration.type not in ("AWS_PROXY", "MOCK"):
        raise NotEmulated(f"An {integration.type} integration")
    if integration is not None and integration.request_parameters:
        raise NotEmulated("A request parameter mapping")


def _plain(request: Request, api: RestApi) -> Request:
    """The request without its Content-Encoding, where the API has compression turned on."""
    if api.minimum_compression_size is None:
        return request
    try:
        body = decompressed(request.body, request.header("content-encoding"))
    except ValueError as error:
        raise Refused(BAD_REQUEST) from error
    return replace(request, body=body)


def _compressed(response: Response, request: Request, api: RestApi) -> Response:
    smallest = api.minimum_compression_size
    if smallest is None or len(response.body) < max(smallest, 1):
        return response
    if any(name.lower() == "content-encoding" for name, _ in response.headers):
        return response
    smaller = compressed(response.body, request.header("accept-encoding"))
    if smaller is None:
        return response
    body, encoding = smaller
    headers = (*response.headers, ("Content-Encoding", encoding))
    return Response(response.status, headers, body)


def _api_key(
    stage: Stage, request: Request, method: Method, identity: Identity | None
) -> tuple[str, str] | None:
    """The value and id of the key that a method requires."""
    if not method.api_key_required:
        return None
    if stage.api.api_key_source == "AUTHORIZER":
        value = identity.usage_identifier_key if identity else None
    else:
        value = request.header("x-api-key")
    if value is None or value not in stage.api_keys:
        raise Refused(FORBIDDEN)
    return value, stage.api_keys[value]
