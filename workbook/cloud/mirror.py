"""Keeps what runs in line with what is configured: reads moto's state, tells the engines.

After each call that may have changed Lambda or EventBridge (front.py knows which), `refresh`
compares moto's functions, mappings and rules with what was last handed on and passes on the
difference. So it does not matter whether a change came from one call or from a CloudFormation
stack, and moto's own bookkeeping stays as it is. It never changes moto. REST APIs are
api_mirror.py's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Dict
from typing import Any, Protocol

from workbook.cloud.events.mappings import Mapping
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.schedules import Schedules
from workbook.cloud.functions import FunctionSpec, InvalidPackage, StorageFull
from workbook.cloud.layers import Layers
from workbook.cloud.uploads import Uploads

FUNCTIONS_CHANGE_WITH = frozenset({"lambda", "iam"})
RULES_CHANGE_WITH = frozenset({"events"})


class DeploysFunctions(Protocol):
    """What functions.Functions offers."""

    def deploy(self, spec: FunctionSpec) -> None: ...
    def remove(self, arn: str) -> None: ...


Credentials = Callable[[str, str], Dict[str, str]]  # role ARN and session name


class FunctionMirror:
    """moto's functions and published versions, deployed.

    Args:
        uploads: where the zips are.
        layers: which zips the versions of layers are.
        credentials: what a function calls AWS with.
    """

    def __init__(
        self,
        functions: DeploysFunctions,
        *,
        uploads: Uploads,
        layers: Layers,
        credentials: Credentials,
    ) -> None:
        self._functions = functions
        self._uploads = uploads
        self._layers = layers
        self._credentials = credentials
        self._deployed: dict[str, FunctionSpec] = {}
        self._failed: dict[str, FunctionSpec] = {}
        self._unreadable: set[str] = set()
        self._callers: dict[str, str] = {}  # access key: function, also of those that are gone
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Deploy what is new or changed, remove what is gone."""
        with self._lock:
            wanted, failures = self._wanted()
            for arn in self._deployed.keys() - wanted.keys():
                self._functions.remove(arn)
                del self._deployed[arn]
            failures += [
                self._deploy(spec)
                for arn, spec in wanted.items()
                if self._deployed.get(arn) != spec
            ]
        for failure in filter(None, failures):
            raise failure

    def _wanted(self) -> tuple[dict[str, FunctionSpec], list[Exception | None]]:
        """What is to be deployed, and why a function cannot be read, told once.

        moto takes settings of any type. A function with such ones goes on as it was, as on AWS,
        and does not stand in the way of the others.
        """
        wanted, failures = {}, list[Exception | None]()
        for moto_function in _moto_functions():
            arn = str(moto_function.function_arn)
            try:
                wanted[arn] = self._spec(moto_function)
            except (TypeError, ValueError) as unreadable:
                if arn in self._deployed:
                    wanted[arn] = self._deployed[arn]
                if arn not in self._unreadable:
                    failures.append(unreadable)
                self._unreadable.add(arn)
            else:
                self._unreadable.discard(arn)
        return wanted, failures

    def _deploy(self, spec: FunctionSpec) -> Exception | None:
        """Why it could not be deployed, told once; it is tried again with every refresh."""
        try:
            self._functions.deploy(spec)
        except (InvalidPackage, StorageFull) as failure:
            if self._failed.get(spec.arn) == spec:
                return None
            self._failed[spec.arn] = spec
            return failure
        self._deployed[spec.arn] = spec
        self._callers[spec.credentials["AWS_ACCESS_KEY_ID"]] = spec.name
        return None

    def access_keys(self) -> dict[str, str]:
        """Names of the functions, by the access key that each calls AWS with."""
        with self._lock:
            return dict(self._callers)

    def _spec(self, moto_function: Any) -> FunctionSpec:
        latest = moto_function.version == "$LATEST"
        return FunctionSpec(
            arn=moto_function.function_arn,
            name=moto_function.function_name,
            version=str(moto_function.version),
            handler=moto_function.handler or "",
            runtime=moto_function.run_time or "",
            zip_path=self._uploads.path(moto_function.code_digest),
            code_sha256=moto_function.code_digest,
            memory_mb=int(moto_function.memory_size),
            timeout_seconds=int(moto_function.timeout),
            environment=dict(moto_function.environment_vars or {}),
            role_arn=moto_function.role,
            region=moto_function.region,
            account=moto_function.account_id,
            credentials=self._credentials(moto_function.role, moto_function.function_name),
            reserved_concurrency=_reserved(moto_function) if latest else None,
            layers=tuple(self._layers.layer(layer["Arn"]) for layer in moto_function.layers),
        )


class MappingMirror:
    """moto's event source mappings, polled."""

    def __init__(self, pollers: Pollers) -> None:
        self._pollers = pollers
        self._known: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Poll for what is new, with the settings of now; leave off what is gone."""
        with self._lock:
            found = {mapping.uuid: mapping.get_configuration() for mapping in _moto_mappings()}
            for uuid in self._known.keys() - found.keys():
                self._pollers.remove(uuid)
            for uuid, settings in found.items():
                if self._known.get(uuid) != settings:
                    self._pollers.put(Mapping.parse(settings))
            self._known = found


class ScheduleMirror:
    """moto's rules on a schedule, fired."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take on rules as they are now, forget those that are gone."""
        with self._lock:
            found = {rule.arn: rule for rule in _moto_rules() if rule.scheduled_expression}
            for arn in self._known - found.keys():
                self._schedules.remove(arn)
            for arn, rule in found.items():
                enabled = rule.state == "ENABLED"
                self._schedules.put(arn, rule.scheduled_expression, enabled=enabled)
            self._known = set(found)


def _moto_functions() -> Iterator[Any]:
    from moto.awslambda.models import lambda_backends  # loaded when Lambda is first called

    for account in list(lambda_backends.values()):
        for backend in list(account.values()):
            for versions in list(backend._lambdas._functions.values()):
                published = [versions["latest"], *versions["versions"]]
                yield from (function for function in published if function is not None)


def _moto_mappings() -> Iterator[Any]:
    from moto.awslambda.models import lambda_backends  # loaded when Lambda is first called

    for account in list(lambda_backends.values()):
        for backend in list(account.values()):
            yield from list(backend._event_source_mappings.values())


def _moto_rules() -> Iterator[Any]:
    from moto.events.models import events_backends  # loaded when EventBridge is first called

    for account in list(events_backends.values()):
        for backend in list(account.values()):
            for bus in list(backend.event_buses.values()):
                yield from list(bus.rules.values())


def _reserved(moto_function: Any) -> int | None:
    reserved = moto_function.reserved_concurrency
    return None if reserved is None else int(reserved)
