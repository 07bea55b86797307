"""What caused what happens in this thread now, and how a cause is handed on inside the cloud.

The engines of events/ and gateway/ say here what they pass on; they know neither who records it
nor whether anybody does. Where nothing is known of a cause, nothing is recorded.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol


class Span:
    """One thing that took time; what it means is shaping.py's matter.

    Attributes:
        id: sixteen hexadecimal digits, as X-Ray's segments have.
        root: the id of the X-Ray trace, or "" where there is no header to carry one.
        parents: ids of the spans that caused it: several, for a batch.
        kind: "gateway", "call", "function", "event" or "schedule".
        began, ended: seconds since 1970; None while it goes on.
        detail: what more there is to say, by kind.
    """

    __slots__ = ("began", "detail", "ended", "id", "kind", "parents", "request_id", "root")

    def __init__(
        self,
        kind: str,
        *,
        root: str,
        parents: tuple[str, ...],
        detail: dict[str, Any],
        request_id: str = "",
    ) -> None:
        self.id = new_id()
        self.kind = kind
        self.root = root
        self.parents = parents
        self.detail = detail
        self.request_id = request_id
        self.began = time.time()
        self.ended: float | None = None


class Records(Protocol):
    """Whoever keeps spans."""

    def keep(self, span: Span) -> None: ...


class Cause(NamedTuple):
    """A span that causes others, and who keeps them."""

    records: Records
    span: Span


CAUSE: ContextVar[Cause | None] = ContextVar("cause", default=None)
HANDLED: ContextVar[tuple[str, ...]] = ContextVar("handled", default=())


@contextlib.contextmanager
def onward(service: str, source: str, target: str, *, carries: bool = True) -> Iterator[None]:
    """What is begun within is an event on its way: from a topic, a rule, a bucket … to a target.

    Args:
        service: whose event it is, as in an ARN: "sns", "events", "s3", "lambda".
        source, target: ARNs or names.
        carries: whether AWS hands the X-Ray header on with such an event.
    """
    cause = CAUSE.get()
    if cause is None:
        yield
        return
    records, parent = cause
    detail = {"service": service, "source": source, "target": target}
    root = parent.root if carries else ""
    span = Span("event", root=root, parents=(parent.id,), detail=detail)
    records.keep(span)
    with causing(records, span):
        yield


@contextlib.contextmanager
def causing(records: Records, span: Span) -> Iterator[None]:
    """What is begun within is caused by this span."""
    token = CAUSE.set(Cause(records, span))
    try:
        yield
    finally:
        CAUSE.reset(token)


@contextlib.contextmanager
def handling(records: Iterable[Mapping[str, Any]]) -> Iterator[None]:
    """The function that is run within handles these records of a queue or a stream."""
    token = HANDLED.set(tuple(map(_place, records)))
    try:
        yield
    finally:
        HANDLED.reset(token)


def failed(error: BaseException) -> None:
    """What this thread passes on did not arrive."""
    cause = CAUSE.get()
    if cause is not None and cause.span.kind == "event":
        cause.span.detail["error"] = f"{type(error).__name__}: {error}"


def stream_place(arn: str, sequence_number: object) -> str:
    """The name of a stream's record among all places; a queue's message goes by its id."""
    return f"{arn}:{sequence_number}"


def new_id() -> str:
    """A segment's id."""
    return os.urandom(8).hex()


def new_root(now: float) -> str:
    """A trace's id, which begins with the time."""
    return f"1-{int(now):08x}-{os.urandom(12).hex()}"


def header(root: str, parent: str, sampled: str = "0") -> str:
    """The text of an X-Amzn-Trace-Id."""
    return f"Root={root};Parent={parent};Sampled={sampled}"


def read_header(text: str | None) -> dict[str, str]:
    """The parts of an X-Amzn-Trace-Id; none, for one that was not sent."""
    if not text:
        return {}
    return dict(part.strip().partition("=")[::2] for part in text.split(";"))


def _place(record: Mapping[str, Any]) -> str:
    if "messageId" in record:
        return str(record["messageId"])
    change = record.get("dynamodb") or record.get("kinesis") or {}
    number = change.get("SequenceNumber") or change.get("sequenceNumber")
    return stream_place(record.get("eventSourceARN", ""), number)
