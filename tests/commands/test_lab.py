"""`python3 -m workbook lab`: a JupyterLab on the learner's workspace, and nothing left of it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from workbook import commands, jupyter, settings
from workbook.errors import SetUpError

# Runs the command itself, without looking for the environment that its tests already run in.
COMMAND = """
import sys
from workbook import commands
command, options = commands.parse(["lab", "--no-browser", *sys.argv[1:]])
sys.exit(command.run(options))
"""


def chapter(toy, number: str) -> None:
    place = toy.root / "notebooks" / f"{number}_chapter.ipynb"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4}))


def test_jupyterlab_starts_in_the_workspace_on_the_first_chapter(toy):
    for number in ("10", "02", "05"):
        chapter(toy, number)
    arguments, _, _ = toy.start("lab").became
    workspace = toy.root / "workspace"
    assert f"--ServerApp.root_dir={workspace}" in arguments
    assert "--LabApp.default_url=/lab/tree/notebooks/02_chapter.ipynb" in arguments
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert (workspace / "notebooks" / "02_chapter.ipynb").exists()


def test_a_second_start_goes_back_to_what_was_open(toy):
    chapter(toy, "02")
    toy.start("lab")
    arguments, _, _ = toy.start("lab").became
    assert "--LabApp.default_url=/lab" in arguments


def test_the_first_start_finds_a_layout_and_later_ones_leave_the_learners_own(toy):
    toy.start("lab")
    layout = toy.root / "workspace/.workbook/jupyter/config/lab/workspaces" / jupyter.LAYOUT
    assert "relativeSizes" in layout.read_text()
    layout.write_text("the learner's")
    toy.start("lab")
    assert "the learner's" == layout.read_text()


def test_jupyterlab_takes_the_layout_for_its_own(tmp_path):
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    jupyter.prepare_layout(tmp_path)
    kept = WorkspacesManager(str(tmp_path / "config" / "lab" / "workspaces"))
    assert "layout-restorer:data" in kept.load("default")["data"]


def test_every_default_that_is_set_is_a_setting_of_this_jupyterlab():
    """A setting that a new JupyterLab has renamed would be ignored without a word."""
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    for plugin, chosen in jupyter.OVERRIDES.items():
        package, _, name = plugin.partition(":")
        schema = json.loads((schemas / package / f"{name}.json").read_text())
        assert [] == [key for key in chosen if key not in schema["properties"]]


def test_solutions_come_when_they_are_asked_for(toy):
    place = toy.root / "solutions" / "02_chapter.ipynb"
    place.parent.mkdir()
    place.write_text("{}")
    toy.start("lab")
    laid = toy.root / "workspace" / "solutions"
    assert not laid.exists()
    toy.start("lab", "--solutions")
    assert laid.exists()


def test_without_any_chapter_it_opens_the_launcher(toy):
    arguments, _, _ = toy.start("lab").became
    assert "--LabApp.default_url=/lab" in arguments


def test_a_persons_own_jupyter_settings_are_neither_read_nor_written(toy):
    _, variables, _ = toy.start("lab", JUPYTER_CONFIG_DIR="/theirs").became
    places = [variables[name] for name in variables if name.startswith("JUPYTER")]
    assert [] == [place for place in places if not place.startswith(str(toy.root))]
    assert not (toy.home / ".jupyter").exists()


def test_what_a_person_changed_is_kept_and_said(toy):
    chapter(toy, "02")
    toy.start("lab")
    mine = toy.root / "workspace" / "notebooks" / "02_chapter.ipynb"
    mine.write_text("mine")
    (toy.root / "notebooks" / "02_chapter.ipynb").write_text("newer")
    out = toy.start("lab").out
    assert "Kept notebooks/02_chapter.ipynb" in out
    assert ("mine", "newer") == (mine.read_text(), mine.with_suffix(".new.ipynb").read_text())


def test_of_two_starts_at_once_one_lays_out_and_the_other_waits(toy):
    chapter(toy, "02")
    toy.start("lab")
    (toy.root / "workspace" / "notebooks" / "02_chapter.ipynb").unlink()
    with (toy.root / "workspace" / ".workbook" / "workbook.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = toy.popen("lab")
        assert "waiting for it" in second.stdout.readline()
        assert not (toy.root / "workspace" / "notebooks" / "02_chapter.ipynb").exists()
    _, err = second.communicate(timeout=60)
    assert (0, "") == (second.returncode, err)
    assert (toy.root / "workspace" / "notebooks" / "02_chapter.ipynb").exists()


def test_many_starts_at_once_lay_out_one_whole_workspace(toy):
    chapter(toy, "02")
    toy.start("lab")
    mine = toy.root / "workspace" / "notebooks" / "02_chapter.ipynb"
    mine.write_text("mine")
    for number in range(3, 30):
        chapter(toy, f"{number:02}")
    (toy.root / "notebooks" / "02_chapter.ipynb").write_text("newer")
    starts = [toy.popen("lab") for _ in range(4)]
    assert [("", 0)] * 4 == [(one.communicate(timeout=60)[1], one.returncode) for one in starts]
    laid = sorted(path.name for path in mine.parent.iterdir())
    expected = [f"{number:02}_chapter.ipynb" for number in range(2, 30)]
    assert sorted([*expected, "02_chapter.new.ipynb"]) == laid
    assert "mine" == mine.read_text()


def test_a_port_that_is_taken_is_told_in_a_sentence(toy):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        started = toy.start("lab", "--port", str(port))
    assert (1, 2) == (started.code, len(started.err.splitlines()))
    assert f"Port {port} cannot be used" in started.err


def test_without_loopback_it_is_told_in_a_sentence_before_anything_is_laid_out(
    monkeypatch, tmp_path
):
    def unreachable(*_, **__):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(socket, "create_server", unreachable)
    command, options = commands.parse(["lab", "--no-browser"])
    with pytest.raises(SetUpError, match=r"127\.0\.0\.1 does not answer: Network is unreachable"):
        command.run(options)
    assert [] == list(tmp_path.iterdir())


def test_a_workspace_that_cannot_be_written_is_told_in_a_sentence(toy):
    (toy.root / "in-the-way").touch()
    started = toy.start("lab", WORKBOOK_WORKSPACE=str(toy.root / "in-the-way" / "workspace"))
    assert (1, 2) == (started.code, len(started.err.splitlines()))
    assert "could not be written" in started.err


def test_news_and_update_checks_are_off(tmp_path):
    variables = jupyter.configure(tmp_path)
    overrides = json.loads(
        (tmp_path / "config" / "labconfig" / "default_setting_overrides.json").read_text()
    )
    told = overrides["@jupyterlab/apputils-extension:notification"]
    assert {"fetchNews": "false", "checkForUpdates": False} == told
    assert str(tmp_path / "config") == variables["JUPYTER_CONFIG_DIR"]


def test_jupyterlab_is_told_to_ask_nobody_for_news_versions_or_extensions(tmp_path):
    from jupyterlab.handlers.announcements import NeverCheckForUpdate
    from jupyterlab.labapp import LabApp

    app = LabApp()
    app.parse_command_line(jupyter.arguments(tmp_path, "/lab", None, browser=False))
    told = (app.news_url, app.check_for_updates_class, app.extension_manager)
    assert (None, NeverCheckForUpdate, "readonly") == told


@pytest.fixture
def lab(tmp_path):
    """A real JupyterLab on a free port: its process, its address, its token."""
    real = {"AWS_PROFILE": "real", "AWS_SECRET_ACCESS_KEY": "real", "AWS_SESSION_TOKEN": "real"}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--port", str(port)],
        cwd=settings.root(),
        env={**os.environ, **real, "WORKBOOK_WORKSPACE": str(tmp_path / "workspace")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    lines = []
    try:
        for line in server.stdout:
            lines.append(line)
            if "Or copy and paste" in line:
                break
        address, token = re.search(r"(http://\S+?)/lab\S*token=(\w+)", "".join(lines)).groups()
        yield server, address, token
    finally:
        if server.poll() is None:
            server.kill()
        server.communicate()


def ask(address: str, token: str, path: str, body: bytes | None = None):
    headers = {"Authorization": f"token {token}"} if token else {}
    request = urllib.request.Request(address + path, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.geturl(), answer.read()


def once_it_listens(address: str, token: str):
    """Its first answer; Jupyter names its address a moment before it listens there."""
    end = time.monotonic() + 20
    while True:
        try:
            return ask(address, token, "/")
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            threading.Event().wait(0.05)


@pytest.mark.slow
def test_a_real_jupyterlab_answers_runs_kernels_without_credentials_and_ends_whole(lab):
    server, address, token = lab
    status, page, _ = once_it_listens(address, token)
    assert (200, True) == (status, "/lab" in page)
    _, _, lab_page = ask(address, token, page.removeprefix(address).split("?")[0])
    configuration = json.loads(re.search(rb'id="jupyter-config-data"[^>]*>(.*?)<', lab_page)[1])
    assert "read-only" == configuration["extensionManager"]["name"]  # else it lists an index's
    with pytest.raises(urllib.error.HTTPError, match="403"):
        ask(address, "", "/api/contents")
    ask(address, token, "/api/kernels", b'{"name": "python3"}')
    family = psutil.Process(server.pid).children(recursive=True)
    (kernel,) = [child for child in family if "ipykernel_launcher" in child.cmdline()]
    variables = kernel.environ()
    assert "real" not in [variables.get(name) for name in variables if name.startswith("AWS_")]
    assert os.path.samefile(sys.executable, kernel.exe())
    connection = json.loads(Path(kernel.cmdline()[-1]).read_text())
    assert connection["curve_publickey"]  # encrypted, so that ipykernel has nothing to warn of
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=30)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [] == alive


def test_a_notebook_that_came_from_us_is_trusted_and_a_changed_one_is_not(tmp_path):
    from nbformat import read, sign, v4, write

    ours, theirs = tmp_path / "ours.ipynb", tmp_path / "theirs.ipynb"
    picture = v4.new_output("display_data", data={"text/html": "<style></style>"})
    for place in (ours, theirs):
        source = f"print({place.stem!r})"
        write(v4.new_notebook(cells=[v4.new_code_cell(source, outputs=[picture])]), place)
    jupyter.trust([ours], tmp_path)
    notary = sign.NotebookNotary(data_dir=str(tmp_path / "data"))
    assert notary.check_signature(read(ours, as_version=4))
    assert not notary.check_signature(read(theirs, as_version=4))
