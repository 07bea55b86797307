"""Progress: kept, never lost, never half-written."""

import json
import os
import subprocess
import sys

import pytest

from workbook.check import Progress
from workbook.errors import WorkbookError


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progress.json"


def test_a_verdict_is_there_for_the_next_kernel(file):
    Progress(file).record("sell", "passed")
    assert "passed" == Progress(file).status("sell")


def test_a_pass_is_never_taken_back(file):
    progress = Progress(file)
    progress.record("sell", "passed")
    progress.record("sell", "failed")
    assert ("passed", 2) == (progress.status("sell"), progress.attempts("sell"))


def test_an_untouched_exercise_costs_no_attempt(file):
    progress = Progress(file)
    progress.record("sell", "not attempted")
    assert 0 == progress.attempts("sell")


def test_exercises_this_version_does_not_know_are_kept(file):
    file.write_text('{"exercises": {"from-the-future": {"status": "passed", "attempts": 1}}}')
    Progress(file).record("sell", "failed")
    assert "passed" == Progress(file).status("from-the-future")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"exercises": 3}', '{"exercises": {"a": 1}}', "\x00\x01"]
)
def test_a_file_that_cannot_be_read_is_kept_aside_and_named(file, content, capsys):
    file.write_text(content)
    Progress(file).record("sell", "passed")
    assert content == file.with_name("progress.json.unreadable-1").read_text()
    assert "progress.json.unreadable-1" in capsys.readouterr().out
    assert "passed" == Progress(file).status("sell")


def test_a_crash_while_writing_leaves_the_old_file_whole(file, monkeypatch):
    Progress(file).record("sell", "passed")
    before = file.read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(WorkbookError, match="No space left on device"):
        Progress(file).record("buy", "passed")
    assert before == file.read_text()
    assert ["progress.json"] == [
        p.name for p in file.parent.iterdir() if not p.name.endswith(".lock")
    ]


def test_two_kernels_checking_at_once_lose_nothing(file):
    program = (
        "import sys; from pathlib import Path; from workbook.check import Progress\n"
        "for n in range(40): Progress(Path(sys.argv[1])).record(f'{sys.argv[2]}-{n}', 'passed')"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", program, str(file), name]) for name in ("a", "b")
    ]
    assert [0, 0] == [kernel.wait(60) for kernel in kernels]
    assert 80 == len(json.loads(file.read_text())["exercises"])


def test_without_a_file_progress_lives_as_long_as_the_kernel():
    progress = Progress()
    progress.record("sell", "passed")
    assert ("passed", "not attempted") == (progress.status("sell"), Progress().status("sell"))
