"""A real `chalice local`, tied to this process: started, asked over HTTP, reloaded, stopped.

    start(folder) ──tether──▶ chalice local (watches the files) ──▶ worker (answers HTTP)
         ▲                                                              │
         └── printed_lines: "Serving on …", or the error that says why not

Chalice's own reloader replaces the worker when a file of the folder changes. Nothing here sleeps:
whoever waits is woken by what the server prints. `projects` makes the folders.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from workbook import settings
from workbook.errors import UnknownName, WorkbookError
from workbook.lessons import printed_lines
from workbook.lessons.printed_lines import PrintedLines
from workbook.tether import Tethered

HOST = "127.0.0.1"
START_SECONDS = 30.0
# Chalice looks at the files once a second. A change made before its first look goes unseen, so
# one that is not noticed after so long is made visible again.
UNNOTICED_SECONDS = 2.0
UNEXPLAINED_SECONDS = 5.0  # a traceback is printed before the connection closes, and read after
NUDGES = 10
_STEADY_HEADERS = {"content-type", "content-length", "allow", "location"}


def start(folder: Path | str) -> LocalServer:
    """Serve the Chalice project in that folder, and come back when it answers.

    Raises:
        UnknownName: there is no app.py in the folder.
        WorkbookError: the app does not import, or the server did not answer in time.
    """
    folder = Path(folder).resolve()
    if not (folder / "app.py").is_file():
        raise UnknownName(f"There is no app.py in {folder}.", "Name a Chalice project's folder.")
    server = LocalServer(folder)
    try:
        server.wait()
    except BaseException:
        server.stop()
        raise
    return server


@dataclass(frozen=True)
class Response:
    """What came back over HTTP.

    Attributes:
        status: the status code.
        text: the body as text.
        headers: names in lower case; only those that do not differ from run to run.
    """

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        """The body decoded from JSON; None when it is not JSON."""
        with contextlib.suppress(ValueError):
            return json.loads(self.text)
        return None

    def __repr__(self) -> str:
        return f"{self.status} {self.text}"


class LocalServer:
    """A `chalice local` on 127.0.0.1 and a free port; `start` makes it, `with` or stop() ends it.

    Attributes:
        folder: the project it serves.
        port: free when it was chosen.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        reading, writing = os.pipe()
        with open(writing, "wb") as output:
            self._process = Tethered(
                [_chalice(), "local", "--host", HOST, "--port", str(self.port)],
                cwd=folder,
                env=_environment(),
                output=output,
            )
        self._printed = PrintedLines(reading)

    def get(self, path: str) -> Response:
        """Send a GET."""
        return self.request("GET", path)

    def put(self, path: str, json_body: Any) -> Response:
        """Send a PUT with a JSON body."""
        return self.request("PUT", path, json_body)

    def request(self, method: str, path: str, json_body: Any = None) -> Response:
        """Send one HTTP request over the loopback network.

        Raises:
            WorkbookError: nobody answers, or the server hung up without an answer.
        """
        connection = http.client.HTTPConnection(HOST, self.port, timeout=START_SECONDS)
        headers = {} if json_body is None else {"Content-Type": "application/json"}
        body = None if json_body is None else json.dumps(json_body)
        printed = len(self._printed)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except ConnectionRefusedError:
            raise WorkbookError(
                "Nobody answers: this chalice local has stopped, or its app does not import.",
                "Start one: server = local_server.start(…).",
            ) from None
        except (http.client.RemoteDisconnected, ConnectionResetError):
            raise WorkbookError(
                f"chalice local hung up on {method} {path} without an answer.",
                self._printed.raised_since(printed, UNEXPLAINED_SECONDS),
            ) from None
        finally:
            connection.close()
        sent = {name.lower(): value for name, value in answer.getheaders()}
        steady = {name: value for name, value in sent.items() if name in _STEADY_HEADERS}
        return Response(answer.status, text, steady)

    @contextlib.contextmanager
    def reloading(self) -> Iterator[None]:
        """Change files inside this block; at its end the server serves the changed app.

        Raises:
            WorkbookError: the changed app does not import; one sentence says why. The server goes
                on watching, so the next good change brings it back.
        """
        before = len(self._printed)
        yield
        self._nudge_until_noticed(before)
        self.wait(since=before, relevant=printed_lines.after_restart)

    def _nudge_until_noticed(self, since: int) -> None:
        for _ in range(NUDGES):
            noticed = self._printed.wait_for(printed_lines.restarting, since, UNNOTICED_SECONDS)
            if noticed or self._process.poll() is not None:
                return
            (self.folder / "app.py").touch()

    def wait(
        self, since: int = 0, relevant: Callable[[list[str]], list[str]] = lambda lines: lines
    ) -> None:
        """Come back when the server answers.

        Args:
            since: the number of the first printed line that counts.
            relevant: picks from those the lines that speak of the app as it is now.

        Raises:
            WorkbookError: it does not; one sentence says why.
        """
        self._printed.wait_for(
            lambda lines: printed_lines.settled(relevant(lines)), since, START_SECONDS
        )
        lines = relevant(self._printed.since(since))
        if not printed_lines.serving(lines):
            why = printed_lines.why_not_serving(lines, self.folder)
            raise WorkbookError(
                f"chalice local cannot serve {self.folder.name}: {why}",
                "Mend the file and save it: a running chalice local picks the change up.",
            )
        socket.create_connection((HOST, self.port), timeout=START_SECONDS).close()

    def stop(self) -> None:
        """End the server; does nothing when it has ended."""
        self._process.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        state = "answers for" if self._process.poll() is None else "has stopped serving"
        return f"chalice local {state} {self.folder.name} on {HOST}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _chalice() -> str:
    return str(Path(sysconfig.get_path("scripts")) / "chalice")


def _environment() -> dict[str, str]:
    # Bytecode written into the folder would look like a changed file and restart the worker; and
    # bytecode of an edit made within the same second would be taken for the new code. Kernels set
    # FORCE_COLOR, and from 3.13 on Python then colours the tracebacks that are read here.
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHON_COLORS": "0"}
    return {**settings.variables(), **quiet}
