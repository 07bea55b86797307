"""Run the tests: those in tests/, and every notebook, whose outputs are compared.

What is not an option of this command goes to pytest: paths (a notebook too), -k, -x, …
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from workbook import settings
from workbook.environment import entering

HELP = "run the tests and prove every notebook"
NEEDS_ENVIRONMENT = True
PASSES_ON = True

NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
SANITISER = Path("tests/notebooks/sanitise.cfg")
# Tests wait for processes that they start: one worker more than processors keeps these at work. More
# than four gain little, and each may have a kernel and a server of its own.
WORKERS = min((os.cpu_count() or 1) + 1, 4)
# A notebook's cells share a kernel: a file stays with one worker. Files are handed out in their
# order, the browser's among the first: by number of tests, as xdist would, those few long ones came
# last and alone.
PARALLEL = ["-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--fast; the rest is pytest's."""
    parser.add_argument(
        "--fast", action="store_true", help="leave out the notebooks and the tests marked slow"
    )


def run(options: argparse.Namespace) -> int:
    """Become pytest: its closing line and its exit code are the command's."""
    entering.require("pytest")
    arguments = pytest_arguments(options.fast, options.passed_on, Path.cwd())
    os.chdir(settings.root())
    environment = settings.variables_for_learning()
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *arguments], environment)


def pytest_arguments(fast: bool, passed_on: list[str], here: Path) -> list[str]:
    """What pytest is given when it starts in the repository.

    Args:
        fast: leave out the notebooks and what is marked slow.
        passed_on: the person's own arguments; paths are as seen from `here`.
        here: the folder that the command was typed in.
    """
    own = [_from_root(argument, here) for argument in passed_on]
    at_once = [] if own else PARALLEL
    if fast:
        return ["-m", "not slow", "-o", "testpaths=tests chalice_app/tests", *at_once, *own]
    return [*NBVAL, f"--nbval-sanitize-with={SANITISER}", *at_once, *own]


def _from_root(argument: str, here: Path) -> str:
    path, separator, node = argument.partition("::")
    if argument.startswith("-") or not (here / path).exists():
        return argument
    return os.path.relpath(here / path, settings.root()) + separator + node
