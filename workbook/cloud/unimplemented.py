"""The AWS calls that ask for what the local cloud has not: they answer 501 with its name.

moto keeps the state of far more than it carries out, so many of its answers would be successes
that mean nothing here: a phone number that is never texted, a schedule that never fires. Each
such call in the services this cloud stands for has an entry; front.py asks before moto is asked.
What moto does not know at all is answered 501 by front.py itself; what only shows further inside
(a route's IAM authorizer, a policy variable) is refused there. All names are missing.py's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import AwsCall
from workbook.cloud.gateway.sockets.model import emulated_selection
from workbook.cloud.missing import CODE, STATUS, Missing, NotEmulated

_OTHER_RUNTIMES = re.compile(r"(nodejs|java|dotnet|ruby|go|provided).*")  # AWS's

Parameters = Mapping[str, Any]
Asks = Callable[[Parameters], object]  # truthy when the call asks for what is not there


@dataclass(frozen=True)
class Unimplemented:
    """One thing that is not there.

    Args:
        missing: its name.
        service: as in calls.AwsCall; an operation of "" and no route mean all of the service.
        operation: AWS's name of the call, for services that send it.
        route: method and path, for services that do not (Lambda, API Gateway, S3).
        asks: whether the body asks for it; always when None.
    """

    missing: Missing
    service: str
    operation: str = ""
    route: re.Pattern[str] | None = None
    asks: Asks | None = None

    def covers(self, call: AwsCall, parameters: Parameters) -> bool:
        """Whether this call would need it."""
        if call.service != self.service:
            return False
        if self.operation and call.operation != self.operation:
            return False
        asked = f"{call.method} {call.path}" + (f"?{call.query}" if call.query else "")
        if self.route is not None and not self.route.fullmatch(asked):
            return False
        return self.asks is None or bool(self.asks(parameters))


def find(call: AwsCall, parameters: Parameters) -> Unimplemented | None:
    """The entry that covers a call; None when it can go on."""
    for entry in TABLE_BY_SERVICE.get(call.service, ()):
        if entry.covers(call, parameters):
            return entry
    return None


def refusal(missing: NotEmulated, call: AwsCall, *, form: bool) -> Answer:
    """501 in the protocol of the service that was called.

    Args:
        form: whether the call came as a form, whose services answer in XML.
    """
    return service_error(CODE, str(missing), STATUS, service=call.service, form=form)


def _has(*path: str) -> Asks:
    """Whether the value at a path in the body is there and not empty."""

    def asks(parameters: Parameters) -> object:
        value: Any = parameters
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    return asks


def _is(wanted: str, *path: str) -> Asks:
    value = _has(*path)
    return lambda parameters: value(parameters) == wanted


def _patches(*paths: str) -> Asks:
    """Whether a patch operation touches one of these paths, and not to switch it off."""

    def asks(parameters: Parameters) -> object:
        return any(
            re.search("|".join(paths), each.get("path", ""))
            and each.get("op") != "remove"
            and each.get("value") not in ("false", "", None)
            for each in parameters.get("patchOperations", ())
        )

    return asks


def _another_runtime(parameters: Parameters) -> object:
    runtime = parameters.get("Runtime")
    return isinstance(runtime, str) and _OTHER_RUNTIMES.fullmatch(runtime)


def _another_source(parameters: Parameters) -> object:
    arn = parameters.get("EventSourceArn", "")
    return arn and arn.split(":")[2] not in ("sqs", "dynamodb", "kinesis")


def _another_target(parameters: Parameters) -> object:
    known = ("lambda", "sqs", "sns")
    return any(target["Arn"].split(":")[2] not in known for target in parameters.get("Targets", ()))


def _own_logs(parameters: Parameters) -> object:
    """Each line that such a function writes would run it again, for ever."""
    function = parameters.get("destinationArn", "").partition(":function:")[2].partition(":")[0]
    return function and parameters.get("logGroupName") == f"/aws/lambda/{function}"


def _another_destination(parameters: Parameters) -> object:
    known = ("events", "lambda", "sns", "sqs")
    destinations = (parameters.get("DestinationConfig") or {}).values()
    arns = [each.get("Destination") for each in destinations]
    return any(arn and arn.split(":")[2] not in known for arn in arns)


def _another_protocol(parameters: Parameters) -> object:
    return parameters.get("Protocol") not in ("lambda", "sqs")


def _in_route_settings(parameters: Parameters, prefix: str) -> object:
    """Whether a WebSocket stage's settings, of all routes or of one, ask for something."""
    of_routes = (parameters.get("routeSettings") or {}).values()
    settings = [parameters.get("defaultRouteSettings") or {}, *of_routes]
    return any(
        value not in (None, "OFF")
        for each in settings
        for name, value in each.items()
        if name.startswith(prefix)
    )


