"""The Lambda Runtime API, version 2018-06-01, for one runtime process.

Imitates https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html; what the page leaves
open (names and messages of refusals, which states allow what) follows AWS's runtime interface
emulator. Each process has an endpoint of its own, since runtimes are told a host and a port
and nothing else. What the answers mean for the environment is environment.py's matter.
"""

from __future__ import annotations

import contextlib
import enum
import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from workbook.cloud.functions import wire
from workbook.cloud.functions.endpoint import Endpoint, send_within
from workbook.cloud.missing import CODE, STATUS, Missing, NotEmulated

PREFIX = "/2018-06-01/runtime/"
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024 + 100  # AWS's own figure: 6,291,556


@dataclass(frozen=True)
class Invocation:
    """One event for the runtime, with what its response headers say."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    trace_header: str | None = None
    client_context: str | None = None

    def headers(self) -> dict[str, str]:
        """AWS's headers for it; the optional ones only where there is something to say."""
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
        }
        if self.trace_header is not None:
            headers["Lambda-Runtime-Trace-Id"] = self.trace_header
        if self.client_context is not None:
            headers["Lambda-Runtime-Client-Context"] = _ascii_json(self.client_context)
        return headers


def _ascii_json(text: str) -> str:
    """The same JSON without letters that a header cannot carry; what is no JSON stays as is."""
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return text


class Listener(Protocol):
    """Who is told what the runtime says and writes; called on the endpoint's thread."""

    def wrote(self, data: bytes) -> None:
        """The process wrote to its stdout, stderr or log."""

    def ready(self) -> None:
        """The runtime asked for an event: its init, or its last event, is done."""

    def responded(self, body: bytes, headers: Mapping[str, str]) -> None:
        """The handler returned."""

    def failed(self, body: bytes, headers: Mapping[str, str]) -> None:
        """The handler raised; body is AWS's error object."""

    def response_too_large(self, size: int) -> None:
        """The handler returned more than AWS takes."""

    def init_failed(self, body: bytes, headers: Mapping[str, str]) -> None:
        """The handler's module could not be imported."""


class _State(enum.Enum):
    """AWS's names, which its refusals quote."""

    STARTED = "Started"
    READY = "Ready"
    RUNNING = "Running"
    RESPONDED = "RuntimeResponseSentState"
    INIT_ERROR = "InitError"


class RuntimeApi:
    """The endpoint of one runtime process.

    Args:
        listener: who is told.
        output: a descriptor with what the process writes; owned by the endpoint.
        name: for its thread.
    """

    def __init__(self, listener: Listener, output: int, name: str) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._state = _State.STARTED
        self._request_id: str | None = None
        self._offered: Invocation | None = None
        self._parked: socket.socket | None = None
        self._waiter_hung_up = False
        self._endpoint = Endpoint(
            answer=self._answer,
            hung_up=self._hung_up,
            output=output,
            on_output=listener.wrote,
            name=name,
        )

    @property
    def address(self) -> str:
        """The value of AWS_LAMBDA_RUNTIME_API."""
        return self._endpoint.address

    def close(self) -> None:
        """Stop serving; a runtime that still lives sees its connection end."""
        self._endpoint.close()

    def offer(self, invocation: Invocation, seconds: float) -> None:
        """Hand the runtime its next event: now if it waits for one, else when it asks.

        The caller's own thread writes to the waiting connection, which saves a thread switch.

        Args:
            seconds: how long to wait for a runtime that does not read it.
        """
        with self._lock:
            connection, self._parked = self._parked, None
            if connection is None:
                self._offered = invocation
                return
            reply = self._begin(invocation)
        with contextlib.suppress(OSError):  # dead already: its end is reported by the process
            send_within(connection, reply, seconds)

    def waiting_runtime_died(self) -> bool:
        """Whether the connection that waits for an event has ended, as death ends it."""
        with self._lock:
            if self._parked is None:
                return self._waiter_hung_up
            try:
                return not self._parked.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                return False
            except OSError:
                return True

    def _answer(self, connection: socket.socket, request: wire.Request) -> bytes | None:
        path = request.path.removeprefix(PREFIX).split("/")
        match request.method, path:
            case "GET", ["invocation", "next"]:
                return self._next(connection)
            case "POST", ["invocation", request_id, "response"]:
                return self._response(request_id, request)
            case "POST", ["invocation", request_id, "error"]:
                return self._error(request_id, request)
            case "POST", ["init", "error"]:
                return self._init_error(request)
        missing = NotEmulated(Missing.RUNTIME_API, f"{request.method} {request.path}")
        return _refusal(HTTPStatus(STATUS), CODE, str(missing))

    def _next(self, connection: socket.socket) -> bytes | None:
        with self._lock:
            if self._state in (_State.RUNNING, _State.INIT_ERROR):
                return self._forbidden(_State.READY)
            self._state = _State.READY
            self._waiter_hung_up = False
            invocation, self._offered = self._offered, None
            reply = self._begin(invocation) if invocation is not None else None
            self._parked = connection if invocation is None else None
        self._listener.ready()
        return reply

    def _begin(self, invocation: Invocation) -> bytes:
        self._state = _State.RUNNING
        self._request_id = invocation.request_id
        return wire.response(HTTPStatus.OK, invocation.payload, invocation.headers())

    def _response(self, request_id: str, request: wire.Request) -> bytes:
        if (refusal := self._finish(request_id)) is not None:
            return refusal
        size = len(request.body)
        if size > MAX_PAYLOAD_BYTES:
            self._listener.response_too_large(size)
            message = f"Exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
            return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge", message)
        self._listener.responded(request.body, request.headers)
        return _accepted()

    def _error(self, request_id: str, request: wire.Request) -> bytes:
        if (refusal := self._finish(request_id)) is not None:
            return refusal
        self._listener.failed(request.body, request.headers)
        return _accepted()

    def _finish(self, request_id: str) -> bytes | None:
        with self._lock:
            if self._state is not _State.RUNNING or request_id != self._request_id:
                message = "Invalid request ID"
                return _refusal(HTTPStatus.BAD_REQUEST, "InvalidRequestID", message)
            self._state = _State.RESPONDED
            return None

    def _init_error(self, request: wire.Request) -> bytes:
        with self._lock:
            if self._state is not _State.STARTED:
                return self._forbidden(_State.INIT_ERROR)
            self._state = _State.INIT_ERROR
        self._listener.init_failed(request.body, request.headers)
        return _accepted()

    def _forbidden(self, wanted: _State) -> bytes:
        message = (
            f"State transition from {self._state.value} to {wanted.value} failed for runtime."
            " Error: State transition is not allowed"
        )
        return _refusal(HTTPStatus.FORBIDDEN, "InvalidStateTransition", message)

    def _hung_up(self, connection: socket.socket) -> None:
        with self._lock:
            if self._parked is connection:
                self._parked = None
                self._waiter_hung_up = True


def _accepted() -> bytes:
    return wire.json_response(HTTPStatus.ACCEPTED, {"status": "OK"})


def _refusal(status: HTTPStatus, error_type: str, message: str) -> bytes:
    return wire.json_response(status, {"errorMessage": message, "errorType": error_type})
