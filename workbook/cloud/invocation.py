"""Lambda's Invoke, as it is called over HTTP (AWS's page "Invoke", API version 2015-03-31).

This call runs functions; the others configure them, and are moto's for the most part. Synchronous
invocations go straight to functions/, asynchronous ones to events/; a dry run only looks whether
there is a function.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from workbook.cloud import lambda_state
from workbook.cloud.answer import Answer, json_answer
from workbook.cloud.calls import AwsCall, operation_name
from workbook.cloud.events.asynchronous import PayloadTooLarge
from workbook.cloud.events.outbox import OutboxFull
from workbook.cloud.functions import (
    InvalidPackage,
    Outcome,
    RequestTooLarge,
    StorageFull,
    Throttled,
)
from workbook.cloud.traces.causes import onward

_LOG = logging.getLogger(__name__)
MAX_UPLOAD_BYTES = 70_167_211  # AWS's own figure
PATH = re.compile(r"/2015-03-31/functions/(?P<name>.+)/invocations/?")


class Invocation:
    """The endpoint.

    Args:
        run: functions.Functions.invoke, or what wraps it.
        run_later: events.AsyncInvoker.invoke.
    """

    def __init__(self, *, run: Callable[..., Outcome], run_later: Callable[..., str]) -> None:
        self._run = run
        self._run_later = run_later

    def answer(self, environ: Mapping[str, Any], name: str, payload: bytes) -> Answer:
        """Invoke the function that the request's path names."""
        qualifier = parse_qs(environ.get("QUERY_STRING", "")).get("Qualifier", [None])[0]
        payload = payload or b"{}"
        kind = environ.get("HTTP_X_AMZ_INVOCATION_TYPE", "RequestResponse")
        try:
            function = lambda_state.find(unquote(name), qualifier)
            _check_json(payload)
            options = {
                "request_id": str(uuid.uuid4()),
                "trace_header": environ.get("HTTP_X_AMZN_TRACE_ID"),
                "client_context": _client_context(environ.get("HTTP_X_AMZ_CLIENT_CONTEXT")),
            }
            if kind == "DryRun":
                return Answer(204)
            if kind == "Event":
                arn = function.function_arn
                with onward("lambda", arn, arn):
                    return _accepted(self._run_later(arn, payload, **options))
            outcome = self._run(function.function_arn, payload, **options)
        except (lambda_state.UnknownFunction, KeyError) as unknown:
            arn = getattr(unknown, "arn", unquote(name))
            return error("ResourceNotFoundException", f"Function not found: {arn}", 404)
        except _InvalidContent as invalid:
            return error("InvalidRequestContentException", str(invalid), 400)
        except (PayloadTooLarge, RequestTooLarge) as large:
            return error("RequestTooLargeException", str(large), 413)
        except Throttled as throttled:
            return throttled_error(throttled)
        except OutboxFull as full:
            reason = "CallerRateLimitExceeded"
            return error("TooManyRequestsException", str(full), 429, Reason=reason)
        except OSError as failed:  # no room, or no process, for an environment
            _LOG.exception("%s could not be run", name)
            told = f"An error occurred and the request cannot be processed: {failed}"
            return error("ServiceException", told, 500)
        wants_log = environ.get("HTTP_X_AMZ_LOG_TYPE") == "Tail"
        return _outcome(outcome, wants_log=wants_log)


def error(code: str, message: str, status: int, **more: str) -> Answer:
    """An error in Lambda's own shape."""
    whose = "User" if status < 500 else "Service"
    body = {"Type": whose, "Message": message, **more}
    return json_answer(body, status, (("x-amzn-ErrorType", code),))


def check_upload(call: AwsCall, body: bytes) -> Answer | None:
    """413, for a request beyond what Lambda takes: 50 MB of a zip, as they are sent."""
    if len(body) < MAX_UPLOAD_BYTES:
        return None
    told = (
        f"Request must be smaller than {MAX_UPLOAD_BYTES} bytes for the {operation_name(call)}"
        " operation"
    )
    return error("RequestEntityTooLargeException", told, 413)


def not_deployed(failed: InvalidPackage | StorageFull) -> Answer:
    """400, for code that Lambda cannot take."""
    full = isinstance(failed, StorageFull)
    code = "CodeStorageExceededException" if full else "InvalidParameterValueException"
    return error(code, str(failed), 400)


def throttled_error(throttled: Throttled) -> Answer:
    """429, with the limit that was met."""
    return error("TooManyRequestsException", str(throttled), 429, Reason=throttled.reason)


def _outcome(outcome: Outcome, *, wants_log: bool) -> Answer:
    headers = [
        ("Content-Type", "application/json"),
        ("x-amzn-RequestId", outcome.request_id),
        ("X-Amz-Executed-Version", outcome.executed_version),
    ]
    if outcome.function_error is not None:
        headers.append(("X-Amz-Function-Error", outcome.function_error))
    if wants_log:
        tail = base64.b64encode(outcome.log_tail.encode()).decode()
        headers.append(("X-Amz-Log-Result", tail))
    return Answer(200, outcome.payload, tuple(headers))


def _accepted(request_id: str) -> Answer:
    return Answer(202, b"", (("x-amzn-RequestId", request_id),))


class _InvalidContent(ValueError):
    """AWS's InvalidRequestContentException."""


def _check_json(payload: bytes) -> None:
    try:
        json.loads(payload)
    except ValueError as error_found:
        raise _InvalidContent(
            f"Could not parse request body into json: {error_found}"
        ) from error_found


def _client_context(header: str | None) -> str | None:
    if header is None:
        return None
    try:
        return base64.b64decode(header, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as broken:
        raise _InvalidContent(
            "Client context must be a valid Base64-encoded JSON object"
        ) from broken
