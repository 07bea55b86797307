"""What every resource type is to the engine.

A type makes, changes and deletes one kind of resource through the ordinary AWS API. It keeps no
state: the engine remembers the physical id and the properties, and hands them back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..dynamic import ClientFactory
from ..errors import ResourceFailure
from ..names import IdSource, physical_name
from .shapes import Shape, accepted

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Context:
    """Whose resource it is, and what is at hand to make it.

    Args:
        client: boto3 clients, by service.
        exists: to be told the physical id as soon as there is one, so that a creation that fails
            half way can be undone.
    """

    client: ClientFactory
    ids: IdSource
    region: str
    account: str
    stack_name: str
    logical_id: str
    exists: Callable[[str], None]

    def name(self, limit: int, *, lower: bool = False) -> str:
        """A name for a resource that was given none; `limit` is the longest the service takes."""
        return physical_name(self.stack_name, self.logical_id, self.ids, limit, lower=lower)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in the stack's region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


class ResourceType(ABC):
    """One type of resource.

    Class variables:
        type: "AWS::SQS::Queue".
        properties: what it accepts; each of them has an effect that can be observed.
        required: top-level properties that must be given.
        replaces: top-level properties that can only be changed by making the resource anew.
        attributes: what Fn::GetAtt can ask for.
        name_property: the one that names the resource; a replacement needs another name.
        tag_form: how Tags are written, "list" or "map", where the stack's tags are passed on to it.
        capability: what a template must be allowed to hold this type.
        missing: error codes by which the service says that it is not there (any more).
    """

    type: ClassVar[str]
    properties: ClassVar[Mapping[str, Shape]]
    required: ClassVar[frozenset[str]] = frozenset()
    replaces: ClassVar[frozenset[str]] = frozenset()
    attributes: ClassVar[frozenset[str]] = frozenset()
    name_property: ClassVar[str | None] = None
    tag_form: ClassVar[str | None] = None
    capability: ClassVar[str | None] = None
    missing: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def create(self, context: Context, properties: Properties) -> str:
        """Make it; returns its physical id, which is what Ref gives."""

    @abstractmethod
    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Change it in place from `old` to `properties`."""

    @abstractmethod
    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete it; an error whose code is in `missing` means that it is gone already."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        """The values of `attributes`."""
        return {}

    def must_replace(self, properties: Properties, old: Properties) -> bool:
        """Whether the difference can only be had by making the resource anew."""
        return any(properties.get(name) != old.get(name) for name in self.replaces)

    def accept(self, logical_id: str, properties: Properties, tags: Mapping[str, str]) -> Properties:
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
        return own if self.tag_form is None or not tags else self._tagged(own, tags)

    def _tagged(self, own: dict[str, Any], tags: Mapping[str, str]) -> Properties:
        if self.tag_form == "map":
            return {**own, "Tags": {**tags, **own.get("Tags", {})}}
        merged = {**tags, **by_key(own.get("Tags", []))}
        return {**own, "Tags": [{"Key": key, "Value": value} for key, value in merged.items()]}


def by_key(tags: list[dict[str, str]]) -> dict[str, str]:
    """A list of tags as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def tag_changes(properties: Properties, old: Properties) -> tuple[dict[str, str], list[str]]:
    """Tags to set and keys to take away, for types whose tags are a list."""
    new, before = by_key(properties.get("Tags", [])), by_key(old.get("Tags", []))
    changed = {key: value for key, value in new.items() if before.get(key) != value}
    return changed, [key for key in before if key not in new]


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A mapping as a list of tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def picked(properties: Properties, *names: str) -> dict[str, Any]:
    """Those of the named properties that are given."""
    return {name: properties[name] for name in names if name in properties}
