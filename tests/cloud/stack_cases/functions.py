"""Functions: what they do when they are invoked, or what Lambda says of them."""

from __future__ import annotations

import json
import sys
from typing import Any

from .case import Case, Clients, Look, Tags
from .given import OTHER_TAGS, TAGGED, TAGS, Properties

FUNCTION = "AWS::Lambda::Function"

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
CODE = {"ZipFile": SOURCE}
BASE = {"Code": CODE, "Handler": "index.handler", "Role": ROLE, "Runtime": RUNTIME}
INVOKED = {
    "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    "${Seller.Arn}/invocations"
}


def function(name: str) -> Properties:
    """A function to stand beside."""
    return {"Type": FUNCTION, "Properties": {**BASE, "FunctionName": name}}


SELLER = {"Seller": function("case-seller")}


def configured(name: str) -> Look:
    return lambda aws, it: aws("lambda").get_function_configuration(FunctionName=it).get(name)


def answers(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        found = aws("lambda").invoke(FunctionName=it)
        return json.loads(found["Payload"].read())[name]

    return look


def variables(aws: Clients, it: str) -> Any:
    return answers("variables")(aws, it)


def tags(aws: Clients, it: str) -> Any:
    arn = configured("FunctionArn")(aws, it)
    return Tags(aws("lambda").list_tags(Resource=arn)["Tags"])


CASES = [
    Case(FUNCTION, "FunctionName", "case-one", "case-two", lambda aws, it: it, base=BASE),
    Case(
        FUNCTION,
        "Code",
        CODE,
        {"ZipFile": SOURCE.replace('"one"', '"more"')},
        answers("says"),
        ("one", "more"),
        BASE,
    ),
    Case(FUNCTION, "Architectures", ["arm64"], ["arm64"], configured("Architectures"), base=BASE),
    Case(FUNCTION, "Description", "sells", None, configured("Description"), ("sells", ""), BASE),
    Case(
        FUNCTION,
        "Environment",
        {"Variables": {"PRICE": 5, "OPEN": True}},
        None,
        variables,
        ({"PRICE": "5", "OPEN": "true"}, {"PRICE": None, "OPEN": None}),
        BASE,
    ),
    Case(
        FUNCTION, "Handler", "index.handler", "index.other", answers("says"), ("one", "two"), BASE
    ),
    Case(FUNCTION, "MemorySize", 256, None, answers("memory"), ("256", "128"), BASE),
    Case(
        FUNCTION,
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
    Case(FUNCTION, "Role", ROLE, ROLE + "-too", configured("Role"), base=BASE),
    Case(FUNCTION, "Runtime", "python3.12", "python3.13", configured("Runtime"), base=BASE),
    Case(FUNCTION, "Timeout", 7, None, configured("Timeout"), (7, 3), BASE),
    Case(
        FUNCTION,
        "TracingConfig",
        {"Mode": "PassThrough"},
        {"Mode": "PassThrough"},
        configured("TracingConfig"),
        base=BASE,
    ),
    Case(FUNCTION, "Tags", TAGS, OTHER_TAGS, tags, TAGGED, BASE),
]
