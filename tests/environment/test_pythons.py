"""A Python that does not fit is answered by one that does, or by a sentence."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbook import settings
from workbook.__main__ import refused
from workbook.environment import pythons
from workbook.errors import SetUpError

PACKAGE = Path(pythons.__file__).resolve().parents[1]
# What is imported before a fit Python is found.
READ_BY_ANY = ["__init__.py", "__main__.py", "errors.py", "settings.py"]
READ_BY_ANY += ["environment/__init__.py", "environment/pythons.py"]


def interpreter(path: Path, version: str) -> Path:
    """A program that answers as a Python of that version; none, as a pyenv shim that refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n" if version else "#!/bin/sh\nexit 127\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with no Python but those the test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("WORKBOOK_VENV", str(tmp_path / "venv"))
    return tmp_path


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_must_be_read_by_python_3_6_asks_nothing_of_the_future(name):
    text = (PACKAGE / name).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 6))
    assert "from __future__" not in text


@pytest.mark.parametrize(
    ("version", "system", "expected"),
    [
        ((3, 6), "posix", "This is Python 3.6, which is too old"),
        ((3, 7), "posix", "This is Python 3.7, which is too old"),
        ((3, 12), "nt", "on Windows within WSL"),
    ],
)
def test_where_nothing_can_run_it_is_told_in_two_lines(version, system, expected):
    told = refused(version, system)
    assert (True, 2) == (expected in told, len(told.splitlines()))


@pytest.mark.parametrize("version", [(3, 8), (3, 11), (3, 14)])
def test_a_python_that_can_look_for_another_is_let_in(version):
    assert "" == refused(version, "posix")


@pytest.mark.parametrize("name", READ_BY_ANY)
def test_what_is_imported_first_can_be_parsed_by_python_3_8(name):
    ast.parse((PACKAGE / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_newest_python_on_path_that_fits_is_found(machine):
    interpreter(machine / "bin" / "python3.11", "3.11.9")
    expected = interpreter(machine / "bin" / "python3.12", "3.12.1")
    assert str(expected) == pythons.find((3, 11), (3, 14))


def test_a_shim_that_refuses_to_run_is_passed_over_for_the_version_behind_it(machine):
    interpreter(machine / "bin" / "python3.13", "")
    expected = interpreter(machine / "pyenv/versions/3.13.0/bin/python", "3.13.0")
    assert str(expected) == pythons.find((3, 11), (3, 14))


def test_a_python_that_uv_has_is_found(machine):
    expected = interpreter(machine / "uv-pythons" / "python", "3.12.4")
    uv = machine / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f'#!/bin/sh\ncase "$*" in *3.12) echo {expected};; *) exit 2;; esac\n')
    uv.chmod(0o755)
    assert str(expected) == pythons.find((3, 11), (3, 14))


def test_the_environments_own_python_comes_first(machine):
    interpreter(machine / "bin" / "python3.13", "3.13.0")
    expected = interpreter(machine / "venv" / "bin" / "python", "3.11.2")
    assert str(expected) == pythons.find((3, 11), (3, 14))


def test_a_name_that_lies_about_its_version_is_not_believed(machine):
    interpreter(machine / "bin" / "python3.12", "3.8.1")
    assert pythons.find((3, 11), (3, 14)) is None


@pytest.mark.parametrize("mine", [(3, 8), (3, 10), (3, 14)])
def test_without_any_that_fits_the_sentence_names_what_to_install(machine, monkeypatch, mine):
    monkeypatch.setattr(pythons, "sys", SimpleNamespace(version_info=(*mine, 0)))
    with pytest.raises(SetUpError) as raised:
        pythons.go_on_with_a_fit_one(["test"])
    assert f"this is Python {mine[0]}.{mine[1]}" in raised.value.problem
    assert "Install Python 3.13 or 3.12 or 3.11" in raised.value.fix


def test_it_is_said_which_python_was_taken_and_the_command_goes_on_with_it(
    machine, monkeypatch, capfd
):
    taken = interpreter(machine / "bin" / "python3.12", "3.12.1")
    monkeypatch.setattr(pythons, "sys", SimpleNamespace(version_info=(3, 8, 0)))
    started = []
    monkeypatch.setattr(pythons.os, "execve", lambda _, *call: started.append(call))
    pythons.go_on_with_a_fit_one(["test", "-x"])
    assert f"going on with {taken}" in capfd.readouterr().out
    argv, variables = started[0]
    assert [str(taken), "-m", "workbook", "test", "-x"] == argv
    assert str(settings.root()) == variables["PYTHONPATH"]


def test_a_python_that_is_too_old_gets_the_sentence_and_no_traceback(machine):
    """Where the machine has one that old."""
    old = [
        python
        for version in ("3.6", "3.7", "3.8", "3.9", "3.10")
        for python in (Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python")
    ]
    if not old:
        pytest.skip("no Python older than 3.11 on this machine")
    for python in old:
        done = subprocess.run(
            [python, "-m", "workbook", "test"],
            cwd=settings.root(),
            env={"PATH": "/nowhere", "WORKBOOK_VENV": "/nowhere", "HOME": "/nowhere"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (1, 2) == (done.returncode, len(done.stderr.splitlines())), done.stderr
