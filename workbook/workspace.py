"""The learner's copies: laid out once, refreshed where untouched, never overwritten.

A manifest remembers what was laid. By it a file of the workspace is *untouched* while its work is
what was laid: running a notebook does not touch it, editing a cell does. An update then finds it

    missing     and lays it: deleting a file is how one asks for a fresh copy
    untouched   and replaces it by the newer version, or removes it where there is none any more
    touched     and keeps it, laying the newer version beside it: 02_routes.new.ipynb
    renumbered  and moves it along, so that what links to the new name leads to the learner's work

Solutions are laid when somebody asks for them, and kept up to date from then on.

Each file is replaced whole. What is about to be laid is written to the manifest first, so that an
update interrupted between two files is gone on with, and takes nothing of its own for an edit.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

FOLDERS = ("notebooks", "exercises", "chalice_app")
SOLUTIONS = "solutions"
LEFT_OUT = {".ipynb_checkpoints", "__pycache__", ".pytest_cache", "deployed", "deployments"}


@dataclass
class Update:
    """What an update did; names are paths in the workspace."""

    laid: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)  # what is kept: the newer version's name
    moved: dict[str, str] = field(default_factory=dict)  # what is kept: its new name
    left: list[str] = field(default_factory=list)  # kept, though the workbook has it no more
    first: bool = False  # nothing was there before

    @property
    def notebooks(self) -> list[str]:
        """The notebooks that came from the repository just now."""
        written = [*self.laid, *self.refreshed, *self.beside.values()]
        return [name for name in written if name.endswith(".ipynb")]

    def __str__(self) -> str:
        """What a person should know; empty when nothing of theirs is concerned."""
        lines = []
        if self.laid and not self.first:
            lines.append(f"New in your workspace: {_listed(self.laid)}.")
        for what, files in (("Updated", self.refreshed), ("Removed", self.removed)):
            if files:
                lines.append(f"{what}, as you had not changed them: {_listed(files)}.")
        lines += [
            f"Moved {old}, which you have changed, to its new name {new}."
            for old, new in self.moved.items()
        ]
        lines += [
            f"Kept {kept}, which you have changed; the newer version is beside it: {newer}."
            for kept, newer in self.beside.items()
        ]
        lines += [
            f"Kept {kept}, which you have changed; the workbook has it no more."
            for kept in self.left
        ]
        return "\n".join(lines)


@dataclass
class Given:
    """What the manifest remembers of a file."""

    work: str = ""  # the work in the version given last
    content: str = ""  # the whole of that version
    pending: list[str] = field(default_factory=list)  # the work in versions not known to be laid


@dataclass
class Manifest:
    """What was given, and what was laid beside a learner's file: its name, the work in it."""

    files: dict[str, Given] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)


def lay_out(
    source: Path, workspace: Path, manifest: Path, *, with_solutions: bool = False
) -> Update:
    """Bring the workspace up to date with the repository.

    Args:
        source: the repository; its FOLDERS are copied.
        workspace: the learner's folder; made when missing.
        manifest: the file that remembers what was laid.
        with_solutions: lay the solved notebooks too; they are kept up to date afterwards.

    Raises:
        OSError: the workspace cannot be written. The next call goes on where this one stopped.
    """
    remembered = _read(manifest)
    update = Update(first=not remembered.files)
    wanted = with_solutions or any(name.startswith(f"{SOLUTIONS}/") for name in remembered.files)
    folders = (*FOLDERS, SOLUTIONS) if wanted else FOLDERS
    offered = {name: (source / name).read_bytes() for name in names(source, folders)}
    for name, content in offered.items():
        remembered.files.setdefault(name, Given()).pending.append(work(name, content))
    _write(manifest, remembered)
    _move_along(workspace, manifest, offered, remembered, update)
    for name, content in offered.items():
        _lay(workspace, name, content, remembered, update)
    for name in [name for name in remembered.files if name not in offered]:
        _take_away(workspace, name, remembered.files.pop(name), update)
    _write(manifest, remembered)
    return update


def restore(source: Path, workspace: Path, manifest: Path, name: str) -> str | None:
    """Lay one file afresh, and keep what stood in its place under another name.

    Args:
        source, workspace, manifest: as for `lay_out`.
        name: a path in the workspace; the repository has a file of that name.

    Returns:
        the backup's name; None when there was nothing to keep.

    Raises:
        OSError: the workspace cannot be written. What the learner wrote is under one of the two
            names, whole.
    """
    place, content, kept = workspace / name, (source / name).read_bytes(), None
    if os.path.lexists(place) and not _holds(place, content):
        kept = _backup_name(workspace, name)
        os.rename(place, workspace / kept)
    replace(place, content)
    remembered = _read(manifest)
    remembered.files[name] = Given(work(name, content), _digest(content))
    _write(manifest, remembered)
    return kept


