"""The progress board: chapters, exercises, verdicts, and what to do next.

A pure view: it is made from a catalogue and a record, and shows itself as text and as HTML.
`live_board` keeps one up to date in a notebook.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.check import Catalogue, Chapter, Progress
from workbook.check.face import EDGES

_MARKS = {"passed": "✔", "failed": "✘", "not attempted": "○"}


@dataclass(frozen=True)
class Line:
    """One exercise on the board: its slug, title, minutes, best verdict so far; whether the
    chapter's core does without it."""

    slug: str
    title: str
    minutes: int
    status: str
    attempts: int
    optional: bool = False

    @property
    def passed(self) -> bool:
        """Whether nothing is left to do."""
        return self.status == "passed"


@dataclass(frozen=True)
class Section:
    """One chapter on the board, with its exercises in reading order.

    Attributes:
        slug, title: the chapter's.
        number: as its notebooks have it, "02"; empty when it is not known.
    """

    slug: str
    title: str
    number: str
    lines: tuple[Line, ...]

    @property
    def passed(self) -> int:
        """How many of its exercises are passed."""
        return sum(line.passed for line in self.lines)

    @property
    def headline(self) -> str:
        """Number, title and count: ``02 Routes and decorators: 1 of 6 passed``."""
        return f"{self.number} {self.title}: {self.passed} of {len(self.lines)} passed".strip()

    @property
    def notebook(self) -> str:
        """Where its exercises are; empty when the number is not known."""
        return f"exercises/{self.number}_{self.slug}.ipynb" if self.number else ""


@dataclass(frozen=True)
class ProgressBoard:
    """Every chapter's exercises with the best verdict of each."""

    sections: tuple[Section, ...]

    @property
    def summary(self) -> str:
        """The board in one sentence."""
        lines = [line for section in self.sections for line in section.lines]
        return f"{sum(line.passed for line in lines)} of {len(lines)} exercises passed"

    @property
    def following(self) -> tuple[Section, Line] | None:
        """What comes next; None when every exercise is passed.

        A learner may start anywhere, so it is looked for from the last chapter that was worked in
        to the end, then in what was left out before it; and the core goes before what is optional.
        """
        worked_in = [n for n, s in enumerate(self.sections) if any(_touched(e) for e in s.lines)]
        last = worked_in[-1] if worked_in else 0
        order = [*self.sections[last:], *self.sections[:last]]
        open_ones = [(s, line) for s in order for line in s.lines if not line.passed]
        core = [each for each in open_ones if not each[1].optional]
        return next(iter([*core, *open_ones]), None)

    @property
    def advice(self) -> str:
        """What comes next, in a sentence; and where help is, after a failed attempt."""
        if self.following is None:
            return "Every exercise is passed."
        section, line = self.following
        where = f", in {section.notebook}" if section.notebook else ""
        said = f"Next: {line.title} ({line.slug}, {line.minutes} min){where}"
        return f'{said}. Stuck? hint("{line.slug}", 1)' if line.status == "failed" else said

    def __repr__(self) -> str:
        blocks = [self.summary]
        width = max((len(e.title) for s in self.sections for e in s.lines), default=0)
        for section in self.sections:
            rows = [f"  {_MARKS[e.status]} {e.title:{width}}  {_says(e)}" for e in section.lines]
            blocks.append("\n".join([section.headline, *rows]))
        return "\n\n".join([*blocks, self.advice])

    def _repr_html_(self) -> str:
        at = self.following[0].slug if self.following else ""
        sections = "".join(
            _section_html(section, section.slug == at or len(self.sections) == 1)
            for section in self.sections
        )
        return (
            f'{_STYLE}<div class="wb-board" role="group" aria-label="Progress: {self.summary}">'
            f'<p class="next" aria-live="polite"><b>{self.summary}.</b> '
            f"{html.escape(self.advice)}</p>{sections}</div>"
        )


def board(
    catalogue: Catalogue,
    progress: Progress,
    numbers: Mapping[str, str] | None = None,
    only: Chapter | None = None,
) -> ProgressBoard:
    """The board of a catalogue as one learner's record has it.

    Args:
        catalogue: the chapters there are.
        progress: the record.
        numbers: chapter slug to the number its notebooks have now.
        only: one chapter, when the others are not asked for.
    """
    return ProgressBoard(
        tuple(
            Section(
                chapter.slug,
                chapter.title,
                (numbers or {}).get(chapter.slug, ""),
                tuple(
                    Line(
                        each.slug,
                        each.title,
                        each.minutes,
                        progress.status(each.slug),
                        progress.attempts(each.slug),
                        each.optional,
                    )
                    for each in chapter.exercises
                ),
            )
            for chapter in catalogue.chapters
            if only in (None, chapter)
        )
    )


def _touched(line: Line) -> bool:
    return line.status != "not attempted"


def _says(line: Line) -> str:
    parts = [line.status]
    if line.attempts:
        parts.append(f"attempts: {line.attempts}")
    if line.optional:
        parts.append("optional")
    return ", ".join(parts)


def _section_html(section: Section, opened: bool) -> str:
    share = 100 * section.passed // max(len(section.lines), 1)
    rows = "".join(
        f'<tr><td class="{line.status.replace(" ", "-")}">'
        f'<span class="mark" aria-hidden="true">{_MARKS[line.status]}</span> {line.status}</td>'
        f"<td>{html.escape(line.title)}{' (optional)' if line.optional else ''}</td>"
        f"<td><code>{line.slug}</code></td><td>{line.minutes} min</td>"
        f"<td>{line.attempts or '–'}</td></tr>"
        for line in section.lines
    )
    return (
        f"<details{' open' if opened else ''}><summary>{html.escape(section.headline)}"
        f'<span class="bar" aria-hidden="true"><span style="width:{share}%"></span></span>'
        "</summary><table><thead><tr><th>verdict</th><th>exercise</th><th>name</th><th>takes</th>"
        f"<th>attempts</th></tr></thead><tbody>{rows}</tbody></table></details>"
    )


# Text takes the theme's own colours; outside JupyterLab, the page's. The class is named twice so
# that a rule outweighs JupyterLab's own for tables.
_STYLE = (
    "<style>"
    ".wb-board{max-width:60em;font-size:var(--jp-ui-font-size1,13px);line-height:1.5;"
    "color:var(--jp-content-font-color1,inherit)}"
    ".wb-board.wb-board .next{margin:0 0 .6em;padding:.4em .9em;border-left:.35em solid "
    f"{EDGES['note']}}}"
    ".wb-board.wb-board summary{cursor:pointer;padding:.2em 0;font-weight:bold}"
    ".wb-board.wb-board .bar{display:inline-block;vertical-align:middle;width:9em;height:.6em;"
    f"margin-left:1em;border:1px solid {EDGES['not-attempted']};border-radius:.3em}}"
    ".wb-board.wb-board .bar span{display:block;height:100%;border-radius:.3em;"
    f"background:{EDGES['passed']}}}"
    ".wb-board.wb-board table{border-collapse:collapse;margin:.2em 0 .8em 1.2em;font-size:inherit}"
    ".wb-board.wb-board :is(th,td){text-align:left;padding:.15em 1.2em .15em 0;white-space:nowrap;"
    "background:none;border:0}"
    ".wb-board.wb-board th{font-weight:normal;opacity:.8}"
    ".wb-board.wb-board .mark{font-weight:bold;display:inline-block;width:1.2em}"
    f".wb-board.wb-board .passed .mark{{color:{EDGES['passed']}}}"
    f".wb-board.wb-board .failed .mark{{color:{EDGES['failed']}}}"
    "</style>"
)
