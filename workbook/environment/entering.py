"""Getting into an environment that satisfies the lock, and staying in it.

In order: .venv when it is the one that runs; the environment that runs, or that the shell says
is active, when it satisfies the lock (conda, a hub's image); else .venv, made when it is not whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from workbook import settings
from workbook.environment import making, pins, pythons

FEW = 3


def enter(argv: list[str]) -> None:
    """Return when this process runs in a fit environment; otherwise start argv anew in one.

    Raises:
        SetUpError: the environment could not be made.
    """
    foreign = making.is_foreign()
    if runs_in(settings.venv()) and not foreign:
        if not (making.is_whole() and making.is_for_this_python()):
            making.forget_unless_for_this_python()
            making.make()
            _start_anew(settings.venv(), argv)
        return
    if _satisfied_here():
        return
    for prefix in [*settings.active_prefixes(), *([settings.venv()] if foreign else [])]:
        if not runs_in(prefix) and _satisfied_in(prefix):
            _start_anew(prefix, argv)
    if not making.is_whole():
        making.make()
    _start_anew(settings.venv(), argv)


def runs_in(prefix: Path) -> bool:
    """Whether this process runs the Python of that environment."""
    return Path(sys.prefix).resolve() == prefix.resolve()


def _satisfied_here() -> bool:
    """Whether this Python, whatever it is, has what the lock asks for; says what an active
    environment lacks, because a person who activated it expects it to be used."""
    active = sys.prefix != sys.base_prefix or any(map(runs_in, settings.active_prefixes()))
    lacking = pins.lacking(pins.read(settings.root() / "requirements.txt"), FEW if active else 1)
    if lacking and active:
        print(f"The active environment {sys.prefix} does not satisfy the lock:")
        print("".join(f"  {difference}\n" for difference in lacking), end="")
        print(f"Going on with {settings.venv()}.", flush=True)
    return not lacking


def _satisfied_in(prefix: Path) -> bool:
    python = str(prefix / "bin" / "python")
    lowest, below = pythons.supported()
    version = pythons.version_of(python)
    if version is None or not lowest <= version[:2] < below:
        return False
    asked = subprocess.run(
        [python, "-c", "from workbook.environment import entering; entering.answer()"],
        cwd=settings.root(),
        env=settings.variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return asked.returncode == 0


def answer() -> NoReturn:
    """Exit with 0 when this Python has what the lock asks for: asked by `_satisfied_in`."""
    sys.exit(bool(pins.lacking(pins.read(settings.root() / "requirements.txt"), 1)))


def _start_anew(prefix: Path, argv: list[str]) -> NoReturn:
    python = str(prefix / "bin" / "python")
    sys.stdout.flush()
    os.execve(python, [python, "-m", "workbook", *argv], settings.variables_for_starting())
