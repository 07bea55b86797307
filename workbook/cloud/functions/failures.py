"""What AWS says when an environment is lost: its error object, its log lines, its status.

Errors that a function raises come worded from the runtime; these are the platform's own. The
wording is that of 2026, from error objects and logs that people published.
"""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass

from workbook.cloud.functions import log
from workbook.cloud.functions.process import Answer, Kind
from workbook.cloud.functions.runtime_api import MAX_PAYLOAD_BYTES
from workbook.cloud.functions.state import State

_EXIT_ERROR = "Runtime.ExitError"
_SIGNALS = {  # as Go names them, in which AWS's supervisor is written
    signal.SIGHUP: "hangup",
    signal.SIGINT: "interrupt",
    signal.SIGQUIT: "quit",
    signal.SIGILL: "illegal instruction",
    signal.SIGTRAP: "trace/breakpoint trap",
    signal.SIGABRT: "aborted",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "floating point exception",
    signal.SIGKILL: "killed",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGTERM: "terminated",
}


@dataclass(frozen=True)
class Failure:
    """An environment's end, in AWS's words.

    Attributes:
        payload: the error object, as the caller gets it.
        lines: for the log, before END.
        status: of the REPORT line: "timeout" or "error".
        error_type: of the REPORT line; None for a timeout.
        state: what became of the environment.
    """

    payload: bytes
    lines: tuple[str, ...]
    status: str
    error_type: str | None
    state: State = State.CRASHED


def failure(answer: Answer, request_id: str, timeout_seconds: float) -> Failure:
    """The failure that an answer means for an invocation."""
    match answer.kind:
        case Kind.TIMED_OUT:
            return _timeout(request_id, timeout_seconds)
        case Kind.INIT_FAILED:
            return Failure(answer.body, (), "error", init_error_type(answer))
        case Kind.TOO_LARGE:
            message = (
                "Response payload size exceeded maximum allowed payload size"
                f" ({MAX_PAYLOAD_BYTES} bytes)."
            )
            error_type = "Function.ResponseSizeTooLarge"
            return Failure(_payload(error_type, message), (), "error", error_type)
        case Kind.OUT_OF_MEMORY:
            # the caller and the log are told of the kill, only REPORT of its reason
            return _exit(request_id, -signal.SIGKILL, "Runtime.OutOfMemory")
        case Kind.EXITED:
            return _exit(request_id, answer.exit_code, _EXIT_ERROR)
    raise AssertionError(f"{answer.kind} is no failure")


def init_error_type(answer: Answer) -> str | None:
    """What INIT_REPORT gives as Error Type."""
    match answer.kind:
        case Kind.INIT_FAILED:
            return _reported_type(answer.body)
        case Kind.OUT_OF_MEMORY:
            return "Runtime.OutOfMemory"
        case Kind.EXITED:
            return _EXIT_ERROR
    return None


def _timeout(request_id: str, seconds: float) -> Failure:
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return Failure(
        _payload("Sandbox.Timedout", message),
        (log.timed_out(request_id, seconds),),
        "timeout",
        None,
        State.TIMED_OUT,
    )


def _exit(request_id: str, code: int, reported_type: str) -> Failure:
    message = f"RequestId: {request_id} Error: {_reason(code)}"
    payload = _payload(_EXIT_ERROR, message)
    return Failure(payload, (message, _EXIT_ERROR), "error", reported_type)


def _reason(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    name = _SIGNALS.get(signal.Signals(-code), f"signal {-code}")
    return f"Runtime exited with error: signal: {name}"


def _payload(error_type: str, message: str) -> bytes:
    return json.dumps(
        {"errorType": error_type, "errorMessage": message}, separators=(",", ":")
    ).encode()


def _reported_type(body: bytes) -> str:
    try:
        return str(json.loads(body)["errorType"])
    except (ValueError, KeyError, TypeError):  # a runtime that reports in a form of its own
        return "Runtime.Unknown"