def _another_selection(parameters: Parameters) -> object:
    return not emulated_selection(parameters.get("routeSelectionExpression") or "")


def _route(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_FUNCTION = r"/\d{4}-\d\d-\d\d/functions/[^/]+"
_CONFIGURED = _route(rf"(POST /2015-03-31/functions/?|PUT {_FUNCTION}/configuration/?)")
_MAPPED = _route(r"(POST|PUT) /2015-03-31/event-source-mappings/?.*")
_STAGED = _route(r"POST /restapis/[^/]+/(stages|deployments)/?")
_STAGE_PATCHED = _route(r"PATCH /restapis/[^/]+/stages/[^/]+")
_CREATED_API = _route(r"POST /restapis/?")
_SOCKET_STAGED = _route(r"(POST|PATCH) /v2/apis/[^/]+/stages.*")
_SOCKET_ROUTED = _route(r"(POST|PATCH) /v2/apis/[^/]+/routes.*")
_SOCKET_INTEGRATED = _route(r"(POST|PATCH) /v2/apis/[^/]+/integrations.*")

TABLE: tuple[Unimplemented, ...] = (
    # ── Lambda ──────────────────────────────────────────────────────────────────────────────
    Unimplemented(
        Missing.CONTAINER_IMAGES, "lambda", route=_CONFIGURED, asks=_has("Code", "ImageUri")
    ),
    Unimplemented(Missing.RUNTIMES, "lambda", route=_CONFIGURED, asks=_another_runtime),
    Unimplemented(Missing.VPC, "lambda", route=_CONFIGURED, asks=_has("VpcConfig", "SubnetIds")),
    Unimplemented(
        Missing.TRACING, "lambda", route=_CONFIGURED, asks=_is("Active", "TracingConfig", "Mode")
    ),
    Unimplemented(
        Missing.FILE_SYSTEMS, "lambda", route=_CONFIGURED, asks=_has("FileSystemConfigs")
    ),
    Unimplemented(
        Missing.SNAP_START,
        "lambda",
        route=_CONFIGURED,
        asks=_is("PublishedVersions", "SnapStart", "ApplyOn"),
    ),
    Unimplemented(
        Missing.DEAD_LETTER_QUEUES,
        "lambda",
        route=_CONFIGURED,
        asks=_has("DeadLetterConfig", "TargetArn"),
    ),
    Unimplemented(
        Missing.JSON_LOGS,
        "lambda",
        route=_CONFIGURED,
        asks=_is("JSON", "LoggingConfig", "LogFormat"),
    ),
    Unimplemented(
        Missing.LOG_GROUPS,
        "lambda",
        route=_CONFIGURED,
        asks=_has("LoggingConfig", "LogGroup"),
    ),
    Unimplemented(
        Missing.DURABLE_FUNCTIONS, "lambda", route=_CONFIGURED, asks=_has("DurableConfig")
    ),
    Unimplemented(
        Missing.CODE_SIGNING, "lambda", route=_CONFIGURED, asks=_has("CodeSigningConfigArn")
    ),
    Unimplemented(
        Missing.CODE_SIGNING, "lambda", route=_route(r"POST /2020-04-22/code-signing-configs/?")
    ),
    Unimplemented(
        Missing.CODE_SIGNING, "lambda", route=_route(rf"PUT {_FUNCTION}/code-signing-config")
    ),
    Unimplemented(Missing.FUNCTION_URLS, "lambda", route=_route(rf"(POST|PUT) {_FUNCTION}/url/?")),
    Unimplemented(
        Missing.RESPONSE_STREAMING,
        "lambda",
        route=_route(rf"POST {_FUNCTION}/response-streaming-invocations.*"),
    ),
    Unimplemented(
        Missing.INVOKE_ASYNC, "lambda", route=_route(rf"POST {_FUNCTION}/invoke-async/?")
    ),
    Unimplemented(
        Missing.WEIGHTED_ALIASES,
        "lambda",
        route=_route(rf"(POST|PUT) {_FUNCTION}/aliases.*"),
        asks=_has("RoutingConfig", "AdditionalVersionWeights"),
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
    Unimplemented(Missing.KAFKA, "lambda", route=_MAPPED, asks=_has("SelfManagedEventSource")),
    Unimplemented(
        Missing.TUMBLING_WINDOWS, "lambda", route=_MAPPED, asks=_has("TumblingWindowInSeconds")
    ),
    Unimplemented(
        Missing.PROVISIONED_POLLERS, "lambda", route=_MAPPED, asks=_has("ProvisionedPollerConfig")
    ),
    Unimplemented(Missing.MAPPING_KEYS, "lambda", route=_MAPPED, asks=_has("KMSKeyArn")),
    Unimplemented(
        Missing.PARALLELIZATION,
        "lambda",
        route=_MAPPED,
        asks=lambda body: (body.get("ParallelizationFactor") or 1) > 1,
    ),
    Unimplemented(
        Missing.DESTINATIONS,
        "lambda",
        route=_route(rf"(POST|PUT) {_FUNCTION}/event-invoke-config/?(\?.*)?"),
        asks=_another_destination,
    ),
    # ── API Gateway ─────────────────────────────────────────────────────────────────────────
    Unimplemented(
        Missing.HTTP_APIS,
        "apigatewayv2",
        route=_route(r"POST /v2/apis/?"),
        asks=lambda body: body.get("protocolType") != "WEBSOCKET",
    ),
    Unimplemented(Missing.HTTP_APIS, "apigatewayv2", route=_route(r"PUT /v2/apis.*")),
    Unimplemented(
        Missing.ROUTE_SELECTION,
        "apigatewayv2",
        route=_route(r"(POST|PATCH) /v2/apis(/[^/]+)?/?"),
        asks=_another_selection,
    ),
    Unimplemented(Missing.VPC_LINKS, "apigatewayv2", route=_route(r"POST /v2/vpclinks/?")),
    Unimplemented(Missing.DOMAIN_NAMES, "apigatewayv2", route=_route(r"POST /v2/domainnames.*")),
    Unimplemented(
        Missing.API_LOGS,
        "apigatewayv2",
        route=_SOCKET_STAGED,
        asks=lambda body: body.get("accessLogSettings") or _in_route_settings(body, "logging"),
    ),
    Unimplemented(
        Missing.SOCKET_THROTTLING,
        "apigatewayv2",
        route=_SOCKET_STAGED,
        asks=lambda body: _in_route_settings(body, "throttling"),
    ),
    Unimplemented(
        Missing.SOCKET_MODELS,
        "apigatewayv2",
        route=_route(r"POST /v2/apis/[^/]+/models/?"),
    ),
    Unimplemented(
        Missing.SOCKET_KEYS,
        "apigatewayv2",
        route=_SOCKET_ROUTED,
        asks=_has("apiKeyRequired"),
    ),
    Unimplemented(
        Missing.SOCKET_INTEGRATIONS,
        "apigatewayv2",
        route=_SOCKET_INTEGRATED,
        asks=lambda body: body.get("integrationType") not in (None, "AWS_PROXY"),
    ),
    Unimplemented(Missing.VPC_LINKS, "apigateway", route=_route(r"POST /vpclinks/?")),
    Unimplemented(Missing.DOMAIN_NAMES, "apigateway", route=_route(r"POST /domainnames/?.*")),
    Unimplemented(
        Missing.GATEWAY_RESPONSES,
        "apigateway",
        route=_route(r"PUT /restapis/[^/]+/gatewayresponses/.+"),
    ),
    Unimplemented(
        Missing.PRIVATE_APIS,
        "apigateway",
        route=_CREATED_API,
        asks=lambda body: "PRIVATE" in (body.get("endpointConfiguration") or {}).get("types", ()),
    ),
    Unimplemented(Missing.RESOURCE_POLICIES, "apigateway", route=_CREATED_API, asks=_has("policy")),
    Unimplemented(
        Missing.API_CACHES,
        "apigateway",
        route=_STAGED,
        asks=lambda body: body.get("cacheClusterEnabled"),
    ),
    Unimplemented(Missing.CANARIES, "apigateway", route=_STAGED, asks=_has("canarySettings")),
    Unimplemented(Missing.TRACING, "apigateway", route=_STAGED, asks=_has("tracingEnabled")),
    Unimplemented(
        Missing.TRACING, "apigateway", route=_STAGE_PATCHED, asks=_patches("/tracingEnabled")
    ),
    Unimplemented(
        Missing.API_CACHES,
        "apigateway",
        route=_STAGE_PATCHED,
        asks=_patches("cacheCluster", "caching/"),
    ),
    Unimplemented(
        Missing.API_LOGS,
        "apigateway",
        route=_STAGE_PATCHED,
        asks=_patches("accessLogSettings", "logging/", "metrics/"),
    ),
    # ── EventBridge and its neighbours ──────────────────────────────────────────────────────
    Unimplemented(Missing.API_DESTINATIONS, "events", "CreateApiDestination"),
    Unimplemented(Missing.EVENT_CONNECTIONS, "events", "CreateConnection"),
    Unimplemented(Missing.ARCHIVES, "events", "CreateArchive"),
    Unimplemented(Missing.REPLAYS, "events", "StartReplay"),
    Unimplemented(Missing.PARTNER_SOURCES, "events", "CreatePartnerEventSource"),
    Unimplemented(Missing.PARTNER_SOURCES, "events", "PutPartnerEvents"),
    Unimplemented(
        Missing.RULE_TARGETS,
        "events",
        "PutTargets",
        asks=_another_target,
    ),
    Unimplemented(Missing.SCHEDULER, "scheduler"),
    Unimplemented(Missing.PIPES, "pipes"),
    Unimplemented(Missing.STEP_FUNCTIONS, "states", "StartExecution"),
    Unimplemented(Missing.STEP_FUNCTIONS, "states", "StartSyncExecution"),
    Unimplemented(Missing.TRACES, "xray"),
    # ── SNS and SQS ─────────────────────────────────────────────────────────────────────────
    Unimplemented(Missing.SUBSCRIPTIONS, "sns", "Subscribe", asks=_another_protocol),
    Unimplemented(Missing.TEXT_MESSAGES, "sns", "Publish", asks=_has("PhoneNumber")),
    Unimplemented(Missing.MOBILE_PUSH, "sns", "CreatePlatformApplication"),
    Unimplemented(Missing.MOBILE_PUSH, "sns", "CreatePlatformEndpoint"),
    # ── data ────────────────────────────────────────────────────────────────────────────────
    Unimplemented(Missing.GLOBAL_TABLES, "dynamodb", "CreateGlobalTable"),
    Unimplemented(Missing.GLOBAL_TABLES, "dynamodb", "UpdateTable", asks=_has("ReplicaUpdates")),
    Unimplemented(Missing.TABLE_EXPORTS, "dynamodb", "ExportTableToPointInTime"),
    Unimplemented(Missing.TABLE_IMPORTS, "dynamodb", "ImportTable"),
    Unimplemented(Missing.TABLE_KINESIS, "dynamodb", "EnableKinesisStreamingDestination"),
    Unimplemented(Missing.REPLICATION, "s3", route=_route(r"PUT /[^/?]+/?\?(.*&)?replication\b.*")),
    Unimplemented(Missing.WEBSITES, "s3", route=_route(r"PUT /[^/?]+/?\?(.*&)?website\b.*")),
    Unimplemented(Missing.S3_SELECT, "s3", route=_route(r"POST /[^?]+\?(.*&)?select\b.*")),
    Unimplemented(Missing.SECRET_REPLICAS, "secretsmanager", "ReplicateSecretToRegions"),
    Unimplemented(
        Missing.SECRET_REPLICAS, "secretsmanager", "CreateSecret", asks=_has("AddReplicaRegions")
    ),
    Unimplemented(Missing.COMMANDS, "ssm", "SendCommand"),
    Unimplemented(Missing.PARAMETER_POLICIES, "ssm", "PutParameter", asks=_has("Policies")),
    Unimplemented(
        Missing.LOG_DESTINATIONS,
        "logs",
        "PutSubscriptionFilter",
        asks=lambda body: (
            not re.match(r"arn:[^:]*:(lambda|kinesis):", body.get("destinationArn", ""))
        ),
    ),
    Unimplemented(Missing.OWN_LOGS, "logs", "PutSubscriptionFilter", asks=_own_logs),
    Unimplemented(Missing.METRIC_FILTERS, "logs", "PutMetricFilter"),
    Unimplemented(Missing.ALARMS, "monitoring", "PutMetricAlarm"),
    Unimplemented(Missing.ALARMS, "monitoring", "PutCompositeAlarm"),
    # ── CloudFormation ──────────────────────────────────────────────────────────────────────
    Unimplemented(Missing.STACK_SETS, "cloudformation", "CreateStackSet"),
    Unimplemented(Missing.DRIFT_DETECTION, "cloudformation", "DetectStackDrift"),
    Unimplemented(Missing.STACK_POLICIES, "cloudformation", "SetStackPolicy"),
    Unimplemented(Missing.TYPE_REGISTRY, "cloudformation", "RegisterType"),
    Unimplemented(Missing.GENERATED_TEMPLATES, "cloudformation", "CreateGeneratedTemplate"),
)

# Kept and described as it was told, and true as far as it goes: on AWS, too, nothing comes of these
# within the hours that a cloud on a laptop lives, or nothing that a caller could see.
KEPT: tuple[tuple[str, str, str], ...] = (
    ("dynamodb", "time to live", "AWS takes days; items stay"),
    ("dynamodb", "point-in-time recovery", "there are no backups to restore"),
    ("dynamodb", "provisioned throughput", "no table is throttled"),
    ("s3", "lifecycle rules", "AWS runs them once a day; objects stay"),
    (
        "s3",
        "encryption and public access settings",
        "nothing is encrypted, and nobody is elsewhere",
    ),
    (
        "kinesis",
        "retention, encryption and shard-level metrics",
        "records end with the stream or the cloud; nothing is encrypted or measured",
    ),
    ("lambda", "permissions of functions", "whoever may deploy may connect; no caller is refused"),
    (
        "logs",
        "retention",
        "logs end with the cloud; a stream keeps its last 5,000 to 10,000 events",
    ),
)

TABLE_BY_SERVICE: dict[str, tuple[Unimplemented, ...]] = {
    service: tuple(entry for entry in TABLE if entry.service == service)
    for service in {entry.service for entry in TABLE}
}
