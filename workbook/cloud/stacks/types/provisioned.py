"""ProvisionedConcurrencyConfig, a property of AWS::Lambda::Alias and of AWS::Lambda::Version.

CloudFormation goes on when the environments are ready, and fails the resource when they cannot be.
"""

from __future__ import annotations

import time
from typing import Any

from ..errors import ResourceFailure
from .protocol import Context
from .schema import Properties

NAME = "ProvisionedConcurrencyConfig"
CONFIG = {"ProvisionedConcurrentExecutions": int}
_PATIENCE = 300.0  # seconds; for environments that begin well and end again and again
_GLANCE = 0.1


def without(properties: Properties) -> dict[str, Any]:
    """The other properties."""
    return {name: value for name, value in properties.items() if name != NAME}


def provision(
    context: Context, function: str, qualifier: str, properties: Properties, old: Properties
) -> None:
    """Have a version or an alias provisioned as its properties say, and wait until it is.

    Raises:
        ResourceFailure: its environments cannot be initialized.
    """
    functions, of = context.client("lambda"), {"FunctionName": function, "Qualifier": qualifier}
    wanted = properties.get(NAME)
    if wanted is None:
        if NAME in old:
            functions.delete_provisioned_concurrency_config(**of)
        return
    if wanted != old.get(NAME):
        functions.put_provisioned_concurrency_config(**of, **wanted)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        told = functions.get_provisioned_concurrency_config(**of)
        if told["Status"] == "READY":
            return
        if told["Status"] == "FAILED":
            raise _failure(told["StatusReason"])
        time.sleep(_GLANCE)
    raise _failure("FUNCTION_ERROR_INIT_TIMEOUT")


def _failure(reason: str) -> ResourceFailure:
    return ResourceFailure(
        f"Provisioned Concurrency configuration failed to be applied. Reason: {reason}"
    )
