"""pytest in a notebook: a cell that is a file of tests, and below it what pytest prints.

    pytest = pytest_cells.use(shop)

    %%pytest tests/test_rules.py                         writes the cell to that file of the folder,
                                                         and runs the tests in it
    %%pytest -a tests/test_rules.py                      adds the cell to that file, and runs it
    pytest("tests/test_rules.py", TABLE_NAME="stock")    runs them as they are

What is printed is pytest's, without rulers and seconds, which differ from machine to machine.
`layer_runs` has the process that runs it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from IPython import get_ipython

from workbook.lessons import layer_runs

# Dots, one line for each red test, and the sum. No colours, and no plugin that nobody asked for.
BRIEFLY = ["-q", "--tb=no", "--color=no", "-p", "no:warnings", "-o", "console_output_style=classic"]
WIDTH = "200"  # pytest cuts its lines there


class Pytest(Protocol):
    """The function that `use` makes."""

    def __call__(self, *arguments: str, **variables: str) -> None: ...


def use(folder: Path | str) -> Pytest:
    """The function pytest for that folder; in a notebook the cell magic of this name as well.

    The folder gets a place for tests, and a `pytest.ini` by which they find the code beside it.
    """
    folder = Path(folder).resolve()
    (folder / "tests").mkdir(exist_ok=True)
    if not (folder / "pytest.ini").exists():
        (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    layer_runs.get_ready()

    def pytest(*arguments: str, **variables: str) -> None:
        """Run pytest in the project's folder and print what it prints.

        Args:
            arguments: files of tests, and options, as on its command line.
            variables: added to the environment of the tests.
        """
        everything = {**variables, "COLUMNS": WIDTH}
        print(steady(layer_runs.printed(folder, [*BRIEFLY, *arguments], **everything)))

    def write_and_run(line: str, cell: str) -> None:
        file = line.removeprefix("-a ").strip()
        with open(folder / file, "a" if line.startswith("-a ") else "w", encoding="utf-8") as tests:
            tests.write(cell)
        pytest(file)

    if shell := get_ipython():
        shell.register_magic_function(write_and_run, "cell", "pytest")
    return pytest


def steady(printed: str) -> str:
    """What pytest printed, without its rulers and its seconds."""
    lines = [line for line in printed.splitlines() if line and not line.startswith("=")]
    return "\n".join(re.sub(r" in [\d.]+s.*$", "", line) for line in lines)
