"""The progress board: chapters, exercises, verdicts, and what to do next.

A pure view: it is made from a catalogue and a record, and shows itself as text and as HTML.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from workbook.check import Catalogue, Progress

_MARKS = {"passed": "✔", "failed": "✘", "not attempted": "○"}


@dataclass(frozen=True)
class Line:
    """One exercise on the board: its slug, title, minutes, and best verdict so far."""

    slug: str
    title: str
    minutes: int
    status: str
    attempts: int


@dataclass(frozen=True)
class Section:
    """One chapter on the board, with its exercises in reading order."""

    title: str
    lines: tuple[Line, ...]

    @property
    def passed(self) -> int:
        """How many of its exercises are passed."""
        return sum(line.status == "passed" for line in self.lines)


@dataclass(frozen=True)
class ProgressBoard:
    """Every chapter's exercises with the best verdict of each."""

    sections: tuple[Section, ...]

    @property
    def following(self) -> Line | None:
        """The first exercise in reading order that is not passed; None when all are."""
        lines = (line for section in self.sections for line in section.lines)
        return next((line for line in lines if line.status != "passed"), None)

    @property
    def advice(self) -> str:
        """One sentence on what comes next."""
        if self.following is None:
            return "Every exercise is passed."
        return f"Next: {self.following.title} ({self.following.slug}, {self.following.minutes} min)"

    def __repr__(self) -> str:
        rows = []
        for section in self.sections:
            rows.append(f"{section.title}: {section.passed} of {len(section.lines)} passed")
            width = max((len(line.title) for line in section.lines), default=0)
            rows += [
                f"  {_MARKS[line.status]} {line.title:{width}}  {line.status}"
                + (f", attempts: {line.attempts}" if line.attempts else "")
                for line in section.lines
            ]
        return "\n".join([*rows, self.advice])

    def _repr_html_(self) -> str:
        body = "".join(_section_html(section) for section in self.sections)
        return (
            '<div style="max-width:56em">'
            f"{body}<p><strong>{html.escape(self.advice)}</strong></p></div>"
        )


def board(catalogue: Catalogue, progress: Progress) -> ProgressBoard:
    """The board of a catalogue as one learner's record has it."""
    return ProgressBoard(
        tuple(
            Section(
                chapter.title,
                tuple(
                    Line(
                        each.slug,
                        each.title,
                        each.minutes,
                        progress.status(each.slug),
                        progress.attempts(each.slug),
                    )
                    for each in chapter.exercises
                ),
            )
            for chapter in catalogue.chapters
        )
    )


def _section_html(section: Section) -> str:
    share = 100 * section.passed // max(len(section.lines), 1)
    rows = "".join(
        f"<tr><td>{_MARKS[line.status]} {line.status}</td>"
        f'<td style="text-align:left">{html.escape(line.title)}</td>'
        f'<td style="text-align:left"><code>{line.slug}</code></td>'
        f"<td>{line.minutes} min</td><td>{line.attempts or ''}</td></tr>"
        for line in section.lines
    )
    return (
        f"<p><strong>{html.escape(section.title)}</strong>: "
        f"{section.passed} of {len(section.lines)} passed</p>"
        '<div role="img" aria-hidden="true" style="height:.4em;border-radius:.2em;'
        'background:var(--jp-border-color2, #ccc)">'
        f'<div style="height:100%;width:{share}%;border-radius:.2em;'
        'background:var(--jp-success-color1, #2e7d32)"></div></div>'
        "<table><thead><tr><th>verdict</th><th>exercise</th><th>name</th><th>takes</th>"
        f"<th>attempts</th></tr></thead><tbody>{rows}</tbody></table>"
    )
