"""What a deployment made, drawn: the functions with what calls them, and what they stand on.

A pure view over a `Deployment`; `deployment` reads one from AWS, or from a local cloud, with calls
that only look. Names that AWS makes up are left out: a resource of a stack goes by the name that
its template gives it. `deployment_map` is the same, live.
"""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Clients = Callable[[str], Any]
# In the order of a request's way; what is not named here comes last, under its type.
KINDS = {
    "AWS::DynamoDB::Table": "tables",
    "AWS::S3::Bucket": "buckets",
    "AWS::SQS::Queue": "queues",
    "AWS::SQS::QueuePolicy": "queue policies",
    "AWS::SNS::Topic": "topics",
    "AWS::SecretsManager::Secret": "secrets",
    "AWS::Logs::LogGroup": "log groups",
    "AWS::IAM::Role": "roles",
}


@dataclass(frozen=True)
class Function:
    """One function: its name without the prefix, what calls it, its settings, its role."""

    name: str
    called_by: str
    memory_mb: int
    timeout: int
    role: str


@dataclass(frozen=True)
class Deployment:
    """What a stage consists of.

    Attributes:
        prefix: what the functions' names begin with.
        functions: in alphabetical order, the one behind the API first.
        resources: by kind, the names that the stack's template gives.
        layers: what the functions import from besides their own code, without prefix and version.
    """

    prefix: str
    functions: tuple[Function, ...]
    resources: Mapping[str, tuple[str, ...]]
    layers: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many resources stand in the stack."""
        return sum(map(len, self.resources.values()))

    def __repr__(self) -> str:
        if not self.functions and not self.resources:
            return f"{self.prefix}: nothing is deployed."
        rows = [(f.name, f.called_by, _settings(f), f.role) for f in self.functions]
        widths = [max((len(row[n]) for row in rows), default=0) for n in range(3)]
        on = ", and what they stand on" if self.resources else ""
        lines = [f"{self.prefix}: {_number(len(rows), 'function')}{on}", ""]
        lines += [
            "  ".join((*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3]))
            for row in rows
        ]
        lines += ["", self._imports] if self.layers else []
        if self.resources:
            lines += ["", f"The stack {self.prefix}-resources: {_number(self.total, 'resource')}"]
        for kind, names in self.resources.items():
            lines.append(f"  {_counted(names, kind)}: {', '.join(names)}")
        return "\n".join(line.rstrip() for line in lines)

    @property
    def _imports(self) -> str:
        kind = "layer" if len(self.layers) == 1 else "layers"
        return f"They import from the {kind} {', '.join(self.layers)}"

    def _repr_html_(self) -> str:
        if not self.functions and not self.resources:
            return f"<p>{html.escape(repr(self))}</p>"
        rows = "".join(
            f'<tr><td>{html.escape(f.called_by)}</td><td aria-hidden="true">→</td>'
            f'<th scope="row">{html.escape(f.name)}</th><td>{_settings(f)}</td>'
            f"<td>{html.escape(f.role)}</td></tr>"
            for f in self.functions
        )
        boxes = "".join(
            f"<li><b>{html.escape(_counted(names, kind))}</b><br>{html.escape(', '.join(names))}</li>"
            for kind, names in self.resources.items()
        )
        imports = f"<p>{html.escape(self._imports)}</p>" if self.layers else ""
        stack = (
            f"<p>They stand on {_number(self.total, 'resource')}, made by the stack "
            f"{html.escape(self.prefix)}-resources:</p><ul>{boxes}</ul>"
        )
        return (
            f'{STYLE}<div class="wb-deployment"><table><caption>{html.escape(self.prefix)}: '
            f"{_number(len(self.functions), 'function')}, made by chalice deploy</caption><thead><tr>"
            '<th scope="col">called by</th><td></td><th scope="col">function</th>'
            '<th scope="col">settings</th><th scope="col">role</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>{imports}{stack if self.resources else ''}</div>"
        )


def deployment(client: Clients, prefix: str) -> Deployment:
    """What is deployed under that prefix now.

    Args:
        client: makes a client of a service: ``cloud.client``, or ``boto3.client``.
        prefix: app and stage, as Chalice joins them: ``inventory-service-dev``.
    """
    logical, resources = _stack(client, f"{prefix}-resources")
    found = [f for f in _functions(client) if _is_of(f["FunctionName"], prefix)]
    sources = _sources(client, found, logical)
    functions = [
        Function(
            name=each["FunctionName"].removeprefix(prefix).lstrip("-") or "api_handler",
            called_by=", ".join(sources[each["FunctionName"]]) or "nobody",
            memory_mb=each["MemorySize"],
            timeout=each["Timeout"],
            role=_named(each["Role"], logical),
        )
        for each in found
    ]
    functions.sort(key=lambda f: (f.name != "api_handler", f.name))
    layers = {layer["Arn"].split(":")[6] for each in found for layer in each.get("Layers", ())}
    own = tuple(sorted(name.removeprefix(f"{prefix}-") for name in layers))
    return Deployment(prefix, tuple(functions), resources, own)


def _counted(names: tuple[str, ...], kind: str) -> str:
    one = {"queue policies": "queue policy"}.get(kind, kind.removesuffix("s"))
    return f"{len(names)} {one if len(names) == 1 and kind in KINDS.values() else kind}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _settings(function: Function) -> str:
    return f"{function.memory_mb} MB, {function.timeout} s"


def _is_of(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}-")


def _stack(client: Clients, name: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Logical names by physical ones, and the stack's resources by kind."""
    stacks = client("cloudformation")
    try:
        pages = stacks.get_paginator("list_stack_resources").paginate(StackName=name)
        summaries = [each for page in pages for each in page["StackResourceSummaries"]]
    except stacks.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # "does not exist"
            raise
        summaries = []
    named: dict[str, list[str]] = defaultdict(list)
    for each in summaries:
        kind = KINDS.get(each["ResourceType"], each["ResourceType"])
        named[kind].append(each["LogicalResourceId"])
    order = [*KINDS.values(), *sorted(named.keys() - set(KINDS.values()))]
    logical = {e["PhysicalResourceId"]: e["LogicalResourceId"] for e in summaries}
    return logical, {kind: tuple(sorted(named[kind])) for kind in order if kind in named}


