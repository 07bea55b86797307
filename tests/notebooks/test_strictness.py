"""What nbval's strict mode does not look at, in every notebook that it runs.

nbval compares a cell only if it was executed; takes a cell tagged raises-exception as good when
it raises or when it does not; and never asks whether the cells were run in their order, or the
outputs made from the code above them.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from workbook.authoring import build, master

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {str(path.relative_to(ROOT)): master.read(path) for path in build.notebooks(ROOT)}
UNCOMPARED = tomllib.loads((Path(__file__).parent / "uncompared.toml").read_text())
CAP = 2  # uncompared cells in one notebook
NOT_COMPARED_TAGS = {"nbval-ignore-output", "nbval-skip", "skip-execution"}

each_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def code_cells(name):
    return [cell for cell in NOTEBOOKS[name].cells if cell.cell_type == "code"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


@each_notebook
def test_every_cell_was_executed_once_and_in_order(name):
    counts = [cell.execution_count for cell in code_cells(name)]
    assert list(range(1, len(counts) + 1)) == counts


@each_notebook
def test_a_cell_raises_if_and_only_if_it_is_tagged(name):
    tagged = {cell.id for cell in code_cells(name) if "raises-exception" in tags(cell)}
    raising = {
        cell.id
        for cell in code_cells(name)
        if any(output.output_type == "error" for output in cell.outputs)
    }
    assert tagged == raising


@each_notebook
def test_the_cells_that_are_not_compared_are_few_and_each_is_listed_with_its_reason(name):
    uncompared = {cell.id for cell in code_cells(name) if tags(cell) & NOT_COMPARED_TAGS}
    listed = UNCOMPARED.get(name, {})
    assert set(listed) == uncompared
    assert len(uncompared) <= CAP
    assert all(len(reason.split()) > 3 for reason in listed.values())


def test_the_list_of_uncompared_cells_names_notebooks_that_exist():
    assert set(UNCOMPARED) <= set(NOTEBOOKS)


@each_notebook
def test_no_comment_switches_a_comparison_off(name):
    markers = re.compile(r"#\s*(NBVAL|PYTEST_VALIDATE)_\w+", re.IGNORECASE)
    assert [] == [cell.id for cell in code_cells(name) if markers.search(cell.source)]


@each_notebook
def test_a_picture_that_is_not_compared_has_words_that_are(name):
    bare = [
        cell.id
        for cell in code_cells(name)
        for output in cell.outputs
        if output.get("data") and not {"text/plain", "text/html"} & set(output["data"])
    ]
    assert [] == bare


@each_notebook
def test_outputs_hold_no_widget_state_and_no_path_of_a_machine(name):
    text = "".join(str(cell.outputs) for cell in code_cells(name))
    assert "widgets" not in NOTEBOOKS[name].metadata
    assert "widget-view" not in text
    assert not re.search(r"(/home/|/Users/|/root/|/tmp/|site-packages)", text)


def test_nothing_has_drifted_from_its_source():
    assert [] == build.drift(ROOT)


def test_the_sanitiser_stays_short():
    text = (Path(__file__).parent / "sanitise.cfg").read_text()
    assert text.count("regex:") <= 5


@each_notebook
def test_two_dollars_in_one_paragraph_do_not_become_a_formula(name):
    """JupyterLab typesets what stands between two dollar signs."""
    code = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
    texts = {cell.id: cell.source for cell in NOTEBOOKS[name].cells if cell.cell_type == "markdown"}
    typeset = {
        cell
        for cell, text in texts.items()
        for paragraph in code.sub("", text).split("\n\n")
        if paragraph.count("$") > 1
    }
    assert set() == typeset
