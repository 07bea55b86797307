"""Rows of a benchmark: what was measured, against what, and whether the bound holds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("what", "measured", "against", "ratio", "bound", "verdict")


@dataclass(frozen=True)
class Row:
    """One line of the table; `ratio` is held against `bound`."""

    what: str
    measured: str
    against: str
    ratio: float
    bound: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound


def medians(
    what: str, ours: Sequence[float], against: str, floor: Sequence[float], bound: float
) -> Row:
    """A row of two medians, in seconds."""
    measured, least = statistics.median(ours), statistics.median(floor)
    return Row(what, shown(measured), f"{against}: {shown(least)}", measured / least, bound)


def shown(seconds: float) -> str:
    """A time, readable."""
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.2f} ms"


def markdown(rows: Sequence[Row]) -> str:
    """The table, aligned."""
    cells = [HEAD, ("-",) * len(HEAD)]
    for row in rows:
        bound = f"{'≥' if row.at_least else '≤'} {row.bound:g}"
        verdict = "holds" if row.holds else "DOES NOT HOLD"
        cells.append((row.what, row.measured, row.against, f"{row.ratio:.2f}", bound, verdict))
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = (
        (cell.ljust(width, "-" if cell == "-" else " ") for cell, width in zip(line, widths))
        for line in cells
    )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
