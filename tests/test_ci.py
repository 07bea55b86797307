"""`.ci/run`: a browser first, then the README's test command, with nothing skipped for lack of one.

It is run with a PATH of small programs that write down how they were called.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbook import settings

SCRIPT = settings.root() / ".ci" / "run"
NOTES = '#!/bin/sh\necho "$(basename "$0") $* CI=$CI" >> "$CALLS"\n'


@pytest.fixture
def machine(tmp_path):
    """A PATH without a browser; `add` gives it programs, `run` says what was called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "basename", "env"):
        (programs / name).symlink_to(f"/bin/{name}" if name == "bash" else f"/usr/bin/{name}")

    class Machine:
        def add(self, name, then=""):
            (programs / name).write_text(NOTES + then)
            (programs / name).chmod(0o755)

        def run(self, *arguments):
            calls = tmp_path / "calls"
            ran = subprocess.run(
                [programs / "bash", SCRIPT, *arguments],
                env={"PATH": str(programs), "CALLS": str(calls)},
                capture_output=True,
                text=True,
                check=False,
            )
            return ran.returncode, calls.read_text().splitlines()

    made = Machine()
    made.add("python3", "exit 3\n")
    made.add("apt-get")
    (programs / "id").write_text("#!/bin/sh\necho 0\n")
    (programs / "id").chmod(0o755)
    return made


TESTED = "python3 -m workbook test -k one CI=true"


def test_root_without_a_browser_gets_one_before_the_tests_run(machine):
    code, calls = machine.run("-k", "one")
    update, install, tested = calls
    assert ("apt-get update CI=", TESTED) == (update, tested)
    assert "install" in install
    assert "chromium" in install
    assert 3 == code  # the test command's own


def test_a_browser_that_is_there_is_used(machine):
    machine.add("chromium")
    assert [TESTED] == machine.run("-k", "one")[1]


def test_who_is_not_root_installs_nothing(machine, tmp_path):
    (tmp_path / "bin" / "id").write_text("#!/bin/sh\necho 1000\n")
    assert [TESTED] == machine.run("-k", "one")[1]


def test_the_tests_run_though_no_browser_could_be_had(machine):
    """They then fail with a reason, beside all others, instead of nothing running at all."""
    machine.add("apt-get", "exit 100\n")
    assert TESTED == machine.run("-k", "one")[1][-1]


@pytest.mark.parametrize(("ci", "outcome"), [("true", "failed"), ("", "skipped")])
def test_without_a_browser_its_tests_fail_in_ci_and_are_skipped_elsewhere(ci, outcome, tmp_path):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rsE", "-x"]
    command += ["-W", "ignore", "tests/browser", "-k", "opens_on"]
    ran = subprocess.run(
        command,
        cwd=settings.root(),
        env={**os.environ, "PATH": str(tmp_path), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "there is no browser on PATH" in ran.stdout
    assert (1 if outcome == "failed" else 0) == ran.returncode
    assert ("skipped" in ran.stdout.splitlines()[-1]) == (outcome == "skipped")
