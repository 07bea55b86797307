"""Chapter 00 tells the truth about checks: what its prediction calls right is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.authoring import master
from workbook.check import Examiner, Progress
from workbook.lessons.catalogue import CATALOGUE
from workbook.lessons.fixtures import fresh_aws
from workbook.lessons.start_here_misconceptions import VERDICTS

MASTER = Path(__file__).resolve().parents[2] / "solutions" / "00_start-here.ipynb"


@pytest.fixture(scope="module")
def foretold():
    """The answers a to e, as the exercise shows them."""
    cells = {cells.slug: cells for cells in master.exercises(master.read(MASTER))}
    namespace = {}
    for source in cells["predict-the-verdict"].roles["setup"]:
        exec(compile(source, "<setup>", "exec"), namespace)  # noqa: S102  our own notebook
    return {name[-1]: function for name, function in namespace.items() if "answer_" in name}


@pytest.mark.parametrize("letter", "abcde")
def test_each_answer_gets_the_verdict_that_is_to_be_predicted(foretold, letter):
    limit = 0.3 if letter == "d" else 10  # the one that never ends
    examiner = Examiner(CATALOGUE, Progress(), fresh_aws, limit_seconds=limit)
    assert VERDICTS[letter][0] == examiner.check("low-stock", foretold[letter]).status.value


def test_the_board_says_of_a_passed_exercise_that_fails_what_is_to_be_predicted(foretold):
    progress = Progress()
    examiner = Examiner(CATALOGUE, progress, fresh_aws)
    for letter in "bc":
        examiner.check("low-stock", foretold[letter])
    assert VERDICTS["f"][0] == progress.status("low-stock")


def test_every_letter_is_told_once_and_every_verdict_occurs(foretold):
    assert {*foretold, "f"} == set(VERDICTS)
    assert {"not attempted", "failed", "passed"} == {verdict for verdict, _ in VERDICTS.values()}
