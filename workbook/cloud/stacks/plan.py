"""What is to be done, and in which order; nothing here does it.

The order follows Ref, Fn::GetAtt, Fn::Sub and DependsOn. The changes are what a change set shows:
the properties that a stack has, against those that its new template gives as far as they can be
known before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import ResourceFailure, invalid
from .intrinsics import UNKNOWN
from .references import references, unresolved
from .scope import Scope
from .stack import Goal, Resource, Stack
from .template import Declaration, Template
from .types import TYPES, Properties


@dataclass(frozen=True)
class Detail:
    """One property that changes.

    Args:
        recreation: "Never", "Always", or "Conditionally" where the value is not known yet.
    """

    attribute: str
    name: str | None
    recreation: str
    known: bool


@dataclass(frozen=True)
class Change:
    """What would be done to one resource.

    Args:
        action: "Add", "Modify" or "Remove".
        replacement: "True", "False" or "Conditional"; None where nothing is modified.
    """

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str | None = None
    details: tuple[Detail, ...] = ()


def active(template: Template, conditions: Mapping[str, bool]) -> dict[str, Declaration]:
    """The resources whose condition holds, or that have none."""
    for declared in template.resources.values():
        if declared.condition is not None and declared.condition not in conditions:
            raise invalid(
                "Template format error: Unresolved condition dependency "
                f"{declared.condition} in the Resources block of the template"
            )
    return {
        logical_id: declared
        for logical_id, declared in template.resources.items()
        if declared.condition is None or conditions[declared.condition]
    }


def check(scope: Scope) -> None:
    """Check that every reference in a template leads somewhere, and that none leads in a circle.

    Raises:
        Refusal: naming what is wrong.
    """
    conditions = scope.conditions()
    declared = active(scope.template, conditions)
    known = {*scope.names, *declared, "AWS::NoValue"}
    for entry in declared.values():
        _check_references(dict(entry.properties), scope, known, "Resources")
        missing = sorted(set(entry.depends_on) - set(scope.template.resources))
        if missing:
            raise invalid(
                f"Template format error: Unresolved resource dependencies [{', '.join(missing)}] "
                "in the Resources block of the template"
            )
    for output in scope.template.section("Outputs").values():
        if conditions.get(output.get("Condition", ""), True):
            _check_references(output, scope, known, "Outputs")
    order(declared, conditions)


def order(declared: Mapping[str, Declaration], conditions: Mapping[str, bool]) -> list[str]:
    """Logical ids, each after those it depends on, otherwise as the template has them.

    Raises:
        Refusal: they depend on each other in a circle.
    """
    waiting = {
        logical_id: _dependencies(entry, conditions) & set(declared) - {logical_id}
        for logical_id, entry in declared.items()
    }
    own = [
        logical_id
        for logical_id, entry in declared.items()
        if logical_id in _dependencies(entry, conditions)
    ]
    if own:
        raise _circle(own)
    done: list[str] = []
    while waiting:
        ready = next((name for name, needs in waiting.items() if needs <= set(done)), None)
        if ready is None:
            raise _circle(_circular(waiting))
        done.append(ready)
        del waiting[ready]
    return done


def changes(stack: Stack, goal: Goal, scope: Scope) -> list[Change]:
    """What would be done to a stack to make it what `goal` says.

    Args:
        scope: of the goal; what will be replaced or made is UNKNOWN in it.
    """
    found: list[Change] = []
    declared = active(goal.template, scope.conditions())
    for logical_id in order(declared, scope.conditions()):
        before = stack.resources.get(logical_id)
        change = _change(declared[logical_id], before, goal, scope)
        if change is not None:
            found.append(change)
    for logical_id, resource in stack.resources.items():
        if logical_id not in declared and resource.stands:
            entry = resource.declaration
            found.append(Change("Remove", logical_id, entry.type, resource.physical_id))
    return found


def check_types(stack: Stack, goal: Goal) -> None:
    """Check that no resource is to become one of another type, which AWS does not do."""
    changed = [
        logical_id
        for logical_id, resource in stack.resources.items()
        if resource.stands
        and logical_id in goal.template.resources
        and goal.template.resources[logical_id].type != resource.declaration.type
    ]
    if changed:
        raise invalid(
            "Update of resource type is not permitted. The new template modifies resource type of "
            f"the following resources: [{', '.join(changed)}]"
        )


def _change(
    declared: Declaration, before: Resource | None, goal: Goal, scope: Scope
) -> Change | None:
    if before is None or not before.stands:
        return Change("Add", declared.logical_id, declared.type)
    resolved = scope.resolve(declared.properties)
    try:
        properties = TYPES[declared.type].schema.accept(declared.logical_id, resolved, goal.tags)
    except ResourceFailure:  # it will fail when it is carried out; it is a change all the same
        properties = resolved
    details = tuple(_details(declared, properties, before))
    if not details:
        return None
    replacement = "False"
    if any(detail.recreation != "Never" for detail in details):
        certain = any(detail.recreation == "Always" for detail in details)
        replacement = "True" if certain else "Conditional"
    return Change(
        "Modify", declared.logical_id, declared.type, before.physical_id, replacement, details
    )


def _details(declared: Declaration, properties: Properties, before: Resource) -> Iterator[Detail]:
    old = before.properties
    kind = TYPES[declared.type]
    for name in sorted({*properties, *old}):
        if properties.get(name) == old.get(name):
            continue
        known = UNKNOWN not in str(properties.get(name))
        attribute = "Tags" if name == "Tags" else "Properties"
        replaces = kind.must_replace(_with(old, name, properties), old)
        recreation = ("Always" if known else "Conditionally") if replaces else "Never"
        yield Detail(attribute, None if attribute == "Tags" else name, recreation, known)
    for attribute in ("deletion_policy", "update_replace_policy", "metadata"):
        if getattr(declared, attribute) != getattr(before.declaration, attribute):
            yield Detail(
                "".join(word.capitalize() for word in attribute.split("_")), None, "Never", True
            )


def _with(old: Properties, name: str, properties: Properties) -> Properties:
    """`old` with one property as it will be."""
    kept = {key: value for key, value in old.items() if key != name}
    return {**kept, name: properties[name]} if name in properties else kept


def _dependencies(entry: Declaration, conditions: Mapping[str, bool]) -> set[str]:
    found = {reference.name for reference in references(dict(entry.properties), conditions)}
    return found | set(entry.depends_on)


def _check_references(value: Any, scope: Scope, known: set[str], block: str) -> None:
    found = list(references(value, scope.conditions()))
    unresolved(found, known, block)
    for reference in found:
        if reference.attribute and reference.name in scope.template.resources:
            kind = TYPES[scope.template.resources[reference.name].type].schema
            if reference.attribute not in kind.attributes:
                raise invalid(
                    f"Template error: resource {reference.name} does not support attribute type "
                    f"{reference.attribute} in Fn::GetAtt"
                )


def _circular(waiting: Mapping[str, set[str]]) -> list[str]:
    """Of those that wait, the ones that wait in a circle and not merely for one."""
    left = dict(waiting)
    while True:
        needed = set().union(*left.values())
        outside = [name for name in left if name not in needed]
        if not outside:
            return sorted(left)
        for name in outside:
            del left[name]


def _circle(names: list[str]) -> Exception:
    return invalid(f"Circular dependency between resources: [{', '.join(names)}]")
