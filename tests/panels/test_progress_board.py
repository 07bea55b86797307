"""The board: its words, its order, what it suggests next."""

from __future__ import annotations

import pytest

from workbook.check import Catalogue, Chapter, Progress
from workbook.panels.progress_board import board


def catalogue(*chapters):
    """Chapters as ("shop", "sell", "buy?"): a slug, then exercises; a ? marks an optional one."""
    made = []
    for slug, *exercises in chapters:
        chapter = Chapter(slug, title=f"Keep a <{slug}>", minutes=1)
        for each in exercises:
            options = {"title": each.strip("?").title(), "minutes": 2, "difficulty": "easy"}
            options["optional"] = each.endswith("?")
            chapter.exercise(each.strip("?"), hints=("a", "b", "c"), **options)(print)
        made.append(chapter)
    return Catalogue(made)


def shown(verdicts, *chapters, numbers=None):
    record = Progress()
    for slug, verdict in verdicts.items():
        record.record(slug, verdict)
    return board(catalogue(*chapters), record, numbers)


SHOP = ("shop", "sell", "buy")


@pytest.mark.parametrize(
    ("verdicts", "chapters", "following"),
    [
        pytest.param({}, [SHOP], "sell", id="the first, where nothing was done"),
        pytest.param({"sell": "passed"}, [SHOP], "buy", id="the first that is not passed"),
        pytest.param({"sell": "failed"}, [SHOP], "sell", id="one that failed is gone on with"),
        pytest.param(
            {"count": "passed"},
            [SHOP, ("store", "count", "order")],
            "order",
            id="where the learner is, though an earlier chapter was left out",
        ),
        pytest.param(
            {"count": "passed"},
            [SHOP, ("store", "count")],
            "sell",
            id="what was left out, when nothing comes after",
        ),
        pytest.param(
            {"sell": "passed"},
            [("shop", "sell", "buy?"), ("store", "count")],
            "count",
            id="the core before what is optional",
        ),
        pytest.param(
            {"sell": "passed", "count": "passed"},
            [("shop", "sell", "buy?"), ("store", "count")],
            "buy",
            id="what is optional, when the core is done",
        ),
    ],
)
def test_it_suggests(verdicts, chapters, following):
    _, line = shown(verdicts, *chapters).following
    assert following == line.slug


def test_it_says_so_when_every_exercise_is_passed():
    done = shown({"sell": "passed", "buy": "passed"}, SHOP)
    assert ("Every exercise is passed.", None) == (done.advice, done.following)


def test_it_names_the_notebook_and_after_a_failure_the_hint():
    advice = shown({"sell": "failed"}, SHOP, numbers={"shop": "03"}).advice
    assert 'Next: Sell (sell, 2 min), in exercises/03_shop.ipynb. Stuck? hint("sell", 1)' == advice


def test_it_says_the_same_in_text_and_in_html():
    both = shown({"sell": "passed"}, SHOP, numbers={"shop": "03"})
    for form in (repr(both), both._repr_html_().replace("&lt;", "<").replace("&gt;", ">")):
        for words in (
            "1 of 2 exercises passed",
            "03 Keep a <shop>: 1 of 2 passed",
            "not attempted",
        ):
            assert words in form
        assert "Next: Buy" in form


def test_what_titles_hold_is_escaped():
    assert "<shop>" not in shown({}, SHOP)._repr_html_()


def test_renumbered_chapters_and_exercises_of_other_versions_leave_it_right():
    """Verdicts hang on slugs: numbers, order and titles may change, exercises come and go."""
    verdicts = {"sell": "passed", "from-the-future": "passed"}
    before = shown(verdicts, SHOP, ("store", "count"), numbers={"shop": "02", "store": "03"})
    after = shown(verdicts, ("store", "count"), SHOP, numbers={"shop": "09", "store": "08"})
    assert "1 of 3 exercises passed" == before.summary == after.summary


def test_the_chapter_that_comes_next_is_open_and_the_others_are_folded():
    html = shown({"sell": "passed", "buy": "passed"}, SHOP, ("store", "count"))._repr_html_()
    assert ["<details><summary>Keep a &lt;shop", "<details open><summary>Keep a &lt;store"] == [
        part[: part.index("&gt;")] for part in ("<details" + p for p in html.split("<details")[1:])
    ]
