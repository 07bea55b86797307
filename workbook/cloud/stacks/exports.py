"""What stacks give each other: exports, who imports them, and what may not be taken away.

See "Get exported outputs from a deployed CloudFormation stack" in the user guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .errors import ResourceFailure, invalid
from .stack import Output, Stack


class Exports:
    """A view over all stacks.

    Args:
        stacks: those that are there now.
    """

    def __init__(self, stacks: Callable[[], Iterable[Stack]]) -> None:
        self._stacks = stacks

    def all(self) -> Iterator[tuple[Stack, str, str]]:
        """Stack, name and value of every export."""
        for stack in self._stacks():
            for output in stack.outputs:
                if output.export is not None:
                    yield stack, output.export, output.value

    def value(self, name: str) -> str:
        """The value of an export.

        Raises:
            Refusal: nothing is exported under that name.
        """
        for _, export, value in self.all():
            if export == name:
                return value
        raise invalid(f"No export named {name} found.")

    def importers(self, name: str) -> list[str]:
        """The names of the stacks that import an export."""
        return [stack.name for stack in self._stacks() if name in stack.imports]

    def check(self, stack: Stack, outputs: tuple[Output, ...]) -> None:
        """Check that a stack may have these outputs.

        Raises:
            ResourceFailure: another stack has the same export, or imports one that would go.
        """
        wanted = {output.export: output.value for output in outputs if output.export is not None}
        for owner, name, value in self.all():
            if owner is not stack and name in wanted:
                raise ResourceFailure(
                    f"Export with name {name} is already exported by stack {owner.name}. "
                    "Rename and try again."
                )
            if owner is stack and wanted.get(name) != value and self.importers(name):
                action = "update" if name in wanted else "delete"
                raise ResourceFailure(self._in_use(action, name))

    def missed_without(self, stack: Stack) -> str | None:
        """Why a stack cannot be deleted: an export of its that another stack imports."""
        for owner, name, _ in self.all():
            if owner is stack and any(user != stack.name for user in self.importers(name)):
                return self._in_use("delete", name)
        return None

    def _in_use(self, action: str, name: str) -> str:
        users = self.importers(name)
        listed = " and ".join([", ".join(users[:-1]), users[-1]] if len(users) > 1 else users)
        return f"Cannot {action} export {name} as it is in use by {listed}."
