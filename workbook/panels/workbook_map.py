"""The map of the workbook: its parts one below the other, their chapters in reading order.

A pure view over plain data. What is written is a link, seen from a notebook's own folder; what is
still to come is said to be so.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from workbook.check.face import EDGES

_COMING = "to come"


@dataclass(frozen=True)
class Stop:
    """One chapter on the map.

    Attributes:
        title: the chapter's.
        gain: what is there when it is done, in a few words.
        number: of its notebook; empty while it is not written.
        minutes: of its notebook; 0 while it is not written.
        notebook: the notebook's file name; empty while it is not written.
    """

    title: str
    gain: str
    number: str = ""
    minutes: int = 0
    notebook: str = ""

    @property
    def takes(self) -> str:
        """How long, or that it is to come."""
        return f"{self.minutes} min" if self.notebook else _COMING


@dataclass(frozen=True)
class Leg:
    """One part on the map: its title, a sentence, its chapters."""

    title: str
    says: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class WorkbookMap:
    """The way through the workbook.

    Attributes:
        legs: the parts in reading order.
    """

    legs: tuple[Leg, ...]

    @property
    def summary(self) -> str:
        """The map in one sentence."""
        stops = [stop for leg in self.legs for stop in leg.stops]
        there = sum(bool(stop.notebook) for stop in stops)
        parts = f"{len(self.legs)} parts, {len(stops)} chapters"
        return parts if there == len(stops) else f"{parts}, {there} of them written so far"

    def __repr__(self) -> str:
        width = max(len(stop.title) for leg in self.legs for stop in leg.stops)
        blocks = [self.summary]
        for number, leg in enumerate(self.legs, 1):
            rows = [
                f"   {stop.number or '--'}  {stop.title:{width}}  {stop.takes:>7}  {stop.gain}"
                for stop in leg.stops
            ]
            blocks.append("\n".join([f"Part {number}, {leg.title}: {leg.says}", *rows]))
        return "\n\n".join(blocks)

    def _repr_html_(self) -> str:
        legs = "".join(_leg(number, leg) for number, leg in enumerate(self.legs, 1))
        return (
            f'{_STYLE}<figure class="wb-map" aria-label="Map of the workbook: {self.summary}">'
            f"<ol>{legs}</ol><figcaption>{self.summary}. Each chapter stands alone: "
            "start where you like.</figcaption></figure>"
        )


def _leg(number: int, leg: Leg) -> str:
    stops = "".join(_stop(stop) for stop in leg.stops)
    return (
        f'<li class="leg"><div class="part"><b>{number}. {html.escape(leg.title)}</b><br>'
        f"{html.escape(leg.says)}</div><ol>{stops}</ol></li>"
    )


def _stop(stop: Stop) -> str:
    title = f"{stop.number} {html.escape(stop.title)}".strip()
    if stop.notebook:
        title = f'<a href="{html.escape(stop.notebook)}">{title}</a>'
    return (
        f'<li class="stop {"there" if stop.notebook else "coming"}"><b>{title}</b><br>'
        f"{html.escape(stop.gain)}<br><span>{stop.takes}</span></li>"
    )


# Text takes the theme's own colours; outside JupyterLab, the page's.
_STYLE = (
    "<style>"
    ".wb-map.wb-map{margin:.4em 0;max-width:76em;font-size:var(--jp-ui-font-size1,13px);"
    "line-height:1.4;color:var(--jp-content-font-color1,inherit)}"
    ".wb-map.wb-map ol{list-style:none;margin:0;padding:0}"
    ".wb-map.wb-map .leg{display:grid;grid-template-columns:11em 1fr;gap:1em;padding:.7em 0;"
    f"border-top:1px solid {EDGES['not-attempted']}}}"
    ".wb-map.wb-map .leg ol{display:flex;flex-wrap:wrap;gap:.6em 1.7em}"
    ".wb-map.wb-map .stop{position:relative;box-sizing:border-box;width:12.5em;padding:.4em .6em;border-radius:.3em;"
    f"border:1px solid {EDGES['not-attempted']};border-left:.35em solid {EDGES['note']}}}"
    f".wb-map.wb-map .coming{{border-style:dashed;border-left:1px dashed {EDGES['not-attempted']}}}"
    ".wb-map.wb-map .stop:not(:last-child)::after{content:'→' / '';position:absolute;"
    "right:-1.45em;top:1.2em}"
    ".wb-map.wb-map .stop span{opacity:.8}"
    ".wb-map.wb-map figcaption{margin-top:.4em}"
    "@media (max-width:50em){.wb-map.wb-map .leg{grid-template-columns:1fr}}"
    "</style>"
)
