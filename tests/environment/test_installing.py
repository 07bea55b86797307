"""uv where it is, pip otherwise, and pip too where uv could fetch nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from workbook.environment import installing
from workbook.environment.failures import NoNetwork
from workbook.errors import SetUpError

LOCK = "pip==26.2.1 \\\n    --hash=sha256:aa\nother==1.0 \\\n    --hash=sha256:bb\n"
PIP_OFFLINE = """\
WARNING: Retrying after connection broken by 'NewConnectionError(... Network is unreachable)': /pip/
ERROR: Could not find a version that satisfies the requirement pip==26.2.1 (from versions: none)
ERROR: No matching distribution found for pip==26.2.1"""


def program(path: Path, fails_when: str, says: str = "") -> None:
    """A program that logs its arguments, and fails when they contain a word."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'#!/bin/sh\necho "{path.name} $*" >> {path.parent.parent}/log\n'
        f'case "$*" in *{fails_when}*) cat <<"END"\n{says}\nEND\nexit 1;; esac\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def target(tmp_path, monkeypatch):
    """An environment whose Python is a fake, on a PATH without uv."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    lock = tmp_path / "requirements.txt"
    lock.write_text(LOCK)
    held = os.open(lock, os.O_RDONLY)
    yield installing.Target(tmp_path, lock, held)
    os.close(held)


def log(target) -> list[str]:
    return (target.folder / "log").read_text().splitlines()


def test_pip_is_brought_to_the_locks_version_by_its_hashes_before_it_reads_the_lock(target):
    program(target.folder / "bin" / "python", fails_when="nothing")
    installing.install(target, Path("/source"))
    _, pip, lock, package = log(target)
    assert pip.endswith(f"--require-hashes -r {target.folder / 'pip.txt'}")
    assert lock.endswith(f"--require-hashes -r {target.lock}")
    assert package.endswith("--no-deps --no-build-isolation -e /source")
    assert "pip==26.2.1 \\\n    --hash=sha256:aa\n" == (target.folder / "pip.txt").read_text()


def test_uv_is_used_where_it_is(target):
    program(target.folder / "bin" / "uv", fails_when="nothing")
    installing.install(target, Path("/source"))
    assert ["uv", "uv"] == [line.split()[0] for line in log(target)]


@pytest.mark.parametrize("told", ["", "1"])
def test_uv_compiles_where_no_import_would(target, monkeypatch, told):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", told)
    program(target.folder / "bin" / "uv", fails_when="nothing")
    installing.install(target, Path("/source"))
    assert bool(told) == ("--compile-bytecode" in log(target)[0])


def test_without_network_pip_is_tried_after_uv_and_the_sentence_names_the_cause(target, capsys):
    program(target.folder / "bin" / "uv", "--require-hashes", "error: Failed to fetch: dns error")
    program(target.folder / "bin" / "python", "--require-hashes", PIP_OFFLINE)
    with pytest.raises(NoNetwork) as raised:
        installing.install(target, Path("/source"))
    assert "trying pip" in capsys.readouterr().out
    assert "Network is unreachable" in raised.value.problem
    assert "needs the network" in raised.value.fix


def test_pip_with_an_index_of_its_own_installs_what_uv_could_not_fetch(target):
    program(target.folder / "bin" / "uv", "--require-hashes", "error: Failed to fetch: dns error")
    program(target.folder / "bin" / "python", fails_when="nothing")
    installing.install(target, Path("/source"))
    assert log(target)[-1].startswith("python ")


@pytest.mark.parametrize("said", ["No module named ensurepip", "ensurepip is disabled in Debian"])
def test_a_python_without_ensurepip_is_told_what_to_install(target, said):
    program(target.folder / "bin" / "python", "ensurepip", said)
    with pytest.raises(SetUpError, match="ensurepip is missing") as raised:
        installing.install(target, Path("/source"))
    assert "-venv" in raised.value.fix
