"""Show the progress board, hand progress in, or read what a room handed in.

progress                            the board of your workspace
progress --export anna.json         a small file to hand in: verdicts, attempts, hints; no name,
                                    no time, no code
progress --read FOLDER              a table of all such files in a folder, for an instructor
progress --read FOLDER --csv FILE   the same for a spreadsheet, a row an exercise and learner
"""

from __future__ import annotations

import argparse
from pathlib import Path

from workbook import settings
from workbook.errors import WorkbookError

HELP = "show what is passed and what comes next; export it, or read a room's exports"
NEEDS_ENVIRONMENT = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--export, or --read with --csv."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--export", type=Path, metavar="FILE", help="write your progress to FILE")
    one.add_argument("--read", type=Path, metavar="FOLDER", help="read all exports in FOLDER")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="with --read: write FILE too")


def run(options: argparse.Namespace) -> int:
    """Show, export or read; 1 when a folder holds no export."""
    if options.csv and not options.read:
        raise WorkbookError(
            "--csv writes what --read has read, and there is no --read.",
            "Write: python3 -m workbook progress --read FOLDER --csv FILE",
        )
    if options.export:
        return _export(options.export)
    if options.read:
        return _read(options.read, options.csv)
    from workbook import learn

    print(learn.board_of(settings.learners_progress_file()))
    return 0


def _export(file: Path) -> int:
    from workbook.check import Progress, collecting  # slow to import, and --help needs none of it
    from workbook.lessons.catalogue import CATALOGUE

    if file.exists() and not collecting.is_export(file):
        raise WorkbookError(
            f"{file} exists and is no export of progress; it is left as it is.",
            "Name another file.",
        )
    progress = Progress(settings.learners_progress_file())
    _write(file, collecting.exported(CATALOGUE, progress))
    print(f"Your progress is in {file}: verdicts, attempts and hints, and nothing about you.")
    return 0


def _read(folder: Path, table: Path | None) -> int:
    from workbook.check import collecting
    from workbook.lessons.catalogue import CATALOGUE
    from workbook.panels.room_table import RoomTable

    try:
        records, unread = collecting.collected(folder)
    except OSError as error:
        raise WorkbookError(
            f"The folder {folder} cannot be read: {error.strerror}.",
            "Name the folder that holds the files learners exported.",
        ) from None
    room = RoomTable(CATALOGUE, records, unread)
    print(room)
    if table and records:
        _write(table, room.as_csv())
    return 0 if records else 1


def _write(file: Path, text: str) -> None:
    from workbook.workspace import replace

    try:
        replace(file, text.encode())
    except OSError as error:
        raise WorkbookError(
            f"{file} could not be written: {error.strerror}.", "Name a file in another folder."
        ) from None
