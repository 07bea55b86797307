"""Getting into an environment that satisfies the lock, and staying in it.

In order: .venv when it is the one that runs; the environment that runs, or that the shell says
is active, when it satisfies the lock (conda, a hub's image); else .venv, made when it is not whole.
`ready` says which, and makes none: the doctor asks it too.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from workbook import settings
from workbook.environment import making, pins, pythons
from workbook.errors import SetUpError

FEW = 3


def enter(argv: list[str]) -> None:
    """Return when this process runs in a fit environment; otherwise start argv anew in one.

    Raises:
        SetUpError: the environment could not be made.
    """
    place = ready()
    if place is None or place == settings.venv():
        for active, lacking in differing().items():  # it was expected to be used
            print(f"The active environment {active} does not satisfy the lock:")
            print("".join(f"  {difference}\n" for difference in lacking), end="")
            print(f"Going on with {settings.venv()}.", flush=True)
    if place is None:
        if _runs_in_ours():
            making.forget_unless_for_this_python()
        making.make()
        start_anew(settings.venv(), argv)
    elif not runs_in(place):
        start_anew(place, argv)


def ready() -> Path | None:
    """The environment that commands would run in as things are; None where one must be made."""
    whole = making.is_whole()
    if _runs_in_ours():
        return settings.venv() if whole and making.is_for_this_python() else None
    if not _lacking_here(1):
        return Path(sys.prefix)
    foreign = [settings.venv()] if making.is_foreign() else []
    for prefix in [*settings.active_prefixes(), *foreign]:
        if not runs_in(prefix) and _lacking_in(prefix) == []:
            return prefix
    return settings.venv() if whole else None


def differing() -> dict[Path, list[str]]:
    """What active environments lack of the lock, in words; only of those that lack something."""
    if _runs_in_ours():
        return {}
    here = Path(sys.prefix)
    active = settings.active_prefixes()
    found = {}
    if sys.prefix != sys.base_prefix or any(map(runs_in, active)):
        found[here] = _lacking_here(FEW)
    ours = settings.venv().resolve()
    for prefix in active:
        if not runs_in(prefix) and prefix.resolve() != ours:
            found[prefix] = _lacking_in(prefix)
    return {prefix: lacking for prefix, lacking in found.items() if lacking}


def runs_in(prefix: Path) -> bool:
    """Whether this process runs the Python of that environment."""
    return Path(sys.prefix).resolve() == prefix.resolve()


def answer() -> None:
    """Print what this Python lacks of the lock, a line each: asked by `_lacking_in`."""
    print("\n".join(_lacking_here(FEW)))


def tell_missing(module: str) -> None:
    """Return when a module is not missing for want of a package that the lock gives.

    Raises:
        SetUpError: the environment lacks packages: something was taken out of it by hand.
    """
    if module.partition(".")[0] == "workbook":
        return
    if lacking := _lacking_here(FEW):
        ours = f"`rm -rf {settings.venv()}` and the same command make it anew"
        theirs = f"`{sys.executable} -m pip install --require-hashes -r requirements.txt` mends it"
        raise SetUpError(
            f"The environment {sys.prefix} is broken: {'; '.join(lacking)}.",
            f"{ours if runs_in(settings.venv()) else theirs}; your work is not touched.",
        )


def require(module: str) -> None:
    """Return when a module can be found that a command is about to become.

    Raises:
        SetUpError: the environment lacks it.
    """
    if importlib.util.find_spec(module) is None:
        tell_missing(module)


def start_anew(prefix: Path, argv: list[str]) -> NoReturn:
    """Become the same command in that environment."""
    python = str(prefix / "bin" / "python")
    sys.stdout.flush()
    os.execve(python, [python, "-m", "workbook", *argv], settings.variables_for_starting())


def _runs_in_ours() -> bool:
    return runs_in(settings.venv()) and not making.is_foreign()


def _lacking_here(at_most: int) -> list[str]:
    return pins.lacking(pins.read(settings.root() / "requirements.txt"), at_most)


@functools.cache  # two programs are started to know it
def _lacking_in(prefix: Path) -> list[str]:
    python = str(prefix / "bin" / "python")
    lowest, below = pythons.supported()
    version = pythons.version_of(python)
    if version is None:
        return ["its Python does not start"]
    if not lowest <= version[:2] < below:
        wanted = " or ".join(pythons.names(lowest, below))
        return [f"Python is {'.'.join(map(str, version))} (wanted: {wanted})"]
    asked = subprocess.run(
        [python, "-c", "from workbook.environment import entering; entering.answer()"],
        cwd=settings.root(),
        env=settings.variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if asked.returncode != 0:
        return ["its Python cannot say what it has"]
    return asked.stdout.decode("utf-8", "replace").split("\n")[:-1] if asked.stdout.strip() else []
