"""Runs one check and turns whatever happens into a verdict.

The learner's exceptions, endless loops and exits become failed verdicts; an exception of the
check's own becomes a Fault. Only an interrupt, which the learner asked for, goes through.
"""

from __future__ import annotations

import contextlib
import inspect
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from workbook.check import blame
from workbook.check.catalogue import Catalogue, Exercise
from workbook.check.expectation import Failed, LearnerError, NotAttempted
from workbook.check.guard import OutOfTime, time_limit
from workbook.check.progress import Progress
from workbook.check.verdict import Failure, Fault, Status, Verdict
from workbook.errors import WorkbookError

LIMIT_SECONDS = 10.0
WRITE_FIRST = "Write your answer in the cell above, run it, then run this check again."


class Interrupted(KeyboardInterrupt):
    """The learner stopped a check: shown in one line, and Run All stops there."""

    def _render_traceback_(self) -> list[str]:
        return ["The check was stopped before it ended; nothing was recorded."]


class Examiner:
    """Judges answers to the exercises of a catalogue.

    Args:
        catalogue: the exercises there are.
        progress: where verdicts are recorded.
        surroundings: makes the context in which each check runs: fresh state, no outside world.
        limit_seconds: how long one check may take.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        progress: Progress,
        surroundings: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self.catalogue = catalogue
        self.progress = progress
        self._surroundings = surroundings
        self._limit = limit_seconds

    def check(self, slug: str, *answers: object) -> Verdict | Fault:
        """Judge what the learner hands over, and record the verdict.

        Args:
            slug: the exercise.
            answers: what the exercise asks for; `...` and None stand for nothing yet.

        Raises:
            UnknownName: there is no such exercise.
            WorkbookError: more or fewer answers than the exercise asks for, or progress
                cannot be written.
        """
        exercise = self.catalogue[slug]
        _fits(exercise, answers)
        result = self._judge(exercise, answers)
        if isinstance(result, Verdict):
            self.progress.record(exercise.slug, result.status.value)
        return result

    def _judge(self, exercise: Exercise, answers: tuple[object, ...]) -> Verdict | Fault:
        def verdict(status: Status, **details: Any) -> Verdict:
            return Verdict(exercise.slug, exercise.title, status, **details)

        if any(answer is ... or answer is None for answer in answers):
            return verdict(Status.NOT_ATTEMPTED, reason=WRITE_FIRST)
        try:
            self._run(exercise, answers)
        except NotAttempted as unattempted:
            return verdict(Status.NOT_ATTEMPTED, reason=str(unattempted) or WRITE_FIRST)
        except Failed as failed:
            return verdict(Status.FAILED, failure=failed.failure)
        except OutOfTime as late:
            return verdict(Status.FAILED, failure=self._too_slow(exercise, late))
        except KeyboardInterrupt:
            raise Interrupted from None
        except WorkbookError:
            raise
        except LearnerError as raised:
            if isinstance(raised.error, NotImplementedError):
                return verdict(Status.NOT_ATTEMPTED, reason=WRITE_FIRST)
            return verdict(Status.FAILED, failure=_raised(raised.error, raised.called))
        except BaseException as error:  # noqa: BLE001  a learner's code can raise anything at all
            if not blame.is_learners(error, exercise.check):
                return Fault(exercise.slug, blame.in_words(error), blame.engine_place(error))
            if isinstance(error, NotImplementedError):
                return verdict(Status.NOT_ATTEMPTED, reason=WRITE_FIRST)
            return verdict(Status.FAILED, failure=_raised(error, "your code"))
        return verdict(Status.PASSED)

    def _run(self, exercise: Exercise, answers: tuple[object, ...]) -> None:
        # A check calls the same view many times: what it prints would drown the verdict.
        with (
            contextlib.redirect_stdout(io.StringIO()),
            self._surroundings(),
            time_limit(self._limit),
        ):
            exercise.check(*answers)

    def _too_slow(self, exercise: Exercise, late: OutOfTime) -> Failure:
        return Failure(
            called="your code",
            expected=f"an answer within {self._limit:g} seconds",
            got="no end: it was stopped",
            because="a loop whose condition never becomes false, or a wait for something "
            "that never comes",
            line=blame.learner_line(late),
        )


def _fits(exercise: Exercise, answers: tuple[object, ...]) -> None:
    signature = inspect.signature(exercise.check)
    try:
        signature.bind(*answers)
    except TypeError:
        wanted = ", ".join([f'"{exercise.slug}"', *signature.parameters])
        raise WorkbookError(
            f'check("{exercise.slug}") got {len(answers)} answers, '
            f"and wants {len(signature.parameters)}.",
            f"Write check({wanted}).",
        ) from None


def _raised(error: BaseException, called: str) -> Failure:
    return Failure(
        called=called,
        expected="an answer",
        got=blame.in_words(error),
        line=blame.learner_line(error),
    )
