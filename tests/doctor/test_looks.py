"""Each look finds this machine sound, and what is in the way by its name, with a line that mends it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from workbook import settings
from workbook.doctor import examination, inside, machine, network, place, room
from workbook.doctor.report import State
from workbook.environment import entering, making, wheelhouse
from workbook.errors import SetUpError

Usage = namedtuple("Usage", "total used free")


def fails(*_: object, **__: object) -> None:
    raise OSError(13, "Permission denied")


def test_nothing_that_is_not_linux_macos_or_wsl_is_called_sound_without_a_word(monkeypatch):
    monkeypatch.setattr(machine.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
    assert State.NOTE is machine.system().state


def test_a_repository_on_a_windows_drive_is_noted(monkeypatch):
    monkeypatch.setattr(machine.platform, "release", lambda: "5.15.1-microsoft-standard-WSL2")
    monkeypatch.setattr(settings, "root", lambda: Path("/mnt/c/workbook"))
    assert "Windows drive" in machine.system().said


def test_a_python_that_does_not_fit_is_broken(monkeypatch):
    monkeypatch.setattr(machine.pythons, "supported", lambda: ((3, 98), (3, 99)))
    found = machine.python()
    assert (State.BROKEN, "Install Python 3.98.") == (found.state, found.fix)


@pytest.mark.parametrize(
    ("free", "whole", "expected"),
    [(50, False, "sound"), (0.5, False, "broken"), (0.5, True, "note"), (0.1, True, "broken")],
)
def test_room_is_held_against_what_is_still_to_be_written(monkeypatch, free, whole, expected):
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: Usage(0, 0, free * room.GB))
    monkeypatch.setattr(making, "is_whole", lambda: whole)
    assert expected == room.disk().state.value


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "mine"))
    monkeypatch.setattr(room.tempfile, "TemporaryFile", fails)
    found = room.folders()
    assert (State.BROKEN, True) == (found.state, f"{tmp_path} cannot be written" in found.said)
    assert "WORKBOOK_WORKSPACE" in found.fix


def test_a_home_that_cannot_be_written_is_noted(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(room.os, "access", lambda *_: False)
    assert State.NOTE is room.folders().state


def test_looking_at_folders_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "mine"))
    assert State.SOUND is room.folders().state
    assert [] == list(tmp_path.iterdir())


def test_loopback_that_does_not_answer_is_broken(monkeypatch):
    monkeypatch.setattr(network.socket, "create_server", fails)
    found = network.loopback()
    assert (State.BROKEN, True) == (found.state, "Permission denied" in found.said)


@pytest.mark.parametrize("resolved", [[], [(2, 1, 6, "", ("10.0.0.1", 80))]])
def test_a_localhost_that_is_another_is_noted(monkeypatch, resolved):
    real = socket.getaddrinfo
    monkeypatch.setattr(
        network.socket,
        "getaddrinfo",
        lambda host, *rest: resolved if host == "localhost" else real(host, *rest),
    )
    found = network.loopback()
    assert (State.NOTE, True) == (found.state, "/etc/hosts" in found.fix)


def test_a_port_in_use_is_passed_over_and_said(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(network, "FIRST_PORT", taken.getsockname()[1])
        found = network.ports()
        assert (State.SOUND, True) == (found.state, "is in use" in found.said)
        monkeypatch.setattr(network, "PORTS", 1)
        assert State.BROKEN is network.ports().state


@pytest.mark.parametrize(
    ("excepted", "expected"), [("", "note"), ("example.org", "note"), ("a, 127.0.0.1", "sound")]
)
def test_a_proxy_is_noted_unless_it_leaves_loopback_alone(monkeypatch, excepted, expected):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy")
    monkeypatch.setenv("NO_PROXY", excepted)
    monkeypatch.delenv("no_proxy", raising=False)
    assert expected == network.proxies().state.value


def test_a_clock_that_stands_before_the_files_is_broken(monkeypatch):
    monkeypatch.setattr(machine.time, "time", lambda: 0.0)
    assert State.BROKEN is machine.clock().state


def test_few_open_files_and_little_memory_are_noted(monkeypatch):
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (256, 256))
    assert ("note", "`ulimit -n 4096`") == (
        machine.open_files().state.value,
        machine.open_files().fix,
    )
    assert State.NOTE is machine._memory(0.3, "available").state


def test_no_browser_is_no_fault(monkeypatch):
    def none() -> None:
        raise machine.webbrowser.Error

    monkeypatch.setattr(machine.webbrowser, "get", none)
    assert State.NOTE is machine.browser().state


def test_text_that_is_not_utf8_is_noted():
    code = "from workbook.doctor import machine; print(machine.language().state.value)"
    ran = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code],
        env={"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(settings.root())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "note" == ran.stdout.strip()


REAL = {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL"}


def test_real_credentials_are_named_and_never_shown(monkeypatch, tmp_path):
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE", raising=False)
    found = place.credentials()
    assert State.NOTE is found.state
    assert all(name in found.said for name in [*REAL, str(tmp_path / ".aws" / "credentials")])
    assert [] == [value for value in REAL.values() if value in found.said + found.fix]
    unset = found.fix.strip("`").split()
    assert ("unset", set(REAL)) == (unset[0], set(REAL) & set(unset[1:]))


def test_what_the_workbook_sets_itself_is_not_real(monkeypatch, tmp_path):
    for name in settings._CREDENTIALS:
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.variables_for_learning().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert [] == settings.real_credentials()


def test_a_repository_that_lacks_a_part_is_told_how_to_get_it_back(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "root", lambda: tmp_path)
    found = place.repository()
    assert (State.BROKEN, True) == (found.state, "checkout -- requirements.txt" in found.fix)


def test_a_lock_that_does_not_match_is_broken(monkeypatch):
    def differs(_: Path) -> None:
        raise SetUpError("requirements.txt does not pin tea.", "Refresh the lock.")

    monkeypatch.setattr(making, "compare_lock_with_metadata", differs)
    found = place.repository()
    assert (State.BROKEN, "Refresh the lock.") == (found.state, found.fix)


def half_made(folder: Path) -> None:
    (folder / making.MARK).touch()
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)


def without_python(folder: Path) -> None:
    (folder / making.MARK).touch()
    (folder / making.STAMP).touch()


def stale(folder: Path) -> None:
    half_made(folder)
    (folder / making.STAMP).write_text("{}")


@pytest.mark.parametrize(
    ("make", "expected", "words"),
    [
        (lambda folder: None, "note", "not made yet"),
        (lambda folder: (folder / "theirs").touch(), "broken", "was not made by the workbook"),
        (half_made, "broken", "was not finished"),
        (without_python, "broken", "does not start"),
        (stale, "note", "of another lock"),
    ],
)
def test_an_environment_that_is_not_ready_is_told_apart(
    monkeypatch, tmp_path, make, expected, words
):
    monkeypatch.setenv("WORKBOOK_VENV", str(tmp_path))
    monkeypatch.setattr(entering, "ready", lambda: None)
    make(tmp_path)
    found = place.environment()
    assert (expected, True) == (found.state.value, words in found.said)
    assert found.fix


def test_what_an_active_environment_lacks_is_said(monkeypatch):
    monkeypatch.setattr(entering, "ready", settings.venv)
    lacking = {Path("/theirs"): ["chalice is 1.0 (wanted: 1.34.0)"]}
    monkeypatch.setattr(entering, "differing", lambda: lacking)
    found = place.environment()
    assert (State.NOTE, True) == (found.state, "/theirs is active, but lacks" in found.said)


@pytest.fixture
def shelf(monkeypatch, tmp_path):
    """A wheelhouse that is said to be whole, with one wheel in it, and a workspace."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    (folder / "tea_shop-1.0-py3-none-any.whl").touch()
    (tmp_path / "requirements.txt").write_text("tea-shop==1.0\n")
    ours = wheelhouse.Wheelhouse(folder, tmp_path / "requirements.txt", tmp_path / "lock")
    monkeypatch.setattr(wheelhouse, "ours", lambda: ours)
    monkeypatch.setattr(wheelhouse.Wheelhouse, "is_whole", lambda _: True)
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "workspace" / "chalice_app").mkdir(parents=True)
    return ours


