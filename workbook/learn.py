"""What a notebook imports to do an exercise: check, hint, solution, progress; and doctor.

The one place that composes the check engine with the lessons and with the learner's own progress
file. Each of them shows itself: no print is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from workbook import settings
from workbook.authoring import master
from workbook.check import Examiner, Fault, Hint, Progress, Verdict
from workbook.doctor import Report, examine
from workbook.errors import UnknownName
from workbook.lessons import CATALOGUE
from workbook.lessons.fixtures import fresh_aws
from workbook.panels.progress_board import ProgressBoard, board

__all__ = ["check", "doctor", "hint", "progress", "solution"]


def check(slug: str, *answers: object) -> Verdict | Fault:
    """Judge an answer, and remember the verdict.

    Args:
        slug: the exercise, as in the line the notebook gives.
        answers: what the exercise asks for: an app, a function, a value.

    Raises:
        UnknownName: there is no such exercise; the nearest name is suggested.
    """
    return _examiner().check(slug, *answers)


def hint(slug: str, number: int = 1) -> Hint:
    """A hint: 1 says where to look, 2 which construct, 3 nearly the line.

    Raises:
        UnknownName: there is no such exercise or hint.
    """
    found = Hint.of(CATALOGUE[slug], number)
    _progress().note(slug, f"hint {number}")
    return found


def solution(slug: str) -> Solution:
    """The exercise solved and explained.

    Raises:
        UnknownName: there is no such exercise.
        NotebookError: the notebook that holds the solution cannot be read.
    """
    exercise = CATALOGUE[slug]
    folder = settings.root() / "solutions"
    for path in sorted(folder.glob(f"*_{exercise.chapter}.ipynb")):
        for cells in master.exercises(master.read(path)):
            if cells.slug == slug:
                _progress().note(slug, "solution")
                return Solution(exercise.title, cells.solution, cells.why)
    raise UnknownName(
        f"The solution of {slug} is not in {folder}.",
        "Restore that folder: git checkout -- solutions",
    )


def progress() -> ProgressBoard:
    """The board: every chapter, every exercise, what is done and what comes next."""
    return board(CATALOGUE, _progress())


def doctor() -> Report:
    """Whether the workbook can work here, and the line that mends what is in its way.

    Its `brief` and its `verdict` read the same on every machine that is sound.
    """
    return examine(within=True)


@dataclass(frozen=True)
class Solution:
    """A solved exercise: the code, and why it is as it is.

    Attributes:
        title: the exercise's title.
        code: what goes into the answer cell.
        why: Markdown.
    """

    title: str
    code: str
    why: str

    def __repr__(self) -> str:
        return f"{self.title}: one solution\n\n{self.code}\n\n{self.why}"

    def _repr_markdown_(self) -> str:
        return f"**{self.title}: one solution**\n\n```python\n{self.code}\n```\n\n{self.why}"


@cache
def _progress() -> Progress:
    return Progress(settings.progress_file())


@cache
def _examiner() -> Examiner:
    return Examiner(CATALOGUE, _progress(), fresh_aws)
