"""A colleague works beside us, in a folder of their own, and tells what came of it."""

from __future__ import annotations

import os

import pytest

from workbook.errors import WorkbookError
from workbook.lessons import colleague
from workbook.lessons.colleague import Colleague


def test_their_lines_run_in_order_in_their_folder_while_we_go_on(tmp_path):
    os.mkfifo(tmp_path / "told")
    at_work = Colleague(tmp_path, "cat told", "pwd", "echo oops >&2")
    assert repr(at_work).endswith("at work")
    (tmp_path / "told").write_text("go on\n")
    assert f"go on\n{tmp_path}\noops\n" == at_work.output() == at_work.output()
    assert repr(at_work).endswith("done")


def test_a_line_that_fails_is_the_last_and_its_words_are_told(tmp_path):
    failing = Colleague(tmp_path, "echo no such stage | grep stage; false | cat", "touch after")
    with pytest.raises(WorkbookError, match="a line that failed: no such stage"):
        failing.output()
    assert [] == list(tmp_path.iterdir())


def test_who_never_ends_is_sent_home(tmp_path, monkeypatch):
    monkeypatch.setattr(colleague, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "never")
    waiting = Colleague(tmp_path, "cat never")
    with pytest.raises(WorkbookError, match="is not done"):
        waiting.output()
    assert repr(waiting).endswith("done")