def names(source: Path, folders: tuple[str, ...] = (*FOLDERS, SOLUTIONS)) -> Iterator[str]:
    """What those folders of the repository offer a learner, as paths in the workspace."""
    for folder in folders:
        for path in sorted((source / folder).rglob("*")):
            name = path.relative_to(source)
            if path.is_file() and not LEFT_OUT.intersection(name.parts):
                yield name.as_posix()


def work(name: str, content: bytes) -> str:
    """A digest of what a person works on: of a notebook, its cells without their outputs."""
    if name.endswith(".ipynb"):
        try:
            cells = [
                (cell["cell_type"], "".join(cell["source"]), cell.get("attachments"))
                for cell in json.loads(content)["cells"]
            ]
        except (ValueError, KeyError, TypeError):
            pass  # not a notebook: its bytes are all there is to go by
        else:
            content = json.dumps(cells, sort_keys=True).encode()
    return _digest(content)


def replace(place: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.writing")
    try:
        beside.write_bytes(content)
        beside.replace(place)
    except OSError:
        beside.unlink(missing_ok=True)  # half a file takes room on a full disk
        raise


def _move_along(
    workspace: Path,
    manifest: Path,
    offered: dict[str, bytes],
    remembered: Manifest,
    update: Update,
) -> None:
    """Give what a learner changed its new number, when the notebook they know has got one.

    An untouched one needs no help: it goes, and the new one is laid.
    """
    fresh = {
        _unnumbered(name): name
        for name in offered
        if not remembered.files[name].work and not os.path.lexists(workspace / name)
    }
    for old in [name for name in remembered.files if name not in offered]:
        new, given = fresh.get(_unnumbered(old)), remembered.files[old]
        if new is None or not (workspace / old).is_file() or _untouched(workspace / old, given):
            continue
        os.rename(workspace / old, workspace / new)
        given.pending += remembered.files[new].pending
        remembered.files[new] = remembered.files.pop(old)
        update.moved[old] = new
        _write(manifest, remembered)


def _unnumbered(name: str) -> str:
    """A notebook's name without the number, which may change: notebooks/02_routes → notebooks/routes."""
    path = Path(name)
    return path.with_name(re.sub(r"^\d+_", "", path.name)).as_posix()


def _lay(workspace: Path, name: str, content: bytes, remembered: Manifest, update: Update) -> None:
    given, place = remembered.files[name], workspace / name
    newest = Given(work(name, content), _digest(content))
    if not os.path.lexists(place):
        replace(place, content)
        update.laid.append(name)
    elif newest.content != given.content and not _holds(place, content):
        if _untouched(place, given):
            replace(place, content)
            update.refreshed.append(name)
        elif newest.work != given.work:  # else only outputs are new, and the learner has their own
            beside = _free_name(workspace, name, remembered)
            replace(workspace / beside, content)
            remembered.beside[beside] = newest.work
            update.beside[name] = beside
    remembered.files[name] = newest


def _take_away(workspace: Path, name: str, given: Given, update: Update) -> None:
    place = workspace / name
    if _untouched(place, given):
        place.unlink()
        update.removed.append(name)
    elif place.is_file():
        update.left.append(name)


def _untouched(place: Path, given: Given) -> bool:
    return place.is_file() and work(place.name, place.read_bytes()) in {given.work, *given.pending}


def _holds(place: Path, content: bytes) -> bool:
    return place.is_file() and place.read_bytes() == content


def _free_name(workspace: Path, name: str, remembered: Manifest) -> str:
    """NAME.new.ipynb, or a number more where the learner has come to work in that one too."""
    path = Path(name)
    for ending in chain([".new"], (f".new{number}" for number in count(2))):
        beside = path.with_name(path.stem + ending + path.suffix).as_posix()
        place = workspace / beside
        if not place.exists() or _untouched(place, Given(remembered.beside.get(beside, ""))):
            return beside
    raise AssertionError("count() does not end")


def _backup_name(workspace: Path, name: str) -> str:
    path = Path(name)
    numbered = (path.with_name(f"{path.stem}.backup-{n}{path.suffix}") for n in count(1))
    return next(each.as_posix() for each in numbered if not os.path.lexists(workspace / each))


def _read(manifest: Path) -> Manifest:
    """What was remembered; nothing where the file is missing or spoilt.

    With nothing remembered every file that differs counts as touched, so that none is lost.
    """
    try:
        stored: Any = json.loads(manifest.read_text(encoding="utf-8"))
        files = {str(name): Given(**given) for name, given in stored["files"].items()}
        return Manifest(files, dict(stored["beside"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def _write(manifest: Path, remembered: Manifest) -> None:
    replace(manifest, json.dumps(asdict(remembered), indent=1, sort_keys=True).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _listed(files: list[str]) -> str:
    first, rest = files[:3], len(files) - 3
    return ", ".join(first) + (f" and {rest} more" if rest > 0 else "")
