"""docs/claims.md: every claim has a cell, and that cell's output says what the table says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbook.authoring import master

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "claims.md").read_text()
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
HEAD = ["claim", "cell", "its output says", "were it false"]


def rows():
    for section in SECTIONS:
        number, slug = section.splitlines()[0].split()
        table = [line for line in section.splitlines() if line.startswith("|")]
        assert HEAD == cells_of(table[0])
        for line in table[2:]:
            claim, cell, says, otherwise = cells_of(line)
            yield pytest.param(
                f"{number}_{slug}", claim, cell.strip("`"), says, otherwise, id=f"{number} {claim}"
            )


def cells_of(line):
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def output_of(notebook, cell_id):
    """All text that the cell shows, as its words are read: not its HTML."""
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


@pytest.mark.parametrize(("chapter", "claim", "cell", "says", "otherwise"), list(rows()))
def test_a_claim_is_shown_by_its_cell(chapter, claim, cell, says, otherwise):
    notebook = master.read(ROOT / "notebooks" / f"{chapter}.ipynb")
    assert says.strip("`") in output_of(notebook, cell)
    assert claim and otherwise
    assert says != otherwise


def test_chapters_stand_in_their_order_and_claim_nothing_twice():
    names = [section.splitlines()[0] for section in SECTIONS]
    assert sorted(names) == names
    claims = [row.values[1] for row in rows() if not row.values[1].startswith("…")]
    assert len(set(claims)) == len(claims)
