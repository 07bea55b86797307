"""Lambda's calls about provisioned concurrency, which moto has not.

Imitates "PutProvisionedConcurrencyConfig" and its neighbours of the API's reference (2019-09-30).
A configuration belongs to a version or an alias; functions/ is told of versions alone, so an
alias that moves takes its environments along. Refusals are worded as people have published them.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote

from workbook.cloud import lambda_state
from workbook.cloud.answer import Answer, json_answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.functions import Provisioned
from workbook.cloud.invocation import error

_CONFIG = re.compile(r"/2019-09-30/functions/(?P<name>.+)/provisioned-concurrency/?")
_RESERVED = re.compile(r"/2017-10-31/functions/(?P<name>.+)/concurrency/?")
_SHARED_BY_ALL = 100  # of a thousand, which AWS keeps for functions that have reserved nothing

_UNPUBLISHED = "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
_VERSION_TAKEN = (
    "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned"
    " version"
)
_ALIAS_TAKEN = "Version is pointed by a Provisioned Concurrency alias"


class Provisions(Protocol):
    """What functions.Functions offers."""

    def provision(self, arn: str, count: int) -> None: ...
    def provisioned(self, arn: str) -> Provisioned: ...


@dataclass(frozen=True)
class Config:
    """What was asked for, of one version or alias.

    Attributes:
        function: the function's name.
        qualifier: a version's number, or an alias.
    """

    function: str
    region: str
    qualifier: str
    requested: int
    modified: str

    def version_arn(self) -> str | None:
        """Which version that is now; None when it is gone, or not published."""
        try:
            found = lambda_state.find(self.function, self.qualifier, region=self.region)
        except lambda_state.UnknownFunction:
            return None
        return None if found.version == "$LATEST" else str(found.function_arn)

    def replaces(self, other: Config) -> bool:
        """Whether both are of the same version or alias."""
        return (self.function, self.qualifier) == (other.function, other.qualifier)


class _Refused(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.answer = error(code, message, status)


class ProvisionedConcurrency:
    """The configurations, and the answers about them.

    Args:
        functions: where environments are.
        account_limit: concurrent executions, of all functions together.
        clock: seconds since 1970.
    """

    def __init__(
        self, functions: Provisions, *, account_limit: int, clock: Callable[[], float]
    ) -> None:
        self._functions = functions
        self._account_limit = account_limit
        self._least_shared = min(_SHARED_BY_ALL, account_limit // 10)
        self._clock = clock
        self._configs: dict[tuple[str, str, str], Config] = {}
        self._told: dict[str, int] = {}  # version: environments
        self._lock = threading.RLock()

    def answer(self, call: AwsCall, body: bytes) -> Answer | None:
        """Answer a call about it, or one that it forbids; None: the call is moto's."""
        try:
            found = _RESERVED.fullmatch(call.path)
            if found is not None and call.method == "PUT":
                self._check_reserved(unquote(found["name"]), call.region, body)
                return None
            found = _CONFIG.fullmatch(call.path)
            if found is None:
                return None
            with self._lock:
                return self._about(call, unquote(found["name"]), body)
        except _Refused as refused:
            return refused.answer
        except lambda_state.UnknownFunction as unknown:
            return error("ResourceNotFoundException", f"Function not found: {unknown.arn}", 404)

    def refresh(self) -> None:
        """Follow aliases that have moved; forget versions and aliases that are gone."""
        with self._lock:
            for key, config in list(self._configs.items()):
                if not _exists(config):
                    del self._configs[key]
            wanted = {
                arn: config.requested
                for config in self._configs.values()
                if (arn := config.version_arn()) is not None
            }
            for arn in self._told.keys() - wanted.keys():
                self._tell(arn, 0)
            self._told = {
                arn: count
                for arn, count in wanted.items()
                if self._told.get(arn) == count or self._tell(arn, count)
            }

    def names(self) -> list[str]:
        """What is paid for: each version or alias that is to have environments ready."""
        with self._lock:
            return [f"{config.function}:{config.qualifier}" for config in self._configs.values()]

    def _tell(self, arn: str, count: int) -> bool:
        """Whether it could be told: not what is gone, or could not be deployed yet."""
        try:
            self._functions.provision(arn, count)
        except KeyError:
            return False
        return True

    def _about(self, call: AwsCall, name: str, body: bytes) -> Answer:
        asked = parse_qs(call.query)
        function = lambda_state.find(name, region=call.region)
        if call.method == "GET" and "List" in asked:
            told = [
                {
                    "FunctionArn": f"{function.function_arn}:{config.qualifier}",
                    **self._tell_of(config),
                }
                for config in self._of(function)
            ]
            return json_answer({"ProvisionedConcurrencyConfigs": told})
        qualifier = asked.get("Qualifier", [""])[0]
        if qualifier in ("", "$LATEST"):
            raise _Refused("InvalidParameterValueException", _UNPUBLISHED)
        lambda_state.find(function.function_name, qualifier, region=call.region)  # or it is unknown
        key = (function.region, function.function_name, qualifier)
        if call.method == "PUT":
            requested = json.loads(body or b"{}").get("ProvisionedConcurrentExecutions")
            config = Config(
                function.function_name, function.region, qualifier, requested, _date(self._clock())
            )
            self._check(config, function)
            self._configs[key] = config
            self._told.pop(config.version_arn() or "", None)  # after a failure, it is tried again
            self.refresh()
            return json_answer(
                {**_counts(requested, 0), "Status": "IN_PROGRESS"} | _dated(config), 202
            )
        if call.method == "DELETE":
            self._configs.pop(key, None)
            self.refresh()
            return Answer(204)
        if key not in self._configs:
            raise _Refused(
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function",
                404,
            )
        return json_answer(self._tell_of(self._configs[key]))

    def _tell_of(self, config: Config) -> dict[str, Any]:
        arn = config.version_arn()
        now = Provisioned(0, 0, failed=False)
        with contextlib.suppress(KeyError):  # it could not be deployed yet
            now = self._functions.provisioned(arn) if arn else now
        told: dict[str, Any] = {**_counts(config.requested, now.initialized), **_dated(config)}
        if now.failed:
            return {**told, "Status": "FAILED", "StatusReason": "FUNCTION_ERROR_INIT_FAILURE"}
        return {**told, "Status": "READY" if now.initialized >= config.requested else "IN_PROGRESS"}

    def _check(self, config: Config, function: Any) -> None:
        requested, invalid = config.requested, "InvalidParameterValueException"
        if not isinstance(requested, int) or requested < 1:
            raise _Refused(
                "ValidationException",
                f"1 validation error detected: Value '{requested}' at"
                " 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have"
                " value greater than or equal to 1",
            )
        arn = config.version_arn()
        if arn is None:
            raise _Refused(invalid, _UNPUBLISHED)
        others = [one for one in self._of(function) if one.qualifier != config.qualifier]
        if any(one.version_arn() == arn for one in others):
            taken = _ALIAS_TAKEN if config.qualifier.isdecimal() else _VERSION_TAKEN
            raise _Refused("ResourceConflictException", taken, 409)
        if function.reserved_concurrency is not None:
            total = requested + sum(one.requested for one in others)
            if total > int(function.reserved_concurrency):
                raise _Refused(
                    invalid,
                    "Requested Provisioned Concurrency should not be greater than the"
                    " reservedConcurrentExecution for function",
                )
            return
        free = self._unreserved(config.region, beside=config)
        if requested > free:
            raise _Refused(
                invalid,
                "Specified ConcurrentExecutions for function is greater than account's unreserved"
                f" concurrency [{free}].",
            )
        if free - requested < self._least_shared:
            raise _Refused(
                invalid,
                "Specified ConcurrentExecutions for function decreases account's"
                " UnreservedConcurrentExecution below its minimum value of"
                f" [{self._least_shared}].",
            )

    def _check_reserved(self, name: str, region: str, body: bytes) -> None:
        function = lambda_state.find(name, region=region)
        reserved = json.loads(body or b"{}").get("ReservedConcurrentExecutions")
        with self._lock:
            total = sum(config.requested for config in self._of(function))
            free = self._unreserved(region, but=function.function_name)
        if not isinstance(reserved, int):  # moto or botocore's model has something to say of it
            return
        if reserved < total:
            raise _Refused(
                "InvalidParameterValueException",
                f" ReservedConcurrentExecutions  {reserved} should not be lower than function's"
                f" total provisioned concurrency [{total}].",
            )
        if free - reserved < self._least_shared:
            raise _Refused(
                "InvalidParameterValueException",
                "Specified ReservedConcurrentExecutions for function decreases account's"
                " UnreservedConcurrentExecution below its minimum value of"
                f" [{self._least_shared}].",
            )

    def _unreserved(self, region: str, *, but: str = "", beside: Config | None = None) -> int:
        """What functions share that have reserved nothing, less what is provisioned of theirs.

        Args:
            but: a function whose part is left out.
            beside: a configuration that is left out, also as it was before.
        """
        reserved = lambda_state.reserved_concurrency(region)
        reserved.pop(but, None)
        taken = sum(
            one.requested
            for one in self._configs.values()
            if one.function not in (*reserved, but) and not (beside and one.replaces(beside))
        )
        return self._account_limit - sum(reserved.values()) - taken

    def _of(self, function: Any) -> Iterator[Config]:
        where = (function.region, function.function_name)
        return (config for key, config in list(self._configs.items()) if key[:2] == where)


def _exists(config: Config) -> bool:
    try:
        lambda_state.find(config.function, config.qualifier, region=config.region)
    except lambda_state.UnknownFunction:
        return False
    return True


def _counts(requested: int, initialized: int) -> dict[str, int]:
    return {
        "RequestedProvisionedConcurrentExecutions": requested,
        "AvailableProvisionedConcurrentExecutions": initialized,
        "AllocatedProvisionedConcurrentExecutions": initialized,
    }


def _dated(config: Config) -> dict[str, str]:
    return {"LastModified": config.modified}


def _date(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}+0000"
