"""What a span is called, how it ended, and what else is told of it: in words and plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workbook.cloud.calls import operation_name
from workbook.cloud.traces.causes import Span

_KINDS = {
    "lambda": "function",
    "sqs": "queue",
    "sns": "topic",
    "s3": "bucket",
    "events": "rule",
    "dynamodb": "stream of",
    "kinesis": "stream",
}


class Names:
    """What spans are called.

    Args:
        made: what a template calls a resource, by the name that was made up for it.
    """

    def __init__(self, made: Mapping[str, str]) -> None:
        self._made = made

    def __call__(self, span: Span) -> str:
        """In words: "POST /orders", "dynamodb PutItem items", "queue orders"."""
        if not self._made or span.kind == "gateway":
            return _name(span)
        return _WORD.sub(lambda found: self._made.get(found[0], found[0]), _name(span))


_WORD = re.compile(r"[\w.-]+")


def _name(span: Span) -> str:
    detail = span.detail
    match span.kind:
        case "gateway":
            return f"{detail['method']} {detail['path']}"
        case "call":
            words = (
                detail["call"].service,
                operation_name(detail["call"]),
                detail.get("target", ""),
            )
            return " ".join(filter(None, words))
        case "function":
            return resource(detail["arn"])
        case "schedule":
            return f"schedule {resource(detail['source'])}"
    return _event_name(detail)


def status(span: Span, duration: float | None) -> str:
    """ok, error, throttled, running, waiting or dropped."""
    if throttled(span):
        return "throttled"
    if "error" in span.detail or span.detail.get("status", 200) >= 400:
        return "error"
    if "dropped" in span.detail:
        return "dropped"
    if duration is None:
        return "waiting" if span.kind == "event" else "running"
    return "ok"


def throttled(span: Span) -> bool:
    """Whether it was refused for want of concurrency or by a rate."""
    codes = ("ThrottlingException", "TooManyRequestsException", "SlowDown")
    return (
        "throttled" in span.detail
        or span.detail.get("status") == 429
        or (span.kind == "call" and span.detail.get("error") in codes)
    )


def detail(span: Span) -> dict[str, Any]:
    """What else is known, as JSON takes it."""
    held = span.detail
    told: dict[str, Any] = {"request_id": span.request_id, "trace_id": span.root}
    match span.kind:
        case "gateway":
            told |= {key: held.get(key) for key in ("api", "stage", "status")}
        case "call":
            told |= {
                "service": held["call"].service,
                "operation": operation_name(held["call"]),
                "resource": held.get("target", ""),
                "status": held.get("status"),
                "attempt": _attempt(held.get("attempt", "")),
            }
        case "function":
            told |= {key: held.get(key) for key in ("arn", "cold", "environment")}
            told["authorizer"] = held.get("authorizer")
            told["batch"] = held.get("batch")
            told["reported"] = held.get("reported")
        case _:
            told |= {key: held.get(key) for key in ("service", "source", "target")}
            told["moved"] = held.get("moved") or None
    if "error" in held:
        told["error"] = held["error"]
    return {key: value for key, value in told.items() if value not in (None, "")}


def resource(arn: str) -> str:
    """The last part of an ARN's resource; a name as it is. A stream goes by its table."""
    if not arn.startswith("arn:"):
        return arn
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    if rest:
        return rest.partition("/")[0] if kind == "table" else rest.rpartition("/")[2]
    return kind.removeprefix("function:").partition(":")[0]


def _event_name(held: dict[str, Any]) -> str:
    kind = "dead-letter queue" if held.get("moved") else _KINDS.get(held["service"], "")
    source, target = resource(held["source"]), held.get("target", "")
    if held["service"] == "lambda":
        return f"asynchronous queue of {source}"
    if held["service"] == "destination":
        return f"destination{f' of {source}' if source else ''} → {_target(target)}"
    words = f"{kind} {source}"
    return f"{words} → {_target(target)}" if target else words


def _target(arn: str) -> str:
    service = arn.split(":")[2] if arn.startswith("arn:") else ""
    kind = "bus" if service == "events" else _KINDS.get(service, "")
    return f"{kind} {resource(arn)}".strip()


def _attempt(sdk: str) -> int | None:
    """Which attempt the AWS SDK says it makes: "attempt=2; max=5"."""
    number = sdk.partition("attempt=")[2].partition(";")[0]
    return int(number) if number.isdecimal() else None
