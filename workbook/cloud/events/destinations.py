"""What an asynchronous invocation leaves behind: its invocation record, and its dead letter.

A destination (PutFunctionEventInvokeConfig) is sent a record of request and response; the older
dead-letter queue (DeadLetterConfig) only the event, with three attributes that say why. The
shapes follow "Capturing records of Lambda asynchronous invocations" in AWS's Lambda guide.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from .clock import iso_milliseconds, iso_seconds
from .targets import Arn, Message, Targets

LONGEST_ERROR_BYTES = 1024  # of the ErrorMessage attribute


@dataclass(frozen=True)
class InvokeConfig:
    """PutFunctionEventInvokeConfig's settings, with what else decides over an event.

    Args:
        maximum_retry_attempts: 0 to 2, after function errors.
        maximum_event_age_seconds: 60 to 21,600.
        on_success: ARN of the success destination.
        on_failure: ARN of the failure destination.
        dead_letter: DeadLetterConfig's TargetArn.
        reserved_concurrency: 0 sends every event straight to where failures go.
    """

    maximum_retry_attempts: int = 2
    maximum_event_age_seconds: float = 21_600
    on_success: str | None = None
    on_failure: str | None = None
    dead_letter: str | None = None
    reserved_concurrency: int | None = None

    @classmethod
    def parse(
        cls,
        settings: Mapping[str, Any],
        *,
        dead_letter: str | None = None,
        reserved_concurrency: int | None = None,
    ) -> InvokeConfig:
        """From what GetFunctionEventInvokeConfig answers; an empty dictionary when there is none.

        Raises:
            NotEmulated: see `check_destination`.
        """
        config = settings.get("DestinationConfig") or {}
        on_success, on_failure = (
            (config.get(kind) or {}).get("Destination") for kind in ("OnSuccess", "OnFailure")
        )
        for destination in (on_success, on_failure, dead_letter):
            if destination:
                check_destination(destination)
        retries, age = (
            settings.get("MaximumRetryAttempts"),
            settings.get("MaximumEventAgeInSeconds"),
        )
        return cls(
            maximum_retry_attempts=2 if retries is None else retries,
            maximum_event_age_seconds=21_600 if age is None else age,
            on_success=on_success,
            on_failure=on_failure,
            dead_letter=dead_letter,
            reserved_concurrency=reserved_concurrency,
        )


@dataclass(frozen=True)
class Attempt:
    """What the last run of the function answered."""

    payload: bytes
    function_error: str | None
    executed_version: str


def check_destination(arn: str) -> None:
    """Whether `arn` can be a destination here.

    Raises:
        NotEmulated: AWS would take it, this cloud has not (an S3 bucket).
    """
    if Arn.parse(arn).service not in ("events", "lambda", "sns", "sqs"):
        raise NotEmulated(Missing.DESTINATIONS, arn)


def record(
    *,
    function_arn: str,
    request_id: str,
    payload: bytes,
    condition: str,
    invoke_count: int,
    attempt: Attempt | None,
    moment: float,
) -> dict[str, Any]:
    """The invocation record, version 1.0.

    Args:
        condition: Success, RetriesExhausted, EventAgeExceeded or ZeroReservedConcurrency.
        attempt: None when the function never ran; the record then has no response.
    """
    document: dict[str, Any] = {
        "version": "1.0",
        "timestamp": iso_milliseconds(moment),
        "requestContext": {
            "requestId": request_id,
            "functionArn": _with_version(function_arn),
            "condition": condition,
            "approximateInvokeCount": invoke_count,
        },
        "requestPayload": _parsed(payload),
    }
    if attempt is not None:
        context = {"statusCode": 200, "executedVersion": attempt.executed_version}
        if attempt.function_error is not None:
            context["functionError"] = attempt.function_error
        document["responseContext"] = context
        document["responsePayload"] = _parsed(attempt.payload)
    return document


def send(targets: Targets, destination: str, document: dict[str, Any], moment: float) -> None:
    """Send an invocation record to its destination.

    Raises:
        NotEmulated: see `check_destination`.
    """
    arn = Arn.parse(destination)
    if arn.service == "events":
        targets.put_event(destination, _as_event(arn, destination, document, moment))
    else:
        targets.deliver(destination, Message(json.dumps(document)))


def dead_letter(request_id: str, payload: bytes, attempt: Attempt | None) -> Message:
    """The event itself, with RequestID, ErrorCode and ErrorMessage as attributes."""
    code, reason = ("429", "Rate Exceeded.") if attempt is None else ("200", _reason(attempt))
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": code},
        "ErrorMessage": {"DataType": "String", "StringValue": reason},
    }
    return Message(payload.decode(), attributes=attributes)


def _as_event(
    bus: Arn, destination: str, document: dict[str, Any], moment: float
) -> dict[str, Any]:
    context = document["requestContext"]
    result = "Success" if context["condition"] == "Success" else "Failure"
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": f"Lambda Function Invocation Result - {result}",
        "source": "lambda",
        "account": bus.account,
        "time": iso_seconds(moment),
        "region": bus.region,
        "resources": [destination, context["functionArn"]],
        "detail": document,
    }


def _reason(attempt: Attempt) -> str:
    answer = _parsed(attempt.payload)
    message = answer.get("errorMessage") if isinstance(answer, dict) else None
    encoded = str(message or attempt.function_error).encode()[:LONGEST_ERROR_BYTES]
    return encoded.decode(errors="ignore")


def _parsed(payload: bytes) -> Any:
    try:
        return json.loads(payload) if payload else None
    except ValueError:
        return payload.decode(errors="replace")


def _with_version(function_arn: str) -> str:
    qualified = Arn.parse(function_arn).resource.count(":") == 2
    return function_arn if qualified else f"{function_arn}:$LATEST"
