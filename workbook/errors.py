"""The errors a person can meet: what happened, with the value, and how to mend it.

WorkbookError
├── SetUpError       the environment could not be made or is not sound
├── NotebookError    a notebook is malformed: an unclosed region, a missing exercise
├── UnknownName      a slug, file or function that does not exist
└── CloudError       the local cloud could not start, or was asked for what it lacks

In a notebook they show as their own two lines, without a traceback: the learner did not
write the code a traceback would point at.
"""

from __future__ import annotations


class WorkbookError(Exception):
    """One clear sentence on what happened, and one on how to mend it.

    Args:
        problem: what happened, naming the value that caused it.
        fix: the next command or edit; empty where there is none.
    """

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(problem, fix)
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.problem}\n{self.fix}".rstrip()

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback."""
        return str(self).splitlines()


class SetUpError(WorkbookError):
    """The environment could not be made, or what was made is not sound."""


class NotebookError(WorkbookError):
    """A notebook cannot be read as a chapter or an exercise."""


class UnknownName(WorkbookError):
    """A name that nothing in the workbook carries."""


class CloudError(WorkbookError):
    """The local cloud could not start, or was asked for what it does not have."""
