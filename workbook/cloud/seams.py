"""Every place where moto is extended, and nothing else: the only module that replaces its code.

A seam names the function it replaces, what moto does there that a local cloud cannot use, and a
fragment of moto's source that this reasoning rests on. tests/cloud/test_seams.py holds each
against the moto that is installed, and says plainly which one an upgrade has moved. Seams are
laid when moto's module is first imported, because moto loads a service when it is first called.

What takes the place of moto's behaviour is in `Hooks`, which emulator.py implements. Reading
moto's state is mirror.py's job; documents for REST APIs are rest_apis.py's.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import importlib.abc
import importlib.util
import itertools
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.machinery import ModuleSpec
from operator import attrgetter
from types import ModuleType
from typing import Any, Protocol


class Hooks(Protocol):
    """What the seams call. Objects named `moto_…` are moto's own, to be read, not kept."""

    def run_function(self, arn: str, payload: bytes) -> tuple[bytes, str | None]:
        """Run a function and wait: its payload, and None or "Unhandled"."""

    def run_later(self, arn: str, payload: bytes) -> None:
        """Run a function as an asynchronous invocation."""

    def object_changed(self, account: str, event: str, moto_bucket: Any, moto_key: Any) -> None:
        """An object was created or removed; `event` begins with "s3:"."""

    def notifications_put(self, moto_bucket: Any) -> None:
        """A bucket's notifications were configured."""

    def message_published(self, moto_topic: Any, message_id: str, message: dict[str, Any]) -> None:
        """A message was published to a topic; `message` has moto's names for its parts."""

    def check_filter_policy(self, policy: Any, scope: str) -> None:
        """Raise moto's error for a subscription's filter policy that SNS would refuse."""

    def log_filter(self, pattern: str) -> Callable[[str], bool]:
        """What tells whether a log message is asked for; or raise moto's error for no pattern."""

    def events_put(
        self, account: str, region: str, entries: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """PutEvents: take its entries, and answer for each."""

    def check_rule(self, pattern: str | None, schedule: str | None) -> None:
        """Raise moto's error for a pattern or a schedule that AWS would refuse."""

    def check_target(self, target: dict[str, Any]) -> None:
        """Raise moto's error for a rule's target that AWS would refuse."""

    def now(self) -> float:
        """The cloud's time, which `advance` moves: seconds since the epoch."""

    def message_comes(self, arn: str, moto_message: Any) -> None:
        """A message is about to be put into a queue, or moved to its dead letters."""

    def message_dropped(self, moto_message: Any) -> None:
        """The message that was about to come is a duplicate, and was not put in."""

    def record_comes(self, arn: str, sequence_number: int) -> None:
        """A record is about to be written to a stream."""

    def queue_changed(self, arn: str) -> None:
        """A message has arrived in a queue."""

    def stream_changed(self, arn: str) -> None:
        """A record was written to a table's or Kinesis stream, or that was resharded."""

    def keep_package(self, digest: str, content: bytes) -> None:
        """Keep a function's code, or raise moto's error where AWS would refuse it."""

    def layer_published(self, arn: str, digest: str) -> None:
        """A version of a layer is there, with the bytes of a package that is kept."""

    def check_layers(self, arns: list[str], region: str) -> None:
        """Raise moto's error for layers that a function may not refer to."""

    def check_size(self, arns: list[str], digest: str) -> None:
        """Raise moto's error for layers that do not fit a function with code of that hash."""

    def check_mapping(self, settings: dict[str, Any]) -> None:
        """Raise moto's error for an event source mapping that AWS would refuse."""

    def import_api(self, backend: Any, api: Any, document: dict[str, Any], mode: str) -> None:
        """Bring moto's REST API in line with a Swagger 2.0 document."""


Replacement = Callable[..., Any]


@dataclass(frozen=True)
class Seam:
    """One replaced function of moto.

    Args:
        module: where it is.
        target: its dotted name there.
        parameters: the names of its parameters, as this seam knows them.
        rests_on: a fragment of its source without which the seam has lost its reason.
        replaces: what moto does, and why that will not do here.
        build: makes the replacement from the original and the hooks.
    """

    module: str
    target: str
    parameters: tuple[str, ...]
    rests_on: str
    replaces: str
    build: Callable[[Replacement, Hooks], Replacement]

    def original(self) -> Replacement:
        """What stands at the target now."""
        found: Replacement = attrgetter(self.target)(importlib.import_module(self.module))
        return found

    def lay(self, module: ModuleType, hooks: Hooks) -> None:
        """Put the replacement in place."""
        owner_name, _, name = self.target.rpartition(".")
        owner = attrgetter(owner_name)(module) if owner_name else module
        setattr(owner, name, self.build(getattr(owner, name), hooks))


SEAMS: list[Seam] = []


def lay_seams(hooks: Hooks) -> None:
    """Extend moto in this process, for good: now what is imported, the rest as it is."""
    by_module: dict[str, list[Seam]] = {name: [] for name in POSTPONED}
    for seam in SEAMS:
        by_module.setdefault(seam.module, []).append(seam)
    for name in by_module.keys() & sys.modules.keys():
        for seam in by_module.pop(name):
            seam.lay(sys.modules[name], hooks)
    sys.meta_path.insert(0, _AfterImport(by_module, hooks))


class _AfterImport(importlib.abc.MetaPathFinder):
    """Finds nothing itself; has the seams of a module laid as soon as that has been executed."""

    def __init__(self, waiting: dict[str, list[Seam]], hooks: Hooks) -> None:
        self._waiting, self._hooks = waiting, hooks

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._waiting:
            return None
        seams = self._waiting.pop(fullname)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            with _postponed(fullname):
                execute(module)
            for seam in seams:
                seam.lay(module, self._hooks)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _openapi_validator() -> dict[str, ModuleType]:
    """Takes longer to import than all else of moto together; asked for by failonwarnings alone."""
    errors = "openapi_spec_validator.validation.exceptions"

    class OpenAPIValidationError(Exception):
        """What moto's handler of the real one catches."""

    def validate(document: dict[str, Any]) -> None:
        real = importlib.import_module(errors).OpenAPIValidationError
        try:
            importlib.import_module("openapi_spec_validator").validate(document)
        except real as error:
            raise OpenAPIValidationError(str(error)) from error

    return {
        "openapi_spec_validator": _module(validate=validate),
        "openapi_spec_validator.validation": _module(),
        errors: _module(OpenAPIValidationError=OpenAPIValidationError),
    }


def _ec2() -> dict[str, ModuleType]:
    """A hundred megabytes of instance types; Systems Manager asks it for targets of commands."""

    class Backends:
        def __getitem__(self, account: str) -> Any:
            return importlib.import_module("moto.ec2").ec2_backends[account]

    return {"moto.ec2": _module(ec2_backends=Backends())}


def _module(**content: Any) -> ModuleType:
    module = ModuleType("stand-in")
    vars(module).update(content)
    return module


# While moto's module is imported, these stand in for packages that it seldom needs.
POSTPONED = {"moto.apigateway.models": _openapi_validator, "moto.ssm.models": _ec2}


@contextlib.contextmanager
def _postponed(importer: str) -> Iterator[None]:
    stand_ins = POSTPONED[importer]() if importer in POSTPONED else {}
    if stand_ins.keys() & sys.modules.keys():  # then there is nothing to save
        stand_ins = {}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _seam(
    module: str, target: str, parameters: str, *, rests_on: str, replaces: str
) -> Callable[[Callable[[Replacement, Hooks], Replacement]], None]:
    def record(build: Callable[[Replacement, Hooks], Replacement]) -> None:
        SEAMS.append(Seam(module, target, tuple(parameters.split()), rests_on, replaces, build))

    return record


# ── all services ────────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.core.common_models",
    "BaseModel.__new__",
    "cls args kwargs",
    rests_on="cls.instances_tracked.append(instance)",
    replaces="keeps every message, object and log line it ever made, for its dashboard",
)
def _keep_no_list_of_all(original: Replacement, hooks: Hooks) -> Replacement:
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls)

    return staticmethod(__new__)


