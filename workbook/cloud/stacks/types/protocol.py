"""What every resource type is to the engine.

A type makes, changes and deletes one kind of resource through the ordinary AWS API. It keeps no
state: the engine remembers the physical id and the properties, and hands them back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from ..dynamic import ClientFactory
from ..names import IdSource, physical_name
from .schema import Properties, Schema, differs


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
    """One type of resource."""

    schema: ClassVar[Schema]

    @abstractmethod
    def create(self, context: Context, properties: Properties) -> str:
        """Make it; returns its physical id, which is what Ref gives.

        Raises:
            AlreadyExists: it is there, where the service itself would say nothing.
        """

    @abstractmethod
    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Change it in place from `old` to `properties`."""

    @abstractmethod
    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete it; an error whose code is in `schema.missing` means that it is gone already."""

    def check_change(self, properties: Properties, old: Properties) -> None:
        """Refuse, before anything is done, what AWS can change and the local cloud cannot.

        Raises:
            ResourceFailure: naming it.
        """

    def must_replace(self, properties: Properties, old: Properties) -> bool:
        """Whether the difference can only be had by making the resource anew."""
        return any(differs(name, properties, old) for name in self.schema.replaces)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        """The values of `schema.attributes`; one that the resource has not is left out."""
        return {}
