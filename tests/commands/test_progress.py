"""`python3 -m workbook progress`: the board in a terminal, one learner's file, a room's table."""

from __future__ import annotations

import json

import pytest

from workbook import commands
from workbook.check import Progress
from workbook.errors import WorkbookError


@pytest.fixture(autouse=True)
def record(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.chdir(tmp_path)
    record = Progress(tmp_path / "workspace" / "progress.json")
    record.record("read-one-item", "passed")
    return record


def run(*argv):
    command, options = commands.parse(["progress", *argv])
    return command.run(options)


def test_the_board_of_the_workspace_is_shown_wherever_it_is_typed(capsys):
    assert 0 == run()
    shown = capsys.readouterr().out
    assert "✔ Read one item" in shown
    assert "Next: Put a route in order" in shown


def test_a_room_is_collected_and_read(record, tmp_path, capsys):
    assert 0 == run("--export", "room/anna.json")
    record.record("parsons-route", "failed")
    assert 0 == run("--export", "room/bo.json")
    assert 0 == run("--read", "room", "--csv", "table.csv")
    shown = capsys.readouterr().out
    assert "2 read" in shown
    assert "anna" in shown
    assert "bo,routes-and-decorators,parsons-route,failed,1,0,False" in (
        (tmp_path / "table.csv").read_text().splitlines()
    )


def test_an_export_may_be_written_again_and_nothing_else_is_overwritten(tmp_path):
    run("--export", "anna.json")
    assert 0 == run("--export", "anna.json")
    mine = tmp_path / "workspace" / "progress.json"
    before = mine.read_text()
    with pytest.raises(WorkbookError, match="is no export of progress"):
        run("--export", str(mine))
    assert before == mine.read_text()


def test_an_export_without_any_work_is_empty_and_sound(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "other"))
    run("--export", "new.json")
    assert {} == json.loads((tmp_path / "new.json").read_text())["exercises"]


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--read", "nowhere"], "The folder nowhere cannot be read"),
        (["--csv", "table.csv"], "there is no --read"),
        (["--export", "in-the-way/x.json"], "could not be written"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_a_fix(argv, says, tmp_path):
    (tmp_path / "in-the-way").touch()
    with pytest.raises(WorkbookError, match=says) as refused:
        run(*argv)
    assert refused.value.fix


def test_a_folder_without_a_record_ends_with_1(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "x.json").write_text("{}")
    assert 1 == run("--read", "room")
