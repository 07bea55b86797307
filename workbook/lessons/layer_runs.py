"""Runs a small service's tests, layer by layer, on many copies of it: chapter 07 asks who notices what.

A layer is a name for a file of tests. One process imports what all of them need and forks for every run, so
that each has modules and an environment of its own, and nobody waits for the same imports again.
It is pytest's own main that runs, and `chalice deploy`'s.

    get_ready()               ─▶ the process starts to import; the first run waits for it
    run(folder, layers)       ─▶ a Run for each test of those layers
    copies(folder, mistakes)  ─▶ a copy of the folder for each mistake, with that mistake in it
    deployed(cloud, folder)   ─▶ the address of the service, and the seconds that its deploy took
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbook.errors import WorkbookError
from workbook.lessons import projects

Mistake = tuple[str, str, str]  # the file, what it reads, what it reads by mistake


@dataclass(frozen=True)
class Run:
    """One test, run once.

    Attributes:
        layer: whose file holds it.
        test: its name.
        passed: False also where its file could not be imported.
        seconds: of its fixtures and itself.
    """

    layer: str
    test: str
    passed: bool
    seconds: float


def run(folder: Path | str, layers: Mapping[str, str], **variables: str) -> list[Run]:
    """Run the tests of these layers in that folder, in one run of pytest.

    Args:
        folder: a project with tests.
        layers: a layer's name to its file, as seen from the folder.
        variables: added to the environment of the tests.
    """
    of_file = {file: layer for layer, file in layers.items()}
    reports = _ask("pytest", folder, [*layers.values()], variables)
    return [
        Run(of_file[file], test, passed, seconds)
        for file, test, passed, seconds in reports["tests"]
    ]


def get_ready() -> None:
    """Start the process that runs tests, which then imports while nobody waits for it."""
    _server()


def copies(folder: Path | str, mistakes: Mapping[str, Mistake]) -> dict[str, Path]:
    """A copy of the project for each mistake, under an app name of its own.

    Raises:
        WorkbookError: a file does not read as the mistake says, or not once.
    """
    made = {}
    for number, (title, (file, right, wrong)) in enumerate(mistakes.items(), 1):
        place = projects.scratch_folder() / Path(folder).name
        shutil.copytree(folder, place, ignore=shutil.ignore_patterns("deployed", "__pycache__"))
        projects.edit(place / file, right, wrong)
        config = place / ".chalice" / "config.json"
        settings = json.loads(config.read_text())
        settings["app_name"] = f"{settings['app_name']}-{number}"
        config.write_text(json.dumps(settings))
        made[title] = place
    return made


def deployed(cloud: Any, folder: Path | str) -> tuple[str, float]:
    """Deploy the project to that cloud; its address, and the seconds that the deploy took.

    Raises:
        WorkbookError: the deploy failed.
    """
    app = json.loads((Path(folder) / ".chalice" / "config.json").read_text())["app_name"]
    began = time.perf_counter()
    answer = _ask("deploy", folder, [], {})
    if answer["code"]:
        raise WorkbookError(
            f"chalice deploy of {app} failed: {answer['printed'][-300:]}",
            "Run chalice deploy in that folder to read all of it.",
        )
    seconds = time.perf_counter() - began
    (api,) = [
        each
        for each in json.loads((Path(folder) / ".chalice/deployed/dev.json").read_text())[
            "resources"
        ]
        if each["resource_type"] == "rest_api"
    ]
    stage = api["rest_api_url"].rstrip("/").rpartition("/")[2]
    return f"{cloud.endpoint}/_aws/execute-api/{api['rest_api_id']}/{stage}", seconds


def _ask(
    what: str, folder: Path | str, arguments: list[str], variables: Mapping[str, str]
) -> dict[str, Any]:
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    with tempfile.NamedTemporaryFile("r+", suffix=".json") as answer:
        asked = {
            "what": what,
            "folder": str(Path(folder).resolve()),
            "arguments": arguments,
            "environment": {**os.environ, **variables},
            "answer": answer.name,
        }
        try:
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            answered = server.stdout.readline()
        except BrokenPipeError:
            answered = ""
        if not answered:
            _server.cache_clear()
            raise WorkbookError(
                "The process that runs the tests has ended.", "Run the cell again: it starts anew."
            )
        found: dict[str, Any] = json.load(answer)
        return found


@cache
def _server() -> subprocess.Popen[str]:
    """Ends when this process does, since nobody holds its standard input any longer."""
    return subprocess.Popen(
        [sys.executable, "-m", "workbook.lessons.layer_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
