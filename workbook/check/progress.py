"""What a learner has done so far, kept as JSON beside their work.

Keyed by exercise slug, so that it outlives renumbering; slugs it does not know are kept, so that it
outlives updates. Written to a neighbouring file and renamed, under a lock: two notebooks may check
at once, and a crash leaves the old file or the new one, never half of either.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbook.errors import WorkbookError

FORMAT = 1
_RANK = {"not attempted": 0, "failed": 1, "passed": 2}


class Progress:
    """The record of one learner.

    Args:
        file: where it is kept; None keeps it in memory for as long as the kernel lives.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._memory: dict[str, dict[str, Any]] = {}
        self._watching: list[Callable[[], None]] = []

    def watch(self, told: Callable[[], None]) -> None:
        """Call `told` after each change made through this record; those of other kernels are not
        seen until the record is read."""
        self._watching.append(told)

    def status(self, slug: str) -> str:
        """The best verdict so far; "not attempted" when there is none.

        A pass is never taken back: a later experiment that fails is not a loss.
        """
        return str(self._entries().get(slug, {}).get("status", "not attempted"))

    def attempts(self, slug: str) -> int:
        """How many checks judged an attempt, passed or failed."""
        return int(self._entries().get(slug, {}).get("attempts", 0))

    def seen(self, slug: str) -> list[str]:
        """What was looked at: ``hint 1`` and so on, ``solution``."""
        return [str(each) for each in self._entries().get(slug, {}).get("seen", [])]

    def record(self, slug: str, status: str) -> None:
        """Note a verdict.

        Raises:
            WorkbookError: the file cannot be written.
        """
        with self._changing() as entries:
            entry = entries.setdefault(slug, {"status": "not attempted", "attempts": 0})
            if status != "not attempted":
                entry["attempts"] += 1
            entry["status"] = max(entry["status"], status, key=lambda each: _RANK.get(each, 0))

    def note(self, slug: str, seen: str) -> None:
        """Note that a hint or the solution was looked at, as in ``hint 2`` or ``solution``."""
        with self._changing() as entries:
            entry = entries.setdefault(slug, {"status": "not attempted", "attempts": 0})
            entry["seen"] = sorted({*entry.get("seen", []), seen})

    def _entries(self) -> dict[str, dict[str, Any]]:
        return self._memory if self._file is None else _read(self._file)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, dict[str, Any]]]:
        if self._file is None:
            yield self._memory
            self._tell()
            return
        try:
            with _locked(self._file.with_name(f".{self._file.name}.lock")):
                entries = _read(self._file)
                yield entries
                _write(self._file, entries)
        except OSError as error:
            raise WorkbookError(
                f"Your progress could not be written to {self._file}: {error.strerror}.",
                "Free some space or make the folder writable, then check again.",
            ) from None
        self._tell()

    def _tell(self) -> None:
        for told in self._watching:
            told()


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        entries = stored["exercises"]
        if not all(
            isinstance(entry["attempts"], int) and entry["status"] for entry in entries.values()
        ):
            raise ValueError("an entry lacks its status")
        return dict(entries)
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return _set_aside(file)


def _set_aside(file: Path) -> dict[str, dict[str, Any]]:
    """Keep a file that cannot be understood under another name, and begin anew."""
    number = 1
    while (kept := file.with_name(f"{file.name}.unreadable-{number}")).exists():
        number += 1
    file.replace(kept)
    print(f"{file.name} could not be read; it is kept as {kept.name}, and a new one begins.")
    return {}


def _write(file: Path, entries: dict[str, dict[str, Any]]) -> None:
    text = json.dumps({"format": FORMAT, "exercises": entries}, indent=1, sort_keys=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=file.parent, prefix=f".{file.name}.", delete=False, encoding="utf-8"
    ) as new:
        try:
            new.write(text + "\n")
            new.flush()
            os.fsync(new.fileno())
            os.replace(new.name, file)
        except OSError:
            Path(new.name).unlink(missing_ok=True)
            raise


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
