"""A stack: what it is to be, what it is made of, its status, and the events that led there.

Only data and its rules; who makes the resources is resources.py, who decides what happens next is
engine.py. Every change is made under the lock that all stacks share, so that an answer is never
of two minds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, RLock
from typing import Any

from .names import IdSource
from .parameters import Parameter
from .status import BROKEN_OFF, Status, can_follow
from .template import Declaration, Template

STACK_TYPE = "AWS::CloudFormation::Stack"


_ABSENT = ("CREATE_FAILED", "DELETE_COMPLETE", "DELETE_SKIPPED")


@dataclass(frozen=True)
class Goal:
    """What a stack is to be: everything an operation was given that lasts."""

    template: Template
    parameters: Mapping[str, Parameter]
    tags: Mapping[str, str]
    capabilities: tuple[str, ...] = ()


@dataclass
class Resource:
    """A resource of a stack.

    Args:
        physical_id: "" until it exists.
        properties: as accepted by its type, dynamic references not yet replaced.
        attributes: what Fn::GetAtt gives.
    """

    declaration: Declaration
    physical_id: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    status: str = ""
    reason: str | None = None
    changed_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it was made and is still there."""
        return bool(self.physical_id) and self.status not in _ABSENT


@dataclass(frozen=True)
class Output:
    """An output, and the name under which other stacks import it."""

    key: str
    value: str
    description: str | None = None
    export: str | None = None


@dataclass(frozen=True)
class Event:
    """One line of a stack's history."""

    event_id: str
    logical_id: str
    physical_id: str
    type: str
    at: datetime
    status: str
    reason: str | None
    properties: Mapping[str, Any] | None
    token: str | None


class Stack:
    """One stack.

    Args:
        arn: its id.
        lock: what all stacks are changed under.
    """

    def __init__(
        self,
        arn: str,
        name: str,
        *,
        lock: RLock,
        clock: Callable[[], datetime],
        ids: IdSource,
    ) -> None:
        self.id = arn
        self.name = name
        self.status: Status | None = None
        self.reason: str | None = None
        self.created_at = clock()
        self.updated_at: datetime | None = None
        self.deleted_at: datetime | None = None
        self.goal: Goal | None = None
        self.resources: dict[str, Resource] = {}
        self.replaced: list[Resource] = []  # superseded, and still to be deleted
        self.outputs: tuple[Output, ...] = ()
        self.imports: frozenset[str] = frozenset()
        self.events: list[Event] = []
        self.disable_rollback = False
        self.termination_protection = False
        self.change_set_id: str | None = None
        self.token: str | None = None
        self.busy = Lock()  # held by the operation that is under way
        self._lock = lock
        self._clock = clock
        self._ids = ids

    @property
    def in_progress(self) -> bool:
        """Whether an operation is under way."""
        return (
            str(self.status).endswith("_IN_PROGRESS") and self.status != Status.REVIEW_IN_PROGRESS
        )

    def become(self, status: Status, reason: str | None = None) -> None:
        """Enter a status, with an event.

        Raises:
            ValueError: AWS has no such transition.
        """
        with self._lock:
            if not can_follow(self.status, status):
                raise ValueError(f"{self.name}: {self.status} cannot become {status}")
            self.status = status
            if status == Status.UPDATE_IN_PROGRESS:
                self.updated_at = self._clock()
            if status == Status.DELETE_COMPLETE:
                self.deleted_at = self._clock()
            self.note(reason)

    def break_off(self, reason: str) -> None:
        """End the operation that is under way as one that failed."""
        with self._lock:
            if self.status in BROKEN_OFF:
                self.status = BROKEN_OFF[self.status]
                self.note(reason)

    def note(self, reason: str | None) -> None:
        """Give the status as it is another reason, with an event."""
        with self._lock:
            self.reason = reason
            self._add(self.name, self.id, STACK_TYPE, str(self.status), reason, None)

    def put(self, resource: Resource) -> None:
        """Take a resource in, in the place of the one that had its logical id."""
        with self._lock:
            self.resources[resource.declaration.logical_id] = resource

    def drop(self, logical_id: str) -> Resource:
        """Let a resource go."""
        with self._lock:
            return self.resources.pop(logical_id)

    def arrange(self, order: Iterable[str]) -> None:
        """Put the resources into the order of their making; those not named stay before them."""
        with self._lock:
            for logical_id in order:
                self.resources[logical_id] = self.resources.pop(logical_id)

    def record(self, resource: Resource, status: str, reason: str | None = None) -> None:
        """Put a resource into a status, with an event."""
        with self._lock:
            resource.status = status
            resource.reason = reason
            declared = resource.declaration
            resource.changed_at = self._add(
                declared.logical_id,
                resource.physical_id,
                declared.type,
                status,
                reason,
                resource.properties,
            )

    def _add(
        self,
        logical_id: str,
        physical_id: str,
        kind: str,
        status: str,
        reason: str | None,
        properties: Mapping[str, Any] | None,
    ) -> datetime:
        now = self._clock()
        event_id = (
            str(self._ids()) if kind == STACK_TYPE else f"{logical_id}-{status}-{self._ids()}"
        )
        self.events.append(
            Event(
                event_id, logical_id, physical_id, kind, now, status, reason, properties, self.token
            )
        )
        return now
