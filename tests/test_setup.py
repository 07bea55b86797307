"""The one real installation: from a clean copy of the repository, as a new user's first start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from workbook import settings

PROOF = """
from pathlib import Path
from workbook.environment import pins
print(pins.lacking(pins.read(Path("requirements.txt")), 9))
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The tracked files, alone in a folder, with the variables of a shell in which nothing is active."""
    place = tmp_path_factory.mktemp("clone")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=settings.root(), capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (settings.root() / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(settings.root() / name, place / name)
    return place


def start(clone, *arguments):
    unusual = ("WORKBOOK_VENV", "PYTHONDONTWRITEBYTECODE")
    variables = {name: value for name, value in os.environ.items() if name not in unusual}
    return subprocess.run(
        [sys._base_executable, "-m", "workbook", "test", *arguments],
        cwd=clone,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_fresh_clone_installs_the_whole_lock_and_does_not_install_again(clone):
    first = start(clone, "--version")
    if "could not fetch the packages" in first.stderr:
        pytest.skip("the first start needs the network, and there is none")
    assert (0, True) == (first.returncode, first.stdout.splitlines()[-1].startswith("pytest "))

    python = clone / ".venv" / "bin" / "python"
    lacking = subprocess.run([python, "-c", PROOF], cwd=clone, capture_output=True, check=True)
    assert b"[]\n" == lacking.stdout

    again = start(clone, "--version")
    assert 1 == len(again.stdout.splitlines())
