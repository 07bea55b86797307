"""Every exercise proven four ways, and the set of them sound.

its starter            not attempted
its solution           passed
another right answer   passed
wrong answers          failed, with words that name the misconception
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from workbook.authoring import answers, master
from workbook.check import Examiner, Progress, Status, Verdict
from workbook.lessons.catalogue import CATALOGUE
from workbook.lessons.fixtures import fresh_aws

ROOT = Path(__file__).resolve().parents[2]
MASTERS = sorted((ROOT / "solutions").glob("*.ipynb"))
CELLS = {cells.slug: cells for path in MASTERS for cells in master.exercises(master.read(path))}
KNOWN = answers.read_answers(ROOT / "workbook" / "lessons" / "answers")


def examine(slug, source):
    """The verdict on that source as the answer to that exercise."""
    examiner = Examiner(CATALOGUE, Progress(), fresh_aws)
    return answers.attempt(CELLS[slug], source, examiner.check)


def four_ways():
    for slug, cells in CELLS.items():
        yield pytest.param(slug, cells.starter, Status.NOT_ATTEMPTED, "", id=f"{slug}: the starter")
        yield pytest.param(slug, cells.solution, Status.PASSED, "", id=f"{slug}: the solution")
    for known in KNOWN:
        status = Status.PASSED if known.kind == "right" else Status.FAILED
        name = f"{known.slug}: {known.kind}, {known.title}"
        yield pytest.param(known.slug, known.source, status, known.says, id=name)


@pytest.mark.parametrize(("slug", "source", "status", "says"), list(four_ways()))
def test_an_answer_gets_the_verdict_it_deserves_and_the_same_again(slug, source, status, says):
    verdict = examine(slug, source)
    assert status == verdict.status, repr(verdict)
    assert one_line(says) in one_line(repr(verdict))
    assert repr(verdict) == repr(examine(slug, source))


@pytest.mark.parametrize("slug", CELLS)
def test_one_answer_checked_twice_in_one_kernel_passes_twice(slug):
    """The first check must leave nothing behind in what the learner handed over."""
    examiner = Examiner(CATALOGUE, Progress(), fresh_aws)

    def check_twice(*handed_over):
        return [examiner.check(*handed_over).status for _ in range(2)]

    verdicts = answers.attempt(CELLS[slug], CELLS[slug].solution, check_twice)
    assert [Status.PASSED, Status.PASSED] == verdicts


def test_checks_do_not_depend_on_their_order():
    """The last exercise first: elsewhere here they are checked from the first on."""
    verdicts = {slug: examine(slug, CELLS[slug].solution).status for slug in reversed(CELLS)}
    assert dict.fromkeys(CELLS, Status.PASSED) == verdicts


@pytest.mark.parametrize("slug", CELLS)
def test_a_check_is_right_while_the_environment_points_at_a_server(slug, monkeypatch):
    """Port 9 answers nobody: a call that went there would fail the check."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    assert Status.PASSED == examine(slug, CELLS[slug].solution).status
    assert "http://127.0.0.1:9" == os.environ["AWS_ENDPOINT_URL"]


@pytest.mark.parametrize("slug", CELLS)
@pytest.mark.parametrize("junk", [3, "text", object, [], print], ids=str)
def test_an_answer_of_the_wrong_kind_is_judged_and_breaks_nothing(slug, junk):
    examiner = Examiner(CATALOGUE, Progress(), fresh_aws)
    verdict = answers.attempt(
        CELLS[slug],
        CELLS[slug].starter,
        lambda name, *given: examiner.check(name, *[junk] * len(given)),
    )
    assert isinstance(verdict, Verdict), repr(verdict)
    assert Status.PASSED != verdict.status


def test_every_exercise_is_in_one_master_and_in_the_catalogue():
    assert [exercise.slug for exercise in CATALOGUE] == list(CELLS)


def test_every_exercise_has_another_right_answer_and_two_wrong_ones():
    counted = Counter((known.slug, known.kind) for known in KNOWN)
    lacking = [s for s in CELLS if counted[s, "right"] < 1 or counted[s, "wrong"] < 2]
    assert [] == lacking


