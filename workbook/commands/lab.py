"""Open JupyterLab in your workspace, on the first chapter.

The workspace holds copies for you to change. Starting again, after an update of the repository
too, brings up to date what you have not changed and keeps what you have.
"""

from __future__ import annotations

import argparse

from workbook import jupyter, settings, workspace
from workbook.doctor import State, network
from workbook.environment import entering, locking
from workbook.errors import SetUpError

WAITING = "Another start is laying out the workspace; waiting for it."
HELP = "open JupyterLab on the first chapter, or where you left it"
NEEDS_ENVIRONMENT = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--no-browser, --port and --solutions."""
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address only; open no browser"
    )
    parser.add_argument(
        "--port", type=_port, help="the port to serve on (default: 8888, or the next that is free)"
    )
    parser.add_argument(
        "--solutions",
        action="store_true",
        help="lay the solved notebooks into the workspace too; they stay, and stay up to date",
    )


def run(options: argparse.Namespace) -> int:
    """Lay out the workspace, then become JupyterLab; does not return."""
    entering.require("jupyterlab")
    loopback = network.loopback()
    if loopback.state is State.BROKEN:  # JupyterLab would start, and no kernel would
        raise SetUpError(loopback.said, loopback.fix)
    if options.port:
        jupyter.require_free(options.port)
    folder, state = settings.workspace(), settings.state_folder()
    try:
        with locking.alone(settings.workspace_lock(), WAITING):
            update = workspace.lay_out(
                settings.root(), folder, settings.manifest(), with_solutions=options.solutions
            )
            configuration = jupyter.configure(state / "jupyter")
            page = jupyter.page(folder, state / "jupyter")
            jupyter.prepare_layout(state / "jupyter")
            if update.notebooks:
                jupyter.trust((folder / name for name in update.notebooks), state / "jupyter")
    except OSError as error:
        raise SetUpError(
            f"The workspace could not be written: {error.filename or folder}: {error.strerror}.",
            "Make room there or make it writable, or name another place: "
            "WORKBOOK_WORKSPACE=/some/folder.",
        ) from error
    if str(update):
        print(update)
    jupyter.start(
        folder,
        {**settings.variables_for_learning(), **configuration},
        page=page,
        port=options.port,
        browser=not options.no_browser,
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")
    return int(text)
