"""What a check answers: a frozen value with a text and an HTML form.

A Verdict is about the learner's work. A Fault is about ours: the check itself broke, so nothing
can be said of the work, and nothing is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workbook.check.face import Face, card


class Status(Enum):
    """The three things a check can say; the value is how progress is stored."""

    NOT_ATTEMPTED = "not attempted"
    FAILED = "failed"
    PASSED = "passed"


MARKS = {Status.NOT_ATTEMPTED: "○", Status.FAILED: "✘", Status.PASSED: "✔"}


@dataclass(frozen=True)
class Failure:
    """One thing that was expected and did not happen.

    Attributes:
        called: what the check did, as the learner would type it: ``GET /items/item_9``.
        expected: what a right answer does, in words or as a value's repr.
        got: what this answer did.
        because: the likely reason, naming the misconception; may be empty.
        line: the learner's line that raised; empty when nothing was raised.
        look_at: what to read next; may be empty.
    """

    called: str
    expected: str
    got: str
    because: str = ""
    line: str = ""
    look_at: str = ""


@dataclass(frozen=True)
class Verdict(Face):
    """What a check found out about one exercise.

    Attributes:
        exercise: the exercise's slug.
        title: its title.
        status: not attempted, failed or passed.
        reason: why it counts as not attempted; empty otherwise.
        failure: what went wrong; only when failed.
    """

    exercise: str
    title: str
    status: Status
    reason: str = ""
    failure: Failure | None = None

    @property
    def headline(self) -> str:
        """The status with its mark, and the exercise: ``✔ passed: Read one item``."""
        return f"{MARKS[self.status]} {self.status.value}: {self.title}"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The lines under the headline, each a label and a text."""
        if self.failure:
            named = [
                ("called", self.failure.called),
                ("expected", self.failure.expected),
                ("got", self.failure.got),
                ("your line", self.failure.line),
                ("because", self.failure.because),
                ("look at", self.failure.look_at),
                ("or ask", f'hint("{self.exercise}", 1)'),
            ]
            return [(label, text) for label, text in named if text]
        if self.status is Status.PASSED:
            return [("compare", f'solution("{self.exercise}") explains one way to do it')]
        return [("next", self.reason)] if self.reason else []

    def __repr__(self) -> str:
        return self.text(self.headline, self.rows)

    def _repr_html_(self) -> str:
        return card(self.status.name.lower().replace("_", "-"), self.headline, self.rows)


@dataclass(frozen=True)
class Fault(Face):
    """The check itself broke: ours to mend, and no judgement on the learner's work.

    Attributes:
        exercise: the exercise's slug.
        error: the type and message of what went wrong in the check.
        where: file and line of the check, for the report.
    """

    exercise: str
    error: str
    where: str

    @property
    def headline(self) -> str:
        """One line that says whose fault it is."""
        return f"⚠ the check of {self.exercise} broke: this is our fault, not yours"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What to send to those who can mend it."""
        return [
            ("what", self.error),
            ("where", self.where),
            ("next", "your progress is unchanged; please report these lines"),
        ]

    def __repr__(self) -> str:
        return self.text(self.headline, self.rows)

    def _repr_html_(self) -> str:
        return card("fault", self.headline, self.rows)
