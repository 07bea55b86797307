"""Finding a Python that fits `requires-python` in pyproject.toml, the one place that says which.

Runs before anything else, on whatever Python the person has: readable by Python 3.8.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from workbook import settings
from workbook.errors import SetUpError

PROBE = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
PROBE_SECONDS = 20


def go_on_with_a_fit_one(argv: list[str]) -> None:
    """Return when this Python fits; otherwise start the program anew with one that does.

    Raises:
        SetUpError: this Python does not fit, and none that does was found.
    """
    lowest, below = supported()
    if lowest <= sys.version_info[:2] < below:
        return
    found = find(lowest, below)
    mine = f"{sys.version_info[0]}.{sys.version_info[1]}"
    fit = " or ".join(names(lowest, below))
    if found is None:
        raise SetUpError(
            f"The workbook runs on Python {fit}; this is Python {mine}, and no other was found.",
            f"Install Python {fit} (python.org, your package manager, or `uv python install "
            f"{names(lowest, below)[0]}`) and run the command again.",
        )
    if Path(found).parent.parent != settings.venv():  # known from an earlier start: not news
        print(f"Python {mine} does not fit (needed: {fit}); going on with {found}.", flush=True)
    os.execve(found, [found, "-m", "workbook", *argv], settings.variables_for_starting())


def supported() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The lowest (major, minor) that fits, and the first above it that does not."""
    metadata = settings.root() / "pyproject.toml"
    text = metadata.read_text(encoding="utf-8") if metadata.exists() else ""
    found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"$', text, re.MULTILINE)
    if found is None:
        raise SetUpError(
            f'{metadata} does not say requires-python as in ">=3.11,<3.14".',
            "Restore it: `git checkout pyproject.toml`.",
        )
    return (3, int(found.group(1))), (3, int(found.group(2)))


def names(lowest: tuple[int, ...], below: tuple[int, ...]) -> list[str]:
    """The versions that fit as people write them, newest first: 3.13, 3.12, 3.11."""
    return [f"3.{minor}" for minor in range(below[1] - 1, lowest[1] - 1, -1)]


def find(lowest: tuple[int, ...], below: tuple[int, ...]) -> str | None:
    """The first Python of those on this machine that fits, or None."""
    for candidate in _candidates(names(lowest, below)):
        version = version_of(candidate)
        if version is not None and lowest <= version[:2] < below:
            return candidate
    return None


def version_of(python: str) -> tuple[int, ...] | None:
    """What the interpreter says it is, or None where it does not start.

    Asked rather than read from its name: a pyenv shim is on PATH and refuses to run.
    """
    said = _output([python, "-c", PROBE])
    return tuple(int(part) for part in said.split(".")) if said else None


def _candidates(versions: list[str]) -> Iterator[str]:
    yield str(settings.venv() / "bin" / "python")
    for version in versions:
        yield settings.program(f"python{version}") or ""
    for version in versions:
        for installed in sorted(settings.pyenv_versions().glob(f"{version}.*"), reverse=True):
            yield str(installed / "bin" / "python")
    uv = settings.program("uv")
    for version in versions if uv else []:
        yield _output([str(uv), "python", "find", "--offline", "--no-project", version])


def _output(argv: list[str]) -> str:
    if not os.access(argv[0], os.X_OK):
        return ""
    try:
        done = subprocess.run(
            argv,
            env=settings.variables_for_installing(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace").strip()
