"""A change set: what would be done to a stack, kept until it is executed or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .plan import Change
from .stack import Goal

# `aws cloudformation deploy` looks for these words and then ends in peace.
NO_CHANGES = (
    "The submitted information didn't contain changes. "
    "Submit different information to create a change set."
)


class Execution(StrEnum):
    """What can be done, or was done, with a change set."""

    AVAILABLE = "AVAILABLE"
    UNAVAILABLE = "UNAVAILABLE"
    COMPLETE = "EXECUTE_COMPLETE"
    OBSOLETE = "OBSOLETE"


@dataclass
class ChangeSet:
    """One change set of a stack.

    Args:
        status: "CREATE_COMPLETE", or "FAILED" with a reason.
        on_failure: what happens when the stack it makes fails.
    """

    id: str
    name: str
    goal: Goal
    changes: tuple[Change, ...]
    created_at: datetime
    description: str | None = None
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    execution_status: Execution = Execution.AVAILABLE
    on_failure: str | None = None

    def fail(self, reason: str) -> None:
        """It cannot be executed."""
        self.status, self.reason = "FAILED", reason
        self.execution_status = Execution.UNAVAILABLE
