"""Throwaway Chalice projects: folders that a chapter may edit, serve and deploy, and then forget.

They stand outside the learner's work and vanish with the kernel. `local_server` serves them.

    work_in_scratch_folder()  go to an empty folder, for `chalice new-project` and the like
    work_in(folder)           go to that folder
    new(name, NAME=value)     a project with nothing in it but its configuration
    throwaway(source)         a copy of a project
    service()                 a copy of chalice_app/, as the workbook has it
    edit(file, old, new)      one replacement in a file, or a clear refusal
    load_app(folder)          the app in its app.py, imported anew
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalice import Chalice

from workbook import settings
from workbook.errors import UnknownName, WorkbookError
from workbook.scratch import make_scratch

_PREFIX = "workbook-project-"
# What deploying and running leave behind belongs to the original, not to its copy.
_NOT_COPIED = shutil.ignore_patterns("deployed", "deployments", "venv", "__pycache__", "*.pyc")


def scratch_folder() -> Path:
    """A new empty folder that is removed when this process ends."""
    folder = make_scratch(_PREFIX).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def work_in_scratch_folder() -> None:
    """Make a new scratch folder this process's working directory; see `work_in`."""
    work_in(scratch_folder())


def work_in(folder: Path) -> None:
    """Make a folder this process's working directory.

    Command lines in later cells run there too, and find this environment's commands, `chalice`
    among them: a kernel is not always started with them on its PATH.
    """
    os.chdir(folder)
    commands = sysconfig.get_path("scripts")
    others = [each for each in os.environ.get("PATH", "").split(os.pathsep) if each != commands]
    os.environ["PATH"] = os.pathsep.join([commands, *others])


def new(name: str, **variables: str) -> Path:
    """A Chalice project without app.py, in the working directory; made anew if it is there.

    Args:
        name: the app's, and the folder's.
        variables: environment variables of its functions.
    """
    folder = Path(name).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / ".chalice").mkdir(parents=True)
    config = {
        "version": "2.0",
        "app_name": name,
        "stages": {"dev": {"api_gateway_stage": "api", "environment_variables": variables}},
    }
    (folder / ".chalice" / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "requirements.txt").touch()
    return folder


def throwaway(source: Path | str) -> Path:
    """A copy of the project in that folder, under the same name, in a scratch folder.

    Raises:
        UnknownName: there is no Chalice project in that folder.
    """
    source = Path(source).resolve()
    if not (source / ".chalice" / "config.json").is_file():
        raise UnknownName(
            f"There is no Chalice project in {source}.",
            "A project is a folder with app.py and .chalice/config.json.",
        )
    return Path(shutil.copytree(source, scratch_folder() / source.name, ignore=_NOT_COPIED))


def service() -> Path:
    """A throwaway copy of the service, from the workbook itself: what a learner made of the copy
    in the workspace has no part in it."""
    return throwaway(settings.root() / "chalice_app")


def edit(file: Path | str, old: str, new: str) -> None:
    """Replace the one place in the file that reads `old`.

    Raises:
        WorkbookError: `old` is not there, or is there more than once; nothing is changed.
    """
    file = Path(file)
    text = file.read_text()
    if (times := text.count(old)) != 1:
        raise WorkbookError(
            f"{file.name} holds {old!r} {times} times, not once; it is left as it was.",
            "Run the cell that writes the file again, then this one.",
        )
    file.write_text(text.replace(old, new))


def load_app(folder: Path | str) -> Chalice:
    """The object named app in the folder's app.py, imported anew and left out of sys.modules.

    Raises:
        UnknownName: app.py is missing, or makes no Chalice app of that name.
        Exception: whatever app.py raises while it is imported.
    """
    folder = Path(folder).resolve()
    if not (folder / "app.py").is_file():
        raise UnknownName(f"There is no app.py in {folder.name}.", "A Chalice project has one.")
    with _importing_from(folder):
        found = getattr(importlib.import_module("app"), "app", None)
    if not isinstance(found, Chalice):
        raise UnknownName(
            f"{folder.name}/app.py makes no Chalice app named app.",
            'It needs a line such as app = Chalice(app_name="inventory-service").',
        )
    return found


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Imports of app and chalicelib come from the folder, and leave nothing behind."""
    others = {name: sys.modules.pop(name) for name in _project_modules()}
    wrote_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = wrote_bytecode
        for name in _project_modules():
            del sys.modules[name]
        sys.modules.update(others)


def _project_modules() -> list[str]:
    return [name for name in sys.modules if name.split(".")[0] in ("app", "chalicelib")]
