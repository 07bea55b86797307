"""Runs a small service's tests, layer by layer, on many copies of it: chapter 07 asks who notices what.

A layer is a name for a file of tests. One process imports what all of them need and forks for every run, so
that each has modules and an environment of its own, and nobody waits for the same imports again.
It is pytest's own main that runs, and `chalice deploy`'s. `pytest_cells` shows what pytest prints.

    get_ready()                      ─▶ the process starts to import; the first run waits for it
    run(folder, layers)              ─▶ a Run for each test of those layers
    try_out(folder, mistakes, …)     ─▶ the same for each mistake, made in a copy of the folder
    deployed(cloud, folder)          ─▶ the address of the service, and the seconds its deploy took
    printed(folder, arguments)       ─▶ what pytest prints when it is given these arguments
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from workbook.errors import WorkbookError
from workbook.lessons import projects

Mistake = tuple[str, str, str]  # the file, what it reads, what it reads by mistake
_MARKS_OF_CI = ("CI", "BUILD_NUMBER")  # pytest prints more where it sees one
AT_ONCE = 2  # more runs at once gain little: a deployed one also has an environment to start


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


def get_ready() -> None:
    """Start the process that runs tests, which then imports while nobody waits for it."""
    _server()


def run(
    folder: Path | str,
    layers: Mapping[str, str],
    beforehand: Mapping[str, float] | None = None,
    **variables: str,
) -> list[Run]:
    """Run the tests of these layers in that folder, in one run of pytest.

    Args:
        folder: a project with tests.
        layers: a layer's name to its file, as seen from the folder.
        beforehand: seconds that a layer had cost before, a deploy's for one; added to its tests.
        variables: added to the environment of the tests.
    """
    (answer,) = _ask([_job("pytest", folder, [*layers.values()], variables)])
    cost = beforehand or {}
    return [
        replace(each, seconds=each.seconds + cost.get(each.layer, 0.0))
        for each in _runs(answer, layers)
    ]


def try_out(
    folder: Path | str,
    mistakes: Mapping[str, Mistake],
    layers: Mapping[str, str],
    cloud: Any = None,
) -> dict[str, list[Run]]:
    """What the layers say of each mistake, made in a copy of the project.

    Args:
        folder, layers: as for `run`.
        mistakes: each under its name.
        cloud: each copy is deployed there first, and its tests are told its SHOP_URL.

    Raises:
        WorkbookError: a file does not read as a mistake says, or a copy cannot be deployed.
    """
    made = copies(folder, mistakes)
    told: list[dict[str, str]] = [{} for _ in made]
    if cloud:
        told = [{"SHOP_URL": address} for address, _ in _deployed(cloud, [*made.values()])]
    jobs = [
        _job("pytest", copy, [*layers.values()], variables)
        for copy, variables in zip(made.values(), told, strict=True)
    ]
    answers = _ask(jobs)
    return {name: _runs(answer, layers) for name, answer in zip(made, answers, strict=True)}


def printed(folder: Path | str, arguments: Sequence[str], **variables: str) -> str:
    """What pytest prints in that folder.

    Args:
        folder: a project with tests.
        arguments: those of pytest's command line.
        variables: added to the environment of the tests.
    """
    (answer,) = _ask([_job("pytest", folder, arguments, variables)])
    return str(answer["printed"])


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
    (one,) = _deployed(cloud, [Path(folder)])
    return one


def _deployed(cloud: Any, folders: Sequence[Path]) -> list[tuple[str, float]]:
    answers = _ask([_job("deploy", folder, [], {}) for folder in folders])
    for folder, answer in zip(folders, answers, strict=True):
        if answer["code"]:
            raise WorkbookError(
                f"chalice deploy of {folder.name} failed: {answer['printed'][-300:]}",
                "Run chalice deploy in that folder to read all of it.",
            )
    return [
        (f"{cloud.endpoint}/_aws/execute-api/{_api_and_stage(folder)}", answer["seconds"])
        for folder, answer in zip(folders, answers, strict=True)
    ]


def _api_and_stage(folder: Path) -> str:
    deployment = json.loads((folder / ".chalice" / "deployed" / "dev.json").read_text())
    (api,) = [each for each in deployment["resources"] if each["resource_type"] == "rest_api"]
    stage = api["rest_api_url"].rstrip("/").rpartition("/")[2]
    return f"{api['rest_api_id']}/{stage}"


def _job(
    what: str, folder: Path | str, arguments: Sequence[str], variables: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "what": what,
        "folder": str(Path(folder).resolve()),
        "arguments": [*arguments],
        "environment": {**_surroundings(), **variables},
    }


def _surroundings() -> dict[str, str]:
    """This process's environment, without what would make pytest another one than the text's."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTEST_") and name not in _MARKS_OF_CI
    }


def _runs(answer: Mapping[str, Any], layers: Mapping[str, str]) -> list[Run]:
    of_file = {file: layer for layer, file in layers.items()}
    return [
        Run(of_file[file], test, passed, seconds) for file, test, passed, seconds in answer["tests"]
    ]


def _ask(jobs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The answers to these jobs, in their order."""
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    with ExitStack() as stack:
        files = [
            stack.enter_context(tempfile.NamedTemporaryFile("r+", suffix=".json")) for _ in jobs
        ]
        named = [{**job, "answer": file.name} for job, file in zip(jobs, files, strict=True)]
        try:
            server.stdin.write(json.dumps({"at_once": AT_ONCE, "jobs": named}) + "\n")
            server.stdin.flush()
            server.stdout.readline()
            answers = [file.read() for file in files]
        except BrokenPipeError:
            answers = [""]
        except KeyboardInterrupt:  # whoever asks next must not read the answer to this
            _end(server)
            raise
    if not all(answers):
        _end(server)
        raise WorkbookError(
            "The process that runs the tests has ended.", "Run the cell again: it starts anew."
        )
    return [json.loads(answer) for answer in answers]


def _end(server: subprocess.Popen[str]) -> None:
    """With all that it forked."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    _server.cache_clear()


@cache
def _server() -> subprocess.Popen[str]:
    """Ends when this process does, since nobody holds its standard input any longer."""
    return subprocess.Popen(
        [sys.executable, "-m", "workbook.lessons.layer_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_surroundings(),
        start_new_session=True,
    )
