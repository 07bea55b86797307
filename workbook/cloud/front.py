"""The front door: which request goes where, and what is noted about it.

    /_aws/execute-api/{api}/{stage}/…   and   {api}.execute-api.localhost/{stage}/…   ─▶ gateway
        the same with Upgrade: websocket                        ─▶ gateway, which keeps the socket
        the same below @connections/     ─▶ an AWS call, judged as such ─▶ gateway
    /_workbook/…                        what LocalCloud asks                          ─▶ control
    an AWS call   ─▶ iam, where it is enforced   ─▶ constraints: does AWS have what it asks for?
                                 ─▶ is it in the table of the unimplemented?
        Lambda's Invoke                                                               ─▶ invocation
        CloudFormation                                                                ─▶ stacks
        any other                                                        ─▶ moto ─▶ the mirrors

It is a WSGI application; server.py serves it, emulator.py composes it. It shapes no AWS answers
but five: 501 for what is not there, 400 for a body that cannot be read (malformed.py) or has an
expression that DynamoDB does not take (expressions.py), 507 where this machine's disk is full, and
500 where moto failed.
"""

from __future__ import annotations

import io
import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs

from workbook.cloud import constraints, expressions, malformed, unimplemented
from workbook.cloud.answer import Answer, Headers, StartResponse, service_error
from workbook.cloud.api_address import CalledApi, called_api
from workbook.cloud.calls import AwsCall, CallLog, read_call
from workbook.cloud.events.outbox import OutboxFull
from workbook.cloud.functions import InvalidPackage, StorageFull
from workbook.cloud.gateway import InvalidApi
from workbook.cloud.gateway.responses import MISSING_TOKEN
from workbook.cloud.gateway.sockets import WebSockets, management
from workbook.cloud.invocation import PATH as INVOKE
from workbook.cloud.invocation import not_deployed
from workbook.cloud.missing import Missing, NotEmulated
from workbook.cloud.server import TAKE_OVER, ClientLeft
from workbook.cloud.traces import targets
from workbook.cloud.traces.journal import Journal, answered
from workbook.cloud.uploads import disk_is_full

_LOG = logging.getLogger(__name__)
_FLASKS_404 = b"<title>404 Not Found</title>"
_READS = ("GET", "HEAD")
_DATA_PATHS = ("/code", "/invocations")

