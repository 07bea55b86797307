"""What crosses the boundary of this package: a function's configuration, what an invocation
came to, and the refusals that the front turns into AWS's HTTP answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layer:
    """A version of a layer; `sha256` names the bytes of its zip."""

    sha256: str
    zip_path: Path


@dataclass(frozen=True)
class FunctionSpec:
    """One published version, or $LATEST, as it is configured now.

    Attributes:
        arn: the key it is invoked by, qualified or not.
        version: "$LATEST" or a number.
        handler: "module.function".
        runtime: AWS's identifier, such as "python3.12".
        zip_path: the code as uploaded; code_sha256 names its bytes.
        environment: the function's own variables.
        credentials: AWS_ACCESS_KEY_ID and the others that the function calls AWS with.
        reserved_concurrency: None when it shares the account's limit.
        layers: unpacked one over the other, the last on top.
    """

    arn: str
    name: str
    version: str
    handler: str
    runtime: str
    zip_path: Path
    code_sha256: str
    memory_mb: int
    timeout_seconds: int
    environment: Mapping[str, str]
    role_arn: str
    region: str
    account: str
    credentials: Mapping[str, str]
    reserved_concurrency: int | None
    layers: tuple[Layer, ...] = ()


@dataclass(frozen=True)
class Phase:
    """A part of an invocation: its init, or its handler.

    Attributes:
        name: "init" or "handler".
        began: seconds since 1970.
        failed: whether it came to no good end.
    """

    name: str
    began: float
    ms: float
    failed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one invocation came to.

    Attributes:
        payload: the function's JSON result, or AWS's error object.
        function_error: None, or "Unhandled" as in the X-Amz-Function-Error header.
        log_tail: the last 4 KB that this invocation logged, not yet in base64.
        init_ms: None when the environment was warm.
        cold: whether the environment was started for this request.
        phases: what it consisted of, in order.
    """

    request_id: str
    payload: bytes
    function_error: str | None
    log_tail: str
    duration_ms: float
    billed_ms: int
    init_ms: float | None
    max_memory_mb: int
    environment_id: str
    cold: bool
    executed_version: str
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True)
class Provisioned:
    """How far provisioned concurrency is.

    Attributes:
        requested: how many environments are to be ready.
        initialized: how many are, or are busy.
        failed: whether one's init has failed, and no more are tried.
    """

    requested: int
    initialized: int
    failed: bool


class Throttled(Exception):
    """No concurrency left; `reason` is AWS's: which of its limits was met."""

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.")
        self.reason = reason


class InvalidPackage(Exception):
    """The uploaded code cannot be unpacked; the message is AWS's."""


class RequestTooLarge(Exception):
    """The payload is beyond Lambda's synchronous limit; the message is AWS's."""


class StorageFull(Exception):
    """The disk has no room for a function's code; the message says where."""
