"""A function's execution environments as one picture: each a row, each request it served a mark.

A pure view over plain data, as `LocalCloud.environments()` and `invocations()` give it. `picture`
draws what a cloud looks like now; `environments_board` is the same, live, with buttons.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

LIVING = ("init", "idle", "busy")
MOST_MARKS = 8  # of one environment: its first and its latest; those between are counted
MOST_GONE = 6  # environments that have ended; older ones are counted
_STATE_WORDS = {"init": "starting", "idle": "idle, warm", "timed out": "timed out"}


class Watched(Protocol):
    """What a picture asks of a cloud."""

    def environments(self) -> list[dict[str, Any]]: ...
    def invocations(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Row:
    """One execution environment.

    Attributes:
        number: 1 for the first that its cloud started, and so on.
        state: init, idle, busy, crashed, timed out or reaped.
        marks: what each request met, oldest first: cold, warm, failed; the last may be "now".
    """

    number: int
    state: str
    marks: tuple[str, ...]

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return self.state in LIVING

    @property
    def words(self) -> str:
        """Its state as a person would say it."""
        return _STATE_WORDS.get(self.state, self.state)

    @property
    def shown(self) -> tuple[str, ...]:
        """The first mark and the latest that there is room for; those between are counted."""
        between = len(self.marks) - MOST_MARKS
        if between <= 0:
            return self.marks
        return (self.marks[0], f"{between} more", *self.marks[between + 1 :])


@dataclass(frozen=True)
class Environments:
    """The environments of one function at one moment.

    Attributes:
        function: its name.
        rows: in the order in which they were started.
    """

    function: str
    rows: tuple[Row, ...]

    @property
    def summary(self) -> str:
        """The picture in one sentence."""
        alive = [row for row in self.rows if row.alive]
        busy = sum(row.state != "idle" for row in alive)
        counted = {
            state: sum(row.state == state for row in self.rows)
            for state in ("crashed", "timed out", "reaped")
        }
        gone = ", ".join(f"{number} {state}" for state, number in counted.items() if number)
        environments = "environment" if len(alive) == 1 else "environments"
        now = f"{len(alive)} {environments} ({busy} busy)" if alive else "no environment"
        return f"{self.function}: {now}; gone: {gone or 'none'}."

    def __repr__(self) -> str:
        rows, folded = self._chosen()
        lines = [
            f"{row.number:>4}  {row.words:10}  {', '.join(row.shown) or '–'}".rstrip()
            for row in rows
        ]
        return "\n".join([self.summary, *folded, *lines])

    def _repr_html_(self) -> str:
        # A table: it keeps its columns where a page takes the styles away, as GitHub does.
        rows, folded = self._chosen()
        body = "".join(_row_html(row) for row in rows)
        head = "".join(
            f'<th scope="col">{title}</th>' for title in ("no.", "state", "requests served")
        )
        foot = "".join(f"<br>{html.escape(line)}" for line in folded)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return (
            f'{STYLE}<figure class="wb-envs" aria-label="{html.escape(self.summary)}">'
            f"{table if rows else ''}"
            f"<figcaption>{html.escape(self.summary)}{foot}</figcaption></figure>"
        )

    def _chosen(self) -> tuple[list[Row], list[str]]:
        """The rows to show, and a line about those that are left out."""
        gone = [row for row in self.rows if not row.alive]
        left_out = gone[:-MOST_GONE]
        if not left_out:
            return list(self.rows), []
        numbers = f"{left_out[0].number} to {left_out[-1].number}"
        return [row for row in self.rows if row not in left_out], [f"Not shown: {numbers}."]


def picture(cloud: Watched, function: str) -> Environments:
    """A function's environments as they are now.

    Args:
        cloud: a LocalCloud, or anything with its environments() and invocations().
        function: its name; the app's name will do for what `chalice deploy` made of it.
    """
    return Environments(function, tuple(_rows(cloud, {function, f"{function}-dev"})))


def _rows(cloud: Watched, names: set[str]) -> Iterable[Row]:
    environments = [one for one in cloud.environments() if one["function"] in names]
    served: dict[str, list[str]] = {one["id"]: [] for one in environments}
    for one in cloud.invocations():
        served.get(one["environment_id"], []).append(_mark(one))
    for number, one in enumerate(environments, 1):
        now = ("now",) if one["state"] == "busy" else ()
        yield Row(number, one["state"], (*served[one["id"]], *now))


def _mark(invocation: Mapping[str, Any]) -> str:
    if invocation["function_error"]:
        return "failed"
    return "cold" if invocation["cold"] else "warm"


def _row_html(row: Row) -> str:
    marks = "".join(
        f'<span class="mark {mark if mark.isalpha() else "more"}">{html.escape(mark)}</span> '
        for mark in row.shown
    )
    kind = row.state.replace(" ", "-") if row.alive else f"gone {row.state.replace(' ', '-')}"
    return (
        f'<tr class="{kind}"><td>{row.number}</td>'
        f'<td><span class="state">{html.escape(row.words)}</span></td><td>{marks}</td></tr>'
    )


# Colours are seen beside words, never alone. The class is named twice so that a rule outweighs
# JupyterLab's own for tables; text takes the theme's colour.
STYLE = (
    "<style>"
    ".wb-envs{margin:.4em 0;max-width:52em;color:var(--jp-ui-font-color1,inherit);"
    "font-size:var(--jp-ui-font-size1,13px)}"
    ".wb-envs.wb-envs table{width:100%;border-collapse:separate;border-spacing:0 .25em;margin:0}"
    ".wb-envs.wb-envs :is(th,td){text-align:left;padding:.3em .6em;font-size:inherit;line-height:1.5}"
    ".wb-envs.wb-envs tbody tr:nth-child(n){background:var(--jp-layout-color2,#8882)}"
    ".wb-envs.wb-envs :is(th,td):first-child{width:2.5em}"
    ".wb-envs.wb-envs :is(th,td):nth-child(2){width:8em}"
    ".wb-envs.wb-envs td:first-child{border-left:.4em solid #1c7a43}"
    ".wb-envs.wb-envs .busy td:first-child,.wb-envs.wb-envs .init td:first-child"
    "{border-left-color:#9a5b00}"
    ".wb-envs.wb-envs .busy .state,.wb-envs.wb-envs .init .state{font-weight:bold}"
    ".wb-envs.wb-envs .gone td:first-child{border-left:.4em dotted #777}"
    ".wb-envs.wb-envs .gone .state{text-decoration:line-through}"
    ".wb-envs.wb-envs .mark{display:inline-block;padding:0 .5em;margin:.1em 0;border-radius:.2em;"
    "color:#fff;background:#1c7a43}"
    ".wb-envs.wb-envs .cold{background:#1f6bc9}"
    ".wb-envs.wb-envs .failed{background:#b8403a}"
    ".wb-envs.wb-envs .now{background:#9a5b00}"
    ".wb-envs.wb-envs .more{background:none;color:inherit}"
    ".wb-envs.wb-envs .gone .mark{background:none;color:inherit;box-shadow:inset 0 0 0 1px #8888}"
    ".wb-envs.wb-envs .gone .failed{box-shadow:inset 0 0 0 2px #b8403a}"
    ".wb-envs.wb-envs figcaption{padding:.3em 0;line-height:1.5}"
    "</style>"
)
