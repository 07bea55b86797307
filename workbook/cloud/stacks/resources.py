"""One resource made, changed or deleted: the type's calls, with the events AWS reports.

Every failure, whatever its kind, becomes a ResourceFailure here, after its event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from . import dynamic
from .dynamic import ClientFactory
from .errors import AlreadyExists, Refusal, ResourceFailure
from .names import IdSource
from .stack import Resource, Stack
from .types import TYPES, Context, Properties

_LOG = logging.getLogger(__name__)
# How CloudFormation classes a service's errors; see "Handler error codes" in AWS's CLI guide.
_HANDLER_CODES = (
    ("AlreadyExists", "AlreadyExists"),
    ("AlreadyOwned", "AlreadyExists"),
    ("NotFound", "NotFound"),
    ("NoSuch", "NotFound"),
    ("NonExistent", "NotFound"),
    ("AccessDenied", "AccessDenied"),
    ("Validation", "InvalidRequest"),
    ("Invalid", "InvalidRequest"),
)


@dataclass(frozen=True)
class Resources:
    """Makes, changes and deletes resources through the ordinary AWS APIs."""

    client: ClientFactory
    ids: IdSource
    region: str
    account: str

    def create(self, stack: Stack, resource: Resource, action: str = "CREATE") -> None:
        """Make a resource whose properties are set.

        Args:
            action: "UPDATE" where it takes the place of another; the events say so.

        Raises:
            ResourceFailure: it could not be made; its physical id is set if it is there in part.
        """
        if action == "CREATE":
            stack.record(resource, "CREATE_IN_PROGRESS")
        kind = TYPES[resource.declaration.type]
        context = self._context(stack, resource)

        def make() -> None:
            properties = self._plain(resource.properties)
            tagged = kind.schema.tagged(properties, _own_tags(stack, resource))
            resource.physical_id = kind.create(context, tagged)
            # The second event of its kind: now the physical id is known.
            stack.record(resource, f"{action}_IN_PROGRESS", "Resource creation Initiated")
            resource.attributes = kind.read(context, resource.physical_id, properties)

        self._attempt(stack, resource, action, make)

    def update(self, stack: Stack, resource: Resource, properties: Properties) -> None:
        """Change a resource in place.

        Raises:
            ResourceFailure: it could not be changed.
        """
        stack.record(resource, "UPDATE_IN_PROGRESS")
        kind = TYPES[resource.declaration.type]
        context = self._context(stack, resource)

        def change() -> None:
            new, old = self._plain(properties), self._plain(resource.properties)
            kind.update(context, resource.physical_id, new, old)
            resource.properties = properties
            resource.attributes = kind.read(context, resource.physical_id, new)

        self._attempt(stack, resource, "UPDATE", change)

    def delete(self, stack: Stack, resource: Resource) -> None:
        """Delete a resource; one that is gone already is deleted.

        Raises:
            ResourceFailure: it could not be deleted.
        """
        stack.record(resource, "DELETE_IN_PROGRESS")
        kind = TYPES[resource.declaration.type]
        context = self._context(stack, resource)

        def remove() -> None:
            try:
                kind.delete(context, resource.physical_id, resource.properties)
            except ClientError as refused:
                if refused.response["Error"]["Code"] not in kind.schema.missing:
                    raise

        self._attempt(stack, resource, "DELETE", remove)

    def _context(self, stack: Stack, resource: Resource) -> Context:
        def exists(physical_id: str) -> None:
            resource.physical_id = physical_id

        return Context(
            client=self.client,
            ids=self.ids,
            region=self.region,
            account=self.account,
            stack_name=stack.name,
            logical_id=resource.declaration.logical_id,
            exists=exists,
        )

    def _plain(self, properties: Properties) -> Properties:
        plain: dict[str, Any] = dynamic.replace(properties, self.client)
        return plain

    def _attempt(
        self, stack: Stack, resource: Resource, action: str, work: Callable[[], None]
    ) -> None:
        try:
            work()
        except (ClientError, BotoCoreError, ResourceFailure, Refusal) as failure:
            reason = self._reason(failure)
        except Exception as failure:  # noqa: BLE001  a fault of ours must not leave a stack in progress for ever
            _LOG.exception("%s of %s failed", action, resource.declaration.logical_id)
            reason = f"Internal Failure: {failure!r}"
        else:
            stack.record(resource, f"{action}_COMPLETE")
            return
        stack.record(resource, f"{action}_FAILED", reason)
        raise ResourceFailure(reason)

    def _reason(self, failure: Exception) -> str:
        if isinstance(failure, (ResourceFailure, Refusal)) and not isinstance(
            failure, AlreadyExists
        ):
            return str(failure)
        message, code = str(failure), "InvalidRequest"  # botocore refused the parameters
        if isinstance(failure, AlreadyExists):
            code = "AlreadyExists"
        if isinstance(failure, ClientError):
            error = failure.response["Error"]
            message = error.get("Message", "")
            code = next(
                (handler for part, handler in _HANDLER_CODES if part in error["Code"]),
                "GeneralServiceException",
            )
        return (
            f'Resource handler returned message: "{message}" '
            f"(RequestToken: {self.ids()}, HandlerErrorCode: {code})"
        )


def _own_tags(stack: Stack, resource: Resource) -> dict[str, str]:
    """What CloudFormation adds to the tags of all that it makes; a template cannot say them."""
    return {
        "aws:cloudformation:stack-name": stack.name,
        "aws:cloudformation:stack-id": stack.id,
        "aws:cloudformation:logical-id": resource.declaration.logical_id,
    }
