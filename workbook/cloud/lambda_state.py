"""Which of moto's functions a name, an ARN or an alias means, and how it wants to be invoked.

The one reader of moto's Lambda backend besides mirror.py; functions/ and events/ know ARNs only.
"""

from __future__ import annotations

from typing import Any

from workbook.cloud.events.destinations import InvokeConfig

ACCOUNT = "123456789012"


class UnknownFunction(KeyError):
    """No such function, version or alias; `arn` is how AWS names it in its message."""

    def __init__(self, arn: str) -> None:
        super().__init__(arn)
        self.arn = arn


def find(name: str, qualifier: str | None = None, *, region: str = "us-east-1") -> Any:
    """moto's function for a name, `name:alias`, a partial or a whole ARN.

    Raises:
        UnknownFunction: there is none.
    """
    from moto.awslambda.exceptions import UnknownFunctionException  # slow, and not always needed
    from moto.awslambda.models import lambda_backends

    account = ACCOUNT
    if name.startswith("arn:"):
        _, _, _, region, account, *_ = name.split(":")
    elif ":function:" in name:  # the partial ARN: account:function:name
        account, _, name = name.partition(":function:")
    try:
        return lambda_backends[account][region].get_function(name, qualifier)
    except UnknownFunctionException as unknown:
        raise UnknownFunction(unknown.message.removeprefix("Function not found: ")) from unknown


def reserved_concurrency(region: str) -> dict[str, int]:
    """What functions have reserved, by their names."""
    from moto.awslambda.models import lambda_backends  # slow, and not always needed

    functions = lambda_backends[ACCOUNT][region].list_functions()
    return {
        function.function_name: int(function.reserved_concurrency)
        for function in functions
        if function.reserved_concurrency is not None
    }


def invoked_arn(name: str, qualifier: str | None = None) -> str:
    """The ARN under which functions/ runs what `name` means; a version's where it is an alias."""
    return str(find(name, qualifier).function_arn)


def execution_role(arn: str) -> str:
    """The ARN of the role that a function runs as."""
    return str(find(arn).role)


def invoke_config(arn: str) -> InvokeConfig:
    """How asynchronous invocations of a function are retried, and where they end up."""
    try:
        function = find(arn)
    except UnknownFunction:
        return InvokeConfig()
    configured = function.event_invoke_config[-1].config if function.event_invoke_config else {}
    destinations = configured.get("DestinationConfig") or {}
    reserved = function.reserved_concurrency
    return InvokeConfig(
        maximum_retry_attempts=configured.get("MaximumRetryAttempts", 2),
        maximum_event_age_seconds=configured.get("MaximumEventAgeInSeconds", 21_600),
        on_success=(destinations.get("OnSuccess") or {}).get("Destination"),
        on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        reserved_concurrency=None if reserved is None else int(reserved),
    )
