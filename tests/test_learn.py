"""What a notebook imports: hints, solutions and the board."""

import pytest

from workbook import learn
from workbook.check import Catalogue, Chapter, Progress
from workbook.errors import UnknownName
from workbook.lessons import CATALOGUE
from workbook.panels.progress_board import board


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch, tmp_path):
    """Each test keeps its progress in a folder of its own."""
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.json"))
    for cached in (learn._progress, learn._examiner):
        cached.cache_clear()
    yield
    for cached in (learn._progress, learn._examiner):
        cached.cache_clear()


@pytest.mark.parametrize("slug", [exercise.slug for exercise in CATALOGUE])
def test_every_exercise_has_a_solution_that_is_code_and_reasons(slug):
    shown = learn.solution(slug)
    compile(shown.code, slug, "exec")
    assert "### " not in shown.code
    assert shown.why in shown._repr_markdown_()


def test_a_hint_is_remembered_and_costs_nothing():
    learn.hint("read-one-item", 2)
    assert ("not attempted", 0) == (
        learn._progress().status("read-one-item"),
        learn._progress().attempts("read-one-item"),
    )


@pytest.mark.parametrize("number", [0, 4, "one", None])
def test_a_hint_that_does_not_exist_is_one_sentence(number):
    with pytest.raises(UnknownName, match="There is no hint"):
        learn.hint("read-one-item", number)


def test_an_unknown_exercise_shows_no_traceback():
    with pytest.raises(UnknownName) as unknown:
        learn.solution("read-an-item")
    assert 2 == len(unknown.value._render_traceback_())


def test_a_verdict_reaches_the_board():
    learn.check("read-one-item", ...)
    lines = [line for section in learn.progress().sections for line in section.lines]
    (line,) = [line for line in lines if line.slug == "read-one-item"]
    assert "not attempted" == line.status


def small_board(*passed):
    chapter = Chapter("shop", title="Keep a <shop>", minutes=1)
    for slug in ("sell", "buy"):
        options = {"title": slug.title(), "minutes": 2, "difficulty": "easy"}
        chapter.exercise(slug, hints=("a", "b", "c"), **options)(print)
    record = Progress()
    for slug in passed:
        record.record(slug, "passed")
    return board(Catalogue([chapter]), record)


def test_the_board_suggests_the_first_exercise_that_is_not_passed():
    assert "Next: Buy (buy, 2 min)" == small_board("sell").advice
    assert "Every exercise is passed." == small_board("sell", "buy").advice


def test_the_board_says_the_same_in_text_and_in_html():
    shown = small_board("sell")
    for form in (repr(shown), shown._repr_html_()):
        assert "1 of 2 passed" in form
        assert "not attempted" in form
        assert "Next: Buy" in form
    assert "Keep a &lt;shop&gt;" in shown._repr_html_()
