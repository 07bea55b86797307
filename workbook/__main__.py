"""The command line: `python3 -m workbook COMMAND`.

Three steps, each of which may start this program anew with another Python: find a Python that
fits, read the command, enter the environment in which it can run. Then the command runs.

Readable by Python 3.6 (quoted annotations, imports in functions), so that a Python that is too old
is answered by a sentence.
"""

import os
import sys

INTERRUPTED = 130  # what shells report for a program ended by Ctrl-C
LOOKS_FOR_ANOTHER = (3, 8)  # the oldest Python that can look for one that fits


def main(argv: "list[str]") -> int:
    """Run the command that argv names; the exit code, which is 1 for a WorkbookError."""
    refusal = refused(sys.version_info[:2], os.name)
    if refusal:
        print(refusal, file=sys.stderr)
        return 1

    from workbook.errors import WorkbookError

    try:
        return _run(argv)
    except WorkbookError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def refused(version: "tuple[int, ...]", system: str) -> str:
    """Why nothing of the workbook can run here, and what to do; empty where it can.

    Args:
        version: the running Python's, (major, minor).
        system: os.name.
    """
    if system == "nt":
        return (
            "The workbook runs on Linux, on macOS, and on Windows within WSL; this is Windows.\n"
            "Run `wsl --install`, and then the same command in the Linux terminal it gives you."
        )
    if version < LOOKS_FOR_ANOTHER:
        return (
            "This is Python {}.{}, which is too old even to look for another.\n"
            "Run the command with a Python that the README names, such as "
            "`python3.12 -m workbook lab`."
        ).format(*version)
    return ""


def _run(argv: "list[str]") -> int:
    from workbook.environment import pythons

    pythons.go_on_with_a_fit_one(argv)

    # Imported only now: from here on the source may be newer than Python 3.8.
    from workbook import commands
    from workbook.environment import entering, wheelhouse

    command, options = commands.parse(argv)
    if command.NEEDS_ENVIRONMENT:
        entering.enter(argv)
        wheelhouse.fill_or_say()
    try:
        return command.run(options)
    except ModuleNotFoundError as error:
        entering.tell_missing(error.name or "")
        raise


def _open_standard_input() -> None:
    """A closed standard input would give its number to the next file that is opened."""
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)


if __name__ == "__main__":
    _open_standard_input()
    sys.exit(main(sys.argv[1:]))
