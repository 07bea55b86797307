"""The calls around change sets, which `aws cloudformation deploy` and consoles work by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from . import answers
from .change_set import NO_CHANGES, ChangeSet, Execution
from .engine import ROLLBACK, Engine
from .errors import Refusal, invalid
from .names import IdSource, change_set_arn
from .proposal import check_updatable, is_nothing, propose
from .registry import Registry
from .stack import Stack
from .stack_calls import Call, Parameters, check_name
from .status import Status
from .submission import Submissions, insufficient, lacking_capability


class ChangeSetCalls:
    """CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets."""

    def __init__(
        self,
        registry: Registry,
        engine: Engine,
        submissions: Submissions,
        *,
        region: str,
        account: str,
        clock: Callable[[], datetime],
        ids: IdSource,
    ) -> None:
        self._registry = registry
        self._engine = engine
        self._submissions = submissions
        self._region = region
        self._account = account
        self._clock = clock
        self._ids = ids
        self._change_sets: dict[str, list[ChangeSet]] = {}  # by the stack's id

    def calls(self) -> dict[str, Call]:
        """Every call, by AWS's name."""
        return {
            "CreateChangeSet": self.create_change_set,
            "DescribeChangeSet": self.describe_change_set,
            "ExecuteChangeSet": self.execute_change_set,
            "DeleteChangeSet": self.delete_change_set,
            "ListChangeSets": self.list_change_sets,
        }

    def create_change_set(self, given: Parameters) -> Parameters:
        stack = self._registry.find(given["StackName"])
        kind = given.get("ChangeSetType", "UPDATE")
        if kind not in ("CREATE", "UPDATE"):
            raise NotEmulated(Missing.CHANGE_SET_TYPES, kind)
        self._check(stack, kind, given)
        goal = self._submissions.goal(given, stack, reviewed=True)
        fresh = stack is None
        if stack is None:
            stack = self._registry.make(given["StackName"])
        changes = propose(self._registry, stack, goal)
        if fresh:
            self._registry.add(stack)
            stack.become(Status.REVIEW_IN_PROGRESS, "User Initiated")
        change_set = ChangeSet(
            id=change_set_arn(self._region, self._account, given["ChangeSetName"], self._ids),
            name=given["ChangeSetName"],
            goal=goal,
            changes=changes,
            created_at=self._clock(),
            description=given.get("Description"),
            on_failure=given.get("OnStackFailure"),
        )
        lacking = lacking_capability(goal.template, goal.capabilities)
        if lacking:
            change_set.fail(insufficient(lacking).message)
        elif is_nothing(self._registry, stack, goal, changes):
            change_set.fail(NO_CHANGES)
        self._of(stack).append(change_set)
        return {"Id": change_set.id, "StackId": stack.id}

    def describe_change_set(self, given: Parameters) -> Parameters:
        return answers.change_set(*self._find(given))

    def execute_change_set(self, given: Parameters) -> Parameters:
        stack, change_set = self._find(given)
        if change_set.execution_status is not Execution.AVAILABLE:
            raise Refusal(
                "InvalidChangeSetStatus",
                f"ChangeSet [{change_set.id}] cannot be executed in its current status of "
                f"[{change_set.status}]",
            )
        new = stack.status == Status.REVIEW_IN_PROGRESS
        if not new:
            check_updatable(stack)
        stack.token = given.get("ClientRequestToken")
        stack.change_set_id = change_set.id
        change_set.execution_status = Execution.COMPLETE
        # The others were made for the stack as it was.
        self._change_sets[stack.id] = [change_set]
        disable = given.get("DisableRollback", False)
        if new:
            stack.disable_rollback = disable
            on_failure = change_set.on_failure or ("DO_NOTHING" if disable else ROLLBACK)
            self._engine.create(stack, change_set.goal, on_failure)
        else:
            self._engine.update(stack, change_set.goal, disable_rollback=disable)
        return {}

    def delete_change_set(self, given: Parameters) -> Parameters:
        stack, change_set = self._find(given)
        self._of(stack).remove(change_set)
        return {}

    def list_change_sets(self, given: Parameters) -> Parameters:
        stack = self._registry.get(given["StackName"])
        found = self._of(stack)
        return {"Summaries": [answers.change_set_summary(stack, each) for each in found]}

    def goal_of(self, given: Parameters) -> Any:
        """What a change set named in a call wants its stack to be."""
        return self._find(given)[1].goal

    def _check(self, stack: Stack | None, kind: str, given: Mapping[str, Any]) -> None:
        name = given["StackName"]
        if kind == "CREATE":
            check_name(name)
            if stack is not None and stack.status != Status.REVIEW_IN_PROGRESS:
                raise invalid(
                    f"Stack {name} already exists and cannot be created again with the "
                    f"changeSet {given['ChangeSetName']}"
                )
        elif stack is None or stack.status == Status.REVIEW_IN_PROGRESS:
            raise invalid(f"Stack [{name}] does not exist")
        else:
            check_updatable(stack)
        taken = (
            [each for each in self._of(stack) if each.name == given["ChangeSetName"]]
            if stack
            else []
        )
        if taken:
            raise Refusal(
                "AlreadyExistsException", f"ChangeSet {given['ChangeSetName']} already exists"
            )

    def _of(self, stack: Stack) -> list[ChangeSet]:
        return self._change_sets.setdefault(stack.id, [])

    def _find(self, given: Parameters) -> tuple[Stack, ChangeSet]:
        name = given["ChangeSetName"]
        stacks = self._registry.all()
        if not name.startswith("arn:"):
            if "StackName" not in given:
                raise invalid(
                    "StackName must be specified if ChangeSetName is not specified as an ARN."
                )
            stacks = [self._registry.get(given["StackName"])]
        for stack in stacks:
            for change_set in self._of(stack):
                if name in (change_set.name, change_set.id):
                    return stack, change_set
        raise Refusal("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
