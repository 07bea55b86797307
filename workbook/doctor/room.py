"""Looks for room to write: on the disk, and in the folders that are written to."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from workbook import settings
from workbook.doctor.report import Finding, State
from workbook.environment import making

GB = 1e9
TO_INSTALL_GB = 1.0
TO_WORK_GB = 0.2


def disk() -> Finding:
    """Room where the environment, the workspace and temporary files are."""
    places = [settings.venv(), settings.workspace(), Path(tempfile.gettempdir())]
    free, place = min((shutil.disk_usage(_existing(each)).free / GB, each) for each in places)
    said = f"{free:.1f} GB free for {place}"
    if free >= TO_INSTALL_GB:
        return Finding("disk", State.SOUND, said)
    needed = TO_WORK_GB if making.is_whole() else TO_INSTALL_GB
    state = State.BROKEN if free < needed else State.NOTE
    return Finding("disk", state, said, f"Free about {TO_INSTALL_GB:g} GB there.")


def folders() -> Finding:
    """Whether what is written can be: work, JupyterLab's own files, temporary ones."""
    state = settings.state_folder() / "jupyter"
    kept = (settings.workspace(), state, state / "runtime", Path(tempfile.gettempdir()))
    for place in kept:
        nearest = _existing(place)
        try:
            with tempfile.TemporaryFile(dir=nearest) as tried:
                tried.write(b"\0" * 4096)
        except OSError as error:
            return Finding(
                "folders",
                State.BROKEN,
                f"{nearest} cannot be written: {error.strerror}.",
                f"`chmod -R u+w {nearest}`, or name another place: "
                "`export WORKBOOK_WORKSPACE=/some/folder`.",
            )
    if not os.access(_existing(Path.home()), os.W_OK):
        said = f"Your home {Path.home()} cannot be written: what is fetched is fetched each time."
        return Finding("folders", State.NOTE, said, "`export HOME=/some/folder`")
    return Finding("folders", State.SOUND, f"{settings.workspace()} can be written")


def _existing(place: Path) -> Path:
    return next(each for each in (place, *place.parents) if each.exists())
