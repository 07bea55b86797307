"""What a goal would change in a stack, and whether it may be tried at all.

What will be made anew has no physical id yet, and what refers to it may have to change with it: so
the changes are found again and again, until no more come to light.
"""

from __future__ import annotations

from . import plan
from .errors import invalid
from .outputs import resolve_outputs
from .plan import Change
from .registry import Registry
from .stack import Goal, Stack
from .status import UPDATABLE

_ANEW = ("True", "Conditional")
NO_UPDATES = "No updates are to be performed."


def propose(registry: Registry, stack: Stack, goal: Goal) -> tuple[Change, ...]:
    """What would be done to a stack.

    Raises:
        Refusal: the template contradicts itself or the stack.
    """
    plan.check(registry.scope(stack, goal))
    plan.check_types(stack, goal)
    anew: set[str] = set()
    while True:
        scope = registry.forecast(stack, goal, anew)
        changes = plan.changes(stack, goal, scope)
        found = {change.logical_id for change in changes if change.replacement in _ANEW}
        if found <= anew:
            return tuple(changes)
        anew |= found


def is_nothing(registry: Registry, stack: Stack, goal: Goal, changes: tuple[Change, ...]) -> bool:
    """Whether the stack is what `goal` says: resources, outputs and tags."""
    if changes or stack.goal is None or dict(stack.goal.tags) != dict(goal.tags):
        return False
    return resolve_outputs(goal, registry.forecast(stack, goal, set())) == stack.outputs


def check_updatable(stack: Stack) -> None:
    """Refuse to update a stack whose status does not allow it."""
    if stack.status not in UPDATABLE:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
