"""Which resource a call is about, read from its request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbook.cloud.calls import AwsCall
from workbook.cloud.traces.targets import target

ARN = "arn:aws:{}:us-east-1:123456789012:{}"


def named(service: str, operation: str, body: Any = None, *, path: str = "/", **form: str) -> str:
    call = AwsCall(service, operation, "POST", path, "", "us-east-1", "AKIA")
    fields = {name: [value] for name, value in form.items()}
    return target(call, fields, json.dumps(body).encode() if body else b"")


@pytest.mark.parametrize(
    ("service", "operation", "body", "name"),
    [
        ("dynamodb", "PutItem", {"Item": {}, "TableName": "items"}, "items"),
        ("dynamodb", "PutItem", {"TableName": ARN.format("dynamodb", "table/items")}, "items"),
        ("dynamodb", "PutItem", {"Item": {"TableName": {"S": "x"}}, "TableName": "items"}, "items"),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "b"}}, {"Put": {"TableName": "a"}}]},
            "b, a",
        ),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"b": {}, "a": {}}}, "a, b"),
        ("sqs", "SendMessage", {"QueueUrl": "http://127.0.0.1:1/123456789012/orders"}, "orders"),
        ("events", "PutEvents", {"Entries": [{"Source": "shop"}]}, "default"),
        ("events", "PutEvents", {"Entries": [{"EventBusName": "shop"}]}, "shop"),
        ("secretsmanager", "GetSecretValue", {"SecretId": "key"}, "key"),
        ("ssm", "GetParameter", {"Name": "/shop/size"}, "/shop/size"),
        ("kinesis", "PutRecord", {"StreamName": "clicks", "Data": "eA=="}, "clicks"),
        ("unheard-of", "Do", {"Name": "x"}, ""),
        ("dynamodb", "ListTables", {}, ""),
        ("dynamodb", "BatchGetItem", ["no", "object"], ""),
    ],
)
def test_the_name_stands_in_the_body(service: str, operation: str, body: Any, name: str) -> None:
    assert named(service, operation, body) == name


@pytest.mark.parametrize(
    ("service", "path", "name"),
    [
        ("s3", "/photos/beans/1.png", "photos"),
        ("s3", "/", ""),
        ("lambda", "/2015-03-31/functions/report/invocations", "report"),
        ("lambda", "/2015-03-31/functions/report%3Alive/invocations", "report"),
        (
            "lambda",
            f"/2015-03-31/functions/{ARN.format('lambda', 'function:report:3')}/invocations",
            "report",
        ),
        ("lambda", "/2015-03-31/event-source-mappings/", ""),
    ],
)
def test_the_name_stands_in_the_path(service: str, path: str, name: str) -> None:
    assert named(service, "", path=path) == name


def test_the_name_stands_in_a_form() -> None:
    topic = ARN.format("sns", "alerts")
    assert named("sns", "Publish", Action="Publish", TopicArn=topic) == "alerts"
    assert named("sts", "GetCallerIdentity", Action="GetCallerIdentity") == ""
