"""What is known of a resource type beforehand: properties, attributes, what replaces it.

A Schema says in data what AWS's template reference says of a type, as far as the local cloud does
it; tests hold it against the schemas that AWS publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from ..errors import ResourceFailure
from .shapes import Shape, accepted

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Schema:
    """A resource type, described.

    Args:
        type: "AWS::SQS::Queue".
        properties: what it accepts; each of them has an effect that can be observed.
        required: top-level properties that must be given.
        replaces: top-level properties that can only be changed by making the resource anew.
        attributes: what Fn::GetAtt can ask for.
        name_property: the one that names the resource; a replacement needs another name.
        tag_form: how Tags are written, "list" or "map", where the stack's tags are passed on to it.
        takes_own_tags: whether the service takes tags that begin with aws: from a caller.
        capability: what must be acknowledged before a template may hold this type.
        missing: error codes by which the service says that it is not there (any more).
    """

    type: str
    properties: Mapping[str, Shape]
    required: AbstractSet[str] = frozenset()
    replaces: AbstractSet[str] = frozenset()
    attributes: AbstractSet[str] = frozenset()
    name_property: str | None = None
    tag_form: str | None = None
    takes_own_tags: bool = True
    capability: str | None = None
    missing: AbstractSet[str] = frozenset()

    def accept(
        self, logical_id: str, properties: Properties, tags: Mapping[str, str]
    ) -> Properties:
        """Properties as this type takes them, with the stack's tags.

        Raises:
            ResourceFailure: one is missing, not supported, or of another type.
        """
        lacking = sorted(self.required - set(properties))
        if lacking:
            wrong = ", ".join(f"#: required key [{name}] not found" for name in lacking)
            raise ResourceFailure(
                f"Properties validation failed for resource {logical_id} with message:\n[{wrong}]"
            )
        own: dict[str, Any] = accepted(self.properties, properties)
        return own if self.tag_form is None or not tags else self._with_tags(own, tags)

    def tagged(self, properties: Properties, own: Mapping[str, str]) -> Properties:
        """Properties with the tags that are CloudFormation's own, where the type can have them."""
        if self.tag_form is None or not self.takes_own_tags:
            return properties
        return self._with_tags(properties, own)

    def _with_tags(self, own: Properties, tags: Mapping[str, str]) -> Properties:
        if self.tag_form == "map":
            return {**own, "Tags": {**tags, **own.get("Tags", {})}}
        return {**own, "Tags": as_list({**tags, **by_key(own.get("Tags", []))})}


def by_key(tags: list[dict[str, str]]) -> dict[str, str]:
    """A list of tags as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A mapping as a list of tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_changes(properties: Properties, old: Properties) -> tuple[dict[str, str], list[str]]:
    """Tags to set and keys to take away, for types whose tags are a list."""
    new, before = by_key(properties.get("Tags", [])), by_key(old.get("Tags", []))
    changed = {key: value for key, value in new.items() if before.get(key) != value}
    return changed, [key for key in before if key not in new]


def picked(properties: Properties, *names: str) -> dict[str, Any]:
    """Those of the named properties that are given."""
    return {name: properties[name] for name in names if name in properties}


def differs(name: str, properties: Properties, old: Properties) -> bool:
    """Whether one property is not what it was."""
    return bool(properties.get(name) != old.get(name))
