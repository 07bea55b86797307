"""The house is clean: formatted, linted, and its types hold."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",)],
    ids=["formatted", "linted", "typed"],
)
def test_the_source_is(command):
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert 0 == ran.returncode, ran.stdout + ran.stderr


def test_decisions_are_numbered_without_gap_or_double():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert list(range(1, len(pages) + 1)) == [int(page.name[:4]) for page in pages]
    titled = [int(page.read_text().split(".")[0].removeprefix("# ")) for page in pages]
    assert list(range(1, len(pages) + 1)) == titled
