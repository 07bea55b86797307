"""The stacks there are and were, found by name or by id; and what the names in a goal mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import RLock

from .errors import no_such_stack
from .exports import Exports
from .intrinsics import UNKNOWN
from .names import IdSource, stack_arn
from .scope import Scope
from .stack import Goal, Stack
from .status import Status


class Registry:
    """Stacks of one account and region.

    Args:
        lock: held by whoever changes stacks, and by whoever reads several things at once.
    """

    def __init__(
        self,
        *,
        region: str,
        account: str,
        clock: Callable[[], datetime],
        ids: IdSource,
    ) -> None:
        self.lock = RLock()
        self.exports = Exports(self.living)
        self._region = region
        self._account = account
        self._clock = clock
        self._ids = ids
        self._stacks: list[Stack] = []

    def make(self, name: str) -> Stack:
        """A stack with nothing in it, which nobody finds before it is added."""
        arn = stack_arn(self._region, self._account, name, self._ids)
        return Stack(arn, name, lock=self.lock, clock=self._clock, ids=self._ids)

    def add(self, stack: Stack) -> None:
        """Let a stack be found."""
        with self.lock:
            self._stacks.append(stack)

    def all(self) -> list[Stack]:
        """Every stack, deleted ones too, the newest first."""
        with self.lock:
            return self._stacks[::-1]

    def living(self) -> Iterator[Stack]:
        """Those that are not deleted, the newest first."""
        return (stack for stack in self.all() if stack.status != Status.DELETE_COMPLETE)

    def find(self, name: str) -> Stack | None:
        """A stack by name, or by id: then deleted ones are found too."""
        if name.startswith("arn:"):
            return next((stack for stack in self.all() if stack.id == name), None)
        return next((stack for stack in self.living() if stack.name == name), None)

    def get(self, name: str) -> Stack:
        """A stack by name or id.

        Raises:
            Refusal: there is none.
        """
        stack = self.find(name)
        if stack is None:
            raise no_such_stack(name)
        return stack

    def scope(self, stack: Stack, goal: Goal, imported: set[str] | None = None) -> Scope:
        """What the names in a goal mean while it is brought about; `imported` collects exports."""

        def read(name: str) -> str:
            if imported is not None:
                imported.add(name)
            return self.exports.value(name)

        return Scope(
            template=goal.template,
            names={**self._pseudo(stack), **_values(goal)},
            ref=lambda name: stack.resources[name].physical_id,
            attribute=lambda name, attribute: stack.resources[name].attributes[attribute],
            imported=read,
        )

    def forecast(self, stack: Stack, goal: Goal, changing: set[str]) -> Scope:
        """The same before anything is done.

        Args:
            changing: logical ids of what will be made anew; their values are UNKNOWN.
        """

        def ref(name: str) -> str:
            resource = stack.resources.get(name)
            known = resource is not None and resource.stands and name not in changing
            return resource.physical_id if resource is not None and known else UNKNOWN

        def attribute(name: str, key: str) -> str:
            return UNKNOWN if ref(name) == UNKNOWN else stack.resources[name].attributes[key]

        scope = self.scope(stack, goal)
        scope.ref, scope.attribute = ref, attribute
        return scope

    def _pseudo(self, stack: Stack) -> dict[str, object]:
        return {
            "AWS::AccountId": self._account,
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": self._region,
            "AWS::StackId": stack.id,
            "AWS::StackName": stack.name,
            "AWS::URLSuffix": "amazonaws.com",
        }


def _values(goal: Goal) -> dict[str, object]:
    return {name: parameter.value for name, parameter in goal.parameters.items()}