def test_a_requirement_of_the_learners_that_has_no_wheel_is_named(shelf, tmp_path):
    mine = tmp_path / "workspace" / "chalice_app" / "requirements.txt"
    mine.write_text("tea_shop\n")
    assert State.SOUND is place.wheels().state
    mine.write_text("tea_shop\nrequests>=2\n")
    found = place.wheels()
    assert (State.NOTE, True) == (found.state, "asks for requests>=2, which" in found.said)
    assert "PIP_NO_INDEX=" in found.fix


def test_wheels_that_were_not_fetched_are_noted(shelf, monkeypatch):
    monkeypatch.setattr(wheelhouse.Wheelhouse, "is_whole", lambda _: False)
    assert (State.NOTE, True) == (place.wheels().state, "not fetched yet" in place.wheels().said)


def test_packages_that_differ_and_widgets_that_are_not_there_are_broken(monkeypatch, tmp_path):
    monkeypatch.setattr(inside.pins, "lacking", lambda *_: ["chalice is not installed"])
    assert (State.BROKEN, inside.ANEW) == (inside.packages().state, inside.packages().fix)
    monkeypatch.setattr(inside.sys, "prefix", str(tmp_path))
    assert "JupyterLab shows no widget" in inside.widgets().said


def test_a_kernel_or_a_cloud_that_does_not_start_is_broken_with_its_own_last_words(monkeypatch):
    monkeypatch.setattr(inside, "KERNEL", "raise OSError('no sockets here')")
    monkeypatch.setattr(inside, "CLOUD", "raise OSError('no threads here')")
    with inside.Trials() as trials:
        kernel, cloud = trials.kernel(), trials.cloud()
    assert (State.BROKEN, State.BROKEN) == (kernel.state, cloud.state)
    assert "no sockets here" in kernel.said and "no threads here" in cloud.said


