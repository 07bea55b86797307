"""What the cloud shows of itself: plain data that prints as a table and shows as one in a notebook.

A Table is a list of dictionaries, so a notebook can filter, count and compare it; how it looks is
all this module adds. Colours are inherited from the notebook's theme and never carry meaning.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LONGEST_CELL = 60


class Table(list[dict[str, Any]]):
    """Rows, in order, with the columns to show.

    Args:
        title: what the rows are, for the caption.
        columns: the keys to show; others stay in the data.
        rows: the data itself.
    """

    def __init__(
        self, title: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(dict(row) for row in rows)
        self.title = title
        self.columns = tuple(columns)

    def __repr__(self) -> str:
        if not self:
            return f"{self.title}: none"
        lines = [[column.replace("_", " ") for column in self.columns], *self._cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        rule = ["─" * width for width in widths]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in [lines[0], rule, *lines[1:]]
        )

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{html.escape(self.title)}: none</p>"
        head = "".join(
            f'<th scope="col" style="text-align:left">{html.escape(column.replace("_", " "))}</th>'
            for column in self.columns
        )
        body = "".join(
            "<tr>"
            + "".join(f'<td style="text-align:left">{html.escape(cell)}</td>' for cell in row)
            + "</tr>"
            for row in self._cells()
        )
        return (
            f"<table><caption>{html.escape(self.title)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _cells(self) -> list[list[str]]:
        return [[_shown(row.get(column)) for column in self.columns] for row in self]


class Text(str):
    """Lines of text that show as they are, and not as a quoted string."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self)}</pre>"


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1f}"
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
