"""From the journal's spans to the segments of one trace: found, tied, named and put in order.

A trace is a forest: what was asked for leads up to the spans that nothing caused, and everything
those caused belongs to it. A span with several causes (a batch) appears under each; in one trace
it stands in full under the first, and as "again" under the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbook.cloud.traces import naming
from workbook.cloud.traces.causes import Span

Segment = dict[str, Any]
"""See trace.Segment; here as JSON takes it."""

LATEST = 20
DEEPEST = 120  # spans below each other; what is further down is left out


class Traces:
    """The spans of this moment, tied to each other.

    Args:
        spans: in the order in which they began.
        made: better names for some resources, by those that were made up.
    """

    def __init__(self, spans: Sequence[Span], made: Mapping[str, str] | None = None) -> None:
        self._name = naming.Names(made or {})
        self._spans = spans
        self._by_id = {span.id: span for span in spans}
        self._by_environment: dict[str, list[Span]] = defaultdict(list)
        for span in spans:
            if span.kind == "function" and "environment" in span.detail:
                self._by_environment[span.detail["environment"]].append(span)
        self._parents = {span.id: self._causes(span) for span in spans}
        self._children: dict[str, list[Span]] = defaultdict(list)
        for span in spans:
            for parent in self._parents[span.id]:
                self._children[parent].append(span)

    def find(self, wanted: str) -> dict[str, Any] | None:
        """The trace of a request id or a trace id; None when nothing of that id is remembered."""
        if not wanted:  # as the id of what has none
            return None
        found = [span for span in self._spans if wanted in (span.request_id, span.root)]
        roots = sorted(self._tops(found), key=lambda span: span.began)
        if not roots:
            return None
        forest = _Forest(self._children, self._name, roots[0].began)
        for root in roots:
            forest.add(root, None)
        return {"id": roots[0].root, "began": roots[0].began, "segments": forest.segments}

    def latest(self) -> list[dict[str, Any]]:
        """What began the last traces, newest last: calls only if something came of them."""
        tops = [
            span
            for span in self._spans
            if not self._parents[span.id]
            and (span.kind != "call" or span.id in self._children)
            and span.kind != "event"
        ]
        return [self._row(span) for span in tops[-LATEST:]]

    def _row(self, top: Span) -> dict[str, Any]:
        under = list(self._below(top))
        ended = [span.ended for span in under if span.ended is not None]
        return {
            "name": self._name(top),
            "status": top.detail.get("status"),
            "functions": sum(span.kind == "function" for span in under),
            "calls": sum(span.kind == "call" for span in under),
            "ms": (max(ended) - top.began) * 1000 if ended else None,
            "request_id": top.request_id or next((s.request_id for s in under if s.request_id), ""),
            "trace_id": top.root,
        }

    def _below(self, top: Span) -> Iterable[Span]:
        seen, waiting = {top.id}, [top]
        while waiting:
            span = waiting.pop()
            yield span
            for child in self._children.get(span.id, ()):
                if child.id not in seen:
                    seen.add(child.id)
                    waiting.append(child)

    def _tops(self, found: Iterable[Span]) -> set[Span]:
        """The spans that nothing caused, from these upwards."""
        tops, seen, waiting = set(), set[str](), list(found)
        while waiting:
            span = waiting.pop()
            if span.id in seen:
                continue
            seen.add(span.id)
            parents = self._parents[span.id]
            waiting += [self._by_id[parent] for parent in parents]
            if not parents:
                tops.add(span)
        return tops

    def _causes(self, span: Span) -> tuple[str, ...]:
        known = tuple(parent for parent in span.parents if parent in self._by_id)
        if known or span.kind != "call":
            return known
        # No header came with it: made at import, or without botocore. Its token says where.
        for function in reversed(self._by_environment.get(span.detail["environment"], ())):
            if function.began <= span.began and span.began <= (function.ended or span.began):
                return (function.id,)
        return ()


class _Forest:
    """Segments in the order of a walk from the roots down."""

    def __init__(self, children: dict[str, list[Span]], name: naming.Names, zero: float) -> None:
        self.segments: list[Segment] = []
        self._children = children
        self._name = name
        self._zero = zero
        self._seen: set[str] = set()
        self._depth = 0

    def add(self, span: Span, parent: str | None, **notes: Any) -> None:
        """A span and all below it."""
        if span.id in self._seen:
            self._again(span, parent)
            return
        self._seen.add(span.id)
        children = self._ordered(span)
        duration = self._duration(span, children)
        status, detail = naming.status(span, duration), naming.detail(span)
        self._put(
            span.id,
            parent,
            span.kind,
            self._name(span),
            span.began,
            duration,
            status,
            {**detail, **notes},
        )
        if self._depth == DEEPEST and children:  # a function that calls itself, by whatever way
            self.segments[-1]["detail"]["cut"] = True
            return
        self._depth += 1
        if span.kind == "function":
            self._phases(span, children)
        else:
            for child, more in children:
                self.add(child, span.id, **more)
        self._depth -= 1

    def _phases(self, span: Span, children: list[tuple[Span, dict[str, Any]]]) -> None:
        """Init and handler, each with what was called in it."""
        phases = span.detail.get("phases", ())
        under: list[list[tuple[Span, dict[str, Any]]]] = [[] for _ in phases]
        for child, more in children:
            of = [n for n, phase in enumerate(phases) if phase.began <= child.began]
            if of:
                under[of[-1]].append((child, more))
            else:
                self.add(child, span.id, **more)
        for number, (phase, within) in enumerate(zip(phases, under, strict=True)):
            identity = f"{span.id}.{number}"
            status = "error" if phase.failed else "ok"
            self._put(
                identity, span.id, phase.name, phase.name, phase.began, phase.ms / 1000, status, {}
            )
            for child, more in within:
                self.add(child, identity, **more)

    def _ordered(self, span: Span) -> list[tuple[Span, dict[str, Any]]]:
        """The children as they are to be shown, alike ones as one; stable from run to run."""
        children = self._children.get(span.id, [])
        if span.kind == "event":
            return _attempts(children, self._name)
        return _merged(_by_time(children, self._name), self._children, self._name)

    def _duration(self, span: Span, children: list[tuple[Span, dict[str, Any]]]) -> float | None:
        if span.kind != "event":
            return None if span.ended is None else span.ended - span.began
        taken = [child.began for child, _ in children if not naming.throttled(child)]
        return min(taken) - span.began if taken else None

    def _again(self, span: Span, parent: str | None) -> None:
        identity = f"{span.id}/{parent}"
        duration = None if span.ended is None else span.ended - span.began
        detail = {"of": span.id}
        status = naming.status(span, duration)
        self._put(identity, parent, "again", self._name(span), span.began, duration, status, detail)

    def _put(
        self,
        identity: str,
        parent: str | None,
        kind: str,
        name: str,
        began: float,
        duration: float | None,
        status: str,
        detail: dict[str, Any],
    ) -> None:
        self.segments.append(
            {
                "id": identity,
                "parent": parent,
                "kind": kind,
                "name": name,
                "start_ms": round((began - self._zero) * 1000, 3),
                "duration_ms": None if duration is None else round(duration * 1000, 3),
                "status": status,
                "detail": detail,
            }
        )


def _attempts(functions: list[Span], called: naming.Names) -> list[tuple[Span, dict[str, Any]]]:
    """What became of an event: each function by name, its attempts in their order; then the rest."""
    ordered = sorted(
        functions, key=lambda span: (span.kind != "function", called(span), span.began)
    )
    shown: list[tuple[Span, dict[str, Any]]] = []
    counts: dict[str, int] = defaultdict(int)
    for span in ordered:
        name = called(span)
        if naming.throttled(span):
            last = shown[-1] if shown else None
            if last and naming.throttled(last[0]) and called(last[0]) == name:
                last[1]["times"] = last[1].get("times", 1) + 1
                continue
            shown.append((span, {}))
            continue
        counts[name] += 1
        more = {"attempt": counts[name]} if counts[name] > 1 and span.kind == "function" else {}
        shown.append((span, more))
    return shown


def _by_time(spans: list[Span], called: naming.Names) -> list[Span]:
    """In the order in which they began; those that ran at the same time, by name."""
    groups: list[list[Span]] = []
    until = float("-inf")
    for span in sorted(spans, key=lambda each: each.began):
        if span.kind != "call" or span.began >= until:
            groups.append([])
        groups[-1].append(span)
        if span.kind == "call":
            until = max(until, span.ended or float("inf"))
    return [span for group in groups for span in sorted(group, key=called)]


def _merged(
    spans: list[Span], children: dict[str, list[Span]], called: naming.Names
) -> list[tuple[Span, dict[str, Any]]]:
    """Events of one call that went the same way in the same batch are one, with their number."""
    shown: list[tuple[Span, dict[str, Any]]] = []
    ways: dict[tuple[Any, ...], dict[str, Any]] = {}
    for span in spans:
        below = tuple(child.id for child in children.get(span.id, ()))
        way = (called(span), below)
        if span.kind == "event" and below and way in ways:
            ways[way]["times"] = ways[way].get("times", 1) + 1
            continue
        more: dict[str, Any] = {}
        ways[way] = more
        shown.append((span, more))
    return shown
