"""nbval as it is set up here: what it must refuse, and the faults that conftest.py mends.

Small notebooks are run by one real pytest with the repository's own conftest; each test then asks
what became of one of them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from workbook.authoring.running import as_text

ROOT = Path(__file__).resolve().parents[2]


def text(value):
    return nbformat.v4.new_output("stream", name="stdout", text=value)


def result(value):
    return nbformat.v4.new_output("execute_result", data={"text/plain": value}, execution_count=1)


# Each notebook is one or more cells: source, and the output that is committed.
WRONG = {
    "a mutated output": ("print(12)", [text("13\n")]),
    "a mutated source": ("print(12 + 1)", [text("12\n")]),
    "a deleted output": ("print(12)", []),
    "an added output": ("stock = 12", [text("12\n")]),
    "an exception": ("1 / 0", []),
}
NOTEBOOKS = {
    "wrong": list(WRONG.values()),
    "right": [
        ("print(12)", [text("12\n")]),
        ("12;", []),
        ("_ih[2]", [result("'12;'")]),
        ("import os\nprint(os.environ.get('PYTEST_CURRENT_TEST'))", [text("None\n")]),
    ],
    "dead": [("import os\nos._exit(1)", []), ("print(1)", [text("1\n")])],
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What nbval said of each cell: {("right", 0): "PASSED", …}, and how it explained itself."""
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(ROOT / "conftest.py", folder)
    for name, cells in NOTEBOOKS.items():
        made = [
            nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=number)
            for number, (source, outputs) in enumerate(cells, 1)
        ]
        notebook = nbformat.v4.new_notebook(cells=made)
        (folder / f"{name}.ipynb").write_text(as_text(notebook))
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "--color=no"]
    command += ["-c", "/dev/null", "--rootdir", str(folder), "--nbval", "--nbval-current-env"]
    command += ["--nbval-cell-timeout", "60", str(folder)]
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, timeout=120, check=False
    )
    found = re.findall(r"^(PASSED|FAILED) .*?(\w+)\.ipynb::Cell (\d+)", ran.stdout, re.MULTILINE)
    return {(name, int(cell)): outcome for outcome, name, cell in found} | {"said": ran.stdout}


@pytest.mark.parametrize("number", range(len(WRONG)), ids=list(WRONG))
def test_a_cell_that_is_not_what_is_committed_fails(outcomes, number):
    assert "FAILED" == outcomes["wrong", number]


def test_a_cell_with_its_own_output_passes(outcomes):
    assert "PASSED" == outcomes["right", 0]


def test_a_trailing_semicolon_silences_a_cell_and_history_is_kept(outcomes):
    assert ["PASSED", "PASSED"] == [outcomes["right", 1], outcomes["right", 2]]


def test_a_notebook_does_not_see_that_pytest_runs_it(outcomes):
    assert "PASSED" == outcomes["right", 3]


def test_a_kernel_that_dies_is_said_at_once_and_not_waited_for(outcomes):
    assert "FAILED" == outcomes["dead", 0]
    assert "The kernel died while it ran this cell." in outcomes["said"]
