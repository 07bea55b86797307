"""What a notebook imports: hints, solutions and the board."""

import subprocess
import sys

import pytest

from workbook import learn, settings
from workbook.check import Progress
from workbook.errors import UnknownName
from workbook.lessons import parts
from workbook.lessons.catalogue import CATALOGUE


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch, tmp_path):
    """Each test keeps its progress in a folder of its own."""
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.json"))
    kept = (learn._progress, learn._examiner, learn.progress)
    for cached in kept:
        cached.cache_clear()
    yield
    for cached in kept:
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


def test_a_verdict_changes_a_board_that_is_shown_already():
    panel = learn.progress("routes-and-decorators")
    shown = panel.children[0]
    before = shown.value
    learn.check("read-one-item", 3)
    assert "✘" not in before
    assert "✘" in shown.value


def test_what_another_kernel_did_shows_when_the_button_is_pressed():
    panel = learn.progress()
    shown, button = panel.children
    Progress(settings.progress_file()).record("read-one-item", "passed")
    assert "1 of" not in shown.value
    button.click()
    assert "1 of" in shown.value


def test_a_board_has_a_static_face_that_is_text_and_html():
    bundle = learn.progress()._repr_mimebundle_()
    assert repr(learn.progress().board) == bundle["text/plain"]
    assert learn.progress().board._repr_html_() == bundle["text/html"]


def test_a_board_of_one_chapter_leaves_the_others_out():
    (section,) = learn.progress("routes-and-decorators").board.sections
    assert ("02", "routes-and-decorators") == (section.number, section.slug)


def test_a_board_of_an_unknown_chapter_names_the_nearest():
    with pytest.raises(UnknownName, match="routes-and-decorators"):
        learn.progress("routes-and-decorator")


def test_the_board_says_where_the_next_exercise_is():
    section, _ = learn.progress().board.following
    assert (settings.root() / section.notebook).is_file()


def test_the_map_links_what_is_written_and_says_what_is_to_come():
    shown = learn.workbook_map()
    stops = [stop for leg in shown.legs for stop in leg.stops]
    there = [stop.notebook for stop in stops if stop.notebook]
    assert [] == [name for name in there if not (settings.root() / "notebooks" / name).is_file()]
    assert len(CATALOGUE.chapters) == len(there)
    assert all(f'href="{name}"' in shown._repr_html_() for name in there)
    assert all(stop.title in repr(shown) for stop in stops)


def test_the_map_gives_the_chapters_in_the_order_in_which_they_are_read():
    planned = [chapter.slug for part in parts.PARTS for chapter in part.chapters]
    written = [chapter.slug for chapter in CATALOGUE.chapters]
    assert written == [slug for slug in planned if slug in written]


def test_a_kernel_does_not_wait_for_what_reads_notebooks():
    """nbformat's validator takes a second to import; only `solution` needs it."""
    said = subprocess.run(
        [sys.executable, "-c", "import workbook.learn, sys; print('nbformat' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "False\n" == said.stdout
