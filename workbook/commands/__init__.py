"""What a person types after `python3 -m workbook`: one file a command.

A command's module has four names. Its imports are the standard library and what needs no more;
the rest is imported in `run`, which is called inside the environment.

    HELP: str                        one line for the overview
    NEEDS_ENVIRONMENT: bool          whether the lock must be installed before it runs
    add_arguments(parser) -> None    what it understands
    run(options) -> int              do it; the exit code

A command may also set PASSES_ON = True: what its parser does not know is then left in
`options.passed_on`, in order, for the program that the command starts.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from types import ModuleType
from typing import Any

COMMANDS = ("lab", "progress", "reset", "doctor", "cloud", "demonstrate", "test", "build")
PROGRAM = "python3 -m workbook"


def parse(argv: list[str]) -> tuple[Any, argparse.Namespace]:
    """The command's module, and its options.

    Raises:
        SystemExit: 2 after a usage error, 0 after --help, with the text printed.
    """
    name = argv[0] if argv else "--help"
    if name not in COMMANDS:
        _overview().parse_args(argv or ["--help"])
    command = _module(name)
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {name}",
        description=command.__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    if not getattr(command, "PASSES_ON", False):
        return command, parser.parse_args(argv[1:])
    options, passed_on = parser.parse_known_args(argv[1:])
    options.passed_on = passed_on
    return command, options


def _overview() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:{width}}  {_module(name).HELP}" for name in COMMANDS)
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} COMMAND [OPTIONS]",
        description="An interactive workbook on serverless Python.",
        epilog=f"commands:\n{listed}\n\n`{PROGRAM} COMMAND --help` says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, help=argparse.SUPPRESS)
    return parser


def _module(name: str) -> ModuleType:
    return import_module(f"workbook.commands.{name}")
