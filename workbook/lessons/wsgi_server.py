"""A long-running server in a process of its own, tied to this one: started, asked, lost, stopped.

It runs a program that serves HTTP on a free port and prints the port's number first; `serve` runs
`pages_server`, chapter 01's. `local_server` is its neighbour for `chalice local`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import urllib3

from workbook import settings
from workbook.cloud.client import Api, Response, UnderWay
from workbook.errors import UnknownName, WorkbookError
from workbook.tether import Tethered

HOST = "127.0.0.1"
LAST_MOMENTS_SECONDS = 3.0
_PAGES_SERVER = Path(__file__).with_name("pages_server.py")


def serve(folder: Path | str, **environment: str) -> WsgiServer:
    """Serve the views of the project in that folder, and come back when it has said its port.

    Args:
        folder: where its app.py is.
        environment: variables that the server gets beside those of this process.

    Raises:
        UnknownName: there is no app.py in the folder.
        WorkbookError: it ended without naming a port; its last line says why.
    """
    folder = Path(folder).resolve()
    if not (folder / "app.py").is_file():
        raise UnknownName(f"There is no app.py in {folder.name}.", "Run the cell that writes it.")
    return WsgiServer(_PAGES_SERVER, environment, folder)


def start(program: Path | str, environment: Mapping[str, str] | None = None) -> WsgiServer:
    """Run a program that serves, and come back when it has said its port.

    Args:
        program: a Python file; its folder becomes its working directory.
        environment: variables that it gets beside those of this process.

    Raises:
        UnknownName: there is no such file.
        WorkbookError: it ended without naming a port; its last line says why.
    """
    program = Path(program).resolve()
    if not program.is_file():
        raise UnknownName(
            f"There is no {program.name} in {program.parent.name}.", "Run the cell that writes it."
        )
    return WsgiServer(program, environment or {}, program.parent)


class WsgiServer:
    """One process that answers one request after another; `start` makes it, stop() ends it."""

    def __init__(self, program: Path, environment: Mapping[str, str], folder: Path) -> None:
        reading, writing = os.pipe()
        with open(writing, "wb") as output:
            self._process = Tethered(
                [sys.executable, str(program)],
                cwd=folder,
                env={**settings.variables(), **_QUIET, **environment},
                output=output,
            )
        # Kept open: a program that prints into a closed pipe is killed.
        self._printed = open(reading, encoding="utf-8", errors="replace")  # noqa: SIM115
        self._api = Api(f"http://{HOST}:{self._port(program)}", program.name)

    def get(self, path: str) -> Response:
        """GET.

        Raises:
            WorkbookError: the server hung up, or there is none any more.
        """
        try:
            return self._api.get(path)
        except urllib3.exceptions.NewConnectionError:
            raise WorkbookError(
                f"Nobody answers GET {path}: the server's process is gone."
            ) from None
        except urllib3.exceptions.HTTPError:
            self._process.wait(LAST_MOMENTS_SECONDS)  # or a dying process may still take a call
            raise WorkbookError(f"The server hung up on GET {path} without an answer.") from None

    def begin(self, n: int, method: str, path: str, **options: Any) -> UnderWay:
        """Send `n` requests and do not wait for the answers; see Api.begin."""
        return self._api.begin(n, method, path, **options)

    def alive(self) -> bool:
        """Whether its process is still there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process; does nothing when it has ended."""
        self._process.stop()
        self._printed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"a server on {HOST}, {'running' if self.alive() else 'gone'}"

    def _port(self, program: Path) -> int:
        said = []
        for line in self._printed:
            if line.strip().isdigit():
                return int(line)
            said.append(line.strip())
        self.stop()
        raise WorkbookError(
            f"{program.name} ended before it served: {said[-1] if said else 'it said nothing'}",
            "Run the cells that write what it serves again, then this one.",
        )


_QUIET = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHON_COLORS": "0"}
