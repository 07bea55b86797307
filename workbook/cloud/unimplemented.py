"""The one table of what the local cloud does not emulate: such calls answer 501 with the name.

moto keeps the state of far more than it carries out, so many of its answers would be successes
that mean nothing here: a phone number that is never texted, a schedule that never fires. Each
such call in the services this cloud stands for has an entry; front.py asks before moto is asked.
What moto does not know at all is answered 501 by front.py itself, and a route that needs what the
gateway lacks (an IAM or a Cognito authorizer, an HTTP integration) answers 501 when it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import AwsCall
from workbook.cloud.gateway.sockets.model import emulated_selection

CODE = "NotImplemented"
PYTHON = re.compile(r"python3\.\d+")
# What CloudFormation expands before it reads a template; LanguageExtensions alone is known here.
_TRANSFORMS = re.compile(r"\bAWS::(Serverless-|Include\b|SecretsManager-|CodeDeployBlueGreen\b)")

Parameters = Mapping[str, Any]
Asks = Callable[[Parameters], object]  # truthy when the call asks for what is not there


@dataclass(frozen=True)
class Unimplemented:
    """One thing that is not there.

    Args:
        name: what a person calls it.
        service: as in calls.AwsCall; an operation of "" and no route mean all of the service.
        operation: AWS's name of the call, for services that send it.
        route: method and path, for services that do not (Lambda, API Gateway, S3).
        asks: whether the body asks for it; always when None.
    """

    name: str
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


def refusal(name: str, call: AwsCall, *, form: bool) -> Answer:
    """501 in the protocol of the service that was called.

    Args:
        form: whether the call came as a form, whose services answer in XML.
    """
    return service_error(
        CODE, f"The local cloud does not emulate {name}.", 501, service=call.service, form=form
    )


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
    return runtime is not None and not PYTHON.fullmatch(runtime)


def _another_source(parameters: Parameters) -> object:
    arn = parameters.get("EventSourceArn", "")
    return arn and arn.split(":")[2] not in ("sqs", "dynamodb")


def _another_target(parameters: Parameters) -> object:
    known = ("lambda", "sqs", "sns")
    return any(target["Arn"].split(":")[2] not in known for target in parameters.get("Targets", ()))


def _another_protocol(parameters: Parameters) -> object:
    return parameters.get("Protocol") not in ("lambda", "sqs")


def _transform(parameters: Parameters) -> object:
    return _TRANSFORMS.search(parameters.get("TemplateBody", ""))


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
    Unimplemented("Lambda layers", "lambda", route=_route(r"POST /2018-10-31/layers/.*")),
    Unimplemented("Lambda layers", "lambda", route=_CONFIGURED, asks=_has("Layers")),
    Unimplemented("container images", "lambda", route=_CONFIGURED, asks=_has("Code", "ImageUri")),
    Unimplemented(
        "runtimes other than Python's", "lambda", route=_CONFIGURED, asks=_another_runtime
    ),
    Unimplemented(
        "functions in a VPC", "lambda", route=_CONFIGURED, asks=_has("VpcConfig", "SubnetIds")
    ),
    Unimplemented(
        "X-Ray tracing", "lambda", route=_CONFIGURED, asks=_is("Active", "TracingConfig", "Mode")
    ),
    Unimplemented(
        "file systems of functions", "lambda", route=_CONFIGURED, asks=_has("FileSystemConfigs")
    ),
    Unimplemented(
        "SnapStart",
        "lambda",
        route=_CONFIGURED,
        asks=_is("PublishedVersions", "SnapStart", "ApplyOn"),
    ),
    Unimplemented(
        "dead-letter queues of functions",
        "lambda",
        route=_CONFIGURED,
        asks=_has("DeadLetterConfig", "TargetArn"),
    ),
    Unimplemented(
        "JSON log formats",
        "lambda",
        route=_CONFIGURED,
        asks=_is("JSON", "LoggingConfig", "LogFormat"),
    ),
    Unimplemented(
        "log groups of one's own",
        "lambda",
        route=_CONFIGURED,
        asks=_has("LoggingConfig", "LogGroup"),
    ),
    Unimplemented("durable functions", "lambda", route=_CONFIGURED, asks=_has("DurableConfig")),
    Unimplemented("code signing", "lambda", route=_CONFIGURED, asks=_has("CodeSigningConfigArn")),
    Unimplemented(
        "code signing", "lambda", route=_route(r"POST /2020-04-22/code-signing-configs/?")
    ),
    Unimplemented("code signing", "lambda", route=_route(rf"PUT {_FUNCTION}/code-signing-config")),
    Unimplemented("function URLs", "lambda", route=_route(rf"(POST|PUT) {_FUNCTION}/url/?")),
    Unimplemented(
        "provisioned concurrency",
        "lambda",
        route=_route(rf"PUT {_FUNCTION}/provisioned-concurrency.*"),
    ),
    Unimplemented(
        "response streaming",
        "lambda",
        route=_route(rf"POST {_FUNCTION}/response-streaming-invocations.*"),
    ),
    Unimplemented("InvokeAsync", "lambda", route=_route(rf"POST {_FUNCTION}/invoke-async/?")),
    Unimplemented(
        "weighted aliases",
        "lambda",
        route=_route(rf"(POST|PUT) {_FUNCTION}/aliases.*"),
        asks=_has("RoutingConfig", "AdditionalVersionWeights"),
    ),
    Unimplemented(
        "event sources other than SQS and DynamoDB streams",
        "lambda",
        route=_MAPPED,
        asks=_another_source,
    ),
    Unimplemented(
        "Kafka event sources", "lambda", route=_MAPPED, asks=_has("SelfManagedEventSource")
    ),
    Unimplemented(
        "tumbling windows", "lambda", route=_MAPPED, asks=_has("TumblingWindowInSeconds")
    ),
    Unimplemented(
        "provisioned pollers", "lambda", route=_MAPPED, asks=_has("ProvisionedPollerConfig")
    ),
    # ── API Gateway ─────────────────────────────────────────────────────────────────────────
    Unimplemented(
        "HTTP APIs",
        "apigatewayv2",
        route=_route(r"POST /v2/apis/?"),
        asks=lambda body: body.get("protocolType") != "WEBSOCKET",
    ),
    Unimplemented("HTTP APIs", "apigatewayv2", route=_route(r"PUT /v2/apis.*")),
    Unimplemented(
        "selection of routes by anything but a message's body",
        "apigatewayv2",
        route=_route(r"(POST|PATCH) /v2/apis(/[^/]+)?/?"),
        asks=_another_selection,
    ),
    Unimplemented("VPC links", "apigatewayv2", route=_route(r"POST /v2/vpclinks/?")),
    Unimplemented("custom domain names", "apigatewayv2", route=_route(r"POST /v2/domainnames.*")),
    Unimplemented(
        "API access and execution logs",
        "apigatewayv2",
        route=_SOCKET_STAGED,
        asks=lambda body: body.get("accessLogSettings") or _in_route_settings(body, "logging"),
    ),
    Unimplemented(
        "throttling of WebSocket APIs",
        "apigatewayv2",
        route=_SOCKET_STAGED,
        asks=lambda body: _in_route_settings(body, "throttling"),
    ),
    Unimplemented(
        "models of WebSocket messages",
        "apigatewayv2",
        route=_route(r"POST /v2/apis/[^/]+/models/?"),
    ),
    Unimplemented(
        "API keys of WebSocket APIs",
        "apigatewayv2",
        route=_SOCKET_ROUTED,
        asks=_has("apiKeyRequired"),
    ),
    Unimplemented(
        "WebSocket integrations other than functions",
        "apigatewayv2",
        route=_SOCKET_INTEGRATED,
        asks=lambda body: body.get("integrationType") not in (None, "AWS_PROXY"),
    ),
    Unimplemented("VPC links", "apigateway", route=_route(r"POST /vpclinks/?")),
    Unimplemented("custom domain names", "apigateway", route=_route(r"POST /domainnames/?.*")),
    Unimplemented(
        "customized gateway responses",
        "apigateway",
        route=_route(r"PUT /restapis/[^/]+/gatewayresponses/.+"),
    ),
    Unimplemented(
        "private APIs",
        "apigateway",
        route=_CREATED_API,
        asks=lambda body: "PRIVATE" in (body.get("endpointConfiguration") or {}).get("types", ()),
    ),
    Unimplemented("resource policies", "apigateway", route=_CREATED_API, asks=_has("policy")),
    Unimplemented(
        "API caches",
        "apigateway",
        route=_STAGED,
        asks=lambda body: body.get("cacheClusterEnabled"),
    ),
    Unimplemented("canary deployments", "apigateway", route=_STAGED, asks=_has("canarySettings")),
    Unimplemented("X-Ray tracing", "apigateway", route=_STAGED, asks=_has("tracingEnabled")),
    Unimplemented(
        "X-Ray tracing", "apigateway", route=_STAGE_PATCHED, asks=_patches("/tracingEnabled")
    ),
    Unimplemented(
        "API caches", "apigateway", route=_STAGE_PATCHED, asks=_patches("cacheCluster", "caching/")
    ),
    Unimplemented(
        "API access and execution logs",
        "apigateway",
        route=_STAGE_PATCHED,
        asks=_patches("accessLogSettings", "logging/", "metrics/"),
    ),
    # ── EventBridge and its neighbours ──────────────────────────────────────────────────────
    Unimplemented("API destinations", "events", "CreateApiDestination"),
    Unimplemented("event connections", "events", "CreateConnection"),
    Unimplemented("event archives", "events", "CreateArchive"),
    Unimplemented("event replays", "events", "StartReplay"),
    Unimplemented("partner event sources", "events", "CreatePartnerEventSource"),
    Unimplemented("partner event sources", "events", "PutPartnerEvents"),
    Unimplemented(
        "rule targets other than functions, queues and topics",
        "events",
        "PutTargets",
        asks=_another_target,
    ),
    Unimplemented("EventBridge Scheduler", "scheduler"),
    Unimplemented("EventBridge Pipes", "pipes"),
    Unimplemented("Step Functions executions", "states", "StartExecution"),
    Unimplemented("Step Functions executions", "states", "StartSyncExecution"),
    Unimplemented("X-Ray traces", "xray"),
    # ── SNS and SQS ─────────────────────────────────────────────────────────────────────────
    Unimplemented(
        "subscriptions other than functions and queues", "sns", "Subscribe", asks=_another_protocol
    ),
    Unimplemented("text messages", "sns", "Publish", asks=_has("PhoneNumber")),
    Unimplemented("mobile push", "sns", "CreatePlatformApplication"),
    Unimplemented("mobile push", "sns", "CreatePlatformEndpoint"),
    # ── data ────────────────────────────────────────────────────────────────────────────────
    Unimplemented("global tables", "dynamodb", "CreateGlobalTable"),
    Unimplemented("global tables", "dynamodb", "UpdateTable", asks=_has("ReplicaUpdates")),
    Unimplemented("table exports", "dynamodb", "ExportTableToPointInTime"),
    Unimplemented("table imports", "dynamodb", "ImportTable"),
    Unimplemented("Kinesis streams of tables", "dynamodb", "EnableKinesisStreamingDestination"),
    Unimplemented(
        "bucket replication", "s3", route=_route(r"PUT /[^/?]+/?\?(.*&)?replication\b.*")
    ),
    Unimplemented("bucket websites", "s3", route=_route(r"PUT /[^/?]+/?\?(.*&)?website\b.*")),
    Unimplemented("S3 Select", "s3", route=_route(r"POST /[^?]+\?(.*&)?select\b.*")),
    Unimplemented("secret replicas", "secretsmanager", "ReplicateSecretToRegions"),
    Unimplemented(
        "secret replicas", "secretsmanager", "CreateSecret", asks=_has("AddReplicaRegions")
    ),
    Unimplemented("Systems Manager commands", "ssm", "SendCommand"),
    Unimplemented("parameter policies", "ssm", "PutParameter", asks=_has("Policies")),
    Unimplemented("metric filters of logs", "logs", "PutMetricFilter"),
    Unimplemented("CloudWatch alarms", "monitoring", "PutMetricAlarm"),
    Unimplemented("CloudWatch alarms", "monitoring", "PutCompositeAlarm"),
    # ── CloudFormation ──────────────────────────────────────────────────────────────────────
    *(
        Unimplemented(
            "CloudFormation transforms (SAM)", "cloudformation", operation, asks=_transform
        )
        for operation in ("CreateStack", "UpdateStack", "CreateChangeSet", "ValidateTemplate")
    ),
    Unimplemented("CloudFormation stack sets", "cloudformation", "CreateStackSet"),
    Unimplemented("CloudFormation drift detection", "cloudformation", "DetectStackDrift"),
    Unimplemented("CloudFormation stack policies", "cloudformation", "SetStackPolicy"),
    Unimplemented("CloudFormation registry", "cloudformation", "RegisterType"),
    Unimplemented(
        "CloudFormation generated templates", "cloudformation", "CreateGeneratedTemplate"
    ),
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
