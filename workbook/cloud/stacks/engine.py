"""The life of a stack: operations in the background, their statuses, rollback.

    create   CREATE_IN_PROGRESS ─▶ CREATE_COMPLETE
                   └─ failed ─▶ ROLLBACK_IN_PROGRESS ─▶ ROLLBACK_COMPLETE
    update   UPDATE_IN_PROGRESS ─▶ UPDATE_COMPLETE_CLEANUP_IN_PROGRESS ─▶ UPDATE_COMPLETE
                   └─ failed ─▶ UPDATE_ROLLBACK_IN_PROGRESS ─▶ … ─▶ UPDATE_ROLLBACK_COMPLETE
    delete   DELETE_IN_PROGRESS ─▶ DELETE_COMPLETE or DELETE_FAILED

What is done to resources is deployment.py's, the calls' shapes are api.py's. One thread runs an
operation, and a stack has one operation at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from .deployment import Deployment, Failed
from .errors import ResourceFailure
from .exports import Exports
from .resources import Resources
from .scope import Scope
from .stack import Goal, Stack
from .status import Status

_LOG = logging.getLogger(__name__)
ROLLBACK, DELETE, DO_NOTHING = "ROLLBACK", "DELETE", "DO_NOTHING"

# The meaning of names in a goal, for a stack as it is being changed; collects what is imported.
ScopeOf = Callable[[Stack, Goal, set[str]], Scope]


class Engine:
    """Runs operations on stacks; each call returns at once.

    Args:
        scope_of: makes the Scope of a goal.
        exports: what stacks export and import, over all of them.
    """

    def __init__(self, *, resources: Resources, scope_of: ScopeOf, exports: Exports) -> None:
        self._resources = resources
        self._scope_of = scope_of
        self._exports = exports
        self._running = 0
        self._quiet = threading.Condition()

    def in_flight(self) -> int:
        """Operations under way."""
        with self._quiet:
            return self._running

    def wait_until_quiet(self, timeout: float) -> bool:
        """Whether no operation was under way at some moment within `timeout` seconds."""
        with self._quiet:
            return self._quiet.wait_for(lambda: not self._running, timeout)

    def wait_until_settled(self, stack: Stack, timeout: float) -> bool:
        """Whether no operation on that stack was under way at some moment within `timeout` s."""
        with self._quiet:
            return self._quiet.wait_for(lambda: not stack.in_progress, timeout)

    def create(self, stack: Stack, goal: Goal, on_failure: str) -> None:
        """Make a stack that has nothing yet.

        Args:
            on_failure: ROLLBACK, DELETE or DO_NOTHING.
        """
        stack.become(Status.CREATE_IN_PROGRESS, "User Initiated")
        stack.goal = goal
        self._start(stack, lambda: self._create(stack, goal, on_failure))

    def update(self, stack: Stack, goal: Goal, *, disable_rollback: bool) -> None:
        """Make a stack what `goal` says."""
        stack.become(Status.UPDATE_IN_PROGRESS, "User Initiated")
        self._start(stack, lambda: self._update(stack, goal, disable_rollback))

    def delete(self, stack: Stack, retained: Iterable[str]) -> None:
        """Delete a stack, after the operation it may be in.

        Args:
            retained: logical ids to leave alone.
        """
        kept = frozenset(retained)
        if stack.status == Status.DELETE_IN_PROGRESS:
            return
        if stack.in_progress:

            def delete_afterwards() -> None:
                if self._begin_delete(stack):
                    self._take_down(stack, kept)

            self._start(stack, delete_afterwards)
        elif self._begin_delete(stack):
            self._start(stack, lambda: self._take_down(stack, kept))

    def _start(self, stack: Stack, work: Callable[[], None]) -> None:
        with self._quiet:
            self._running += 1

        def run() -> None:
            try:
                with stack.busy:
                    work()
            except Exception as fault:  # noqa: BLE001  ours; a stack must not be in progress for ever
                _LOG.exception("an operation on the stack %s broke off", stack.name)
                stack.break_off(f"Internal Failure: {fault!r}")
            finally:
                with self._quiet:
                    self._running -= 1
                    self._quiet.notify_all()

        threading.Thread(target=run, name=f"stack-{stack.name}", daemon=True).start()

    def _create(self, stack: Stack, goal: Goal, on_failure: str) -> None:
        deployment, imported = self._deployment(stack, goal)
        try:
            stack.outputs = deployment.bring_about()
        except Failed as failure:
            if on_failure == DO_NOTHING:
                stack.become(Status.CREATE_FAILED, failure.reason)
            elif on_failure == DELETE:
                stack.become(
                    Status.DELETE_IN_PROGRESS,
                    f"{failure.reason.rstrip()} Delete requested by user.",
                )
                self._take_down(stack, frozenset())
            else:
                stack.become(
                    Status.ROLLBACK_IN_PROGRESS,
                    f"{failure.reason.rstrip()} Rollback requested by user.",
                )
                undone = deployment.undo()
                stack.become(Status.ROLLBACK_COMPLETE if undone else Status.ROLLBACK_FAILED)
            return
        stack.imports = frozenset(imported)
        stack.become(Status.CREATE_COMPLETE)

    def _update(self, stack: Stack, goal: Goal, disable_rollback: bool) -> None:
        deployment, imported = self._deployment(stack, goal)
        try:
            stack.outputs = deployment.bring_about()
        except Failed as failure:
            if disable_rollback:
                stack.become(Status.UPDATE_FAILED, failure.reason)
            else:
                self._roll_back(stack, deployment, failure)
            return
        stack.goal = goal
        stack.imports = frozenset(imported)
        stack.become(Status.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS)
        cleaned = deployment.clean_up()
        left = "Update successful. One or more resources could not be deleted."
        stack.become(Status.UPDATE_COMPLETE, None if cleaned else left)

    @staticmethod
    def _roll_back(stack: Stack, deployment: Deployment, failure: Failed) -> None:
        stack.become(Status.UPDATE_ROLLBACK_IN_PROGRESS, failure.reason)
        if not deployment.undo():
            stack.become(Status.UPDATE_ROLLBACK_FAILED)
            return
        stack.become(Status.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS)
        stack.become(Status.UPDATE_ROLLBACK_COMPLETE)

    def _deployment(self, stack: Stack, goal: Goal) -> tuple[Deployment, set[str]]:
        imported: set[str] = set()
        scope = self._scope_of(stack, goal, imported)
        return Deployment(stack, goal, scope, self._resources, self._exports.check), imported

    def _begin_delete(self, stack: Stack) -> bool:
        if stack.status == Status.DELETE_COMPLETE:  # by whoever was before us
            return False
        missed = self._exports.missed_without(stack)
        if missed is not None:
            stack.note(f"Delete canceled. {missed}")
            return False
        stack.become(Status.DELETE_IN_PROGRESS, "User Initiated")
        return True

    def _take_down(self, stack: Stack, retained: frozenset[str]) -> None:
        failed = []
        for resource in [*reversed(stack.replaced), *reversed(stack.resources.values())]:
            declared = resource.declaration
            if not resource.physical_id or resource.status == "DELETE_COMPLETE":
                continue
            keep = declared.deletion_policy != "Delete" or declared.logical_id in retained
            if keep and resource.status != "CREATE_FAILED":
                stack.record(resource, "DELETE_SKIPPED")
                continue
            try:
                self._resources.delete(stack, resource)
            except ResourceFailure:
                failed.append(declared.logical_id)
        if failed:
            stack.become(
                Status.DELETE_FAILED,
                f"The following resource(s) failed to delete: [{', '.join(failed)}]. ",
            )
            return
        stack.outputs, stack.imports, stack.replaced = (), frozenset(), []
        stack.become(Status.DELETE_COMPLETE)
