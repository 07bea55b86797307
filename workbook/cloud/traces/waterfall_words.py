"""What the waterfall says: its caption, what stands at a lane's bars, and the table below it."""

from __future__ import annotations

import html

from workbook.cloud.traces.lanes import Lane
from workbook.cloud.traces.trace import MARKS, Segment, Trace


def caption(trace: Trace) -> str:
    """The picture in words."""
    return f"{trace.summary} {lasted(trace.duration_ms)} in all."


def table(trace: Trace) -> str:
    """Every segment, indented below what caused it."""
    depth: dict[str | None, int] = {None: -1}
    rows = []
    for segment in trace.segments:
        depth[segment.id] = level = depth[segment.parent] + 1
        rows.append(
            f"<tr><td>{'&emsp;' * level}{html.escape(segment.title)}</td>"
            f"<td>{segment.start_ms:,.1f}</td>"
            f"<td>{'–' if segment.duration_ms is None else f'{segment.duration_ms:,.1f}'}</td></tr>"
        )
    return (
        '<table><thead><tr><th scope="col">segment, below what caused it</th>'
        '<th scope="col">began at, ms</th><th scope="col">took, ms</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def notes(lane: Lane) -> list[str]:
    """What must not be missed of a lane's runs."""
    found = [lasted(run.duration_ms) for run in lane.runs] if len(lane.runs) == 1 else []
    if any(run.detail.get("authorizer") for run in lane.runs):
        found.append("authorizer")
    if any(run.detail.get("cold") for run in lane.runs):
        found.append("cold")
    for run in lane.runs:
        if run.kind == "gateway" and "status" in run.detail:
            found.append(f"answers {run.detail['status']}")
    attempts = [run for run in lane.runs if run.kind == "function"]
    if len(attempts) > 1:
        found.append(f"{len(attempts)} attempts")
    reported = sum(run.detail.get("reported", 0) for run in lane.runs)
    if reported:
        found.append(f"reports {reported} as failed")
    marks = [
        f"{MARKS[run.status]} {run.detail.get('error', '')}".strip()
        for run in lane.runs
        if run.status in MARKS and run.kind != "gateway"
    ]
    return [*found, *dict.fromkeys(marks)]


def tooltip(segment: Segment) -> str:
    """What a pointer is told over a bar."""
    words = f"{segment.title}: {lasted(segment.duration_ms)} from {lasted(segment.start_ms)}"
    return f"<title>{html.escape(words)}</title>"


def lasted(duration: float | None) -> str:
    """A duration in milliseconds, as one reads it."""
    if duration is None:
        return "still under way"
    if duration >= 1000:
        return f"{duration / 1000:,.2f} s"
    return f"{duration:.1f} ms" if duration < 100 else f"{duration:.0f} ms"
