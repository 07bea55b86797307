"""Functions and their event sources."""

from __future__ import annotations

import re

from workbook.cloud.missing import Missing

from .entry import Parameters, Unimplemented, equals, has, route

_OTHER_RUNTIMES = re.compile(r"(nodejs|java|dotnet|ruby|go|provided).*")  # AWS's
_FUNCTION = r"/\d{4}-\d\d-\d\d/functions/[^/]+"
_CONFIGURED = route(rf"(POST /2015-03-31/functions/?|PUT {_FUNCTION}/configuration/?)")
_MAPPED = route(r"(POST|PUT) /2015-03-31/event-source-mappings/?.*")


def _another_runtime(parameters: Parameters) -> object:
    runtime = parameters.get("Runtime")
    return isinstance(runtime, str) and _OTHER_RUNTIMES.fullmatch(runtime)


def _another_source(parameters: Parameters) -> object:
    arn = parameters.get("EventSourceArn", "")
    return arn and arn.split(":")[2] not in ("sqs", "dynamodb", "kinesis")


def _another_destination(parameters: Parameters) -> object:
    known = ("events", "lambda", "sns", "sqs")
    destinations = (parameters.get("DestinationConfig") or {}).values()
    arns = [each.get("Destination") for each in destinations]
    return any(arn and arn.split(":")[2] not in known for arn in arns)


TABLE: tuple[Unimplemented, ...] = (
    Unimplemented(
        Missing.CONTAINER_IMAGES, "lambda", route=_CONFIGURED, asks=has("Code", "ImageUri")
    ),
    Unimplemented(Missing.RUNTIMES, "lambda", route=_CONFIGURED, asks=_another_runtime),
    Unimplemented(Missing.VPC, "lambda", route=_CONFIGURED, asks=has("VpcConfig", "SubnetIds")),
    Unimplemented(
        Missing.TRACING, "lambda", route=_CONFIGURED, asks=equals("Active", "TracingConfig", "Mode")
    ),
    Unimplemented(Missing.FILE_SYSTEMS, "lambda", route=_CONFIGURED, asks=has("FileSystemConfigs")),
    Unimplemented(
        Missing.SNAP_START,
        "lambda",
        route=_CONFIGURED,
        asks=equals("PublishedVersions", "SnapStart", "ApplyOn"),
    ),
    Unimplemented(
        Missing.DEAD_LETTER_QUEUES,
        "lambda",
        route=_CONFIGURED,
        asks=has("DeadLetterConfig", "TargetArn"),
    ),
    Unimplemented(
        Missing.JSON_LOGS,
        "lambda",
        route=_CONFIGURED,
        asks=equals("JSON", "LoggingConfig", "LogFormat"),
    ),
    Unimplemented(
        Missing.LOG_GROUPS,
        "lambda",
        route=_CONFIGURED,
        asks=has("LoggingConfig", "LogGroup"),
    ),
    Unimplemented(
        Missing.DURABLE_FUNCTIONS, "lambda", route=_CONFIGURED, asks=has("DurableConfig")
    ),
    Unimplemented(
        Missing.CODE_SIGNING, "lambda", route=_CONFIGURED, asks=has("CodeSigningConfigArn")
    ),
    Unimplemented(
        Missing.CODE_SIGNING, "lambda", route=route(r"POST /2020-04-22/code-signing-configs/?")
    ),
    Unimplemented(
        Missing.CODE_SIGNING, "lambda", route=route(rf"PUT {_FUNCTION}/code-signing-config")
    ),
    Unimplemented(Missing.FUNCTION_URLS, "lambda", route=route(rf"(POST|PUT) {_FUNCTION}/url/?")),
    Unimplemented(
        Missing.RESPONSE_STREAMING,
        "lambda",
        route=route(rf"POST {_FUNCTION}/response-streaming-invocations.*"),
    ),
    Unimplemented(Missing.INVOKE_ASYNC, "lambda", route=route(rf"POST {_FUNCTION}/invoke-async/?")),
    Unimplemented(
        Missing.WEIGHTED_ALIASES,
        "lambda",
        route=route(rf"(POST|PUT) {_FUNCTION}/aliases.*"),
        asks=has("RoutingConfig", "AdditionalVersionWeights"),
    ),
    Unimplemented(
        Missing.EVENT_SOURCES,
        "lambda",
        route=_MAPPED,
        asks=_another_source,
    ),
    Unimplemented(
        Missing.FAN_OUT,
        "lambda",
        route=_MAPPED,
        asks=lambda body: (
            ":kinesis:" in (arn := body.get("EventSourceArn", "")) and "/consumer/" in arn
        ),
    ),
    Unimplemented(Missing.FAN_OUT, "kinesis", "RegisterStreamConsumer"),
    Unimplemented(Missing.KAFKA, "lambda", route=_MAPPED, asks=has("SelfManagedEventSource")),
    Unimplemented(
        Missing.TUMBLING_WINDOWS, "lambda", route=_MAPPED, asks=has("TumblingWindowInSeconds")
    ),
    Unimplemented(
        Missing.PROVISIONED_POLLERS, "lambda", route=_MAPPED, asks=has("ProvisionedPollerConfig")
    ),
    Unimplemented(Missing.MAPPING_KEYS, "lambda", route=_MAPPED, asks=has("KMSKeyArn")),
    Unimplemented(
        Missing.PARALLELIZATION,
        "lambda",
        route=_MAPPED,
        asks=lambda body: (body.get("ParallelizationFactor") or 1) > 1,
    ),
    Unimplemented(
        Missing.DESTINATIONS,
        "lambda",
        route=route(rf"(POST|PUT) {_FUNCTION}/event-invoke-config/?(\?.*)?"),
        asks=_another_destination,
    ),
)
