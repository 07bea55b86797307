"""A cell of tests prints what pytest prints in a terminal, and leaves the rest to pytest."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from workbook.lessons import pytest_cells

# pytest prints more where it takes the machine for CI's, and as a shell wishes.
UNWANTED = ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
TESTS = "import os\n\n\ndef test_sum():\n    assert 1 + 1 == 2\n\n\ndef test_told():\n    assert os.environ['TOLD'] == 'yes'\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for name in UNWANTED:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(TESTS)
    return tmp_path


def test_it_prints_what_a_terminal_shows_without_rulers_and_seconds(shop, capsys):
    pytest_cells.use(shop)("tests/test_it.py", TOLD="no")
    command = [sys.executable, "-m", "pytest", *pytest_cells.BRIEFLY, "tests/test_it.py"]
    environment = {
        **os.environ,
        "TOLD": "no",
        "COLUMNS": "200",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    terminal = subprocess.run(
        command, check=False, cwd=shop, env=environment, capture_output=True, text=True
    )
    shown = capsys.readouterr().out
    assert pytest_cells.steady(terminal.stdout).split() == shown.split()
    assert shown.splitlines() == [
        ".F",
        "FAILED tests/test_it.py::test_told - AssertionError: assert 'no' == 'yes'",
        "1 failed, 1 passed",
    ]


def test_variables_are_the_runs_own(shop, capsys):
    pytest_cells.use(shop)("tests/test_it.py", TOLD="yes")
    assert "2 passed" in capsys.readouterr().out
    assert "TOLD" not in os.environ


def test_a_cell_is_written_to_its_file_and_run(shop, capsys, monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(pytest_cells, "get_ipython", lambda: shell)
    pytest_cells.use(shop)
    shell.run_cell_magic("pytest", "tests/test_more.py", "def test_more():\n    assert True\n")
    assert (shop / "tests" / "test_more.py").read_text().startswith("def test_more")
    assert "1 passed" in capsys.readouterr().out


def test_a_cell_can_be_added_to_its_file(shop, capsys, monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(pytest_cells, "get_ipython", lambda: shell)
    pytest_cells.use(shop)
    shell.run_cell_magic("pytest", "tests/test_more.py", "def test_more():\n    assert True\n")
    shell.run_cell_magic("pytest", "-a tests/test_more.py", "def test_two():\n    assert True\n")
    assert capsys.readouterr().out.splitlines() == [".", "1 passed", "..", "2 passed"]


def test_a_project_without_tests_gets_a_place_for_them(tmp_path):
    pytest_cells.use(tmp_path)
    assert (tmp_path / "tests").is_dir()
    assert "pythonpath = ." in (tmp_path / "pytest.ini").read_text()


def test_a_file_that_does_not_import_is_said_in_pytests_words(shop, capsys):
    (shop / "tests" / "test_it.py").write_text("import nothing_of_this_name\n")
    pytest_cells.use(shop)("tests/test_it.py")
    assert "ERROR tests/test_it.py" in capsys.readouterr().out
