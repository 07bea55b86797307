"""The context object: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

import json
import os
import time

from .errors import Fault


def context(headers, log):
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


def parsed(header, name):
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
        self, invoke_id, client_context, cognito_identity, deadline_ms, arn, tenant_id, log
    ):
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

    def get_remaining_time_in_millis(self):
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def w3c(self):
        return dict(self._w3c_fields)

    def log(self, msg):
        self._log.write(str(msg))

    def __repr__(self):
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

    __slots__ = ()

    def __repr__(self):
        return represent(self, self.__slots__)


class CognitoIdentity(Slotted):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(Slotted):
    __slots__ = (  # noqa: RUF023 - shown in this order
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )


class ClientContext(Slotted):
    __slots__ = ("custom", "env", "client")  # noqa: RUF023 - shown in this order


def represent(value, names):
    fields = ",".join(f"{name}={getattr(value, name)}" for name in names)
    return f"{type(value).__name__}([{fields}])"


def filled(kind, fields):
    if fields is None:
        return None
    made = kind()
    for name in kind.__slots__:
        setattr(made, name, fields.get(name))
    return made


def w3c_fields(client_context):
    if not isinstance(client_context, dict):
        return {}
    raw = client_context.pop("w3c", None)
    if not isinstance(raw, dict):
        return {}
    names = ("traceparent", "tracestate", "baggage")
    return {name: raw[name] for name in names if isinstance(raw.get(name), str)}
