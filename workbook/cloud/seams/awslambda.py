"""Lambda: functions run in execution environments, and code is looked at before it is kept.

Event source mappings are awslambda_mappings.py's. What a function may be, and may not, is checked
here as far as moto knows it; layers and sizes are asked of the hooks.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import re
from collections.abc import Iterator
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
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


@SEAMS.at(
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


@SEAMS.at(
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


@SEAMS.at(
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


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaFunction.update_configuration",
    "self config_updates",
    rests_on='elif key == "Layers":',
    replaces="leaves the moment of the last change and the size of /tmp as they were",
)
def _note_changes(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def update_configuration(self: Any, config_updates: dict[str, Any]) -> dict[str, Any]:
        storage = (config_updates.get("EphemeralStorage") or {}).get("Size")
        self.ephemeral_storage = storage or self.ephemeral_storage
        self.last_modified = _now()
        answer: dict[str, Any] = original(self, config_updates)
        return answer

    return update_configuration


def _now() -> str:
    from moto.core.utils import iso_8601_datetime_with_nanoseconds

    return str(iso_8601_datetime_with_nanoseconds())


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaFunction.get_configuration",
    "self on_create",
    rests_on='"LastModified": self.last_modified,',
    replaces="writes times as no Lambda does: AWS's have milliseconds and +0000",
)
def _write_times_as_lambda_does(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        answer: dict[str, Any] = original(self, on_create)
        modified = re.sub(r"(\.\d{3})\d*Z$", r"\1+0000", answer["LastModified"])
        return {**answer, "LastModified": modified}

    return get_configuration


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaStorage.publish_version",
    "self name_or_arn description",
    rests_on="function.code_or_config_updated = False",
    replaces="publishes what it has published already, when there was one version before",
)
def _publish_only_changes(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def publish_version(self: Any, name_or_arn: str, description: str = "") -> Any:
        published = original(self, name_or_arn, description)
        latest = self.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
        latest.code_or_config_updated = False
        return published

    return publish_version


@SEAMS.at(
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
        with refusing_values():
            original(self, spec, account_id, region)
        hooks.keep_package(self.code_digest, self.code_bytes)

    return __init__


@SEAMS.at(
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


@contextlib.contextmanager
def refusing_values() -> Iterator[None]:
    """moto's ValueError(code, message) as the answer that it stands for."""
    from moto.awslambda.exceptions import InvalidParameterValueException

    try:
        yield
    except ValueError as refused:
        raise InvalidParameterValueException(str(refused.args[-1])) from refused


@SEAMS.at(
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


@SEAMS.at(
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