def _functions(client: Clients) -> list[dict[str, Any]]:
    pages = client("lambda").get_paginator("list_functions").paginate()
    return [function for page in pages for function in page["Functions"]]


def _sources(
    client: Clients, functions: list[dict[str, Any]], logical: Mapping[str, str]
) -> dict[str, list[str]]:
    """What calls each function: read from the function's mappings, and from who was let in."""
    found: dict[str, list[str]] = defaultdict(list)
    lambdas = client("lambda")
    for each in functions:
        name = each["FunctionName"]
        for mapping in lambdas.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
            found[name].append(_source(mapping["EventSourceArn"], logical))
        for principal, condition in _let_in(lambdas, name):
            said = _caller(client, principal, condition, logical)
            if said not in found[name]:
                found[name].append(said)
    return found


def _let_in(lambdas: Any, name: str) -> list[tuple[str, str]]:
    """Which services the function's resource policy lets call it, and for what of theirs."""
    try:
        policy = json.loads(lambdas.get_policy(FunctionName=name)["Policy"])
    except lambdas.exceptions.ResourceNotFoundException:
        return []
    return [
        (each["Principal"]["Service"], str(each.get("Condition", {})))
        for each in policy["Statement"]
    ]


def _caller(client: Clients, principal: str, condition: str, logical: Mapping[str, str]) -> str:
    if principal.startswith("apigateway"):
        return "REST API"
    if principal.startswith("events"):
        return _rule(client, condition.rpartition("rule/")[2].rstrip("'}"))
    topics = [name for physical, name in logical.items() if physical in condition]
    return topics[0] if topics else principal


def _rule(client: Clients, name: str) -> str:
    rule = client("events").describe_rule(Name=name)
    if "ScheduleExpression" in rule:
        return str(rule["ScheduleExpression"])
    wanted = json.loads(rule["EventPattern"]).get("detail-type", ["of any type"])
    return f"event: {', '.join(wanted)}"


def _source(arn: str, logical: Mapping[str, str]) -> str:
    service = arn.split(":")[2]
    for physical, name in logical.items():
        last = physical.rpartition("/")[2]  # a queue's physical name is its URL
        if last and (f":{last}" in arn or f"/{last}/" in arn):
            return f"{'stream of ' if service == 'dynamodb' else ''}{name}"
    return arn


def _named(role_arn: str, logical: Mapping[str, str]) -> str:
    name = role_arn.rpartition("/")[2]
    return logical.get(name, name)


STYLE = (
    "<style>"
    ".wb-deployment{max-width:60em;color:var(--jp-content-font-color1,inherit)}"
    ".wb-deployment.wb-deployment table{border-collapse:collapse;margin:.4em 0;table-layout:auto}"
    ".wb-deployment.wb-deployment caption{text-align:left;font-weight:600;padding:.3em 0}"
    ".wb-deployment.wb-deployment :is(th,td){text-align:left;padding:.25em .7em;"
    "font-size:inherit;vertical-align:top}"
    ".wb-deployment.wb-deployment ul{list-style:none;padding:0;margin:.4em 0;display:grid;gap:.5em;"
    "grid-template-columns:repeat(auto-fill,minmax(13em,1fr))}"
    ".wb-deployment li{border:1px solid var(--jp-border-color1,#8888);border-radius:4px;"
    "padding:.4em .6em;overflow-wrap:anywhere}"
    "</style>"
)
