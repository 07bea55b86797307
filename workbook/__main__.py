"""The command line: `python3 -m workbook COMMAND`.

Three steps, each of which may start this program anew with another Python: find a Python that
fits, read the command, enter the environment in which it can run. Then the command runs.

Readable by Python 3.8, so that a Python that is too old is answered by a sentence.
"""

from __future__ import annotations

import os
import sys

from workbook.errors import WorkbookError

INTERRUPTED = 130  # what shells report for a program ended by Ctrl-C


def main(argv: list[str]) -> int:
    """Run the command that argv names; the exit code, which is 1 for a WorkbookError."""
    try:
        return _run(argv)
    except WorkbookError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(argv: list[str]) -> int:
    from workbook.environment import pythons

    pythons.go_on_with_a_fit_one(argv)

    # Imported only now: from here on the source may be newer than Python 3.8.
    from workbook import commands
    from workbook.environment import entering, wheelhouse

    command, options = commands.parse(argv)
    if command.NEEDS_ENVIRONMENT:
        entering.enter(argv)
        wheelhouse.fill_or_say()
    return command.run(options)


def _open_standard_input() -> None:
    """A closed standard input would give its number to the next file that is opened."""
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)


if __name__ == "__main__":
    _open_standard_input()
    sys.exit(main(sys.argv[1:]))
