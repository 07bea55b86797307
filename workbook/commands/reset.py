"""Lay one file of the workspace afresh, and keep yours under another name.

NAME is a file as the workspace calls it, exercises/02_routes-and-decorators.ipynb, or as much of it
as says which is meant: exercises/02, 02_routes-and-decorators, chalice_app (all files below it).
Progress stays: a pass is never taken back. What you wrote is in the backup that is named.
"""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from workbook import jupyter, settings, workspace
from workbook.environment import locking
from workbook.errors import SetUpError, UnknownName

HELP = "lay one file of your workspace afresh; yours is kept as a backup"
WAITING = "A start of the workbook is laying out the workspace; waiting for it."
NEEDS_ENVIRONMENT = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NAME."""
    parser.add_argument("name", metavar="NAME", help="a file of the workspace, or a folder of it")


def run(options: argparse.Namespace) -> int:
    """Restore; 0 also when there was nothing to restore."""
    folder, state = settings.workspace(), settings.state_folder()
    offered = list(workspace.names(settings.root()))
    for name in meant(_in_workspace(options.name, folder), offered):
        try:
            with locking.alone(settings.workspace_lock(), WAITING):
                kept = workspace.restore(settings.root(), folder, settings.manifest(), name)
                if name.endswith(".ipynb"):
                    jupyter.trust([folder / name], state / "jupyter")
        except OSError as error:
            raise SetUpError(
                f"{name} could not be laid afresh: {error.filename or folder}: {error.strerror}.",
                "Make room there or make it writable, then try again; nothing of yours is lost.",
            ) from error
        print(f"{name} is as the workbook has it." + (f" Yours is kept: {kept}" if kept else ""))
    return 0


def meant(name: str, offered: Sequence[str]) -> list[str]:
    """The files that a name means: one, or all below a folder.

    Args:
        name: as typed, seen from the workspace.
        offered: every name there is.

    Raises:
        UnknownName: none is meant, and the nearest is named; or several are, and all are.
    """
    if name in offered:
        return [name]
    below = [each for each in offered if each.startswith(f"{name}/")]
    if below:
        return below
    found = [each for each in offered if name and _is_called(each, name)]
    if len(found) == 1:
        return found
    if found:
        raise UnknownName(
            f"{len(found)} files of the workbook are called {name}: {', '.join(found)}.",
            f"Say which, as in: python3 -m workbook reset {found[0]}",
        )
    near = _nearest(name, offered)
    raise UnknownName(
        f"The workbook has no file {name}.",
        f"Did you mean {near}?" if near else f"There are: {', '.join(_folders(offered))}.",
    )


def _in_workspace(typed: str, folder: Path) -> str:
    """The name as the workspace calls it, also of a path that the shell has completed."""
    path = Path(os.path.abspath(typed))
    if typed and path.is_relative_to(folder) and path != folder:
        return path.relative_to(folder).as_posix()
    return PurePosixPath(typed).as_posix() if typed else typed


def _is_called(offered: str, name: str) -> bool:
    path = PurePosixPath(offered)
    folder, _, start = name.rpartition("/")
    if folder and folder != path.parent.as_posix():
        return False
    return start in (path.name, path.stem) or path.name.startswith(f"{start}_")


def _nearest(name: str, offered: Sequence[str]) -> str:
    spoken = {form: each for each in offered for form in (each, PurePosixPath(each).stem)}
    near = difflib.get_close_matches(name, spoken, n=1, cutoff=0.5)
    return spoken[near[0]] if near else ""


def _folders(offered: Sequence[str]) -> list[str]:
    return sorted({each.partition("/")[0] for each in offered})
