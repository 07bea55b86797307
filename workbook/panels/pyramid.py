"""The test pyramid with what its layers cost: as a picture and as words.

A pure view over the runs of `workbook.lessons.layer_runs`; the layer nobody ran has words instead
of a figure.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol


class Run(Protocol):
    """What is asked of a test that was run."""

    @property
    def layer(self) -> str: ...
    @property
    def seconds(self) -> float: ...


@dataclass(frozen=True)
class Layer:
    """One layer of the pyramid.

    Attributes:
        name: what the tests call.
        proves: in a few words.
        cost: of one test, in words.
        tests: how many were run; None where none was.
    """

    name: str
    proves: str
    cost: str
    tests: int | None

    @property
    def count(self) -> str:
        """How many tests, in words."""
        if self.tests is None:
            return "not run"
        return "1 test" if self.tests == 1 else f"{self.tests} tests"


@dataclass(frozen=True)
class Pyramid:
    """Layers, the dearest first."""

    layers: tuple[Layer, ...]

    def __repr__(self) -> str:
        rows = [(one.name, one.count, one.cost, one.proves) for one in self.layers]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return "\n".join(
            "  ".join([*(f"{cell:{w}}" for cell, w in zip(row[:3], widths, strict=True)), row[3]])
            for row in rows
        )

    def _repr_html_(self) -> str:
        most = len(self.layers)
        rows = "".join(
            f'<tr><td><div class="step" style="width:{100 * step / most:.0f}%">'
            f"{html.escape(one.name)}</div></td><td>{html.escape(one.count)}</td>"
            f"<td>{html.escape(one.cost)}</td><td>{html.escape(one.proves)}</td></tr>"
            for step, one in enumerate(self.layers, 1)
        )
        head = "".join(
            f'<th scope="col">{title}</th>'
            for title in ("a test calls", "here", "one test costs (median)", "and proves that")
        )
        return (
            f'{STYLE}<table class="wb-pyramid"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )


def pyramid(
    runs: Sequence[Run], proves: Mapping[str, str], extra: Mapping[str, str] | None = None
) -> Pyramid:
    """The pyramid of these runs.

    Args:
        runs: each with its layer and seconds.
        proves: every layer, the cheapest first, and what a test of it proves.
        extra: words to add to a layer's cost; for a layer that was not run they are all of it.
    """
    added = extra or {}
    layers = []
    for name, words in proves.items():
        seconds = [run.seconds for run in runs if run.layer == name]
        cost = [_duration(median(seconds))] if seconds else []
        cost += [added[name]] if name in added else []
        layers.append(Layer(name, words, ", ".join(cost), len(seconds) or None))
    return Pyramid(tuple(reversed(layers)))


def _duration(seconds: float) -> str:
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


STYLE = (
    "<style>"
    ".wb-pyramid.wb-pyramid{margin:.4em 0;border-collapse:separate;border-spacing:0 2px;"
    "color:var(--jp-ui-font-color1,inherit);font-size:var(--jp-ui-font-size1,13px)}"
    ".wb-pyramid.wb-pyramid :is(th,td){text-align:left;padding:.35em .8em;font-size:inherit}"
    ".wb-pyramid.wb-pyramid tbody tr:nth-child(n){background:none}"
    ".wb-pyramid.wb-pyramid td:first-child{width:24em}"
    ".wb-pyramid .step{margin:0 auto;padding:.55em 0;text-align:center;min-width:8em;"
    "border:2px solid #0a86c0;border-radius:.2em;box-sizing:border-box}"
    "</style>"
)
