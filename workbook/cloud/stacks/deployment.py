"""One attempt to make a stack what its goal says: resource by resource, and back again.

engine.py gives the attempt its statuses. What is superseded or no longer declared is deleted only
once everything else stands (`clean_up`); until then every step can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from . import plan
from .errors import Refusal, ResourceFailure
from .outputs import resolve_outputs
from .resources import Resources
from .scope import Scope
from .stack import Goal, Output, Resource, Stack
from .template import Declaration
from .types import TYPES, Properties


class Failed(Exception):
    """The attempt came to an end.

    Args:
        reason: what the stack's event says.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Step:
    """What was done to a resource.

    Args:
        before: the resource as it was; None when it was not.
        tried: the properties of an update, some of which may be in force though it failed.
    """

    resource: Resource
    before: Resource | None
    tried: Properties | None = None


class Deployment:
    """An attempt, and the memory of its steps.

    Args:
        check_exports: refuses outputs whose export clashes or would be missed by another stack.
    """

    def __init__(
        self,
        stack: Stack,
        goal: Goal,
        scope: Scope,
        resources: Resources,
        check_exports: Callable[[Stack, tuple[Output, ...]], None],
    ) -> None:
        self._stack = stack
        self._goal = goal
        self._scope = scope
        self._resources = resources
        self._check_exports = check_exports
        self._steps: list[_Step] = []

    def bring_about(self) -> tuple[Output, ...]:
        """Make and change what is needed; returns the outputs.

        Raises:
            Failed: at the first thing that could not be done.
        """
        conditions = self._scope.conditions()
        declared = plan.active(self._goal.template, conditions)
        order = plan.order(declared, conditions)
        for logical_id in order:
            self._bring(declared[logical_id])
        self._stack.arrange(order)
        try:
            outputs = resolve_outputs(self._goal, self._scope)
            self._check_exports(self._stack, outputs)
        except (Refusal, ResourceFailure) as wrong:
            raise Failed(str(wrong)) from wrong
        return outputs

    def clean_up(self) -> bool:
        """Delete what is superseded or no longer declared; whether all of it went."""
        stack, goal = self._stack, self._goal
        declared = plan.active(goal.template, self._scope.conditions())
        undeclared = [name for name in stack.resources if name not in declared]
        doomed = [(old, old.declaration.update_replace_policy) for old in reversed(stack.replaced)]
        for name in reversed(undeclared):
            resource = stack.drop(name)
            if resource.stands:
                doomed.append((resource, resource.declaration.deletion_policy))
        stack.replaced = []
        gone = [self._discard(resource, policy) for resource, policy in doomed]
        return all(gone)

    def undo(self) -> bool:
        """Take every step back, the last one first; whether all of it went."""
        undone = [self._undo(step) for step in reversed(self._steps)]
        return all(undone)

    def _bring(self, declared: Declaration) -> None:
        before = self._stack.resources.get(declared.logical_id)
        if before is not None and not before.stands:
            self._discard_remains(before)
            before = None
        kind = TYPES[declared.type]
        try:
            resolved = self._scope.resolve(declared.properties)
            properties = kind.schema.accept(declared.logical_id, resolved, self._goal.tags)
            if before is not None and not kind.must_replace(properties, before.properties):
                kind.check_change(properties, before.properties)
        except (Refusal, ResourceFailure) as wrong:
            raise self._refused(declared, before, str(wrong)) from wrong
        if before is None:
            self._create(declared, properties)
        elif properties == before.properties:
            self._steps.append(_Step(before, replace(before)))
            before.declaration = declared
        elif kind.must_replace(properties, before.properties):
            self._replace(declared, properties, before)
        else:
            self._update(declared, properties, before)

    def _create(self, declared: Declaration, properties: Properties) -> None:
        resource = Resource(declared, properties=properties)
        self._stack.put(resource)
        self._steps.append(_Step(resource, None))
        self._carry_out("create", declared, lambda: self._resources.create(self._stack, resource))

    def _replace(self, declared: Declaration, properties: Properties, before: Resource) -> None:
        kind = TYPES[declared.type]
        key = kind.schema.name_property or ""
        name = properties.get(key)
        if name is not None and name == before.properties.get(key):
            reason = (
                "CloudFormation cannot update a stack when a custom-named resource requires "
                f"replacing. Rename {name} and update the stack again."
            )
            raise self._refused(declared, before, reason)
        self._stack.record(
            before,
            "UPDATE_IN_PROGRESS",
            "Requested update requires the creation of a new physical resource; hence creating one.",
        )
        resource = Resource(declared, properties=properties)
        self._stack.put(resource)
        self._steps.append(_Step(resource, before))
        self._stack.replaced.append(before)
        self._carry_out(
            "update", declared, lambda: self._resources.create(self._stack, resource, "UPDATE")
        )

    def _update(self, declared: Declaration, properties: Properties, before: Resource) -> None:
        self._steps.append(_Step(before, replace(before), properties))
        before.declaration = declared
        self._carry_out(
            "update", declared, lambda: self._resources.update(self._stack, before, properties)
        )

    def _refused(self, declared: Declaration, before: Resource | None, reason: str) -> Failed:
        if before is None:
            resource = Resource(declared)
            self._stack.put(resource)
            self._stack.record(resource, "CREATE_IN_PROGRESS")
            self._stack.record(resource, "CREATE_FAILED", reason)
            return self._failed("create", declared)
        self._steps.append(_Step(before, replace(before)))
        self._stack.record(before, "UPDATE_FAILED", reason)
        return self._failed("update", declared)

    def _discard_remains(self, resource: Resource) -> None:
        """Delete what an attempt without rollback left half made."""
        if resource.status == "CREATE_FAILED":
            self._discard(resource, "Delete")

    def _carry_out(self, action: str, declared: Declaration, work: Callable[[], None]) -> None:
        try:
            work()
        except ResourceFailure as failure:
            raise self._failed(action, declared) from failure

    @staticmethod
    def _failed(action: str, declared: Declaration) -> Failed:
        return Failed(f"The following resource(s) failed to {action}: [{declared.logical_id}]. ")

    def _undo(self, step: _Step) -> bool:
        resource, before = step.resource, step.before
        if before is not None and before.physical_id == resource.physical_id:
            return self._restore(resource, before, step.tried)
        policy = resource.declaration.deletion_policy
        gone = self._discard(resource, "Delete" if policy == "RetainExceptOnCreate" else policy)
        if before is not None:
            self._stack.put(before)
            self._stack.replaced = [each for each in self._stack.replaced if each is not before]
            self._stack.record(before, "UPDATE_COMPLETE")
        return gone

    def _restore(self, resource: Resource, before: Resource, tried: Properties | None) -> bool:
        resource.declaration = before.declaration
        if tried is None:
            if resource.status == "UPDATE_FAILED":
                self._stack.record(resource, "UPDATE_COMPLETE")
            return True
        resource.properties = tried
        try:
            self._resources.update(self._stack, resource, before.properties)
        except ResourceFailure:
            return False
        return True

    def _discard(self, resource: Resource, policy: str) -> bool:
        if not resource.physical_id:
            return True
        if policy in ("Retain", "RetainExceptOnCreate"):
            self._stack.record(resource, "DELETE_SKIPPED")
            return True
        try:
            self._resources.delete(self._stack, resource)
        except ResourceFailure:
            return False
        return True
