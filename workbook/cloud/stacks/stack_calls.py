"""The calls that make, change, delete and describe stacks.

Each takes parameters as boto3 writes them and answers in the same way; api.py finds them by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from . import answers
from .engine import DELETE, DO_NOTHING, ROLLBACK, Engine
from .errors import Refusal, invalid, no_such_stack
from .proposal import NO_UPDATES, check_updatable, is_nothing, propose
from .registry import Registry
from .stack import Resource, Stack
from .status import Status
from .submission import Submissions

Parameters = Mapping[str, Any]
Call = Callable[[Parameters], Mapping[str, Any]]
_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")


class StackCalls:
    """CreateStack, UpdateStack, DeleteStack, and all that describes."""

    def __init__(self, registry: Registry, engine: Engine, submissions: Submissions) -> None:
        self._registry = registry
        self._engine = engine
        self._submissions = submissions

    def calls(self) -> dict[str, Call]:
        """Every call, by AWS's name."""
        return {
            "CreateStack": self.create_stack,
            "UpdateStack": self.update_stack,
            "DeleteStack": self.delete_stack,
            "UpdateTerminationProtection": self.update_termination_protection,
            "DescribeStacks": self.describe_stacks,
            "ListStacks": self.list_stacks,
            "DescribeStackEvents": self.describe_stack_events,
            "DescribeStackResource": self.describe_stack_resource,
            "DescribeStackResources": self.describe_stack_resources,
            "ListStackResources": self.list_stack_resources,
            "ListExports": self.list_exports,
            "ListImports": self.list_imports,
        }

    def create_stack(self, given: Parameters) -> Parameters:
        name = given["StackName"]
        check_name(name)
        if self._registry.find(name) is not None:
            raise Refusal("AlreadyExistsException", f"Stack [{name}] already exists")
        if "OnFailure" in given and "DisableRollback" in given:
            raise invalid("You cannot specify both OnFailure and DisableRollback.")
        disable = given.get("DisableRollback", False)
        on_failure = given.get("OnFailure", DO_NOTHING if disable else ROLLBACK)
        if on_failure not in (ROLLBACK, DELETE, DO_NOTHING):
            raise invalid(f"Invalid OnFailure value {on_failure}")
        goal = self._submissions.goal(given, None)
        stack = self._registry.make(name)
        propose(self._registry, stack, goal)
        self._registry.add(stack)
        stack.token = given.get("ClientRequestToken")
        stack.disable_rollback = on_failure == DO_NOTHING
        stack.termination_protection = given.get("EnableTerminationProtection", False)
        self._engine.create(stack, goal, on_failure)
        return {"StackId": stack.id}

    def update_stack(self, given: Parameters) -> Parameters:
        stack = self._registry.get(given["StackName"])
        check_updatable(stack)
        goal = self._submissions.goal(given, stack)
        changes = propose(self._registry, stack, goal)
        if is_nothing(self._registry, stack, goal, changes) and str(stack.status).endswith(
            "_COMPLETE"
        ):
            raise invalid(NO_UPDATES)
        stack.token = given.get("ClientRequestToken")
        disable = given.get("DisableRollback", False)
        self._engine.update(stack, goal, disable_rollback=disable)
        return {"StackId": stack.id}

    def delete_stack(self, given: Parameters) -> Parameters:
        if given.get("DeletionMode", "STANDARD") != "STANDARD":
            raise NotEmulated(Missing.FORCED_DELETION)
        stack = self._registry.find(given["StackName"])
        if stack is None or stack.status == Status.DELETE_COMPLETE:
            return {}  # as AWS answers
        if stack.termination_protection:
            raise invalid(
                f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        retained = given.get("RetainResources", [])
        if retained and stack.status != Status.DELETE_FAILED:
            raise invalid(
                "Invalid operation on stack "
                f"[{stack.id}]. RetainResources is only allowed for stacks in DELETE_FAILED state."
            )
        stack.token = given.get("ClientRequestToken")
        self._engine.delete(stack, retained)
        return {}

    def update_termination_protection(self, given: Parameters) -> Parameters:
        stack = self._registry.get(given["StackName"])
        stack.termination_protection = given["EnableTerminationProtection"]
        return {"StackId": stack.id}

    def describe_stacks(self, given: Parameters) -> Parameters:
        name = given.get("StackName")
        found = list(self._registry.living()) if name is None else [self._registry.get(name)]
        return {"Stacks": [answers.stack(stack) for stack in found]}

    def list_stacks(self, given: Parameters) -> Parameters:
        wanted = given.get("StackStatusFilter")
        found = self._registry.all()
        shown = [stack for stack in found if not wanted or stack.status in wanted]
        return {"StackSummaries": [answers.summary(stack) for stack in shown]}

    def describe_stack_events(self, given: Parameters) -> Parameters:
        stack = self._found(given, f"Stack [{given.get('StackName')}] does not exist")
        newest_first = reversed(stack.events)
        return {"StackEvents": [answers.event(stack, event) for event in newest_first]}

    def describe_stack_resource(self, given: Parameters) -> Parameters:
        stack = self._found(given, f"Stack '{given['StackName']}' does not exist")
        resource = self._resource(stack, given["LogicalResourceId"])
        return {"StackResourceDetail": answers.resource_detail(stack, resource)}

    def describe_stack_resources(self, given: Parameters) -> Parameters:
        stack = self._owner(given)
        logical_id = given.get("LogicalResourceId")
        found = stack.resources.values() if logical_id is None else []
        if logical_id is not None:
            found = [self._resource(stack, logical_id)]
        return {"StackResources": [answers.resource(stack, resource) for resource in found]}

    def list_stack_resources(self, given: Parameters) -> Parameters:
        stack = self._found(given, f"Stack with id {given['StackName']} does not exist")
        found = stack.resources.values()
        return {"StackResourceSummaries": [answers.resource_summary(each) for each in found]}

    def list_exports(self, given: Parameters) -> Parameters:
        found = self._registry.exports.all()
        return {
            "Exports": [
                {"ExportingStackId": stack.id, "Name": name, "Value": value}
                for stack, name, value in found
            ]
        }

    def list_imports(self, given: Parameters) -> Parameters:
        name = given["ExportName"]
        importers = self._registry.exports.importers(name)
        if not importers:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        return {"Imports": importers}

    def _found(self, given: Parameters, otherwise: str) -> Stack:
        stack = self._registry.find(given.get("StackName", ""))
        if stack is None:
            raise invalid(otherwise)
        return stack

    def _owner(self, given: Parameters) -> Stack:
        if "StackName" in given:
            return self._found(given, f"Stack with id {given['StackName']} does not exist")
        physical_id = given.get("PhysicalResourceId")
        for stack in self._registry.living():
            if any(each.physical_id == physical_id for each in stack.resources.values()):
                return stack
        raise no_such_stack(str(physical_id))

    @staticmethod
    def _resource(stack: Stack, logical_id: str) -> Resource:
        if logical_id not in stack.resources:
            raise invalid(f"Resource {logical_id} does not exist for stack {stack.name}")
        return stack.resources[logical_id]


def check_name(name: str) -> None:
    """Refuse what cannot be a stack's name."""
    if _NAME.fullmatch(name) is None:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
