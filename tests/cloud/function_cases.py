"""Cases of functions: what they do when they are invoked, or what Lambda says of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from stack_cases import Case, Look, Tags

F, V, A, L = (f"AWS::Lambda::{name}" for name in ("Function", "Version", "Alias", "LayerVersion"))
M = "AWS::Lambda::EventSourceMapping"
RUNTIME = f"python3.{sys.version_info.minor}"
ROLE = "arn:aws:iam::123456789012:role/runs"
SOURCE = """
import os

def handler(event, context):
    return {
        "says": "one",
        "variables": {name: os.environ.get(name) for name in ("PRICE", "OPEN")},
        "memory": context.memory_limit_in_mb,
    }

def other(event, context):
    return {"says": "two"}
"""
TAGS = [{"Key": "team", "Value": "sales"}, {"Key": "old", "Value": "1"}]
OTHER_TAGS = [{"Key": "team", "Value": "stock"}]
TAGGED = ({"team": "sales", "old": "1"}, {"team": "stock"})
CODE = {"ZipFile": SOURCE}
BASE = {"Code": CODE, "Handler": "index.handler", "Role": ROLE, "Runtime": RUNTIME}


def function(name: str) -> dict[str, Any]:
    """A function to stand beside."""
    return {"Type": F, "Properties": {**BASE, "FunctionName": name}}


def configured(name: str) -> Look:
    return lambda aws, it: aws("lambda").get_function_configuration(FunctionName=it).get(name)


def answers(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        found = aws("lambda").invoke(FunctionName=it)
        return json.loads(found["Payload"].read())[name]

    return look


def variables(aws: Callable[[str], Any], it: str) -> Any:
    return answers("variables")(aws, it)


def tags(aws: Callable[[str], Any], it: str) -> Any:
    arn = configured("FunctionArn")(aws, it)
    return Tags(aws("lambda").list_tags(Resource=arn)["Tags"])


def alias(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        _, _, _, _, _, _, of, called = it.split(":")
        return aws("lambda").get_alias(FunctionName=of, Name=called).get(name)

    return look


def layer(name: str) -> Look:
    def look(aws: Callable[[str], Any], it: str) -> Any:
        _, _, _, _, _, _, called, number = it.split(":")
        found = aws("lambda").get_layer_version(LayerName=called, VersionNumber=int(number))
        return found.get(name)

    return look


def provisioned(qualifier: str) -> Look:
    """How many environments are ready, of the version or alias."""

    def look(aws: Callable[[str], Any], it: str) -> Any:
        client = aws("lambda")
        try:
            found = client.get_provisioned_concurrency_config(
                FunctionName="case-seller", Qualifier=qualifier
            )
        except client.exceptions.ProvisionedConcurrencyConfigNotFoundException:
            return None
        return found["AllocatedProvisionedConcurrentExecutions"]

    return look


ALIASED = {"FunctionName": "case-seller", "FunctionVersion": "$LATEST", "Name": "live"}
TWO = {"Seller": function("case-seller"), "Buyer": function("case-buyer")}
VERSIONED = {
    **TWO,
    "One": {"Type": V, "Properties": {"FunctionName": {"Ref": "Seller"}}},
}

FUNCTIONS = [
    Case(F, "FunctionName", "case-one", "case-two", lambda aws, it: it, base=BASE),
    Case(
        F,
        "Code",
        CODE,
        {"ZipFile": SOURCE.replace('"one"', '"more"')},
        answers("says"),
        ("one", "more"),
        BASE,
    ),
    Case(F, "Architectures", ["arm64"], ["arm64"], configured("Architectures"), base=BASE),
    Case(F, "Description", "sells", None, configured("Description"), ("sells", ""), BASE),
    Case(
        F,
        "Environment",
        {"Variables": {"PRICE": 5, "OPEN": True}},
        None,
        variables,
        ({"PRICE": "5", "OPEN": "true"}, {"PRICE": None, "OPEN": None}),
        BASE,
    ),
    Case(F, "Handler", "index.handler", "index.other", answers("says"), ("one", "two"), BASE),
    Case(F, "MemorySize", 256, None, answers("memory"), ("256", "128"), BASE),
    Case(
        F,
        "ReservedConcurrentExecutions",
        5,
        None,
        lambda aws, it: (
            aws("lambda")
            .get_function_concurrency(FunctionName=it)
            .get("ReservedConcurrentExecutions")
        ),
        base=BASE,
    ),
    Case(F, "Role", ROLE, ROLE + "-too", configured("Role"), base=BASE),
    Case(F, "Runtime", "python3.12", "python3.13", configured("Runtime"), base=BASE),
    Case(F, "Timeout", 7, None, configured("Timeout"), (7, 3), BASE),
    Case(
        F,
        "TracingConfig",
        {"Mode": "PassThrough"},
        {"Mode": "PassThrough"},
        configured("TracingConfig"),
        base=BASE,
    ),
    Case(F, "Tags", TAGS, OTHER_TAGS, tags, TAGGED, BASE),
    Case(
        V,
        "FunctionName",
        {"Ref": "Seller"},
        {"Ref": "Buyer"},
        configured("FunctionName"),
        ("case-seller", "case-buyer"),
        beside=TWO,
    ),
    Case(
        V,
        "Description",
        "first",
        "first",
        configured("Description"),
        base={"FunctionName": {"Ref": "Seller"}},
        beside=TWO,
    ),
    Case(
        A,
        "FunctionName",
        {"Ref": "Seller"},
        {"Ref": "Buyer"},
        lambda aws, it: it.split(":")[6],
        ("case-seller", "case-buyer"),
        ALIASED,
        TWO,
    ),
    Case(
        A,
        "FunctionVersion",
        "$LATEST",
        {"Fn::GetAtt": ["One", "Version"]},
        alias("FunctionVersion"),
        ("$LATEST", "1"),
        {**ALIASED, "FunctionName": {"Ref": "Seller"}},
        VERSIONED,
    ),
    Case(
        A,
        "Name",
        "live",
        "next",
        lambda aws, it: it.split(":")[7],
        base={**ALIASED, "FunctionName": {"Ref": "Seller"}},
        beside=TWO,
    ),
    Case(
        A,
        "Description",
        "for shoppers",
        None,
        alias("Description"),
        ("for shoppers", ""),
        {**ALIASED, "FunctionName": {"Ref": "Seller"}},
        TWO,
    ),
    Case(
        A,
        "ProvisionedConcurrencyConfig",
        {"ProvisionedConcurrentExecutions": 1},
        None,
        provisioned("live"),
        (1, None),
        base={
            **ALIASED,
            "FunctionName": {"Ref": "Seller"},
            "FunctionVersion": {"Fn::GetAtt": ["One", "Version"]},
        },
        beside=VERSIONED,
    ),
    Case(
        M,
        "StartingPositionTimestamp",
        1_767_268_800,
        1_767_268_800,
        lambda aws, it: (
            aws("lambda").get_event_source_mapping(UUID=it)["StartingPositionTimestamp"].timestamp()
        ),
        base={
            "EventSourceArn": {"Fn::GetAtt": ["Clicks", "Arn"]},
            "FunctionName": {"Ref": "Seller"},
            "StartingPosition": "AT_TIMESTAMP",
        },
        beside={
            "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}},
            **TWO,
        },
    ),
    Case(
        V,
        "ProvisionedConcurrencyConfig",
        {"ProvisionedConcurrentExecutions": 1},
        {"ProvisionedConcurrentExecutions": 1},
        provisioned("1"),
        (1, 1),
        {"FunctionName": {"Ref": "Seller"}},
        TWO,
    ),
]

# Made on a plain moto: what layers are to functions is tested where they run.
CONTENT = {"S3Bucket": "layers", "S3Key": "one.zip"}
OTHER_CONTENT = {"S3Bucket": "layers", "S3Key": "two.zip"}
LAYER = {"Content": CONTENT, "LayerName": "shop"}


def _layer(name: str) -> dict[str, Any]:
    return {name: {"Type": L, "Properties": {**LAYER, "LayerName": name.lower()}}}


LAYERS = [
    Case(L, "LayerName", "shop", "stock", lambda aws, it: it.split(":")[6], base=LAYER),
    Case(L, "Description", "all of it", None, layer("Description"), ("all of it", None), LAYER),
    Case(
        L,
        "Content",
        CONTENT,
        OTHER_CONTENT,
        lambda aws, it: layer("Content")(aws, it)["CodeSize"],
        (1, 2),
        LAYER,
    ),
    Case(
        L,
        "CompatibleRuntimes",
        ["python3.12"],
        ["python3.13"],
        layer("CompatibleRuntimes"),
        base=LAYER,
    ),
    Case(
        L,
        "CompatibleArchitectures",
        ["arm64"],
        ["x86_64"],
        layer("CompatibleArchitectures"),
        base=LAYER,
    ),
    Case(L, "LicenseInfo", "MIT", "BSD", layer("LicenseInfo"), base=LAYER),
    Case(
        F,
        "Layers",
        [{"Ref": "First"}],
        [{"Ref": "Second"}],
        lambda aws, it: [each["Arn"].split(":")[6] for each in configured("Layers")(aws, it)],
        (["first"], ["second"]),
        BASE,
        {**_layer("First"), **_layer("Second")},
    ),
]
