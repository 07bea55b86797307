"""A table before and after: which items are new, gone or changed, and how.

`table_change(before, after)` takes two pictures of a table, as plain data, and gives one that
prints as text and shows as HTML. `workbook.lessons.table_items` takes the pictures. Every change
is said in a word as well as shown, so that no colour carries it alone.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARKS = {"new": "+", "gone": "-", "changed": "~", "same": " "}


def table_change(before: Mapping[str, Any], after: Mapping[str, Any]) -> TableChange:
    """The difference between two pictures of one table.

    Args:
        before, after: each with table (its name), key (names of the key's attributes) and items.
    """
    key = list(after["key"])
    old = {_key_of(item, key): item for item in before["items"]}
    new = {_key_of(item, key): item for item in after["items"]}
    keys = sorted(old.keys() | new.keys())
    return TableChange(
        after["table"], tuple(key), tuple(ItemChange(old.get(k), new.get(k)) for k in keys)
    )


def _key_of(item: Mapping[str, Any], key: list[str]) -> tuple[str, ...]:
    return tuple(str(item[name]) for name in key)


@dataclass(frozen=True)
class ItemChange:
    """One item, before and after; None where there was none."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        """new, gone, changed or same."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        return "same" if self.before == self.after else "changed"

    def value(self, name: str) -> tuple[str, str]:
        """An attribute before and after, as text; – where there was none."""
        return _shown(self.before, name), _shown(self.after, name)


@dataclass(frozen=True)
class TableChange:
    """A table's items, each with what has become of it.

    Attributes:
        table: the table's name.
        key: the names of its key attributes.
        items: in the order of their keys.
    """

    table: str
    key: tuple[str, ...]
    items: tuple[ItemChange, ...]

    @property
    def summary(self) -> str:
        """The change in one line."""
        counted = {kind: sum(item.kind == kind for item in self.items) for kind in MARKS}
        said = [f"{counted[kind]} {kind}" for kind in MARKS if counted[kind]]
        return f"{self.table}: {', '.join(said) or 'no items'}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The key's attributes, then the others in the order in which they are met."""
        names = dict.fromkeys(self.key)
        for item in self.items:
            names.update(dict.fromkeys([*(item.before or {}), *(item.after or {})]))
        return tuple(names)

    def __repr__(self) -> str:
        if not self.items:
            return self.summary
        rows = [("", *self.columns, "")]
        for item in self.items:
            cells = (_as_text(item, name) for name in self.columns)
            rows.append((MARKS[item.kind], *cells, "" if item.kind == "same" else item.kind))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join([self.summary, *lines])

    def _repr_html_(self) -> str:
        heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.columns)
        rows = "".join(self._row(item) for item in self.items)
        return (
            f'{_STYLE}<table class="wb-change"><caption>{html.escape(self.summary)}</caption>'
            f'<thead><tr>{heads}<th scope="col">what happened</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _row(self, item: ItemChange) -> str:
        cells = "".join(f"<td>{_as_html(item, name)}</td>" for name in self.columns)
        word = "" if item.kind == "same" else f"<b>{item.kind}</b>"
        return f'<tr class="{item.kind}">{cells}<td>{word}</td></tr>'


def _shown(item: Mapping[str, Any] | None, name: str) -> str:
    return str(item[name]) if item is not None and name in item else "–"


def _as_text(item: ItemChange, name: str) -> str:
    before, after = item.value(name)
    if item.kind != "changed" or before == after:
        return before if item.after is None else after
    return f"{before} → {after}"


def _as_html(item: ItemChange, name: str) -> str:
    before, after = (html.escape(value) for value in item.value(name))
    if item.kind == "gone":
        return f"<del>{before}</del>"
    if item.kind == "new":
        return f"<ins>{after}</ins>"
    return after if before == after else f"<del>{before}</del> → <ins>{after}</ins>"


# Text takes the theme's own colours. The class is named twice to outweigh JupyterLab's own rules.
_STYLE = (
    "<style>"
    ".wb-change.wb-change{border-collapse:collapse;margin:.4em 0;"
    "font-size:var(--jp-ui-font-size1,13px);color:var(--jp-ui-font-color1,inherit)}"
    ".wb-change.wb-change caption{caption-side:top;text-align:left;font-weight:bold;"
    "padding:.2em .6em;color:inherit}"
    ".wb-change.wb-change :is(th,td){text-align:left;padding:.25em .9em .25em .6em;"
    "border-bottom:1px solid var(--jp-border-color2,#8884)}"
    ".wb-change.wb-change tr:is(.new,.gone,.changed) td:first-child"
    "{border-left:.35em solid var(--jp-brand-color1,#1976d2)}"
    ".wb-change.wb-change td:first-child{border-left:.35em solid transparent}"
    ".wb-change.wb-change tbody tr{background:none}"
    ".wb-change.wb-change ins{text-decoration:none;font-weight:bold}"
    ".wb-change.wb-change del{opacity:.75}"
    "</style>"
)
