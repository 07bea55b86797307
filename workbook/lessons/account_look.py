"""A program that looks at an AWS account and changes nothing; `real_account` runs it.

    python -m workbook.lessons.account_look whoami
    python -m workbook.lessons.account_look left inventory-service dev

Each prints one JSON document. It is a process of its own so that an account's credentials never
enter the notebook's kernel, where a local cloud may have put others in their place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import boto3

# service, call, the list in its answer, the name in each entry, what the thing is called
LISTS = (
    ("cloudformation", "describe_stacks", "Stacks", "StackName", "stack"),
    ("dynamodb", "list_tables", "TableNames", "", "table"),
    ("events", "list_rules", "Rules", "Name", "rule"),
    ("iam", "list_roles", "Roles", "RoleName", "role"),
    # A mapping outlives its function, and has no name but the function's.
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "FunctionArn", "event source"),
    ("lambda", "list_functions", "Functions", "FunctionName", "function"),
    ("lambda", "list_layers", "Layers", "LayerName", "layer"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName", "log group"),
    ("s3", "list_buckets", "Buckets", "Name", "bucket"),
    ("sns", "list_topics", "Topics", "TopicArn", "topic"),
    ("sqs", "list_queues", "QueueUrls", "", "queue"),
)


def whoami() -> dict[str, str]:
    """Whose keys these are: account and ARN."""
    found = boto3.client("sts").get_caller_identity()
    return {"account": found["Account"], "arn": found["Arn"]}


def left(app: str, stage: str) -> list[list[str]]:
    """What of an app's stage exists: service, kind and name of each.

    Args:
        app: the name in .chalice/config.json.
        stage: such as dev.
    """
    prefix = f"{app}-{stage}"
    found = [
        [service, kind, name]
        for service, call, entries, key, kind in LISTS
        for name in _names(service, call, entries, key)
        if _is_of(name, prefix)
    ]
    found += [["secretsmanager", "secret", name] for name in sorted(set(_secrets(prefix)))]
    found += [["apigateway", "REST API", name] for name in _apis(app, prefix)]
    return sorted(found)


def _names(service: str, call: str, entries: str, key: str) -> Iterator[str]:
    for each in _entries(boto3.client(service), call, entries):
        yield each[key] if key else each


def _entries(client: Any, call: str, entries: str, **options: Any) -> Iterator[Any]:
    if client.can_paginate(call):
        for page in client.get_paginator(call).paginate(**options):
            yield from page.get(entries, [])
    else:
        yield from getattr(client, call)(**options).get(entries, [])


def _is_of(name: str, prefix: str) -> bool:
    """Whether the last part of a name, an ARN or an address is that stage's."""
    last = name.rstrip("/").replace(":", "/").rpartition("/")[2]
    return last == prefix or last.startswith(f"{prefix}-")


def _secrets(prefix: str) -> Iterator[str]:
    """CloudFormation names a secret after its place in the template; its tag says whose it is."""
    arns = set(_of_the_stack(f"{prefix}-resources", "AWS::SecretsManager::Secret"))
    for each in _entries(boto3.client("secretsmanager"), "list_secrets", "SecretList"):
        tags = {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])}
        tagged = tags.get("aws:cloudformation:stack-name") == f"{prefix}-resources"
        if tagged or each["ARN"] in arns:
            yield each["Name"]


def _of_the_stack(name: str, kind: str) -> Iterator[str]:
    """Physical ids of a stack's resources of one type; none once the stack is gone."""
    stacks = boto3.client("cloudformation")
    try:
        for each in _entries(
            stacks, "list_stack_resources", "StackResourceSummaries", StackName=name
        ):
            if each["ResourceType"] == kind:
                yield each["PhysicalResourceId"]
    except stacks.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # "does not exist"
            raise


def _apis(app: str, prefix: str) -> Iterator[str]:
    """Chalice names the APIs of all stages alike; what an API calls says which stage's it is."""
    gateway = boto3.client("apigateway")
    for api in _entries(gateway, "get_rest_apis", "items"):
        if api["name"] != app:
            continue
        found = _entries(gateway, "get_resources", "items", restApiId=api["id"], embed=["methods"])
        uris = [
            method.get("methodIntegration", {}).get("uri", "")
            for resource in found
            for method in resource.get("resourceMethods", {}).values()
        ]
        if any(f":function:{prefix}/" in uri for uri in uris) or not any(uris):
            yield f"{api['name']} ({api['id']})"


def main() -> None:
    """The command line."""
    what, *rest = sys.argv[1:]
    print(json.dumps(whoami() if what == "whoami" else left(*rest)))


if __name__ == "__main__":
    main()
