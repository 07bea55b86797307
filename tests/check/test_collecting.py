"""Progress handed in: what a file holds, what it does not, and what is done with a bad one."""

from __future__ import annotations

import json

import pytest

from workbook.check import Catalogue, Chapter, Progress, collecting
from workbook.check.collecting import Standing


@pytest.fixture
def catalogue():
    chapter = Chapter("shop", title="Shop", minutes=1)
    for slug in ("sell", "buy"):
        options = {"title": slug, "minutes": 2, "difficulty": "easy"}
        chapter.exercise(slug, hints=("a", "b", "c"), **options)(print)
    return Catalogue([chapter])


def test_what_is_exported_is_read_again(catalogue, tmp_path):
    progress = Progress()
    progress.record("sell", "failed")
    progress.record("sell", "passed")
    for seen in ("hint 1", "hint 3", "solution"):
        progress.note("sell", seen)
    file = tmp_path / "anna.json"
    file.write_text(collecting.exported(catalogue, progress))
    ([record], unread) = collecting.collected(tmp_path)
    assert {"sell": Standing("passed", 2, 2, True)} == record.standings
    assert ("anna", []) == (record.name, unread)


def test_a_file_holds_slugs_verdicts_counts_and_nothing_else(catalogue, tmp_path):
    """A record may hold more, by a later version or by hand; none of it leaves."""
    kept = tmp_path / "progress.json"
    mine = {"status": "passed", "attempts": 1, "seen": ["hint 1", "/home/anna"], "who": "anna"}
    kept.write_text(json.dumps({"name": "anna", "exercises": {"sell": mine, "anna-s-own": mine}}))
    exported = json.loads(collecting.exported(catalogue, Progress(kept)))
    standing = {"status": "passed", "attempts": 1, "hints": 1, "solution": False}
    assert {"sell": standing} == exported.pop("exercises")
    assert {"kind": collecting.KIND, "format": 1} == exported


def test_a_full_record_is_a_small_file(tmp_path):
    chapter = Chapter("shop", title="Shop", minutes=1)
    progress = Progress()
    for n in range(90):
        options = {"title": "x", "minutes": 2, "difficulty": "easy"}
        chapter.exercise(f"an-exercise-of-the-shop-{n}", hints=("a", "b", "c"), **options)(print)
        progress.record(f"an-exercise-of-the-shop-{n}", "passed")
    assert len(collecting.exported(Catalogue([chapter]), progress)) < collecting.MOST_BYTES / 10


def spoilt(**changes):
    standing = {"status": "passed", "attempts": 1, "hints": 0, "solution": False, **changes}
    return json.dumps({"kind": collecting.KIND, "format": 1, "exercises": {"sell": standing}})


BAD = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "another kind": '{"exercises": {}}',
    "a later format": json.dumps({"kind": collecting.KIND, "format": 2, "exercises": {}}),
    "an unknown status": spoilt(status="brilliant"),
    "a text for a number": spoilt(attempts="=1+1"),
    "a negative number": spoilt(attempts=-1),
    "a truth for a number": spoilt(hints=True),
    "a fraction": spoilt(attempts=1.5),
    "more than is known": spoilt(name="anna"),
    "too large": " " * (collecting.MOST_BYTES + 1),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_file_that_is_no_record_is_named_and_stops_nothing(content, catalogue, tmp_path):
    (tmp_path / "bad.json").write_text(content)
    (tmp_path / "good.json").write_text(collecting.exported(catalogue, Progress()))
    (tmp_path / "notes.txt").write_text("not looked at")
    ([record], [unread]) = collecting.collected(tmp_path)
    assert ("good", "bad.json") == (record.name, unread.name)
    assert unread.why
