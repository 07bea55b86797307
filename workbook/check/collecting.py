"""One learner's progress as a small file, and a room's files read again.

What goes into a file is counted on fingers: for each exercise of the catalogue its verdict, how
many attempts, which hints were read, whether the solution was. No name, no time, no path, no code:
who a file is from, only its own name says, and that is chosen by who hands it in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.check.catalogue import HINTS, Catalogue
from workbook.check.progress import Progress
from workbook.check.verdict import Status

KIND = "serverless-workbook progress"
FORMAT = 1
MOST_BYTES = 200_000  # many times a full record: what is larger is something else
_STATUSES = {status.value for status in Status}


@dataclass(frozen=True)
class Standing:
    """How one learner stands with one exercise.

    Attributes:
        status: the best verdict: not attempted, failed or passed.
        attempts: how many checks judged an attempt.
        hints: how many different hints were read, 0 to 3.
        solution: whether the solution was looked at.
    """

    status: str = Status.NOT_ATTEMPTED.value
    attempts: int = 0
    hints: int = 0
    solution: bool = False

    def __post_init__(self) -> None:
        sound = (
            self.status in _STATUSES
            and type(self.attempts) is int
            and 0 <= self.attempts < 10**6
            and type(self.hints) is int
            and 0 <= self.hints <= HINTS
            and type(self.solution) is bool
        )
        if not sound:
            raise ValueError(f"no standing: {self}")


@dataclass(frozen=True)
class Record:
    """One learner's file: its name without the ending, and the standings by exercise."""

    name: str
    standings: dict[str, Standing]


@dataclass(frozen=True)
class Unread:
    """A file of the folder that is no record: its name, and why."""

    name: str
    why: str


def exported(catalogue: Catalogue, progress: Progress) -> str:
    """One learner's record as the text of a file; exercises that were never opened are left out."""
    standings = {each.slug: _standing(progress, each.slug) for each in catalogue}
    touched = {slug: vars(each) for slug, each in standings.items() if each != Standing()}
    return json.dumps({"kind": KIND, "format": FORMAT, "exercises": touched}, indent=1) + "\n"


def collected(folder: Path) -> tuple[list[Record], list[Unread]]:
    """Every .json file of a folder: the records, and what could not be read as one.

    Raises:
        OSError: the folder cannot be listed.
    """
    records: list[Record] = []
    unread: list[Unread] = []
    for path in _files(folder):
        try:
            records.append(read(path))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            unread.append(Unread(path.name, _why(error)))
    return records, unread


def read(path: Path) -> Record:
    """The record in that file. It comes from somebody else: nothing in it is believed unseen.

    Raises:
        OSError, ValueError, KeyError, TypeError, AttributeError: it is no record.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("too large")
    stored: Any = json.loads(path.read_text(encoding="utf-8"))
    if stored["kind"] != KIND or stored["format"] != FORMAT:
        raise ValueError("another kind of file")
    found = {str(slug): Standing(**each) for slug, each in stored["exercises"].items()}
    return Record(path.stem, found)


def is_export(path: Path) -> bool:
    """Whether that file is one that `exported` wrote, and may be written again."""
    try:
        read(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def _standing(progress: Progress, slug: str) -> Standing:
    seen = progress.seen(slug)
    return Standing(
        progress.status(slug),
        progress.attempts(slug),
        sum(each in seen for each in (f"hint {n}" for n in range(1, HINTS + 1))),
        "solution" in seen,
    )


def _files(folder: Path) -> Iterator[Path]:
    listed: Iterable[Path] = sorted(folder.iterdir())
    return (path for path in listed if path.suffix == ".json" and path.is_file())


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "cannot be read"
    return f"is no file of `python3 -m workbook progress --export` ({error})"