# ── IAM ─────────────────────────────────────────────────────────────────────────────────────


# Where a policy is looked up by its ARN; moto reads AWS's own never, or all of them for 40 MB.
_NAMING_POLICIES = (
    ("attach_group_policy", "policy_arn group_name", "policy = arns[policy_arn]"),
    ("attach_role_policy", "policy_arn role_name", "policy = arns[policy_arn]"),
    ("attach_user_policy", "policy_arn user_name", "policy = arns[policy_arn]"),
    (
        "create_role",
        (
            "role_name assume_role_policy_document path permissions_boundary description tags"
            " max_session_duration linked_service"
        ),
        "self.policy_arn_regex.match(",
    ),
    ("get_policy", "policy_arn", "if policy_arn not in self.managed_policies"),
    (
        "put_role_permissions_boundary",
        "role_name permissions_boundary",
        "role.permissions_boundary_arn = permissions_boundary",
    ),
)


def _knowing_awss_policies(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def look_up(self: Any, *args: Any, **kwargs: Any) -> Any:
        for argument in (*args, *kwargs.values()):
            if isinstance(argument, str) and argument.startswith("arn:aws:iam::aws:policy/"):
                _know_policy(self, argument)
        return original(self, *args, **kwargs)

    return look_up


def _know_policy(backend: Any, arn: str) -> None:
    """Have moto's IAM know one of AWS's own policies, if there is one of that ARN."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data
    from moto.iam.models import AWSManagedPolicy

    name = arn.rpartition("/")[2]
    found = None if arn in backend.managed_policies else json.loads(aws_managed_policies_data)
    if found and name in found:
        policy = AWSManagedPolicy.from_data(
            name, backend.account_id, backend.region_name, found[name]
        )
        if policy.arn == arn:
            backend.managed_policies[arn] = policy


for _name, _parameters, _rests_on in _NAMING_POLICIES:
    _seam(
        "moto.iam.models",
        f"IAMBackend.{_name}",
        f"self {_parameters}",
        rests_on=_rests_on,
        replaces="knows none of AWS's own policies",
    )(_knowing_awss_policies)


# ── Lambda ──────────────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.awslambda.models",
    "LambdaFunction._invoke_lambda",
    "self event",
    rests_on="self.docker_client.containers.run(",
    replaces="runs the function in a Docker container",
)
def _run_in_an_environment(original: Replacement, hooks: Hooks) -> Replacement:
    def _invoke_lambda(self: Any, event: Any = None) -> tuple[str, bool, str]:
        payload, error = hooks.run_function(self.function_arn, json.dumps(event).encode())
        return payload.decode(), error is not None, ""

    return _invoke_lambda


@_seam(
    "moto.awslambda.models",
    "LambdaFunction._set_function_code",
    "self updated_spec",
    rests_on="_zipfile_content(updated_spec[",
    replaces="takes any bytes for a function's code, or none, where AWS wants a zip it can open",
)
def _take_only_zips(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def _set_function_code(self: Any, updated_spec: dict[str, Any]) -> None:
        _check_source(self.account_id, self.region, updated_spec, "function code")
        before, code = dict(vars(self)), dict(self.code)
        original(self, updated_spec)
        try:
            if getattr(self, "code_digest", ""):
                hooks.keep_package(self.code_digest, self.code_bytes)
                hooks.check_size([layer["Arn"] for layer in self.layers], self.code_digest)
        except BaseException:  # what it was goes on being its code
            vars(self).clear()
            vars(self).update(before)
            self.code.clear()
            self.code.update(code)
            raise

    return _set_function_code


def _check_source(account: str, region: str, code: dict[str, Any], what: str) -> None:
    """Refuse code that is nowhere, or not where it is said to be; moto would do without."""
    from moto.awslambda.exceptions import InvalidParameterValueException
    from moto.s3.exceptions import MissingBucket, MissingKey
    from moto.s3.models import s3_backends
    from moto.utilities.utils import get_partition

    if "ZipFile" in code:
        return
    if not {"S3Bucket", "S3Key"} <= code.keys():
        raise InvalidParameterValueException(f"Please provide a source for {what}.")
    backend = s3_backends[account][get_partition(region)]
    missing = "NoSuchKey. S3 Error Message: The specified key does not exist."
    with contextlib.suppress(MissingKey):
        try:
            if backend.get_object(code["S3Bucket"], code["S3Key"]) is not None:
                return
        except MissingBucket:
            missing = "NoSuchBucket. S3 Error Message: The specified bucket does not exist"
    raise InvalidParameterValueException(
        f"Error occurred while GetObject. S3 Error Code: {missing}"
    )


_PYTHON = re.compile(r"python3\.\d+")


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.create_function",
    "self spec",
    rests_on="self._lambdas.put_function(fn)",
    replaces="makes functions without a runtime or a handler, or with one that Lambda does not know",
)
def _check_new_functions(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def create_function(self: Any, spec: dict[str, Any]) -> Any:
        if not (spec.get("Runtime") and spec.get("Handler")):
            from moto.awslambda.exceptions import InvalidParameterValueException

            raise InvalidParameterValueException(
                "Runtime and Handler are mandatory parameters for functions created with "
                "deployment packages."
            )
        _check_runtime(spec["Runtime"])
        hooks.check_layers(spec.get("Layers") or [], self.region_name)
        return original(self, spec)

    return create_function


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.update_function_configuration",
    "self function_name qualifier body",
    rests_on="return fn.update_configuration(body)",
    replaces="takes any text for a runtime",
)
def _check_changed_functions(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def update_function_configuration(
        self: Any, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> Any:
        if "Runtime" in body:
            _check_runtime(body["Runtime"])
        if body.get("Layers"):
            hooks.check_layers(body["Layers"], self.region_name)
            hooks.check_size(body["Layers"], self.get_function(function_name).code_digest)
        return original(self, function_name, qualifier, body)

    return update_function_configuration


@_seam(
    "moto.awslambda.models",
    "LayerVersion.__init__",
    "self spec account_id region",
    rests_on="_zipfile_content(self.content[",
    replaces="takes any bytes for a layer's content, where AWS wants a zip it can open",
)
def _take_only_zips_for_layers(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def __init__(self: Any, spec: dict[str, Any], account_id: str, region: str) -> None:
        _check_source(account_id, region, spec["Content"], "layer content")
        with _refusing_values():
            original(self, spec, account_id, region)
        hooks.keep_package(self.code_digest, self.code_bytes)

    return __init__


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.publish_layer_version",
    "self spec",
    rests_on="self._layers.put_layer_version(layer_version)",
    replaces="forgets a deleted version's content, though functions may still refer to it",
)
def _remember_layers(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def publish_layer_version(self: Any, spec: dict[str, Any]) -> Any:
        version = original(self, spec)
        hooks.layer_published(version.arn, version.code_digest)
        return version

    return publish_layer_version


def _check_runtime(runtime: str) -> None:
    if not _PYTHON.fullmatch(runtime):
        from moto.awslambda.exceptions import InvalidParameterValueException

        raise InvalidParameterValueException(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum "
            "value set: [python3.10, python3.11, python3.12, python3.13, python3.14] or be a "
            "valid ARN"
        )


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.create_event_source_mapping",
    "self spec",
    rests_on="queue.lambda_event_source_mappings[esm.function_arn] = esm",
    replaces="has the queue or stream call the function inside its writer's request",
)
def _leave_polling_to_the_pollers(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def create_event_source_mapping(self: Any, spec: dict[str, Any]) -> Any:
        with _refusing_values():
            mapping = original(self, spec)
        try:
            _check_only_mapping(self, mapping)
            hooks.check_mapping(mapping.get_configuration())
        except BaseException:
            del self._event_source_mappings[mapping.uuid]
            raise
        finally:
            _silence_sources(self.account_id, self.region_name)
        return mapping

    return create_event_source_mapping


def _check_only_mapping(backend: Any, mapping: Any) -> None:
    """Raise AWS's conflict where the function has another mapping of the same source."""
    for other in list(backend._event_source_mappings.values()):
        same_source = other.event_source_arn == mapping.event_source_arn
        same_function = _short(other.function_name) == _short(mapping.function_name)
        if other is mapping or not (same_source and same_function):
            continue
        from moto.awslambda.exceptions import LambdaClientError

        source, function = mapping.event_source_arn, _short(mapping.function_name)
        if ":sqs:" in source:
            told = f'An event source mapping with SQS arn (" {source} ") and function'
            told += f' (" {function} ") already exists.'
        else:
            told = f'The event source arn (" {source} ") and function'
            told += f' (" {function} ") provided mapping already exists.'
        told += f" Please update or delete the existing mapping with UUID {other.uuid}"
        error = LambdaClientError("ResourceConflictException", told)
        error.code = 409
        raise error


def _silence_sources(account: str, region: str) -> None:
    from moto.dynamodb.models import dynamodb_backends  # loaded by moto.awslambda.models
    from moto.kinesis.models import kinesis_backends
    from moto.sqs.models import sqs_backends

    queues = sqs_backends[account][region].queues.values()
    tables = dynamodb_backends[account][region].tables.values()
    streams = kinesis_backends[account][region].streams.values()
    sources: list[Any] = [*queues, *tables, *streams]
    for source in sources:
        source.lambda_event_source_mappings.clear()


@_seam(
    "moto.awslambda.models",
    "EventSourceMapping.get_configuration",
    "self",
    rests_on='"StartingPosition": self.starting_position',
    replaces="does not tell at what moment a mapping starts",
)
def _tell_the_starting_moment(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_configuration(self: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(self)
        moment = self.starting_position_timestamp
        return told if moment is None else {**told, "StartingPositionTimestamp": moment}

    return get_configuration


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.update_event_source_mapping",
    "self uuid spec",
    rests_on="esm.batch_size = spec[key]",
    replaces="takes settings that Lambda refuses",
)
def _check_changes_of_mappings(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def update_event_source_mapping(self: Any, uuid: str, spec: dict[str, Any]) -> Any:
        mapping = self.get_event_source_mapping(uuid)
        before = dict(vars(mapping)) if mapping else {}
        try:
            with _refusing_values():
                changed = original(self, uuid, spec)
            if changed is not None:
                hooks.check_mapping(changed.get_configuration())
        except BaseException:  # it goes on as it was
            vars(mapping).update(before)
            raise
        return changed

    return update_event_source_mapping


@contextlib.contextmanager
def _refusing_values() -> Iterator[None]:
    """moto's ValueError(code, message) as the answer that it stands for."""
    from moto.awslambda.exceptions import InvalidParameterValueException

    try:
        yield
    except ValueError as refused:
        raise InvalidParameterValueException(str(refused.args[-1])) from refused


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.list_event_source_mappings",
    "self event_source_arn function_name",
    rests_on="x.function_name == function_name",
    replaces="finds a function's mappings only by the very form of its name they were made with",
)
def _list_mappings(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def list_event_source_mappings(self: Any, event_source_arn: str, function_name: str) -> Any:
        found = original(self, event_source_arn, None)
        wanted = _short(function_name or "")
        return [one for one in found if not wanted or _short(one.function_name) == wanted]

    return list_event_source_mappings


def _short(function: str) -> str:
    """A function's name and qualifier, whichever of AWS's three forms they were given in."""
    return function.rpartition("function:")[2]


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.delete_event_source_mapping",
    "self uuid",
    rests_on="self._event_source_mappings.pop(uuid, None)",
    replaces="answers success where there is nothing to delete, and AWS 404",
)
def _delete_what_is_mapped(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_event_source_mapping(self: Any, uuid: str) -> Any:
        found = original(self, uuid)
        if found is None:
            from moto.awslambda.exceptions import LambdaClientError

            error = LambdaClientError(
                "ResourceNotFoundException", "The resource you requested does not exist."
            )
            error.code = 404
            raise error
        return found

    return delete_event_source_mapping


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.send_log_event",
    "self function_arn filter_name log_group_name log_stream_name log_events",
    rests_on="func.invoke(json.dumps(event), {}, {})",
    replaces="runs a log subscription's function inside the request that wrote the log",
)
def _deliver_logs_later(original: Replacement, hooks: Hooks) -> Replacement:
    def send_log_event(
        self: Any,
        function_arn: str,
        filter_name: str,
        log_group_name: str,
        log_stream_name: str,
        log_events: Any,
    ) -> None:
        data = {
            "messageType": "DATA_MESSAGE",
            "owner": self.account_id,
            "logGroup": log_group_name,
            "logStream": log_stream_name,
            "subscriptionFilters": [filter_name],
            "logEvents": log_events,
        }
        packed = base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()
        hooks.run_later(function_arn, json.dumps({"awslogs": {"data": packed}}).encode())

    return send_log_event


@_seam(
    "moto.awslambda.models",
    "LambdaBackend.put_function_event_invoke_config",
    "self function_name config",
    rests_on="fn.event_invoke_config.append(event_config)",
    replaces="keeps every configuration of asynchronous invocation and goes by the first",
)
def _replace_invoke_config(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_function_event_invoke_config(
        self: Any, function_name: str, config: dict[str, Any]
    ) -> Any:
        answer = original(self, function_name, config)
        kept = self.get_function(function_name).event_invoke_config
        del kept[:-1]
        return answer

    return put_function_event_invoke_config


# ── API Gateway ─────────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.apigateway.models",
    "APIGatewayBackend.import_rest_api",
    "self api_doc fail_on_warnings",
    rests_on='api_doc["info"]["description"]',
    replaces="needs a description, which Chalice does not send",
)
def _import_without_description(original: Replacement, hooks: Hooks) -> Replacement:
    def import_rest_api(self: Any, api_doc: dict[str, Any], fail_on_warnings: bool) -> Any:
        info = api_doc.get("info", {})
        api = self.create_rest_api(name=info.get("title"), description=info.get("description"))
        try:
            return self.put_rest_api(api.id, api_doc, fail_on_warnings, mode="overwrite")
        except Exception:
            del self.apis[api.id]  # AWS leaves nothing behind of a document it refuses
            raise

    return import_rest_api


@_seam(
    "moto.apigateway.models",
    "APIGatewayBackend.put_rest_api",
    "self function_id api_doc fail_on_warnings mode",
    rests_on='api_doc.get("swagger") is not None',
    replaces="refuses Swagger 2.0 and leaves out authorizers, MOCK integrations and binary types",
)
def _take_swagger(original: Replacement, hooks: Hooks) -> Replacement:
    def put_rest_api(
        self: Any,
        function_id: str,
        api_doc: dict[str, Any],
        fail_on_warnings: bool,
        mode: str = "merge",
    ) -> Any:
        if api_doc.get("swagger") != "2.0":
            return original(self, function_id, api_doc, fail_on_warnings, mode)
        api = self.get_rest_api(function_id)
        hooks.import_api(self, api, api_doc, mode)
        return api

    return put_rest_api


@_seam(
    "moto.apigateway.models",
    "APIGatewayBackend.delete_rest_api",
    "self function_id",
    rests_on="self.apis.pop(function_id)",
    replaces="answers 500 for an API that does not exist, where AWS answers 404",
)
def _delete_what_exists(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_rest_api(self: Any, function_id: str) -> Any:
        self.get_rest_api(function_id)
        return original(self, function_id)

    return delete_rest_api


# What else moto takes out of a dictionary without looking whether it is there.
_TAKEN_BLINDLY = (
    ("delete_resource", "function_id resource_id", "api.resources.pop(resource_id)", "resource"),
    (
        "delete_authorizer",
        "restapi_id authorizer_id",
        "del api.authorizers[authorizer_id]",
        "Authorizer",
    ),
    (
        "delete_request_validator",
        "restapi_id validator_id",
        "restApi.delete_request_validator(validator_id)",
        "Request Validator",
    ),
    ("delete_usage_plan", "usage_plan_id", "self.usage_plans.pop(usage_plan_id)", "Usage Plan"),
    (
        "delete_usage_plan_key",
        "usage_plan_id key_id",
        "self.usage_plan_keys[usage_plan_id].pop(key_id)",
        "API Key",
    ),
)


def _say_what_is_not_there(kind: str) -> Callable[[Replacement, Hooks], Replacement]:
    def build(original: Replacement, hooks: Hooks) -> Replacement:
        @wraps(original)
        def delete(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(self, *args, **kwargs)
            except KeyError as missing:
                from moto.apigateway.exceptions import NotFoundException

                error = NotFoundException(f"Invalid {kind} identifier specified")
                error.code = 404
                raise error from missing

        return delete

    return build


for _name, _parameters, _rests_on, _kind in _TAKEN_BLINDLY:
    _seam(
        "moto.apigateway.models",
        f"APIGatewayBackend.{_name}",
        f"self {_parameters}",
        rests_on=_rests_on,
        replaces="answers 500 where there is nothing to delete, and AWS 404",
    )(_say_what_is_not_there(_kind))


@_seam(
    "moto.apigateway.models",
    "RestAPI.update_integration_mocks",
    "self stage_name",
    rests_on="responses_mock.add(callback_response)",
    replaces="registers every route with a mock of `requests` that no server ever reads",
)
def _mock_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def update_integration_mocks(self: Any, stage_name: str) -> None:
        """The gateway answers instead."""

    return update_integration_mocks


@_seam(
    "moto.apigateway.models",
    "RestAPI.apply_patch_operations",
    "self patch_operations",
    rests_on="self.binaryMediaTypes = [value]",
    replaces="ignores minimumCompressionSize, and takes a media type from the value, not the path",
)
def _patch_as_aws_does(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def apply_patch_operations(self: Any, patch_operations: list[dict[str, Any]]) -> None:
        rest = []
        for operation in patch_operations:
            _, name, *of = operation["path"].split("/")
            media_type = of[0].replace("~1", "/") if of else ""
            if name == "minimumCompressionSize":
                value = operation.get("value")
                self.minimum_compression_size = int(value) if value else None
            elif name == "binaryMediaTypes" and media_type:
                kept = [each for each in self.binaryMediaTypes if each != media_type]
                if operation["op"] == "add":
                    kept.append(media_type)
                elif operation["op"] == "replace":
                    kept.append(operation["value"])
                self.binaryMediaTypes = kept
            else:
                rest.append(operation)
        original(self, rest)

    return apply_patch_operations


@_seam(
    "moto.apigateway.models",
    "RestAPI.delete_deployment",
    "self deployment_id",
    rests_on="deployment.stage_name in self.stages",
    replaces="keeps a deployment while its first stage is there, where AWS asks who serves it now",
)
def _delete_what_nobody_serves(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_deployment(self: Any, deployment_id: str) -> Any:
        serving = [stage.deployment_id for stage in self.stages.values()]
        deployment = self.deployments.get(deployment_id)
        if deployment is not None and deployment_id not in serving:
            return self.deployments.pop(deployment_id)
        if deployment is not None:
            from moto.apigateway.exceptions import StageStillActive

            raise StageStillActive
        return original(self, deployment_id)

    return delete_deployment


@_seam(
    "moto.apigateway.models",
    "Stage.apply_operations",
    "self patch_operations",
    rests_on='if op["path"] == "/accessLogSettings":',
    replaces="goes on as before when the settings of a method are removed",
)
def _remove_method_settings(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def apply_operations(self: Any, patch_operations: list[dict[str, Any]]) -> Any:
        for operation in patch_operations:
            if operation["op"] == "remove":
                self.method_settings.pop(operation["path"].lstrip("/"), None)
        return original(self, patch_operations)

    return apply_operations


@_seam(
    "moto.apigateway.models",
    "UsagePlan.apply_patch_operations",
    "self patch_operations",
    rests_on='self.throttle["rateLimit"] = int(value)',
    replaces="fails on rates that are no whole number, and passes over limits of single methods",
)
def _patch_rates_as_aws_does(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def apply_patch_operations(self: Any, patch_operations: list[dict[str, Any]]) -> None:
        for operation in patch_operations:
            path, value = operation["path"], operation.get("value")
            of_method = re.fullmatch(r"/apiStages/([^:]+):([^/]+)/throttle/(.+)", path)
            if path == "/throttle/rateLimit" and operation["op"] != "remove":
                self.throttle["rateLimit"] = float(value or 0)
            elif of_method is not None:
                where = {"apiId": of_method[1], "stage": of_method[2]}
                _patch_method_rate(self.api_stages, where, of_method[3], operation)
            else:
                original(self, [operation])  # in its turn: one may take back another

    return apply_patch_operations


def _patch_method_rate(
    stages: list[dict[str, Any]], where: dict[str, str], path: str, operation: dict[str, Any]
) -> None:
    """/items/{id}/GET, its slashes written ~1 as AWS wants them; then perhaps /rateLimit."""
    resource, method, *limit = path.split("/")
    for stage in stages:
        if where.items() <= stage.items():
            limits = stage.setdefault("throttle", {})
            name = f"{resource.replace('~1', '/')}/{method}"
            if operation["op"] == "remove":
                limits.pop(name, None)
            elif limit:
                limits.setdefault(name, {})[limit[0]] = float(operation["value"])


@_seam(
    "moto.apigatewayv2.models",
    "Stage.to_json",
    "self",
    rests_on='"stageVariables": self.stage_variables',
    replaces="does not tell which deployment a stage serves",
)
def _tell_the_deployment(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def to_json(self: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(self)
        deployment = self.config.get("deploymentId")
        return {**told, "deploymentId": deployment} if deployment else told

    return to_json


# ── CloudWatch Logs ─────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.logs.models",
    "LogStream._send_log_events",
    "self service destination_arn filter_name log_events",
    rests_on='if service == "lambda":',
    replaces="sends a subscription every event, whatever its filter pattern, with numbers for ids",
)
def _send_what_is_asked_for(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def _send_log_events(
        self: Any,
        service: str,
        destination_arn: str,
        filter_name: str,
        log_events: list[dict[str, Any]],
    ) -> None:
        subscription = self.log_group.subscription_filters.get(filter_name)
        wanted = hooks.log_filter(subscription.filter_pattern if subscription else "")
        found = [
            {**event, "id": f"{event['id']:056d}"}
            for event in log_events
            if wanted(event["message"])
        ]
        if found:
            original(self, service, destination_arn, filter_name, found)

    return _send_log_events


@_seam(
    "moto.logs.models",
    "LogsBackend.put_subscription_filter",
    "self log_group_name filter_name filter_pattern destination_arn role_arn",
    rests_on="parsed_arn = parse_arn(destination_arn)",
    replaces="takes any text for a filter pattern, and does not try a Kinesis stream out",
)
def _check_subscription_filters(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_subscription_filter(
        self: Any,
        log_group_name: str,
        filter_name: str,
        filter_pattern: str,
        destination_arn: str,
        role_arn: str,
    ) -> None:
        hooks.log_filter(filter_pattern)
        original(self, log_group_name, filter_name, filter_pattern, destination_arn, role_arn)
        if destination_arn.split(":")[2] == "kinesis":
            _send_control_message(self.account_id, self.region_name, destination_arn)

    return put_subscription_filter


def _send_control_message(account: str, region: str, stream_arn: str) -> None:
    from moto.kinesis.models import kinesis_backends  # loaded by now

    told = "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream."
    data = {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": int(time.time() * 1000), "message": told}],
    }
    packed = base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()
    kinesis_backends[account][region].put_record(stream_arn, "", "control", "", packed)


@_seam(
    "moto.logs.models",
    "LogGroup.put_subscription_filter",
    "self filter_name filter_pattern destination_arn role_arn",
    rests_on="if len(self.subscription_filters) == 2:",
    replaces="refuses a change of one of two subscription filters as if it were a third",
)
def _change_one_of_two_filters(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_subscription_filter(
        self: Any, filter_name: str, filter_pattern: str, destination_arn: str, role_arn: str
    ) -> None:
        known = self.subscription_filters.get(filter_name)
        if known is not None:
            known.update(filter_pattern, destination_arn, role_arn)
        else:
            original(self, filter_name, filter_pattern, destination_arn, role_arn)

    return put_subscription_filter


@_seam(
    "moto.logs.utils",
    "EventMessageFilter.__init__",
    "self pattern",
    rests_on="current_type = UnsupportedFilterPattern",
    replaces="finds every event when FilterLogEvents is given JSON, fields or excluded terms",
)
def _know_filter_patterns(original: Replacement, hooks: Hooks) -> Replacement:
    def __init__(self: Any, pattern: str | None) -> None:
        self.filter_type = _Asked(hooks.log_filter(pattern or ""))

    return __init__


@dataclass(frozen=True)
class _Asked:
    matches: Callable[[str], bool]


# ── S3 ──────────────────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.s3.notifications",
    "send_event",
    "account_id event_name bucket key",
    rests_on="_invoke_awslambda(",
    replaces="runs functions inside the caller's request, with a stub of an event, errors unseen",
)
def _notify_later(original: Replacement, hooks: Hooks) -> Replacement:
    def send_event(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        event = getattr(event_name, "value", event_name)
        if bucket.notification_configuration is not None and event not in _WITH_EVERY_UPLOAD:
            hooks.object_changed(account_id, event, bucket, key)

    return send_event


# moto reports these of every object that is put; S3 only when they are asked for by themselves.
_WITH_EVERY_UPLOAD = ("s3:ObjectTagging:Put", "s3:ObjectAcl:Put")


@_seam(
    "moto.s3.responses",
    "S3Response.put_object_tagging",
    "self",
    rests_on="self.backend.put_object_tagging(key=key_to_tag, tags=tagging)",
    replaces="reports tags that come with an upload as tags that are added later",
)
def _report_tags(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_object_tagging(self: Any) -> Any:
        answer = original(self)
        key = self.backend.get_object(
            self.bucket_name, self.parse_key_name(), version_id=self._get_param("versionId")
        )
        _report(self, hooks, "s3:ObjectTagging:Put", key)
        return answer

    return put_object_tagging


@_seam(
    "moto.s3.responses",
    "S3Response.put_object_acl",
    "self",
    rests_on="self.backend.put_object_acl(self.bucket_name, key_name, acl)",
    replaces="reports an ACL that comes with an upload, or is what it was, as a change",
)
def _report_changed_acls(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_object_acl(self: Any) -> Any:
        key = self.backend.get_object(self.bucket_name, self.parse_key_name())
        before = _grants(key)
        answer = original(self)
        if _grants(key) != before:
            _report(self, hooks, "s3:ObjectAcl:Put", key)
        return answer

    return put_object_acl


def _grants(key: Any) -> Any:
    grants = key.acl.grants if key is not None and key.acl is not None else ()
    return [(grant.permissions, [(who.id, who.uri) for who in grant.grantees]) for grant in grants]


def _report(response: Any, hooks: Hooks, event: str, key: Any) -> None:
    bucket = response.backend.get_bucket(response.bucket_name)
    if bucket.notification_configuration is not None:
        hooks.object_changed(response.backend.account_id, event, bucket, key)


@_seam(
    "moto.s3.models",
    "FakeBucket.set_notification_configuration",
    "self notification_config",
    rests_on="notifications.send_test_event(",
    replaces="keeps a configuration that is refused in the end",
)
def _keep_what_was_notified(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def set_notification_configuration(self: Any, notification_config: Any) -> None:
        before = self.notification_configuration
        try:
            original(self, notification_config)
        except BaseException:
            self.notification_configuration = before
            raise

    return set_notification_configuration


@_seam(
    "moto.s3.notifications",
    "send_test_event",
    "account_id bucket",
    rests_on="_get_test_event(bucket.name)",
    replaces="sends s3:TestEvent without the ids that AWS puts in it",
)
def _test_later(original: Replacement, hooks: Hooks) -> Replacement:
    def send_test_event(account_id: str, bucket: Any) -> None:
        hooks.notifications_put(bucket)

    return send_test_event


@_seam(
    "moto.s3.responses",
    "S3Response._notification_config_from_body",
    "self",
    rests_on='assert filter_rule["Name"] in ["suffix", "prefix"]',
    replaces="fails on Prefix and Suffix with a capital, as Chalice writes them and S3 takes them",
)
def _filters_in_either_case(original: Replacement, hooks: Hooks) -> Replacement:
    filter_name = re.compile(r"<Name>(prefix|suffix)</Name>", re.IGNORECASE)

    def _notification_config_from_body(self: Any) -> dict[str, Any]:
        body = self.body.decode() if isinstance(self.body, bytes) else self.body
        self.body = filter_name.sub(
            lambda found: found[0].replace(found[1], found[1].lower()), body
        )
        configuration: dict[str, Any] = original(self)
        return configuration

    return _notification_config_from_body


@_seam(
    "moto.s3.responses",
    "S3Response.get_bucket_notification",
    "self",
    rests_on='self.data["Action"] = "GetBucketNotificationConfiguration"',
    replaces="leaves EventBridge out, so that who reads, adds and puts back switches it off",
)
def _answer_with_eventbridge(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_bucket_notification(self: Any) -> Any:
        held = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if held is None or held.event_bridge is None:
            return original(self)
        serialized = self.serialized

        def with_eventbridge(result: Any) -> Any:
            result.result["EventBridgeConfiguration"] = {}
            return serialized(result)

        self.serialized = with_eventbridge
        return original(self)

    return get_bucket_notification


# ── EventBridge ─────────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.events.models",
    "EventsBackend.put_events",
    "self events",
    rests_on="rule.send_to_targets(event_msg)",
    replaces="serves targets inside the caller's request, and fails on functions",
)
def _match_later(original: Replacement, hooks: Hooks) -> Replacement:
    def put_events(self: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return hooks.events_put(self.account_id, self.region_name, events)

    return put_events


@_seam(
    "moto.events.models",
    "EventsBackend.put_rule",
    "self name description event_bus_arn event_pattern role_arn scheduled_expression state"
    " managed_by tags",
    rests_on="self._RATE_REGEX.match(scheduled_expression)",
    replaces="takes patterns and schedules that EventBridge refuses",
)
def _check_rules(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_rule(self: Any, name: str, *args: Any, **settings: Any) -> Any:
        hooks.check_rule(settings.get("event_pattern"), settings.get("scheduled_expression"))
        return original(self, name, *args, **settings)

    return put_rule


@_seam(
    "moto.events.models",
    "EventsBackend.put_targets",
    "self name event_bus_arn targets",
    rests_on="# super simple ARN check",
    replaces="takes targets and input transformers that nothing could be sent to",
)
def _check_targets(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_targets(
        self: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]
    ) -> None:
        for target in targets:
            hooks.check_target(target)
        original(self, name, event_bus_arn, targets)

    return put_targets


@_seam(
    "moto.events.models",
    "Rule.send_to_targets",
    "self original_event transform_input",
    rests_on="Expr not defined for",
    replaces="answers 500 when a rule's target is a function",
)
def _send_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
        """Rules are matched and targets served by events/, after the call has been answered."""

    return send_to_targets


@_seam(
    "moto.events.notifications",
    "send_notification",
    "source event_name region resources detail",
    rests_on="_send_safe_notification(source, event_name, region, resources, detail)",
    replaces="sends CreateBucket as an 'Object Created' event with 2021's date",
)
def _announce_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def send_notification(**_: Any) -> None:
        """S3's own events reach EventBridge through `object_changed`."""

    return send_notification


# ── SNS ─────────────────────────────────────────────────────────────────────────────────────


@_seam(
    "moto.sns.models",
    "Topic.publish",
    "self message subject message_attributes group_id deduplication_id message_structure",
    rests_on="subscription.publish(",
    replaces="calls functions inside the caller's request, with TopicArn EXAMPLE in 1970",
)
def _fan_out_later(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def publish(self: Any, message: str, **details: Any) -> Any:
        message_id = original(self, message, **details)
        hooks.message_published(self, message_id, {"message": message, **details})
        return message_id

    return publish


@_seam(
    "moto.sns.models",
    "Subscription.publish",
    "self message message_id subject message_attributes group_id deduplication_id"
    " message_structure",
    rests_on='self.protocol == "lambda"',
    replaces="delivers to one subscription, as part of the above",
)
def _deliver_nothing(original: Replacement, hooks: Hooks) -> Replacement:
    def publish(self: Any, *args: Any, **kwargs: Any) -> None:
        """`message_published` has the message already."""

    return publish


@_seam(
    "moto.sns.models",
    "SNSBackend.subscribe",
    "self topic_arn endpoint protocol",
    rests_on="FIFO SQS Queues can not be subscribed to standard SNS topics",
    replaces="subscribes functions to FIFO topics, which SNS does not",
)
def _only_queues_to_fifo_topics(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def subscribe(self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
        if protocol != "sqs" and self.get_topic(topic_arn).fifo_topic:
            _refuse_parameter(f"Invalid protocol type: {protocol}")
        return original(self, topic_arn, endpoint, protocol)

    return subscribe


@_seam(
    "moto.sns.responses",
    "SNSResponse.subscribe",
    "self",
    rests_on="subscription = self.backend.subscribe(topic_arn, endpoint, protocol)",
    replaces="keeps a subscription whose attributes it refuses",
)
def _subscribe_whole_or_not(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def subscribe(self: Any) -> Any:
        before = set(self.backend.subscriptions)
        try:
            return original(self)
        except BaseException:
            topic, endpoint = self._get_param("TopicArn"), self._get_param("Endpoint")
            for arn, each in list(self.backend.subscriptions.items()):
                if arn not in before and (each.topic.arn, each.endpoint) == (topic, endpoint):
                    self.backend.unsubscribe(arn)
            raise

    return subscribe


@_seam(
    "moto.sns.models",
    "SNSBackend._validate_filter_policy",
    "self value scope",
    rests_on='keyword in ["prefix", "suffix"]',
    replaces="knows some of the operators of filter policies and refuses the others",
)
def _check_filter_policies(original: Replacement, hooks: Hooks) -> Replacement:
    def _validate_filter_policy(self: Any, value: Any, scope: str | None) -> None:
        hooks.check_filter_policy(value, scope or "MessageAttributes")

    return _validate_filter_policy


@_seam(
    "moto.sns.models",
    "SNSBackend.set_subscription_attributes",
    "self arn name value",
    rests_on="filter_policy = json.loads(value)",
    replaces="answers 500 for a policy that is no JSON, and takes any scope",
)
def _check_subscription_attributes(original: Replacement, hooks: Hooks) -> Replacement:
    scopes = ("MessageAttributes", "MessageBody")

    @wraps(original)
    def set_subscription_attributes(self: Any, arn: str, name: str, value: Any) -> None:
        if name == "FilterPolicyScope":
            if value not in scopes:
                _refuse_parameter(
                    f"FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody "
                    "or MessageAttributes"
                )
            held = self.subscriptions[arn]._filter_policy if arn in self.subscriptions else None
            if held:
                hooks.check_filter_policy(held, value)
        if name == "FilterPolicy" and value:
            try:
                json.loads(value)
            except ValueError:
                _refuse_parameter("FilterPolicy: failed to parse JSON.")
        original(self, arn, name, value)

    return set_subscription_attributes


def _refuse_parameter(reason: str) -> None:
    from moto.sns.exceptions import SNSInvalidParameter

    raise SNSInvalidParameter(f"Invalid parameter: {reason}")


# ── SQS and DynamoDB streams: moto keeps them well; the pollers want to know of news ────────


@_seam(
    "moto.sqs.models",
    "Queue.add_message",
    "self message",
    rests_on="if diff / 1000 < DEDUPLICATION_TIME_IN_SECONDS:",
    replaces=(
        "tells nobody outside moto that a message has come, and forgets a FIFO queue's messages "
        "once they are deleted, so that a copy is taken for new"
    ),
)
def _tell_of_messages(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def add_message(self: Any, message: Any) -> None:
        with QUEUES:
            hooks.message_comes(self.queue_arn, message)
            if not self.fifo_queue:
                original(self, message)
            elif (first := _sent_lately(self, message, hooks.now())) is None:
                message.sequence_number = str(next(_SEQUENCE))
                with self._messages_lock:
                    self._messages.append(message)
                    self._messages_lock.notify_all()
            else:  # SendMessage answers with the id and the number of the one that was taken
                hooks.message_dropped(message)
                message.id, message.sequence_number = first.id, first.sequence_number
        hooks.queue_changed(self.queue_arn)

    return add_message


_SEQUENCE = itertools.count(18_850_000_000_000_000_000)  # moto's numbers are random
DEDUPLICATION_SECONDS = 300.0


def _sent_lately(queue: Any, message: Any, now: float) -> Any:
    """The same message as a FIFO queue took it before; it knows it for five minutes."""
    if message.approximate_receive_count:  # moved here, from the queue whose dead letters these are
        return None
    sent: dict[Any, tuple[float, Any]] = vars(queue).setdefault("_sent_lately", {})
    for key in [each for each, (until, _) in sent.items() if until <= now]:
        del sent[key]
    grouped = queue.deduplication_scope == "messageGroup"
    key = (message.group_id if grouped else None, message.deduplication_id)
    if key in sent:
        return sent[key][1]
    sent[key] = (now + DEDUPLICATION_SECONDS, message)
    return None


# moto's queues are lists that requests and pollers change from their own threads: a message that
# is added while another is deleted would be lost. One lock for all, since dead letters change two.
QUEUES = threading.RLock()


@_seam(
    "moto.sqs.models",
    "Queue.delete_message",
    "self receipt_handle",
    rests_on="self._messages = new_messages",
    replaces="forgets a message that is added meanwhile",
)
def _delete_one_at_a_time(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_message(self: Any, receipt_handle: str) -> None:
        with QUEUES:
            original(self, receipt_handle)

    return delete_message


@_seam(
    "moto.sqs.models",
    "SQSBackend.receive_message",
    "self queue_name count wait_seconds_timeout visibility_timeout message_attribute_names",
    rests_on="queue._messages.remove(message)",
    replaces="hands a message to two who ask at the same time, and moves dead letters twice",
)
def _receive_one_at_a_time(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def receive_message(
        self: Any,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> Any:
        until = time.monotonic() + wait_seconds_timeout
        while True:
            with QUEUES:
                _free_groups(self.get_queue(queue_name))
                found = original(
                    self, queue_name, count, 0, visibility_timeout, message_attribute_names
                )
            if found or time.monotonic() >= until:
                return found
            self.get_queue(queue_name).wait_for_messages(until - time.monotonic())

    return receive_message


def _free_groups(queue: Any) -> None:
    """What is visible again holds nobody up; else moto would skip it and hand out the next."""
    if not queue.fifo_queue:
        return
    returned = [message for message in queue.pending_messages if message.visible]
    queue.pending_messages.difference_update(returned)


@_seam(
    "moto.sqs.models",
    "SQSBackend.is_message_valid_based_on_retention_period",
    "self queue_name message",
    rests_on="self.get_queue_attributes(",
    replaces="counts all messages of a queue three times for each one that is received",
)
def _look_at_the_message_alone(original: Replacement, hooks: Hooks) -> Replacement:
    def is_message_valid_based_on_retention_period(
        self: Any, queue_name: str, message: Any
    ) -> bool:
        retention = float(self.get_queue(queue_name).message_retention_period)
        return bool(message.sent_timestamp > (time.time() - retention) * 1000)

    return is_message_valid_based_on_retention_period


@_seam(
    "moto.dynamodb.models.table",
    "StreamShard.add",
    "self old new",
    rests_on="seq = len(self.items) + self.starting_sequence_number",
    replaces="tells nobody outside moto that a record was written",
)
def _tell_of_records(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def add(self: Any, old: Any, new: Any) -> None:
        arn = f"{self.table.table_arn}/stream/{self.table.latest_stream_label}"
        hooks.record_comes(arn, len(self.items) + self.starting_sequence_number)
        original(self, old, new)
        hooks.stream_changed(arn)

    return add


# ── Kinesis ─────────────────────────────────────────────────────────────────────────────────


# moto's shards are dictionaries that requests change from their own threads.
STREAMS = threading.RLock()
# As long as AWS's, and the shard's number is part of them: a child's are higher than its parent's.
FIRST_NUMBER = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898
NUMBERS_OF_A_SHARD = 10**12


@_seam(
    "moto.kinesis.models",
    "Stream.put_record",
    "self partition_key explicit_hash_key data",
    rests_on="shard.put_record(partition_key, data, explicit_hash_key)",
    replaces="tells nobody outside moto that a record has come, and loses one of two at a time",
)
def _tell_of_kinesis_records(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_record(self: Any, partition_key: str, explicit_hash_key: str, data: str) -> Any:
        with STREAMS:
            placed = original(self, partition_key, explicit_hash_key, data)
            hooks.record_comes(self.arn, int(placed[0]))  # nobody reads it before it is told of
        together = getattr(_PUTTING, "streams", None)
        if together is None:
            hooks.stream_changed(self.arn)
        else:
            together.add(self.arn)
        return placed

    return put_record


_PUTTING = threading.local()  # the streams that this thread's PutRecords has written to


@_seam(
    "moto.kinesis.models",
    "KinesisBackend.put_records",
    "self stream_arn stream_name records",
    rests_on="if len(records) > 500:",
    replaces="lets a reader see some of the records that are put together, so that batches vary",
)
def _put_together(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_records(self: Any, stream_arn: str, stream_name: str, records: Any) -> Any:
        changed: set[str] = set()
        _PUTTING.streams = changed
        try:
            with STREAMS:
                return original(self, stream_arn, stream_name, records)
        finally:  # readers are told without the lock, which they take themselves
            _PUTTING.streams = None
            for arn in changed:
                hooks.stream_changed(arn)

    return put_records


@_seam(
    "moto.kinesis.models",
    "Shard.put_record",
    "self partition_key data explicit_hash_key",
    rests_on="last_sequence_number = 0",
    replaces="numbers the records of each shard from 1, so that a child's come before its parent's",
)
def _number_across_shards(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_record(self: Any, partition_key: str, data: str, explicit_hash_key: str) -> str:
        from moto.kinesis.models import Record

        first = FIRST_NUMBER + self._shard_id * NUMBERS_OF_A_SHARD
        number = self.get_max_sequence_number() + 1 if self.records else first
        self.records[number] = Record(partition_key, data, number, explicit_hash_key)
        return str(number)

    return put_record


@_seam(
    "moto.kinesis.models",
    "Stream.get_shard_for_key",
    "self partition_key explicit_hash_key",
    rests_on="if shard.starting_hash <= int_key < shard.ending_hash:",
    replaces="puts records into shards that were split or merged, and knows no shard for some keys",
)
def _choose_an_open_shard(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_shard_for_key(self: Any, partition_key: str, explicit_hash_key: str) -> Any:
        original(self, partition_key, explicit_hash_key)  # refuses keys that are none
        digest = hashlib.md5(partition_key.encode(), usedforsecurity=False).hexdigest()
        key = int(explicit_hash_key) if explicit_hash_key else int(digest, 16)
        return next(
            shard
            for shard in list(self.shards.values())
            if shard.is_open and shard.starting_hash <= key <= shard.ending_hash
        )

    return get_shard_for_key


@_seam(
    "moto.kinesis.models",
    "Stream.split_shard",
    "self shard_to_split new_starting_hash_key",
    rests_on="shard.records = OrderedDict()",
    replaces="moves a shard's records to its children, where they would be read again",
)
def _split_without_moving(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def split_shard(self: Any, shard_to_split: str, new_starting_hash_key: str) -> None:
        with _keeping_records(self, shard_to_split):
            original(self, shard_to_split, new_starting_hash_key)
        hooks.stream_changed(self.arn)

    return split_shard


@_seam(
    "moto.kinesis.models",
    "Stream.merge_shards",
    "self shard_to_merge adjacent_shard_to_merge",
    rests_on="# Move all data across",
    replaces="copies the records of two shards to their child, and takes the lower one only first",
)
def _merge_without_moving(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def merge_shards(self: Any, shard_to_merge: str, adjacent_shard_to_merge: str) -> None:
        both = shard_to_merge, adjacent_shard_to_merge
        with _keeping_records(self, *both):
            for name in both:
                if not self.shards[name].is_open:
                    _refuse_closed_shard(self, name)
            original(self, *sorted(both, key=lambda name: self.shards[name].starting_hash))
            child = next(reversed(self.shards.values()))
            child.parent, child.adjacent_parent = both
        hooks.stream_changed(self.arn)

    return merge_shards


def _refuse_closed_shard(stream: Any, shard: str) -> None:
    from moto.kinesis.exceptions import InvalidArgumentError

    raise InvalidArgumentError(
        f"Shard {shard} in stream {stream.stream_name} under account {stream.account_id} has "
        "already been merged or split, and thus is not eligible for merging or splitting."
    )


@contextlib.contextmanager
def _keeping_records(stream: Any, *shards: str) -> Iterator[None]:
    """Hide the records of shards, so that they stay where they are; readers wait for STREAMS."""
    with STREAMS:
        kept = {name: stream.shards[name].records for name in shards}
        try:
            for name in shards:
                stream.shards[name].records = type(kept[name])()
            yield
        finally:
            for name, records in kept.items():
                stream.shards[name].records = records


# ── DynamoDB: a condition and its write are one step ────────────────────────────────────────


@_seam(
    "moto.dynamodb.responses",
    "DynamoHandler.call_action",
    "self",
    rests_on='self.body = getattr(self, "params", {})',
    replaces=(
        "looks at an item, then changes it, with no lock between: two threads may both find a "
        "condition true. On AWS writes to an item come one after the other"
    ),
)
def _one_call_at_a_time(original: Replacement, hooks: Hooks) -> Replacement:
    taking_turns = threading.Lock()

    @wraps(original)
    def call_action(self: Any) -> Any:
        with taking_turns:
            return original(self)

    return call_action
