"""The environment of our own, `.venv`: made, marked, stamped, mended.

    workbook.lock   lies in it from its first moment: it says that we made it, and it is the file
                    lock under which it is changed
    workbook.json   the stamp: what was installed; written last, taken away before any change

So there are three states, and each start mends what it finds. A stamp that matches: whole. A stamp
that does not: a newer lock, installed over it. No stamp: a run was interrupted, and since an
installer that was killed may leave a package half written, it is made anew (what was fetched is
still in the installer's cache).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from workbook import settings
from workbook.environment import failures, installing, locking, pins, pythons, watching
from workbook.errors import SetUpError

MARK = "workbook.lock"
STAMP = "workbook.json"


def is_whole() -> bool:
    """Whether .venv holds what the lock and pyproject.toml say, by its stamp alone."""
    stamp = _read_stamp()
    python = settings.venv() / "bin" / "python"
    return bool(stamp) and {**stamp, "python": ""} == _wanted("") and os.access(python, os.X_OK)


def is_foreign() -> bool:
    """Whether someone else made what is in .venv's place; an empty folder is nobody's."""
    folder = settings.venv()
    return folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists()


def is_for_this_python() -> bool:
    """Whether the Python that runs now, from .venv, is still the one it was installed for."""
    return _read_stamp().get("python") == ".".join(map(str, sys.version_info[:3]))


def forget_unless_for_this_python() -> None:
    """Take the stamp away where .venv's Python has become another since it was installed."""
    if not is_for_this_python():
        (settings.venv() / STAMP).unlink(missing_ok=True)


def make() -> None:
    """Make .venv whole, showing what happens; returns at once where another start has done it.

    Raises:
        SetUpError: it could not be made; the sentence says why and what to do.
    """
    folder, root = settings.venv(), settings.root()
    compare_lock_with_metadata(root)
    try:
        with _alone(folder) as held:
            if not (is_whole() and _python_in(folder)):
                _mend(folder, root, held)
    except OSError as error:
        raise failures.unwritable(folder, error) from error


def _mend(folder: Path, root: Path, held: int) -> None:
    stamp, python = _read_stamp(), _python_in(folder)
    (folder / STAMP).unlink(missing_ok=True)
    same_place = stamp.get("root") == str(root)
    same_python = python is not None and _feature(stamp.get("python", "")) == _feature(python)
    if same_place and same_python:
        print("The lock has changed: bringing the environment up to date.", flush=True)
    else:
        print(f"Making the environment in {folder} (once; a minute or two).", flush=True)
        stamp = {}
        _empty(folder)
        _make_bare(folder, held)
    try:
        installing.install(installing.Target(folder, root / "requirements.txt", held), root)
    except failures.NoNetwork:
        if stamp:  # nothing was changed: the next start need not make it anew
            _write_stamp(folder, stamp)
        raise
    _write_stamp(folder, _wanted(_python_in(folder) or ""))


def _make_bare(folder: Path, held: int) -> None:
    base = getattr(sys, "_base_executable", sys.executable)  # not the .venv that is made anew
    command = [base, "-I", "-m", "venv", "--without-pip", str(folder)]
    code, output = watching.run(command, env=settings.variables_for_installing(), held=held)
    if code != 0:
        error = failures.explained(output, f"{base} -m venv", folder)
        raise failures.no_ensurepip() if "No module named" in output else error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Hold the environment's file lock; waits for whoever has it, an installer included."""
    if is_foreign():
        raise SetUpError(
            f"The environment in {folder} was not made by the workbook, so it is left alone; "
            "and it does not hold what the lock asks for.",
            "Move it away, or name another place: WORKBOOK_VENV=/some/folder.",
        )
    waiting = "Another start is making the environment; waiting for it."
    with locking.alone(folder / MARK, waiting) as held:
        yield held


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _python_in(folder: Path) -> str | None:
    """The full version of the environment's Python; None where it does not start."""
    version = pythons.version_of(str(folder / "bin" / "python"))
    return ".".join(map(str, version)) if version else None


def _feature(version: str) -> list[str]:
    return version.split(".")[:2]


def _wanted(python: str) -> dict[str, str]:
    root = settings.root()
    digest = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        with contextlib.suppress(FileNotFoundError):  # making says which is missing
            digest.update((root / name).read_bytes())
    return {"lock": digest.hexdigest(), "root": str(root), "python": python}


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads((settings.venv() / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(folder: Path, stamp: dict[str, str]) -> None:
    beside = folder / (STAMP + ".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(stamp, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / STAMP)


def compare_lock_with_metadata(root: Path) -> None:
    import tomllib  # from Python 3.11

    try:
        text = (root / "pyproject.toml").read_text(encoding="utf-8")
        dependencies = tomllib.loads(text)["project"]["dependencies"]
    except (ValueError, KeyError) as error:  # an unfinished merge, above all
        raise SetUpError(
            f"pyproject.toml cannot be read: {error}.",
            "Finish the merge, or restore it: `git checkout pyproject.toml`.",
        ) from None
    missing = pins.unpinned(dependencies, pins.read(root / "requirements.txt"))
    if missing:
        raise SetUpError(
            f"requirements.txt does not pin {', '.join(missing)}, which pyproject.toml asks for.",
            "Refresh the lock: `uv pip compile pyproject.toml -o requirements.txt`.",
        )
