"""A trace as a person gets it: segments in the order of a tree, printed as one.

Plain frozen data with three forms: text (`str`, and `tree` with or without times), a picture
(waterfall.py), and JSON (`data`). Where it comes from is shaping.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MARKS = {
    "error": "ERROR",
    "throttled": "THROTTLED",
    "running": "still running",
    "waiting": "nobody has taken it",
    "dropped": "dropped as a duplicate",
}


@dataclass(frozen=True)
class Segment:
    """One thing that took time.

    Attributes:
        parent: the id of the segment that caused it; None for what began the trace.
        kind: "gateway", "call", "function", "init", "handler", "event" (on its way, waiting),
            "schedule", or "again" (a function that stands elsewhere in this trace in full).
        name: in words: "dynamodb PutItem items".
        start_ms: since the trace began.
        duration_ms: None while it goes on.
        status: "ok", "error", "throttled", "running", "waiting" (nobody has taken it) or "dropped"
            (a duplicate in a FIFO queue).
        detail: what else is known: request_id, trace_id, error, cold, attempt, times …
    """

    id: str
    parent: str | None
    kind: str
    name: str
    start_ms: float
    duration_ms: float | None
    status: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name with what must not be missed: cold, which attempt, how it failed."""
        words = [f"function {self.name}" if self.kind == "function" else self.name]
        if self.kind == "again":
            words = [f"function {self.name}: the same batch as above"]
        if self.kind == "gateway" and "status" in self.detail:
            words.append(f"→ {self.detail['status']}")
        notes = [
            "authorizer" if self.detail.get("authorizer") else "",
            "cold" if self.detail.get("cold") else "",
            f"attempt {self.detail['attempt']}" if "attempt" in self.detail else "",
            f"reports {self.detail['reported']} as failed" if "reported" in self.detail else "",
            "and more below it" if self.detail.get("cut") else "",
            f"{self.detail['times']} times" if "times" in self.detail else "",
        ]
        title = ", ".join([" ".join(words), *filter(None, notes)])
        mark = MARKS.get(self.status)
        return f"{title}  {' '.join(filter(None, (mark, self._error)))}" if mark else title

    @property
    def _error(self) -> str:
        return str(self.detail.get("error", "")) if self.status in ("error", "throttled") else ""


@dataclass(frozen=True)
class Trace:
    """All that one request set going.

    Attributes:
        id: the X-Ray trace id of its beginning; "" where that had none.
        began: seconds since 1970.
        segments: each after the one that caused it, in the order of the tree.
    """

    id: str
    began: float
    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Trace:
        """A trace from its JSON; the inverse of `data`."""
        return cls(data["id"], data["began"], tuple(Segment(**each) for each in data["segments"]))

    @property
    def data(self) -> dict[str, Any]:
        """The trace as JSON takes it."""
        return asdict(self)

    @property
    def duration_ms(self) -> float:
        """From its beginning to the end of the last segment that has ended."""
        return max((s.start_ms + (s.duration_ms or 0.0) for s in self.segments), default=0.0)

    @property
    def summary(self) -> str:
        """The trace in one sentence, without times."""
        kinds = [segment.kind for segment in self.segments]
        troubles = sum(
            s.status in ("error", "throttled") and s.kind in ("gateway", "call", "function")
            for s in self.segments
        )
        parts = [
            _count(kinds.count("function"), "function run", "function runs"),
            _count(kinds.count("call"), "AWS call"),
            _count(kinds.count("event"), "event"),
        ]
        failed = f"; {troubles} failed" if troubles else ""
        began = self.segments[0].name if self.segments else "nothing"
        return f"{began}: {', '.join(parts)}{failed}."

    def tree(self, *, times: bool = True) -> str:
        """The tree as text, a line for each segment.

        Args:
            times: False leaves out what differs from run to run: times and ids.
        """
        lines = [(stem + segment.title, segment) for stem, segment in self._stems()]
        if not times:
            return "\n".join(text for text, _ in lines)
        width = max(len(text) for text, _ in lines)
        rows = [
            f"{text:{width}}  {segment.start_ms:9,.1f}  {_ms(segment.duration_ms):>9}"
            for text, segment in lines
        ]
        return "\n".join([f"{'':{width}}  {'at ms':>9}  {'took ms':>9}", *rows])

    def _stems(self) -> Iterator[tuple[str, Segment]]:
        """Each segment with the lines that lead to it."""
        children: dict[str | None, list[Segment]] = {}
        for segment in self.segments:
            children.setdefault(segment.parent, []).append(segment)

        def walk(parent: str | None, stem: str) -> Iterator[tuple[str, Segment]]:
            below = children.get(parent, [])
            for segment in below:
                last = segment is below[-1]
                branch = "" if parent is None else ("└ " if last else "├ ")
                yield stem + branch, segment
                under = "" if parent is None else ("  " if last else "│ ")
                yield from walk(segment.id, stem + under)

        yield from walk(None, "")

    def __str__(self) -> str:
        return f"{self.summary} {self.duration_ms:,.1f} ms in all.\n{self.tree()}"

    __repr__ = __str__

    def svg(self) -> str:
        """The picture as an SVG file's text."""
        from workbook.cloud.traces import waterfall  # it draws traces, so it knows this module

        return waterfall.svg(self)

    def _repr_html_(self) -> str:
        from workbook.cloud.traces import waterfall  # likewise

        return waterfall.picture(self)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _ms(duration: float | None) -> str:
    return "–" if duration is None else f"{duration:,.1f}"
