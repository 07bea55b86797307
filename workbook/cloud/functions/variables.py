"""The environment variables a function finds, as AWS documents them.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html. Nothing of the host's
own environment gets in: no HOME with credentials, no profile, no proxy. Left out is what would
point at AWS itself: the X-Ray daemon's address.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from workbook.cloud.functions.spec import FunctionSpec


def variables(
    spec: FunctionSpec,
    *,
    endpoint: str,
    runtime_api: str,
    task_root: Path,
    layers_root: Path | None,
    initialization: str,
    runtime_dir: Path,
    scratch: Path,
    log_group: str,
    log_stream: str,
    log_descriptor: int,
    environment_id: str,
) -> dict[str, str]:
    """The whole environment of one runtime process.

    Args:
        endpoint: where boto3 finds the cloud.
        runtime_api: host:port of the process's Runtime API.
        layers_root: what is /opt on AWS; None without layers.
        initialization: "on-demand" or "provisioned-concurrency".
        scratch: its own /tmp.
        log_descriptor: an open descriptor on which it may write framed log records.
        environment_id: ends its session token, which tells whose a call is, also at import.
    """
    opt = layers_root or "/opt"
    defaults = {
        "LANG": "en_US.UTF-8",
        "PATH": f"/usr/local/bin:/usr/bin:/bin:{opt}/bin",
        "LD_LIBRARY_PATH": f"{task_root}:{task_root}/lib:{opt}/lib",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        # not AWS's, where /tmp is the environment's own and there is no home
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
    }
    reserved = {
        "_HANDLER": spec.handler,
        "TZ": ":UTC",
        "AWS_REGION": spec.region,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": initialization,
        "AWS_LAMBDA_LOG_GROUP_NAME": log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LAMBDA_TASK_ROOT": str(task_root),
        "LAMBDA_RUNTIME_DIR": str(runtime_dir),
        "_LAMBDA_TELEMETRY_LOG_FD": str(log_descriptor),
        **spec.credentials,
        **_token(spec.credentials, environment_id),
        # not AWS's: nothing may lead out of the cloud
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if layers_root is not None:  # not AWS's either: no process here has a /opt of its own
        reserved["WORKBOOK_OPT"] = str(layers_root)
    own_path = [spec.environment["PYTHONPATH"]] if "PYTHONPATH" in spec.environment else []
    reserved["PYTHONPATH"] = os.pathsep.join([*own_path, str(runtime_dir)])
    return {**defaults, **spec.environment, **reserved}


def _token(credentials: Mapping[str, str], environment_id: str) -> dict[str, str]:
    """A session token of the environment's own; what is in one is no client's business."""
    token = credentials.get("AWS_SESSION_TOKEN")
    return {"AWS_SESSION_TOKEN": token + environment_id} if token else {}
