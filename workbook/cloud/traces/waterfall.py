"""The picture of a trace: a waterfall in SVG, with a lane for each request and function.

A pure view over a Trace, in the colours of JupyterLab's theme where there is one. What the
picture says stands in a table below it as well, for those who cannot see it, and where a page
takes styles or pictures away. lanes.py decides what is drawn where, waterfall_words.py what is
said; here is how.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator

from workbook.cloud.traces.lanes import Lane, Lanes
from workbook.cloud.traces.trace import MARKS, Segment, Trace
from workbook.cloud.traces.waterfall_style import DASHES, LETTER, definitions, legend
from workbook.cloud.traces.waterfall_words import caption, lasted, notes, table, tooltip

WIDTH, LEFT, RIGHT = 1000, 216, 96  # pixels; left for the lanes' names, right for the last label
AXIS, PAD, LINE, BAR, ROW = 34, 9, 15, 18, 15
MOST_CALLS = 12  # in a lane; the others are in the table
LONGEST_NAME = 31


def picture(trace: Trace) -> str:
    """The trace as HTML: caption, picture, table."""
    return (
        f'<figure class="wb-trace" aria-label="{html.escape(trace.summary)}">'
        f"<figcaption>{html.escape(caption(trace))}</figcaption>"
        f'<div class="wb-trace-picture" tabindex="0" role="region" '
        f'aria-label="picture of the trace">{svg(trace)}</div>'
        f"<details><summary>The same as a table</summary>{table(trace)}</details></figure>"
    )


def svg(trace: Trace) -> str:
    """The picture alone, which also stands as a file of its own."""
    return _Drawing(trace).text()


class _Drawing:
    """One picture while it is drawn, from top to bottom."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._lanes = Lanes(trace)
        self._total = max(trace.duration_ms, 0.001)
        self._mark = trace.segments[0].id if trace.segments else "none"
        self._rows: dict[str, float] = {}  # the height at which a segment is drawn
        self._below: list[str] = []
        self._bars: list[str] = []
        self._arrows: list[str] = []

    def text(self) -> str:
        y = float(AXIS)
        for number, lane in enumerate(self._lanes.lanes):
            height = self._height(lane)
            if number % 2 == 0:
                self._below.append(
                    f'<rect class="band" x="0" y="{y:g}" width="{WIDTH}" height="{height:g}" '
                    'fill="currentColor" fill-opacity=".06"/>'
                )
            self._lane(lane, y + PAD)
            y += height
        for lane in self._lanes.lanes:
            self._arrivals(lane)
        key = legend(y + 22, self._mark)
        height = y + 40
        parts = [*self._below, *self._axis(y), *self._arrows, *self._bars, *key]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="wb-trace-svg" role="img" '
            f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
            f'font-size="12" fill="currentColor">'
            f"<title>{html.escape(caption(self._trace))}</title>{definitions(self._mark)}"
            f"{''.join(parts)}</svg>"
        )

    def _x(self, ms: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ms / self._total

    def _axis(self, bottom: float) -> Iterator[str]:
        step = _step(self._total)
        for number in range(int(self._total / step) + 1):
            x = self._x(number * step)
            yield (
                f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{AXIS - 8}" y2="{bottom:g}" '
                f'stroke="currentColor" stroke-opacity=".2"/>'
                f'<text class="quiet" x="{x:.1f}" y="{AXIS - 14}" text-anchor="middle">'
                f"{_tick(number * step, step)}</text>"
            )

    # ── a lane ──────────────────────────────────────────────────────────────────────────────

    def _lane(self, lane: Lane, y: float) -> None:
        if lane.waits:
            self._says(lane, y + LINE - 4)
            y += LINE
        name = lane.title if len(lane.title) <= LONGEST_NAME else lane.title[:30] + "…"
        self._bars.append(
            f'<text class="name" x="10" y="{y + 13:g}" font-weight="600" font-size="11.5">'
            f"{html.escape(name)}<title>{html.escape(lane.title)}</title></text>"
        )
        for wait in lane.waits:
            self._wait(wait, y)
        if lane.runs:
            self._runs(lane, y)
            y += self._overflow(*_of_runs(lane))
        y += BAR if lane.runs or lane.waits else 0
        for number, call in enumerate(lane.calls):
            self._rows[call.id] = y + 8
            if number < MOST_CALLS:
                self._call(call, y + 1)
                y += ROW + self._overflow(*_of_call(call))
            elif number == MOST_CALLS:
                more = f"and {len(lane.calls) - MOST_CALLS} more calls"
                self._text(self._x(call.start_ms), y + 12, more)

    def _says(self, lane: Lane, y: float) -> None:
        first = lane.waits[0]
        whole = not lane.runs  # else the lane says itself where the event goes
        names = list(
            dict.fromkeys(w.name if whole else w.name.partition(" →")[0] for w in lane.waits)
        )
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        waited = sum(wait.duration_ms or 0.0 for wait in lane.arrivals[0].waits)
        last = MARKS["waiting"] if lane.waits[-1].status == "waiting" else lasted(waited)
        words = f"{', '.join(names[:3])}{more}: {last}"
        self._label(first.start_ms, first.start_ms, words, y, below=0)

    def _wait(self, wait: Segment, y: float) -> None:
        self._rows[wait.id] = y + BAR / 2
        end = self._total if wait.duration_ms is None else wait.start_ms + wait.duration_ms
        x = self._x(wait.start_ms)
        width = max(self._x(end) - x, 2)
        self._bars.append(
            f'<rect class="wait" x="{x:.1f}" y="{y + 4:g}" width="{width:.1f}" height="10" rx="2" '
            f'fill="none" stroke="currentColor" stroke-opacity=".5" stroke-dasharray="3 2">'
            f"{tooltip(wait)}</rect>"
        )

    def _runs(self, lane: Lane, y: float) -> None:
        for run in lane.runs:
            self._rows[run.id] = y + BAR / 2
            x, width = self._span(run)
            kind = "gateway" if run.kind in ("gateway", "schedule") else "function"
            self._bars.append(
                f'<rect class="{kind}{_bad(run)}" x="{x:.1f}" y="{y + 2:g}" width="{width:.1f}" '
                f'height="14" rx="2" fill="currentColor" fill-opacity=".25">{tooltip(run)}</rect>'
            )
            for phase in lane.phases:
                if phase.parent == run.id:
                    self._phase(phase, y)
        bad = any(_bad(run) for run in lane.runs)
        self._label(*_of_runs(lane), y + 13, bad=bad)

    def _phase(self, phase: Segment, y: float) -> None:
        self._rows[phase.id] = y + BAR / 2
        x, width = self._span(phase)
        fill = f'fill="url(#hatch-{self._mark})"' if phase.kind == "init" else 'fill="currentColor"'
        self._bars.append(
            f'<rect class="{phase.kind}{_bad(phase)}" x="{x:.1f}" y="{y + 2:g}" '
            f'width="{width:.1f}" height="14" rx="2" {fill}>{tooltip(phase)}</rect>'
        )

    def _call(self, call: Segment, y: float) -> None:
        x, width = self._span(call)
        self._bars.append(
            f'<rect class="call{_bad(call)}" x="{x:.1f}" y="{y + 4:g}" width="{width:.1f}" '
            f'height="6" rx="1" fill="currentColor">{tooltip(call)}</rect>'
        )
        self._label(*_of_call(call), y + 11, bad=bool(_bad(call)))

    # ── what leads from lane to lane ────────────────────────────────────────────────────────

    def _arrivals(self, lane: Lane) -> None:
        for arrival in lane.arrivals:
            if arrival.origin is None:
                continue
            first = (*arrival.waits, *lane.runs)[0]
            x, end = self._x(arrival.at_ms), self._rows[first.id]
            down = max(x - 8, LEFT - 12)  # it comes down before the bar, and turns into it
            from_x, from_width = self._span(arrival.origin)
            start = min(max(down, from_x), from_x + from_width)
            untied = " untied" if _another_trace(arrival.origin, lane) else ""
            self._arrows.append(
                f'<path class="arrow{untied}" d="M{start:.1f} {self._rows[arrival.origin.id] + 3:g}'
                f' H{down:.1f} V{end:g} H{x - 1:.1f}" fill="none" stroke="currentColor"'
                f'{DASHES if untied else ""} marker-end="url(#tip-{self._mark})"/>'
            )

    # ── texts ───────────────────────────────────────────────────────────────────────────────

    def _span(self, segment: Segment) -> tuple[float, float]:
        end = self._total if segment.duration_ms is None else segment.start_ms + segment.duration_ms
        x = self._x(segment.start_ms)
        return x, max(self._x(end) - x, 2)

    def _label(
        self,
        start: float,
        end: float,
        text: str,
        y: float,
        *,
        bad: bool = False,
        below: float = LINE,
    ) -> None:
        """Text after a bar; before it, or else `below` it, where there is no room."""
        x, after, wide = self._x(start), self._after(start, end), LETTER * len(text)
        if after + wide <= WIDTH - 4:
            self._text(after if end > start else x, y, text, bad=bad)
        elif x - wide - 10 >= LEFT:
            self._text(x - 12, y, text, anchor="end", bad=bad)
        elif x + wide <= WIDTH - 4:
            self._text(x, y + below, text, bad=bad)
        else:
            self._text(WIDTH - 4, y + below, text, anchor="end", bad=bad)

    def _overflow(self, start: float, end: float, text: str) -> float:
        """The height that a label needs below its bar."""
        wide = LETTER * len(text)
        beside = self._after(start, end) + wide <= WIDTH - 4 or self._x(start) - wide - 10 >= LEFT
        return 0 if beside else LINE

    def _after(self, start: float, end: float) -> float:
        return max(self._x(end), self._x(start) + 2) + 6

    def _height(self, lane: Lane) -> float:
        shown = lane.calls[:MOST_CALLS]
        main = BAR if lane.runs or lane.waits else 4
        words = [_of_call(call) for call in shown] + ([_of_runs(lane)] if lane.runs else [])
        below = sum(self._overflow(*each) for each in words)
        rows = len(shown) + (len(lane.calls) > MOST_CALLS)
        return 2 * PAD + main + (LINE if lane.waits else 0) + ROW * rows + below

    def _text(
        self, x: float, y: float, text: str, *, anchor: str = "start", bad: bool = False
    ) -> None:
        self._bars.append(
            f'<text class="label{" bad" if bad else ""}" x="{x:.1f}" y="{y:g}" '
            f'text-anchor="{anchor}" font-size="11">{html.escape(text)}</text>'
        )


def _of_runs(lane: Lane) -> tuple[float, float, str]:
    """Where the bars of a lane begin and end, and what is said of them."""
    begin = min(each.start_ms for each in (*lane.runs, *lane.waits))
    end = max(run.start_ms + (run.duration_ms or 0.0) for run in lane.runs)
    return begin, end, ", ".join(notes(lane))


def _of_call(call: Segment) -> tuple[float, float, str]:
    end = call.start_ms + (call.duration_ms or 0.0)
    return call.start_ms, end, f"{call.title}  {lasted(call.duration_ms)}"


def _another_trace(origin: Segment, lane: Lane) -> bool:
    """Whether AWS's X-Ray would begin another trace here."""
    before = origin.detail.get("trace_id")
    return bool(before) and any(run.detail.get("trace_id") != before for run in lane.runs)


def _bad(segment: Segment) -> str:
    return " bad" if segment.status in ("error", "throttled") else ""


def _step(total: float) -> float:
    """Between the ticks: 1, 2 or 5 times a power of ten, about eight of them."""
    rough = total / 8
    power = 10 ** math.floor(math.log10(rough))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= rough)


def _tick(ms: float, step: float) -> str:
    if step >= 1000:
        return f"{ms / 1000:g} s"
    return f"{ms:g} ms"
