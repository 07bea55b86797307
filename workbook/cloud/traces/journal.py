"""The journal: the last spans of this cloud, and which of them wrote which message or record.

It is written to on the way of every request, so it only appends. Reading is shaping.py's.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from typing import Any

from workbook.cloud.answer import Answer
from workbook.cloud.api_address import CalledApi
from workbook.cloud.functions import Outcome, Throttled
from workbook.cloud.traces.causes import (
    CAUSE,
    HANDLED,
    Cause,
    Span,
    causing,
    header,
    new_root,
    read_header,
)

SPANS = 10_000
LONGEST_ERROR = 200  # characters of a message that are kept
PLACES = 5_000  # messages and records whose writers are remembered
_ENVIRONMENT_ID = 32  # characters of an execution environment's id, with which its token ends


class Journal:
    """The last 10,000 spans."""

    def __init__(self) -> None:
        self._spans: deque[Span] = deque(maxlen=SPANS)
        self._places: OrderedDict[str, Span] = OrderedDict()
        self._lock = threading.Lock()  # for the places; a deque needs none

    def spans(self) -> list[Span]:
        """What is remembered, in the order in which it began."""
        while True:
            with contextlib.suppress(RuntimeError):  # it was appended to meanwhile
                return list(self._spans)

    def keep(self, span: Span) -> None:
        """Remember a span, from its beginning on."""
        self._spans.append(span)

    # ── requests and calls ──────────────────────────────────────────────────────────────────

    def request(self, environ: dict[str, Any], called: CalledApi) -> Span:
        """A request to a deployed API has come; its X-Ray header names this span from now on."""
        sent = read_header(environ.get("HTTP_X_AMZN_TRACE_ID"))
        sampled = sent.get("Sampled") or ("1" if "Parent" in sent else "0")
        root = sent.get("Root") or new_root(time.time())
        detail = {
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].removeprefix(called.root) or "/",
            "api": called.api,
            "stage": called.stage,
        }
        span = Span("gateway", root=root, parents=_known(sent), detail=detail)
        environ["HTTP_X_AMZN_TRACE_ID"] = header(root, span.id, sampled)
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            span.detail |= {"method": "websocket", "path": "$connect"}
        self.keep(span)
        return span

    @contextlib.contextmanager
    def message(self, trace: str, request_id: str, route: str, api_id: str) -> Iterator[None]:
        """An event of a WebSocket connection is handled within, by a function told this header."""
        sent = read_header(trace)
        detail: dict[str, Any] = {"method": "websocket", "path": route, "api": api_id}
        span = Span("gateway", root=sent["Root"], parents=(), detail=detail, request_id=request_id)
        span.id = sent["Parent"]
        self.keep(span)
        try:
            yield
        except Exception as error:
            detail["error"] = type(error).__name__
            raise
        finally:
            span.ended = time.time()

    @contextlib.contextmanager
    def call(self, call: Any, environ: Mapping[str, Any]) -> Iterator[Span]:
        """An AWS call, which is the cause of whatever moto does within."""
        sent = read_header(environ.get("HTTP_X_AMZN_TRACE_ID"))
        token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
        detail = {"call": call, "environment": token[-_ENVIRONMENT_ID:]}
        attempt = environ.get("HTTP_AMZ_SDK_REQUEST", "")
        if attempt and not attempt.startswith("attempt=1"):
            detail["attempt"] = attempt
        span = Span("call", root=sent.get("Root", ""), parents=_known(sent), detail=detail)
        self.keep(span)
        set_to = CAUSE.set(Cause(self, span))
        try:
            yield span
        finally:
            CAUSE.reset(set_to)
            span.ended = time.time()

    # ── functions ───────────────────────────────────────────────────────────────────────────

    def invocation(self, arn: str, options: dict[str, Any], **detail: Any) -> Span:
        """A function is to run; its own X-Ray header takes the place of its caller's."""
        sent = read_header(options.get("trace_header"))
        parents, root = self._cause(sent)
        root = root or sent.get("Root") or new_root(time.time())
        span = Span(
            "function",
            root=root,
            parents=parents,
            detail={"arn": arn, "batch": len(HANDLED.get()) or None, **detail},
            request_id=options["request_id"],
        )
        options["trace_header"] = header(root, span.id, sent.get("Sampled", "0"))
        self.keep(span)
        return span

    def _cause(self, sent: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
        """What made a function run, and the X-Ray trace that it goes on with, if any."""
        handled = HANDLED.get()
        if handled:  # a batch begins a trace of its own, which X-Ray at best links
            with self._lock:
                found = [self._places.get(place) for place in handled]
            return tuple(dict.fromkeys(span.id for span in found if span)), ""
        cause = CAUSE.get()
        if cause is not None:
            return (cause.span.id,), cause.span.root
        return _known(sent), ""

    # ── messages, records and schedules ─────────────────────────────────────────────────────

    def arrives(self, place: str, service: str, source: str) -> str | None:
        """A message or a record is about to be written where a poller will find it.

        Returns:
            The X-Ray header that AWS keeps with a message; None when its writer had none.
        """
        with self._lock:
            earlier = self._places.get(place)  # it is moved: to a dead-letter queue
            cause = CAUSE.get()
            writer = earlier or (cause.span if cause else None)
            detail = {"service": service, "source": source, "moved": earlier is not None}
            span = Span(
                "event",
                root=writer.root if writer else "",
                parents=(writer.id,) if writer else (),
                detail=detail,
            )
            self.keep(span)
            self._places[place] = span
            if len(self._places) > PLACES:
                self._places.popitem(last=False)
        return header(writer.root, _sender(writer)) if writer and writer.root else None

    @contextlib.contextmanager
    def given_up(self) -> Iterator[None]:
        """What happens within is caused by the first of the records that are handled."""
        with self._lock:
            first = next(filter(None, map(self._places.get, HANDLED.get())), None)
        with causing(self, first) if first else contextlib.nullcontext():
            yield

    def dropped(self, place: str) -> None:
        """A message that was about to arrive is a duplicate, and does not."""
        with self._lock:
            span = self._places.pop(place)
        span.detail["dropped"] = True

    @contextlib.contextmanager
    def schedule(self, rule_arn: str) -> Iterator[None]:
        """A rule's schedule fires within."""
        span = Span("schedule", root="", parents=(), detail={"source": rule_arn})
        span.ended = span.began
        self.keep(span)
        with causing(self, span):
            yield


def answered(span: Span, answer: Answer) -> None:
    """Note how a request or a call was answered."""
    span.detail["status"] = answer.status
    for name, value in answer.headers:
        if name.lower() in _REQUEST_ID:
            span.request_id = value
            break
    if answer.status >= 400 and span.kind == "call":
        span.detail["error"] = _error_code(answer)


def came_to(span: Span, outcome: Outcome) -> None:
    """Note what an invocation came to."""
    span.detail["environment"] = outcome.environment_id
    span.detail["cold"] = outcome.cold
    span.detail["phases"] = outcome.phases
    if outcome.function_error is not None:
        span.detail["error"] = _raised(outcome.payload)
    elif span.detail["batch"] and b"batchItemFailures" in outcome.payload:
        span.detail["reported"] = _reported(outcome.payload)


def _sender(writer: Span) -> str:
    """The parent that a message's header names: who made the call, and not the call itself."""
    return writer.parents[0] if writer.kind == "call" and writer.parents else writer.id


def not_run(span: Span, error: BaseException) -> None:
    """Note why a function was not run; in words, as an error holds on to what it met."""
    if isinstance(error, Throttled):
        span.detail["throttled"] = True
        span.detail["error"] = error.reason
    elif isinstance(error, KeyError):
        span.detail["error"] = "there is no such function"
    else:
        span.detail["error"] = f"{type(error).__name__}: {error}"


_REQUEST_ID = ("x-amzn-requestid", "x-amz-request-id")
_CODE = re.compile(rb'<Code>([^<]+)</Code>|"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"')


def _error_code(answer: Answer) -> str:
    for name, value in answer.headers:
        if name.lower() == "x-amzn-errortype":
            return value.partition(":")[0].rpartition("#")[2]
    found = _CODE.search(answer.body)
    return (found[1] or found[2]).decode() if found else str(answer.status)


def _raised(payload: bytes) -> str:
    """An error object in one line."""
    try:
        error = json.loads(payload)
    except ValueError:
        return "an error"
    if not isinstance(error, dict):
        return "an error"
    kind, message = error.get("errorType"), str(error.get("errorMessage", "")).splitlines()
    first = message[0][:LONGEST_ERROR] if message else ""
    return f"{kind}: {first}" if kind and first else kind or first or "an error"


def _reported(payload: bytes) -> int | None:
    """How many records of its batch a function says it could not handle."""
    try:
        return len(json.loads(payload)["batchItemFailures"]) or None
    except (ValueError, KeyError, TypeError):
        return None


def _known(sent: Mapping[str, str]) -> tuple[str, ...]:
    return (sent["Parent"],) if "Parent" in sent else ()
