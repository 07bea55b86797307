"""The context object: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

from __future__ import annotations

import json
import os
import time

from .errors import Fault

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .logs import Log


def context(headers: dict[str, str], log: Log) -> LambdaContext:
    """The context of the event that came with these headers."""
    return LambdaContext(
        headers["lambda-runtime-aws-request-id"],
        parsed(headers.get("lambda-runtime-client-context"), "Client Context"),
        parsed(headers.get("lambda-runtime-cognito-identity"), "Cognito Identity"),
        int(headers["lambda-runtime-deadline-ms"]),
        headers.get("lambda-runtime-invoked-function-arn"),
        headers.get("lambda-runtime-aws-tenant-id"),
        log,
    )


def parsed(header: str | None, name: str) -> Any:
    """A header's JSON; None when there is none. `name` is for the fault."""
    if not header:
        return None
    try:
        return json.loads(header)
    except ValueError as error:
        fault = f"Unable to parse {name} JSON: {error}"
        raise Fault("LambdaContextUnmarshalError", fault) from None


class LambdaContext:
    """AWS's fields, by its own names."""

    def __init__(
        self,
        invoke_id: str,
        client_context: dict[str, Any] | None,
        cognito_identity: dict[str, Any] | None,
        deadline_ms: int,
        arn: str | None,
        tenant_id: str | None,
        log: Log,
    ) -> None:
        self.aws_request_id = invoke_id
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = arn
        self.tenant_id = tenant_id
        self._w3c_fields = w3c_fields(client_context)
        self.client_context = filled(ClientContext, client_context)
        if self.client_context is not None:
            self.client_context.client = filled(Client, self.client_context.client)
        self.identity = filled(CognitoIdentity, {})
        if cognito_identity is not None:
            self.identity.cognito_identity_id = cognito_identity.get("cognitoIdentityId")
            self.identity.cognito_identity_pool_id = cognito_identity.get("cognitoIdentityPoolId")
        self._epoch_deadline_time_in_ms = deadline_ms
        self._log = log

    def get_remaining_time_in_millis(self) -> int:
        """Until the request times out."""
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def w3c(self) -> dict[str, str]:
        """The W3C trace context, where the caller sent one."""
        return dict(self._w3c_fields)

    def log(self, msg: object) -> None:
        """Write to the log, without a line end."""
        self._log.write(str(msg))

    def __repr__(self) -> str:
        shown = (
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        )
        return represent(self, shown)


class Slotted:
    """An object with fixed fields, in the order in which AWS shows them."""

    __slots__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return represent(self, self.__slots__)


class CognitoIdentity(Slotted):
    """context.identity; empty unless the mobile SDK calls."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(Slotted):
    """context.client_context.client."""

    __slots__ = (  # noqa: RUF023 - shown in this order
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )


class ClientContext(Slotted):
    """context.client_context."""

    __slots__ = ("custom", "env", "client")  # noqa: RUF023 - shown in this order


def represent(value: object, names: Iterable[str]) -> str:
    """AWS's form of showing such objects."""
    fields = ",".join(f"{name}={getattr(value, name)}" for name in names)
    return f"{type(value).__name__}([{fields}])"


def filled(kind: type[Slotted], fields: dict[str, Any] | None) -> Any:
    """An object with these fields; None for None."""
    if fields is None:
        return None
    made = kind()
    for name in kind.__slots__:
        setattr(made, name, fields.get(name))
    return made


def w3c_fields(client_context: Any) -> dict[str, str]:
    """Take the trace context out of a client context."""
    if not isinstance(client_context, dict):
        return {}
    raw = client_context.pop("w3c", None)
    if not isinstance(raw, dict):
        return {}
    names = ("traceparent", "tracestate", "baggage")
    return {name: raw[name] for name in names if isinstance(raw.get(name), str)}
