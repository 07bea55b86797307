"""What the doctor found: plain data, and how it looks as text and in a notebook.

A mark and a word say the same as any colour. Standard library and `check.face`, which is that too.
"""

from __future__ import annotations

import enum
import html
import textwrap
from dataclasses import dataclass

from workbook.check.face import EDGES, inline

WIDTH = 92


class State(enum.Enum):
    """How it is with what was looked at; the value is the word that is shown."""

    SOUND = "sound"
    NOTE = "note"  # the workbook works; there is something to know
    BROKEN = "broken"

    @property
    def mark(self) -> str:
        """A sign for it, beside the word."""
        return {State.SOUND: "✔", State.NOTE: "!", State.BROKEN: "✘"}[self]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what was looked at, in a word or two.
        state: how it is.
        said: what was found, with the value.
        fix: the line that mends it; empty where there is nothing to mend.
    """

    name: str
    state: State
    said: str
    fix: str = ""


@dataclass(frozen=True)
class Report:
    """All that was found; shows itself in a notebook and as text."""

    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What has to be mended before the workbook can work."""
        return tuple(each for each in self.findings if each.state is State.BROKEN)

    @property
    def verdict(self) -> str:
        """One sentence, which is the same on every machine that is sound."""
        if not self.broken:
            return "Nothing is broken: the workbook can work here."
        named = ", ".join(each.name for each in self.broken)
        return f"Broken: {named}. Beside each is the line that mends it."

    @property
    def brief(self) -> Brief:
        """The names and the verdict alone: the same text on every machine that is sound."""
        return Brief(self)

    def __repr__(self) -> str:
        margin = max((len(each.name) for each in self.findings), default=0) + 12
        rows = []
        for each in self.findings:
            head = f"{each.state.mark} {each.state.value:6}  {each.name}".ljust(margin)
            rows += _wrapped(head, each.said, margin)
            if each.fix:
                rows += _wrapped(" " * margin + "→ ", each.fix, margin + 2)
        return "\n".join([*rows, "", self.verdict])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align:left;white-space:nowrap">{each.state.mark} '
            f"{each.state.value}</td>"
            f'<td style="text-align:left;white-space:nowrap">{html.escape(each.name)}</td>'
            f'<td style="text-align:left">{inline(each.said)}{_fix_html(each)}</td></tr>'
            for each in self.findings
        )
        head = "".join(f'<th style="text-align:left">{name}</th>' for name in _COLUMNS)
        return _framed(self, f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")


@dataclass(frozen=True)
class Brief:
    """A report without what differs from machine to machine: of what is sound, the names alone."""

    report: Report

    def __repr__(self) -> str:
        broken = [f"{each.name}: {each.said}\n→ {each.fix}" for each in self.report.broken]
        return "\n".join([*self._names(), self.report.verdict, *broken])

    def _repr_html_(self) -> str:
        broken = "".join(
            f"<p><b>{html.escape(each.name)}</b>: {inline(each.said)}{_fix_html(each)}</p>"
            for each in self.report.broken
        )
        return _framed(self.report, f"<p>{html.escape(' · '.join(self._names()))}</p>{broken}")

    def _names(self) -> list[str]:
        mark = {True: State.BROKEN.mark, False: State.SOUND.mark}
        return [f"{mark[each.state is State.BROKEN]} {each.name}" for each in self.report.findings]


_COLUMNS = ("found", "looked at", "in words")


def _wrapped(head: str, words: str, margin: int) -> list[str]:
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fix_html(finding: Finding) -> str:
    return f"<br>→ {inline(finding.fix)}" if finding.fix else ""


def _framed(report: Report, body: str) -> str:
    edge = EDGES["failed" if report.broken else "passed"]
    return (
        f'<div style="border-left:.35em solid {edge};padding:.4em .9em;max-width:60em">'
        f"<strong>{html.escape(report.verdict)}</strong>{body}</div>"
    )
