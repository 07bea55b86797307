"""Every resource that exists in the cloud, for proof that a teardown left nothing.

Read from the moto services that have been used; what was never called has nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Names = Callable[[Any], Iterator[str]]


def resources(
    *, stacks: Iterable[str] = (), provisioned: Iterable[str] = ()
) -> list[dict[str, str]]:
    """Service, kind and name of each, in that order.

    Args:
        stacks: names of CloudFormation's stacks, which moto does not keep.
        provisioned: versions and aliases with provisioned concurrency, which it does not either.
    """
    found = [{"service": "cloudformation", "kind": "stack", "name": name} for name in stacks]
    paid_for = {"service": "lambda", "kind": "provisioned concurrency"}
    found += [{**paid_for, "name": name} for name in provisioned]
    for module, backends_name, service, kinds in SOURCES:
        loaded = sys.modules.get(module)
        for backend in _backends(getattr(loaded, backends_name, None)):
            for kind, names in kinds.items():
                found += [{"service": service, "kind": kind, "name": n} for n in names(backend)]
    return sorted(found, key=lambda each: (each["service"], each["kind"], each["name"]))


def log_events(group: str) -> Iterator[dict[str, Any]]:
    """The events of all streams of a log group, oldest first."""
    events = []
    for backend in _backends(getattr(sys.modules.get("moto.logs.models"), "logs_backends", None)):
        if group in backend.groups:
            for name, stream in list(backend.groups[group].streams.items()):
                events += [
                    {"timestamp": event.timestamp, "message": event.message, "stream": name}
                    for event in list(stream.events)
                ]
    return iter(sorted(events, key=lambda event: event["timestamp"]))


def _backends(by_account: Any) -> Iterator[Any]:
    for by_region in list((by_account or {}).values()):
        yield from list(by_region.values())


def _keys(attribute: str) -> Names:
    return lambda backend: iter(list(getattr(backend, attribute)))


def _functions(backend: Any) -> Iterator[str]:
    return iter(list(backend._lambdas._functions))


def _versions(backend: Any) -> Iterator[str]:
    for name, each in list(backend._lambdas._functions.items()):
        yield from (f"{name}:{version.version}" for version in each["versions"])


def _layers(backend: Any) -> Iterator[str]:
    for name, layer in list(backend._layers._layers.items()):
        yield from (f"{name}:{version}" for version in list(layer.layer_versions))


def _mappings(backend: Any) -> Iterator[str]:
    for mapping in list(backend._event_source_mappings.values()):
        yield f"{mapping.event_source_arn} → {mapping.function_arn}"


def _apis(backend: Any) -> Iterator[str]:
    return (f"{api.name} ({api.id})" for api in list(backend.apis.values()))


def _websocket_apis(backend: Any) -> Iterator[str]:
    return (f"{api.name} ({api.api_id})" for api in list(backend.apis.values()))


def _api_keys(backend: Any) -> Iterator[str]:
    return (key.name or key.id for key in list(backend.keys.values()))


def _usage_plans(backend: Any) -> Iterator[str]:
    return (plan.name or plan.id for plan in list(backend.usage_plans.values()))


def _rules(backend: Any) -> Iterator[str]:
    for bus in list(backend.event_buses.values()):
        yield from list(bus.rules)


def _buses(backend: Any) -> Iterator[str]:
    return (name for name in list(backend.event_buses) if name != "default")


def _subscriptions(backend: Any) -> Iterator[str]:
    for each in list(backend.subscriptions.values()):
        yield f"{each.topic.name} → {each.endpoint}"


def _roles(backend: Any) -> Iterator[str]:
    return (role.name for role in list(backend.roles.values()))


def _policies(backend: Any) -> Iterator[str]:
    return (
        policy.name
        for policy in list(backend.managed_policies.values())
        if ":iam::aws:" not in policy.arn  # AWS's own, of which each partition has a set
    )


def _tables(backend: Any) -> Iterator[str]:
    return iter(list(backend.tables))


SOURCES: tuple[tuple[str, str, str, dict[str, Names]], ...] = (
    (
        "moto.awslambda.models",
        "lambda_backends",
        "lambda",
        {
            "function": _functions,
            "version": _versions,
            "layer": _layers,
            "event source mapping": _mappings,
        },
    ),
    (
        "moto.apigateway.models",
        "apigateway_backends",
        "apigateway",
        {"REST API": _apis, "API key": _api_keys, "usage plan": _usage_plans},
    ),
    (
        "moto.apigatewayv2.models",
        "apigatewayv2_backends",
        "apigatewayv2",
        {"WebSocket API": _websocket_apis},
    ),
    ("moto.s3.models", "s3_backends", "s3", {"bucket": _keys("buckets")}),
    ("moto.sqs.models", "sqs_backends", "sqs", {"queue": _keys("queues")}),
    (
        "moto.sns.models",
        "sns_backends",
        "sns",
        {"topic": _keys("topics"), "subscription": _subscriptions},
    ),
    ("moto.dynamodb.models", "dynamodb_backends", "dynamodb", {"table": _tables}),
    ("moto.kinesis.models", "kinesis_backends", "kinesis", {"stream": _keys("streams")}),
    (
        "moto.events.models",
        "events_backends",
        "events",
        {"rule": _rules, "event bus": _buses},
    ),
    (
        "moto.iam.models",
        "iam_backends",
        "iam",
        {"role": _roles, "policy": _policies, "user": _keys("users")},
    ),
    ("moto.logs.models", "logs_backends", "logs", {"log group": _keys("groups")}),
    (
        "moto.secretsmanager.models",
        "secretsmanager_backends",
        "secretsmanager",
        {"secret": _keys("secrets")},
    ),
    ("moto.ssm.models", "ssm_backends", "ssm", {"parameter": _keys("_parameters")}),
)