def test_a_kernel_of_another_python_is_broken(monkeypatch):
    monkeypatch.setattr(inside, "KERNEL", "print('/bin/sh')")
    monkeypatch.setattr(inside, "CLOUD", "pass")
    with inside.Trials() as trials:
        assert "A kernel runs /bin/sh" in trials.kernel().said


def test_trials_leave_no_process(monkeypatch):
    waits = "import sys, time; print(flush=True); sys.stdin.read(); __import__('signal').pause()"
    monkeypatch.setattr(inside, "KERNEL", waits)
    monkeypatch.setattr(inside, "CLOUD", waits)
    with inside.Trials() as trials:
        processes = (trials._kernel, trials._cloud)
    assert [] == [each.pid for each in processes if each.poll() is None]


def test_a_look_that_fails_spoils_none_of_the_others(monkeypatch):
    monkeypatch.setitem(examination.ANYWHERE, "memory", fails)
    report = examination.examine(within=False)
    (memory,) = [each for each in report.findings if each.name == "memory"]
    assert (State.NOTE, True) == (memory.state, "could not be looked at" in memory.said)
    assert list(examination.ANYWHERE) == [each.name for each in report.findings]


def test_without_loopback_nothing_is_tried_that_needs_it(monkeypatch):
    monkeypatch.setattr(network.socket, "create_server", fails)
    monkeypatch.setitem(examination.ANYWHERE, "loopback", network.loopback)
    monkeypatch.setattr(inside, "Trials", fails)
    report = examination.examine(within=True)
    assert ("loopback",) == tuple(each.name for each in report.broken)
    assert all("not tried" in each.said for each in report.findings[-2:])


def test_here_a_kernel_runs_a_line_a_cloud_answers_and_each_look_has_its_name():
    before = os.environ.get("AWS_ENDPOINT_URL")
    report = examination.examine(within=True)
    assert report.broken == (), repr(report)
    tried = [each.name for each in report.findings[-4:]]
    assert ["packages", "widgets", "kernel", "local cloud"] == tried
    assert before == os.environ.get("AWS_ENDPOINT_URL")  # the cloud was tried elsewhere