Environ = dict[str, Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class AnswersApis(Protocol):
    """gateway.Gateway, as far as the front needs it."""

    sockets: WebSockets

    def handle(self, api_id: str, stage: str, environ: Mapping[str, Any]) -> Any: ...


class Front:
    """The WSGI application.

    Args:
        moto: moto's own server application.
        invoke: answers Lambda's Invoke: environ, function name, payload.
        control: answers what lies below /_workbook.
        stacks: answers CloudFormation's calls, as status, headers and body.
        websockets: answers what moto does not know of apigatewayv2: method, path, body.
        functions: answers what moto does not know of Lambda: the call, its body.
        changed: told the service after each call that may have changed its state.
        judge: answers what IAM does not allow, and has the rest answered; None while it is off.
    """

    def __init__(
        self,
        *,
        moto: Application,
        gateway: AnswersApis,
        invoke: Callable[[Environ, str, bytes], Answer],
        control: Callable[[Environ], Answer],
        stacks: Callable[[Environ], tuple[int, list[tuple[str, str]], bytes]],
        websockets: Callable[[str, str, bytes], Answer | None],
        functions: Callable[[AwsCall, bytes], Answer | None],
        changed: Callable[[str], None],
        calls: CallLog,
        journal: Journal,
        judge: Callable[[Environ, AwsCall, Callable[[], Answer]], Answer] | None = None,
    ) -> None:
        self._moto = moto
        self._gateway = gateway
        self._invoke = invoke
        self._control = control
        self._stacks = stacks
        self._websockets = websockets
        self._functions = functions
        self._changed = changed
        self._calls = calls
        self._journal = journal
        self._judge = judge

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        return [] if answer is None else answer.send(start_response)

    def _answer(self, environ: Environ) -> Answer | None:
        """What is answered; None when the connection has another owner by now."""
        if environ["PATH_INFO"].startswith("/_workbook/"):
            return self._control(environ)
        called = called_api(environ)
        if called is None or called.connection:
            return self._aws_answer(environ)
        environ["SCRIPT_NAME"] = called.root
        span = self._journal.request(environ, called)
        try:
            answer = self._api_answer(environ, called)
            if answer is not None:
                answered(span, answer)
        finally:
            span.ended = time.time()
        return answer

    def _api_answer(self, environ: Environ, called: CalledApi) -> Answer | None:
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            sockets = self._gateway.sockets
            refusal = sockets.serve(called.api, called.stage, environ, environ[TAKE_OVER])
            return None if refusal is None else _as_answer(refusal)
        return _as_answer(self._gateway.handle(called.api, called.stage, environ))

    def _aws_answer(self, environ: Environ) -> Answer:
        started, began = time.time(), time.perf_counter()
        form = _take_form(environ)
        call = read_call(environ, form)
        body = _body(environ) if _names_operation(environ) else b""
        unread = malformed.refused_unread(call, body) if _names_operation(environ) else None
        with self._journal.call(call, environ) as span:
            answer = unread or self._judged(
                environ, call, lambda: self._emulated(environ, call, form)
            )
            span.detail["target"] = targets.target(call, form, body)
            answered(span, answer)
        self._calls.record(call, answer.status, started, time.perf_counter() - began)
        return answer

    def _judged(self, environ: Environ, call: AwsCall, proceed: Callable[[], Answer]) -> Answer:
        if self._judge is None:
            return proceed()
        try:
            return self._judge(environ, call, proceed)
        except ClientLeft:
            raise
        except Exception as failure:  # noqa: BLE001  a request of any shape must have an answer
            if refused := malformed.blamed(call, environ, failure):
                return refused
            _LOG.exception("IAM failed on %s %s", call.service, call.operation or call.path)
            return _internal_failure(failure, call, form=False)

    def _emulated(self, environ: Environ, call: AwsCall, form: Mapping[str, list[str]]) -> Answer:
        parameters: Mapping[str, Any] = {}
        if call.service in unimplemented.TABLE_BY_SERVICE:
            if not _carries_data(call):
                parameters = _parameters(environ, form)
                if refused := constraints.refused(call, parameters):
                    return refused
            entry = unimplemented.find(call, parameters)
            if entry is not None:
                return unimplemented.refusal(NotEmulated(entry.missing), call, form=bool(form))
            if refused := expressions.refused(call, parameters):
                return refused
        called = called_api(environ)
        if called is not None:
            return self._connection_answer(environ, called, call)
        invoked = INVOKE.fullmatch(call.path) if call.method == "POST" else None
        if invoked is not None:
            return self._invoke(environ, invoked["name"], environ["wsgi.input"].read())
        if call.service == "cloudformation":
            status, headers, body = self._stacks(environ)
            return Answer(status, body, tuple(headers))
        if call.service == "apigatewayv2":
            own = self._websockets(call.method, call.path, _body(environ))
            if own is not None:
                return own
        try:
            if call.service == "lambda":
                own = self._functions(call, _body(environ))
                if own is not None:
                    return own
            answer = self._moto_answer(environ)
            if call.method not in _READS:
                self._changed(call.service)
        except NotImplementedError:
            name = f"{call.service} {call.operation or call.path}"
            return unimplemented.refusal(_unknown(name), call, form=bool(form))
        except (InvalidPackage, StorageFull) as failed:  # found when moto had taken it already
            return not_deployed(failed)
        except InvalidApi as invalid:  # likewise
            told = str(invalid)
            return service_error("BadRequestException", told, 400, service=call.service, form=False)
        except OutboxFull as full:
            return _too_much(full, call, form=bool(form))
        except NotEmulated as missing:
            return unimplemented.refusal(missing, call, form=bool(form))
        except ClientLeft:
            raise
        except Exception as failure:  # noqa: BLE001  moto may fail in any way; the cloud goes on
            if refused := malformed.blamed(call, environ, failure):
                return refused
            if disk_is_full(failure):
                return _no_room(call, form=bool(form))
            _LOG.exception("moto failed on %s %s", call.service, call.operation or call.path)
            return _internal_failure(failure, call, form=bool(form))
        if answer.status == 404 and _FLASKS_404 in answer.body:
            name = f"{call.service}: {call.method} {call.path}"
            return unimplemented.refusal(_unknown(name), call, form=bool(form))
        return answer

    def _connection_answer(self, environ: Environ, called: CalledApi, call: AwsCall) -> Answer:
        if not call.access_key:
            return _as_answer(MISSING_TOKEN.response())
        body = environ["wsgi.input"].read()
        sockets, where = self._gateway.sockets, (called.api, called.stage, called.connection)
        return _as_answer(management.answer(sockets, *where, call.method, body))

    def _moto_answer(self, environ: Environ) -> Answer:
        given: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            given[:] = [int(status[:3]), tuple(headers)]

        chunks = self._moto(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        status, headers = given
        return Answer(status, body, _whole(headers))


def _as_answer(response: tuple[int, Iterable[tuple[str, str]], bytes]) -> Answer:
    status, headers, body = response
    return Answer(status, body, tuple(headers))


def _whole(headers: Headers) -> Headers:
    """Headers for a body that is sent in one piece."""
    return tuple(pair for pair in headers if pair[0].lower() != "transfer-encoding")


def _names_operation(environ: Environ) -> bool:
    """Whether the operation is named in a header, as AWS's JSON services have it."""
    return environ["REQUEST_METHOD"] == "POST" and "HTTP_X_AMZ_TARGET" in environ


def _carries_data(call: AwsCall) -> bool:
    """Whether the body is an object on its way to S3, a function's code or its event.

    They may be large, and what is in them is for others to read.
    """
    return call.service == "s3" or (call.service == "lambda" and call.path.endswith(_DATA_PATHS))


def _take_form(environ: Environ) -> Mapping[str, list[str]]:
    """The fields of a body that is a form; the body can be read again."""
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return parse_qs(_body(environ).decode("latin-1"), keep_blank_values=True)


def _parameters(environ: Environ, form: Mapping[str, list[str]]) -> dict[str, Any]:
    """What a call's body asks for, as far as it can be told."""
    if form:
        return {name: values[0] for name, values in form.items()}
    return _as_object(_body(environ))


def _as_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _body(environ: Environ) -> bytes:
    body: bytes = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body


def _too_much(full: OutboxFull, call: AwsCall, *, form: bool) -> Answer:
    code, status = ("SlowDown", 503) if call.service == "s3" else ("ThrottlingException", 429)
    return service_error(code, str(full), status, service=call.service, form=form)


def _no_room(call: AwsCall, *, form: bool) -> Answer:
    """507, which no client of AWS tries again; AWS has room for all there is."""
    told = f"No space left in {tempfile.gettempdir()} to keep what was sent: free some there."
    return service_error("InsufficientStorage", told, 507, service=call.service, form=form)


def _unknown(name: str) -> NotEmulated:
    return NotEmulated(Missing.UNKNOWN_CALLS, name)


def _internal_failure(failure: Exception, call: AwsCall, *, form: bool) -> Answer:
    message = f"The local cloud failed on {call.service} {call.operation}: {failure!r}"
    return service_error("InternalFailure", message, 500, service=call.service, form=form)