def test_no_answer_is_stray():
    assert {known.slug for known in KNOWN} <= set(CELLS)


def test_an_other_right_answer_is_another():
    solutions = {slug: cells.solution.strip() for slug, cells in CELLS.items()}
    copied = [known.title for known in KNOWN if known.source.strip() == solutions[known.slug]]
    assert [] == copied


def hints():
    for exercise in CATALOGUE:
        for number, hint in enumerate(exercise.hints, 1):
            yield pytest.param(exercise.slug, hint, id=f"{exercise.slug} hint {number}")


@pytest.mark.parametrize(("slug", "hint"), list(hints()))
def test_a_hint_says_something_in_under_45_words(slug, hint):
    assert 4 <= len(hint.split()) < 45


@pytest.mark.parametrize(("slug", "hint"), list(hints()))
def test_a_hint_gives_no_line_of_the_solution_away(slug, hint):
    given = set(lines_of(CELLS[slug].starter))
    own = [line for line in lines_of(CELLS[slug].solution) if line not in given and len(line) > 12]
    assert [] == [line for line in own if line in one_line(hint)]


def test_the_hints_of_an_exercise_differ():
    assert [] == [e.slug for e in CATALOGUE if len(set(e.hints)) != len(e.hints)]


@pytest.mark.parametrize("slug", CELLS)
def test_the_check_line_names_its_own_exercise(slug):
    assert re.match(rf'check\("{slug}", .+\)$', CELLS[slug].check)


@pytest.mark.parametrize("slug", CELLS)
def test_the_task_tells_the_minutes_and_difficulty_that_are_noted(slug):
    exercise = CATALOGUE[slug]
    task = CELLS[slug].task
    assert f"{exercise.minutes} minutes · {exercise.difficulty}" in task
    assert exercise.optional == ("optional" in task.splitlines()[1])


def test_each_notebook_belongs_to_a_chapter_and_tells_its_minutes():
    chapters = {chapter.slug: chapter for chapter in CATALOGUE.chapters}
    for folder in ("notebooks", "solutions", "exercises"):
        paths = sorted((ROOT / folder).glob("*.ipynb"))
        assert set(chapters) == {path.stem.split("_", 1)[1] for path in paths}
        for path in paths:
            marks = master.read(path).metadata["workbook"]
            chapter = chapters[marks["chapter"]]
            exercises = sum(exercise.minutes for exercise in chapter.exercises)
            minutes = chapter.minutes if folder == "notebooks" else exercises
            assert (path.name, minutes) == (path.name, marks["minutes"])


# A slug is for ever: a learner's progress hangs on it. Add to this list, and take nothing away.
SLUGS = [
    "build-the-registry",
    "catch-the-bug",
    "cors-for-one-origin",
    "count-each-order-once",
    "counter-that-is-right",
    "create-an-item",
    "does-it-fit",
    "errors-that-tell",
    "fan-out",
    "find-the-leak",
    "fire-the-nightly-report",
    "fuzz-your-route",
    "keep-floats-out",
    "leave-nothing-behind",
    "list-with-a-filter",
    "low-stock",
    "make-a-flaky-test-firm",
    "mend-the-stock-take",
    "page-through-a-thousand",
    "parsons-route",
    "predict-environments",
    "predict-the-tries",
    "predict-the-verdict",
    "query-low-stock",
    "read-one-item",
    "read-the-deploy-plan",
    "reject-bad-stock",
    "reserve-without-overselling",
    "roll-back",
    "save-and-load",
    "ship-a-route",
    "store-the-metadata",
    "survive-a-poison-message",
    "test-an-event-handler",
    "two-methods-one-path",
    "validation-decorator",
    "why-403-not-404",
    "write-the-fixture",
]


def test_slugs_are_stable():
    assert SLUGS == sorted(CELLS)


def one_line(text):
    return " ".join(text.split())


def lines_of(source):
    return [one_line(line) for line in source.splitlines() if line.strip()]
