"""The environment: made on first use, mended when it must be, and every fault told in a sentence."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import signal
import sys
from pathlib import Path

import psutil
import pytest

NO_NETWORK = "error: Failed to fetch: `somewhere`\n  Caused by: dns error"


def two_lines(started) -> tuple[str, str]:
    """The problem and the fix, which are all that is said on stderr."""
    assert (1, 2) == (started.code, len(started.err.splitlines())), started
    problem, fix = started.err.splitlines()
    return problem, fix


def test_the_first_start_installs_the_lock_by_its_hashes_then_the_package(toy):
    assert 0 == toy.start("test").code
    lock, package = toy.installed()
    assert {"--require-hashes", str(toy.root / "requirements.txt")} <= set(lock)
    assert ["--no-deps", "--no-build-isolation", "-e", str(toy.root)] == package[-4:]


def test_the_first_start_says_how_many_packages_there_will_be(toy):
    out = toy.start("test").out
    assert "of 4 packages" in out or "fetching 4 packages" in out  # of five pins, one is elsewhere


def test_a_later_start_installs_nothing_and_says_nothing(toy):
    toy.start("test")
    again = toy.start("test")
    assert (2, 1) == (len(toy.installed()), len(again.out.splitlines()))


def test_a_later_start_waits_for_nobody(toy):
    toy.start("test")
    with (toy.venv / "workbook.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert 0 == toy.start("test").code


def test_the_command_goes_on_in_the_environment(toy):
    _, variables, prefix = toy.start("test").became
    assert str(toy.venv) == prefix
    assert "PYTHONPATH" not in variables


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_or_metadata_is_installed_over_what_is_there(toy, name):
    toy.start("test")
    kept = toy.venv / "the-learner-installed-this"
    kept.touch()
    with (toy.root / name).open("a") as file:
        file.write("# newer\n")
    assert "up to date" in toy.start("test").out
    assert (4, True) == (len(toy.installed()), kept.exists())


def test_a_repository_that_was_moved_gets_a_new_environment(toy):
    toy.start("test")
    moved = toy.root.rename(toy.root.with_name("moved"))
    toy.root = moved
    assert "Making the environment" in toy.start("test").out


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"lock": 1}', "\0"])
def test_a_spoilt_stamp_is_as_good_as_none(toy, spoilt):
    toy.start("test")
    toy.stamp.write_text(spoilt)
    assert 0 == toy.start("test").code
    assert {"lock", "root", "python"} == set(json.loads(toy.stamp.read_text()))


def test_an_environment_whose_python_is_gone_is_made_anew(toy):
    toy.start("test")
    python = toy.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert 0 == toy.start("test").code


def test_an_environment_whose_python_has_become_another_is_made_anew(toy):
    toy.start("test")
    stamp = json.loads(toy.stamp.read_text())
    assert platform.python_version().rstrip("+") == stamp["python"]
    toy.stamp.write_text(json.dumps({**stamp, "python": "3.10.0"}))
    assert "Making the environment" in toy.start("test").out


def test_a_start_killed_half_way_is_mended_by_the_next(toy, told):
    killed = toy.popen("test", FAKE_HANGS=str(told))
    installer = int(told.read_text())
    for pid in (killed.pid, installer):
        os.kill(pid, signal.SIGKILL)
    killed.communicate()
    assert not toy.stamp.exists()
    half = list(toy.venv.glob("lib/*/site-packages/pip.py"))
    assert 1 == len(half)
    half[0].write_text("half writt")
    assert 0 == toy.start("test").code
    assert "half writt" not in half[0].read_text()


def test_an_update_killed_half_way_is_made_anew_by_the_next_start(toy, told):
    toy.start("test")
    with (toy.root / "requirements.txt").open("a") as file:
        file.write("# newer\n")
    killed = toy.popen("test", FAKE_HANGS=str(told))
    told.read_text()
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    (half,) = toy.venv.glob("lib/*/site-packages/pip.py")
    half.with_name("stray.py").touch()
    assert "Making the environment" in toy.start("test").out
    assert not half.with_name("stray.py").exists()


def test_an_installer_that_outlives_its_killed_start_keeps_the_next_one_waiting(toy, told):
    killed = toy.popen("test", FAKE_HANGS=str(told))
    installer = int(told.read_text())
    killed.kill()
    killed.wait()
    second = toy.popen("test")
    assert "waiting for it" in second.stdout.readline()
    os.kill(installer, signal.SIGKILL)
    _, err = second.communicate(timeout=60)
    assert (0, "") == (second.returncode, err)
    killed.communicate()


def test_of_two_starts_at_once_one_installs_and_the_other_waits(toy, told):
    first = toy.popen("test", FAKE_HANGS=str(told))
    installer = int(told.read_text())
    second = toy.popen("test")
    assert "waiting for it" in second.stdout.readline()
    os.kill(installer, signal.SIGTERM)  # the first fails; the second mends
    assert 1 == (first.communicate(timeout=60), first.returncode)[1]
    _, err = second.communicate(timeout=60)
    assert (0, "") == (second.returncode, err)


def test_many_starts_at_once_install_once(toy):
    starts = [toy.popen("test") for _ in range(4)]
    ends = [(start.communicate(timeout=60)[1], start.returncode) for start in starts]
    assert [("", 0)] * 4 == ends
    assert 2 == len(toy.installed())


def test_ctrl_c_while_it_installs_is_quiet_and_ends_the_installer(toy, told):
    start = toy.popen("test", FAKE_HANGS=str(told))
    installer = psutil.Process(int(told.read_text()))
    os.killpg(start.pid, signal.SIGINT)
    _, err = start.communicate(timeout=60)
    assert (130, "") == (start.returncode, err)
    psutil.wait_procs([installer], timeout=10)
    assert not installer.is_running()


def test_an_update_without_network_leaves_the_environment_to_be_updated_later(toy):
    toy.start("test")
    with (toy.root / "requirements.txt").open("a") as file:
        file.write("# newer\n")
    two_lines(toy.start("test", FAKE_SAYS="error: Failed to fetch"))
    assert "up to date" in toy.start("test").out


def test_an_environment_that_someone_else_made_is_left_alone(toy):
    theirs = toy.venv / "lib" / "theirs.txt"
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    problem, fix = two_lines(toy.start("test"))
    assert "was not made by the workbook" in problem
    assert "WORKBOOK_VENV" in fix
    assert [theirs] == [path for path in toy.venv.rglob("*") if path.is_file()]


def test_an_empty_folder_in_its_place_is_nobodys(toy):
    toy.venv.mkdir()
    assert 0 == toy.start("test").code


@pytest.mark.parametrize(
    "said", ["OSError: [Errno 28] No space left on device", "File too large (os error 27)"]
)
def test_a_full_disk_is_told_as_such(toy, said):
    problem, fix = two_lines(toy.start("test", FAKE_SAYS=said))
    assert "disk is full" in problem
    assert "Free about" in fix


def test_a_hash_that_differs_is_not_taken_for_a_missing_network(toy):
    started = toy.start(
        "test", FAKE_SAYS="error: Hash mismatch for `pip==1.0`\nTry: Failed to fetch"
    )
    assert "its hash differs" in started.err
    assert "trying pip" not in started.out


def test_a_failure_nobody_foresaw_is_shown_as_it_came(toy):
    assert "an odd thing happened" in toy.start("test", FAKE_SAYS="an odd thing happened").err


def test_a_folder_that_cannot_be_written_is_named(toy):
    place = Path("/proc/workbook") if sys.platform == "linux" else Path("/System/workbook")
    problem, fix = two_lines(toy.start("test", WORKBOOK_VENV=str(place)))
    assert str(place) in problem
    assert "a folder of your own" in fix


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_missing_lock_or_metadata_is_named(toy, name):
    (toy.root / name).unlink()
    problem, fix = two_lines(toy.start("test"))
    assert name in problem
    assert "git checkout" in fix


def test_a_lock_that_lacks_what_the_metadata_asks_for_is_refused(toy):
    metadata = toy.root / "pyproject.toml"
    metadata.write_text(metadata.read_text().replace('"pip"', '"pip", "Some_Thing>=2; x"'))
    problem, fix = two_lines(toy.start("test"))
    assert "does not pin Some_Thing" in problem
    assert "uv pip compile" in fix


def test_a_limit_on_file_sizes_is_told_as_a_full_disk(toy):
    limited = (
        "import resource, runpy, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "sys.argv = ['workbook', 'test']\n"
        "runpy.run_module('workbook', run_name='__main__')\n"
    )
    problem, _ = two_lines(toy.start(program=("-c", limited)))
    assert "disk is full" in problem


def test_the_installer_does_not_start_in_the_repository(toy):
    """There uv reads [tool.uv], meant for the lock alone, and would install for Python 3.11."""
    toy.start("test")
    assert {"/"} == {run["cwd"] for run in toy.runs()}


STRAY = {
    "PIP_USER": "1",
    "PIP_TARGET": "/nowhere",
    "PIP_PREFIX": "/nowhere",
    "PIP_CONSTRAINT": "/nowhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "UV_PYTHON": "/nowhere",
    "UV_SYSTEM_PYTHON": "1",
    "UV_CONSTRAINT": "/nowhere",
    "PYTHONPATH": "/nowhere",
    "VIRTUAL_ENV": "/nowhere",
    "CONDA_PREFIX": "/nowhere",
}
WANTED = {
    "PIP_INDEX_URL": "file:///mirror",
    "PIP_FIND_LINKS": "/wheels",
    "PIP_CERT": "/certificate",
    "UV_CACHE_DIR": "/cache",
    "HTTPS_PROXY": "proxy:1",
}


def test_stray_settings_reach_no_installer_and_those_of_the_network_do(toy):
    assert 0 == toy.start("test", **STRAY, **WANTED).code
    seen = toy.runs()[0]["env"]
    assert {"PIP_USER"} == {name for name in STRAY if name in seen}
    assert "0" == seen["PIP_USER"]
    assert WANTED == {name: seen[name] for name in WANTED}


def test_uv_is_told_the_index_that_only_pip_was_told(toy):
    toy.start("test", **WANTED)
    seen = toy.runs()[0]["env"]
    assert ("file:///mirror", "/wheels") == (seen["UV_DEFAULT_INDEX"], seen["UV_FIND_LINKS"])


def test_an_active_environment_that_satisfies_the_lock_is_used_as_it_is(toy):
    toy.start("test")
    theirs = toy.venv.rename(toy.home / "theirs")
    started = toy.start("test", VIRTUAL_ENV=str(theirs))
    assert (0, False) == (started.code, toy.venv.exists())
    assert 2 == len(toy.installed())


def test_an_interpreter_that_satisfies_the_lock_is_used_as_it_is(toy):
    toy.start("test")
    theirs = toy.venv.rename(toy.home / "theirs")
    _, variables, prefix = toy.start("test", python=str(theirs / "bin" / "python")).became
    assert (str(theirs), False) == (prefix, toy.venv.exists())
    assert str(toy.root) == variables["PYTHONPATH"]  # the workbook itself is not installed there


def test_what_an_active_environment_lacks_is_said_before_going_on_without_it(toy):
    toy.start("test")
    theirs = toy.venv.rename(toy.home / "theirs")
    (info,) = theirs.glob("lib/*/site-packages/pytest-9.0.dist-info/METADATA")
    info.write_text("Name: pytest\nVersion: 8.4\n")
    started = toy.start("test", python=str(theirs / "bin" / "python"))
    assert "pytest is 8.4 (wanted: 9.0)" in started.out
    assert (0, True) == (started.code, toy.venv.exists())


def test_what_another_active_environment_lacks_is_said_too(toy):
    """The shell says that it is active, and yet another Python runs."""
    toy.start("test")
    theirs = toy.venv.rename(toy.home / "theirs")
    (info,) = theirs.glob("lib/*/site-packages/pytest-9.0.dist-info/METADATA")
    info.write_text("Name: pytest\nVersion: 8.4\n")
    started = toy.start("test", CONDA_PREFIX=str(theirs))
    assert f"The active environment {theirs} does not satisfy the lock" in started.out
    assert "pytest is 8.4 (wanted: 9.0)" in started.out
    assert 1 == started.out.count("does not satisfy")


def test_an_active_environment_of_another_python_is_told_by_its_version(toy):
    python = toy.home / "old" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 3.9.1\n")
    python.chmod(0o755)
    started = toy.start("test", CONDA_PREFIX=str(toy.home / "old"))
    assert "Python is 3.9.1 (wanted: 3.13 or 3.12 or 3.11)" in started.out
    assert 0 == started.code


@pytest.mark.parametrize("command", ["test", "lab"])
def test_an_environment_from_which_packages_were_taken_is_told_by_what_it_lacks(toy, command):
    toy.start("test")
    for name in ("pytest", "jupyterlab"):
        (module,) = toy.venv.glob(f"lib/*/site-packages/{name}.py")
        module.unlink()
        (info,) = toy.venv.glob(f"lib/*/site-packages/{name}-*.dist-info/METADATA")
        info.unlink()
        info.parent.rmdir()
    problem, fix = two_lines(toy.start(command))
    assert "is broken: pytest is not installed (wanted: 9.0); jupyterlab is not" in problem
    assert f"rm -rf {toy.venv}" in fix


def test_metadata_in_the_middle_of_a_merge_is_named(toy):
    with (toy.root / "pyproject.toml").open("a") as file:
        file.write("<<<<<<< HEAD\n")
    problem, fix = two_lines(toy.start("test"))
    assert "pyproject.toml cannot be read" in problem
    assert "merge" in fix


def test_a_lock_in_the_middle_of_a_merge_is_named(toy):
    with (toy.root / "requirements.txt").open("a") as file:
        file.write("<<<<<<< HEAD\n")
    problem, fix = two_lines(toy.start("test"))
    assert "holds an unfinished merge" in problem
    assert "git checkout" in fix
