"""Gateway: which stages there are, and a whole answer to every request.

`stage` makes the answers; here they get their ids, and whatever was raised on the way becomes the
answer that AWS gives, or a 501 that names what this cloud lacks.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workbook.cloud.gateway import request, swagger
from workbook.cloud.gateway.admission import Account, NoAccount
from workbook.cloud.gateway.event import Call, new_trace
from workbook.cloud.gateway.lambda_calls import TIMEOUT_SECONDS, Invoke, LambdaCalls
from workbook.cloud.gateway.model import RestApi, check_deployable
from workbook.cloud.gateway.responses import FORBIDDEN, Refused, Response, not_emulated
from workbook.cloud.gateway.sockets import WebSockets
from workbook.cloud.gateway.sockets.service import Activity, Watch, unwatched
from workbook.cloud.gateway.stage import Stage
from workbook.cloud.gateway.throttling import Limits, StageRates, UsagePlan
from workbook.cloud.missing import NotEmulated

ApiKeys = Mapping[str, str] | Iterable[str]
"""The API keys in a stage's usage plans: ids by value, or the values alone."""


class Gateway:
    """REST APIs, and WebSocket APIs beside them, of one account and region.

    Args:
        invoke: calls a function; see lambda_calls.Invoke.
        clock: seconds since 1970; request times and the age of cached policies come from it.
        integration_timeout: seconds that a function has at most to answer.
        callers: knows those who sign requests, and Cognito's user pools.
        activity: told of what WebSocket connections have under way.
        watch: told of what they handle.

    Attributes:
        sockets: the WebSocket APIs.
    """

    def __init__(
        self,
        *,
        invoke: Invoke,
        account: str,
        region: str,
        clock: Callable[[], float],
        integration_timeout: float = TIMEOUT_SECONDS,
        activity: Activity | None = None,
        callers: Account | None = None,
        watch: Watch = unwatched,
    ) -> None:
        self._account = account
        self._region = region
        self._clock = clock
        self._calls = LambdaCalls(invoke, integration_timeout)
        self._limits = Limits(clock)
        self._callers = callers or NoAccount()
        self.sockets = WebSockets(
            calls=self._calls,
            account=account,
            region=region,
            clock=clock,
            activity=activity,
            callers=self._callers,
            watch=watch,
        )
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
        api_keys: ApiKeys = (),
        plans: Mapping[str, UsagePlan] | None = None,
        rates: StageRates | None = None,
        deployment_id: str | None = None,
    ) -> None:
        """Let a stage answer with this snapshot; requests under way end on the one before.

        Args:
            plans: the usage plans of the API keys, by the keys' values.
            rates: how often the stage's methods may be called.

        Raises:
            InvalidApi: as CreateDeployment's BadRequestException.
        """
        check_deployable(api)
        deployed = Stage(
            api,
            variables=dict(variables),
            api_keys=_ids_by_value(api_keys),
            plans=dict(plans or {}),
            rates=rates or StageRates(),
            limits=self._limits,
            deployment_id=deployment_id or secrets.token_hex(3),
            region=self._region,
            calls=self._calls,
            account=self._callers,
            clock=self._clock,
        )
        with self._lock:
            self._stages[api_id, stage] = deployed

    def set_api_keys(self, api_id: str, stage: str, api_keys: ApiKeys) -> None:
        """Change which API keys a stage takes: usage plans work without a new deployment.

        Raises:
            KeyError: no such stage.
        """
        self._stages[api_id, stage].api_keys = _ids_by_value(api_keys)

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
        deployed = self._stages.get((api_id, stage))
        now = self._clock()
        call = Call(
            account=self._account,
            api_id=api_id,
            stage=stage,
            deployment_id=deployed.deployment_id if deployed else "",
            time=now,
            trace=new_trace(environ.get("HTTP_X_AMZN_TRACE_ID"), now),
        )
        response = _answer(deployed, environ, call)
        ids = (
            ("x-amzn-RequestId", call.request_id),
            ("x-amz-apigw-id", call.extended_request_id),
        )
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body
        return Response(response.status, (*ids, *response.headers), body)

    def close(self) -> None:
        """Take no more calls, end connections; does not wait for what is under way."""
        self.sockets.close()
        self._calls.close()


def _answer(stage: Stage | None, environ: Mapping[str, Any], call: Call) -> Response:
    try:
        if stage is None:
            raise Refused(FORBIDDEN)
        return stage.answer(request.read(environ), call)
    except Refused as refused:
        return refused.answer.response()
    except NotEmulated as missing:
        return not_emulated(missing).response()


def _ids_by_value(api_keys: ApiKeys) -> dict[str, str]:
    if isinstance(api_keys, Mapping):
        return dict(api_keys)
    return {value: hashlib.sha256(value.encode()).hexdigest()[:10] for value in api_keys}
