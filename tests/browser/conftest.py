"""A real browser on a real JupyterLab, started by the lab command: both once for all tests here.

The browser is a Chromium found on PATH; playwright drives it and downloads nothing. Without one
these tests are skipped, with a reason; in continuous integration (CI=true) that is a failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from workbook import settings

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium refuses root its sandbox
]
PATIENCE = 120_000  # milliseconds: a machine may be busy with other tests
# Runs the command itself, without looking for the environment that its tests already run in.
COMMAND = """
import sys
from workbook import commands
command, options = commands.parse(["lab", "--no-browser", *sys.argv[1:]])
sys.exit(command.run(options))
"""


@dataclass
class Lab:
    """A JupyterLab: the workspace it shows, the address it printed, its process."""

    workspace: Path
    address: str
    process: subprocess.Popen[str]
    layouts: Iterator[int] = field(default_factory=count)

    def at(self, path: str) -> str:
        """The address of a file of the workspace, or of none, in a layout of its own each time.

        JupyterLab restores what was open before in a layout of the same name.
        """
        parts = urlsplit(self.address)
        layout = f"/lab/workspaces/own-{next(self.layouts)}"
        tree = f"/tree/{path}" if path else ""
        return f"{parts.scheme}://{parts.netloc}{layout}{tree}?{parts.query}"

    def has_kernel(self, path: str) -> bool:
        """Whether a kernel of that notebook waits for something to do."""
        parts = urlsplit(self.address)
        asked = f"{parts.scheme}://{parts.netloc}/api/sessions?{parts.query}"
        with urllib.request.urlopen(asked, timeout=30) as answer:
            sessions = json.load(answer)
        return any(
            each["path"] == path and each["kernel"]["execution_state"] == "idle"
            for each in sessions
        )

    def read(self, path: str) -> list[dict]:
        """The code cells of a notebook, as they are on disk."""
        while True:
            with contextlib.suppress(ValueError):  # read while it is being written
                cells = json.loads((self.workspace / path).read_text())["cells"]
                break
        return [cell for cell in cells if cell["cell_type"] == "code"]

    def talks_to_outside(self) -> set[str]:
        """The addresses beyond this machine that its processes have a connection to."""
        talked_to = set()
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                connections = process.net_connections("inet")
                talked_to |= {each.raddr.ip for each in connections if each.raddr}
        return talked_to - {"127.0.0.1", "::1", "::ffff:127.0.0.1"}

    def family(self) -> list[psutil.Process]:
        """The server and its kernels, and what those have started."""
        server = psutil.Process(self.process.pid)
        return [server, *server.children(recursive=True)]


@dataclass
class Traffic:
    """Every address that the browser's pages asked for."""

    asked: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Those that are not on this machine's loopback."""
        inside = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
        return [each for each in self.asked if not each.startswith(inside)]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        reason = f"there is no browser on PATH: none of {', '.join(CHROMIUMS)}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; in continuous integration these tests must run")
        pytest.skip(f"{reason}; install one, such as Debian's chromium, to run these tests")
    return found


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory) -> Iterator[Lab]:
    """JupyterLab on a free port, on a workspace that was laid for it."""
    workspace = tmp_path_factory.mktemp("learner") / "workspace"
    for _ in range(3):  # a port that is free here may be taken by the time JupyterLab binds it
        server, address, said = _start(workspace)
        if address:
            break
    else:
        pytest.fail(f"JupyterLab ended before it named its address: {said}")
    try:
        assert server.stdout is not None
        # A pipe that nobody reads fills up, and then stops who writes to it.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield Lab(workspace, address, server)
    finally:
        family = psutil.Process(server.pid).children(recursive=True) if not server.poll() else []
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        finally:
            for left in [process for process in [server, *family] if _runs(process)]:
                left.kill()


def _start(workspace: Path) -> tuple[subprocess.Popen[str], str, str]:
    """A JupyterLab, the address that it named ("" if it has ended), and all that it said."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WORKBOOK_")}
    server = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--port", str(port)],
        cwd=settings.root(),
        env={**environment, "WORKBOOK_WORKSPACE": str(workspace)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1\S+token=\w+", line):
            return server, found[0], said
    return server, "", said


@pytest.fixture(scope="session")
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture(scope="session")
def browser(chromium, traffic):
    """A window's worth of browser; whatever its pages ask for is noted."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        context = started.new_context(viewport={"width": 1400, "height": 1000})
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: traffic.asked.append(request.url))
        context.on(
            "page",
            lambda page: page.on("websocket", lambda socket: traffic.asked.append(socket.url)),
        )
        yield context
        started.close()


@pytest.fixture(scope="session")
def window(browser, lab):
    """JupyterLab, opened at the address that the lab command printed; the tests share it."""
    page = browser.new_page()
    page.goto(lab.address)
    yield page
    page.close()


@pytest.fixture
def fresh_window(browser):
    """An empty window for one test."""
    page = browser.new_page()
    yield page
    page.close()


def _runs(process: subprocess.Popen[str] | psutil.Process) -> bool:
    return process.poll() is None if isinstance(process, subprocess.Popen) else process.is_running()
