"""A room's tables: right sums, and no harm from what others wrote."""

from __future__ import annotations

import csv

from workbook.check import Catalogue, Chapter
from workbook.check.collecting import Record, Standing, Unread
from workbook.panels.room_table import RoomTable


def catalogue():
    made = []
    for chapter_slug, slugs in (("shop", ("sell", "buy")), ("store", ("count",))):
        chapter = Chapter(chapter_slug, title="x", minutes=1)
        for slug in slugs:
            options = {"title": slug, "minutes": 2, "difficulty": "easy"}
            chapter.exercise(slug, hints=("a", "b", "c"), **options)(print)
        made.append(chapter)
    return Catalogue(made)


ANNA = Record("anna", {"sell": Standing("passed", 2, 1), "count": Standing("failed", 3, 2, True)})
BO = Record("bo", {"sell": Standing("passed", 1), "gone": Standing("passed", 1)})
ROOM = RoomTable(catalogue(), [ANNA, BO], [Unread("c.json", "is no file")])


def test_a_row_a_learner_counts_what_is_passed():
    assert [
        ["learner", "shop", "store", "passed"],
        ["anna", "1/2", "0/1", "1/3"],
        ["bo", "1/2", "0/1", "1/3"],
    ] == ROOM.learners()


def test_a_row_an_exercise_shows_where_the_room_got_stuck():
    assert [
        ["exercise", "passed", "failed", "not attempted", "attempts", "hints", "solution"],
        ["sell", "2", "0", "0", "3", "1", "0"],
        ["buy", "0", "0", "2", "0", "0", "0"],
        ["count", "0", "1", "1", "3", "2", "1"],
    ] == ROOM.exercises()


def test_the_text_aligns_its_columns_and_names_what_was_not_read():
    assert "anna      1/2    0/1     1/3" in repr(ROOM)
    assert repr(ROOM).endswith("Not read: c.json is no file.")


def test_a_room_without_a_record_says_so():
    assert "0 read, 3 exercises" == repr(RoomTable(catalogue(), []))


def test_the_spreadsheet_has_a_row_an_exercise_and_learner():
    rows = list(csv.DictReader(ROOM.as_csv().splitlines()))
    assert 6 == len(rows)
    assert ("anna", "store", "count", "failed", "3", "2", "True") == tuple(rows[2].values())


def test_a_files_name_is_neither_a_formula_nor_a_terminals_command():
    evil = RoomTable(catalogue(), [Record("=cmd()", {}), Record("\x1b[2J", {})])
    assert "\x1b" not in repr(evil)
    assert "'=cmd()" == next(iter(csv.DictReader(evil.as_csv().splitlines())))["learner"]
