"""A room's progress as tables: who stands where, and where the room got stuck.

A pure view of records that were collected, as text for a terminal and as rows for a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from workbook.check import Catalogue
from workbook.check.collecting import Record, Standing, Unread

Rows = list[list[str]]


@dataclass(frozen=True)
class RoomTable:
    """The records of a room.

    Attributes:
        catalogue: the exercises there are; what a record says of others is left out.
        records: one a learner.
        unread: files that are no records.
    """

    catalogue: Catalogue
    records: Sequence[Record]
    unread: Sequence[Unread] = ()

    def __repr__(self) -> str:
        parts = [f"{len(self.records)} read, {len(list(self.catalogue))} exercises"]
        if self.records:
            parts += [_aligned(self.learners()), _aligned(self.exercises())]
        parts += [f"Not read: {_printable(each.name)} {each.why}." for each in self.unread]
        return "\n\n".join(parts)

    def learners(self) -> Rows:
        """A row a learner: exercises passed, chapter by chapter; the first row is the heading."""
        chapters = [chapter for chapter in self.catalogue.chapters if chapter.exercises]
        rows = [["learner", *(chapter.slug for chapter in chapters), "passed"]]
        for record in self.records:
            passed = [
                sum(_of(record, each.slug).status == "passed" for each in chapter.exercises)
                for chapter in chapters
            ]
            shown = [f"{n}/{len(c.exercises)}" for n, c in zip(passed, chapters, strict=True)]
            total = f"{sum(passed)}/{len(list(self.catalogue))}"
            rows.append([_printable(record.name), *shown, total])
        return rows

    def exercises(self) -> Rows:
        """A row an exercise: how many passed, failed, never tried, and what help they took."""
        heading = ["exercise", "passed", "failed", "not attempted", "attempts", "hints", "solution"]
        rows = [heading]
        for exercise in self.catalogue:
            all_of = [_of(record, exercise.slug) for record in self.records]
            counts = [sum(each.status == word for each in all_of) for word in heading[1:4]]
            helped = [sum(each.attempts for each in all_of), sum(each.hints for each in all_of)]
            helped.append(sum(each.solution for each in all_of))
            rows.append([exercise.slug, *map(str, [*counts, *helped])])
        return rows

    def as_csv(self) -> str:
        """A row for each learner and exercise, for a spreadsheet."""
        written = io.StringIO()
        table = csv.writer(written, lineterminator="\n")
        names = ["status", "attempts", "hints", "solution"]
        table.writerow(["learner", "chapter", "exercise", *names])
        for record in self.records:
            for each in self.catalogue:
                standing = _of(record, each.slug)
                values = [getattr(standing, name) for name in names]
                table.writerow([_plain(record.name), each.chapter, each.slug, *values])
        return written.getvalue()


def _of(record: Record, slug: str) -> Standing:
    return record.standings.get(slug, Standing())


def _aligned(rows: Rows) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for first, *others in rows:
        numbers = (text.rjust(width) for text, width in zip(others, widths[1:], strict=True))
        lines.append("  ".join([first.ljust(widths[0]), *numbers]))
    return "\n".join(lines)


def _printable(name: str) -> str:
    """A file's name is somebody else's text: no control character of it reaches the terminal."""
    return "".join(each if each.isprintable() else "?" for each in name)


def _plain(name: str) -> str:
    """A spreadsheet takes a text that begins so for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
