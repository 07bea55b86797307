"""Whose fault an exception is, and the line that raised it.

A frame is the learner's when its file is neither this package's nor the standard library's nor an
installed package's: a notebook cell, or a module beside the notebook.
"""

from __future__ import annotations

import linecache
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

_PACKAGE = str(Path(__file__).resolve().parents[1])
_INSTALLED = tuple(
    {str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "purelib", "platlib")}
)


def is_learners(error: BaseException, check: Callable[..., None]) -> bool:
    """True when any frame of the traceback is neither ours nor in the file of that check."""
    own = check.__code__.co_filename
    return any(filename != own for filename, _ in _learner_frames(error))


def learner_line(error: BaseException) -> str:
    """The learner's line that raised, as ``line 4: return INVENTORY[item_id]``; or empty."""
    frames = list(_learner_frames(error))
    if not frames:
        return ""
    filename, number = frames[-1]
    source = linecache.getline(filename, number).strip()
    # A cell's file name is a temporary one that says nothing to its author.
    file = f"{Path(filename).name}, " if Path(filename).is_file() else ""
    return f"{file}line {number}: {source}" if source else f"{file}line {number}"


def in_words(error: BaseException) -> str:
    """The exception as its author reads it: ``KeyError: 'item_9'``.

    Of a long one the first line; and the second, where the first only announces it.
    """
    first, *rest = traceback.format_exception_only(error)[-1].strip().splitlines()
    return f"{first} {rest[0].strip()}" if rest and first.endswith(":") else first


def engine_place(error: BaseException) -> str:
    """File and line of the innermost frame inside this package, for a fault report."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(_PACKAGE)
    ]
    return places[-1] if places else "unknown"


def _learner_frames(error: BaseException) -> Iterator[tuple[str, int]]:
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if not _is_ours_or_installed(filename):
            yield filename, trace.tb_lineno
        trace = trace.tb_next


def _is_ours_or_installed(filename: str) -> bool:
    if filename.startswith("<frozen "):
        return True
    resolved = str(Path(filename).resolve())
    return resolved.startswith((_PACKAGE, *_INSTALLED))
