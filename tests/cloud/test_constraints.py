"""What AWS's models say there is not is refused before anything is changed, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud, constraints
from workbook.cloud.calls import AwsCall

NUMBER = "SerializationException"
VALIDATION = "ValidationException"
BAD = "BadRequestException"
API = {"restApiId": "a", "resourceId": "r", "httpMethod": "GET"}
KEYS = [{"AttributeName": "id", "KeyType": "HASH"}]
TABLE = {
    "TableName": "t",
    "KeySchema": KEYS,
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}


def patch(path: str, value: str) -> dict[str, Any]:
    return {"patchOperations": [{"op": "replace", "path": path, "value": value}]}


REFUSED: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("apigateway", "put_method", {**API, "authorizationType": "BOGUS"}, BAD, "BOGUS"),
    (
        "apigateway",
        "update_method",
        {**API, **patch("/authorizationType", "BOGUS")},
        BAD,
        "Invalid authorization type specified: BOGUS",
    ),
    (
        "apigateway",
        "put_integration",
        {**API, "type": "BOGUS"},
        VALIDATION,
        (
            "Value 'BOGUS' at 'putIntegrationInput.type' failed to satisfy constraint: Member must"
            " satisfy enum value set: [HTTP, AWS, MOCK, HTTP_PROXY, AWS_PROXY]"
        ),
    ),
    (
        "apigateway",
        "create_authorizer",
        {"restApiId": "a", "name": "n", "type": "BOGUS"},
        VALIDATION,
        "'createAuthorizerInput.type'",
    ),
    (
        "apigateway",
        "create_rest_api",
        {"name": "n", "endpointConfiguration": {"types": ["BOGUS"]}},
        VALIDATION,
        "'createRestApiInput.endpointConfiguration.types",
    ),
    (
        "apigateway",
        "create_usage_plan",
        {"name": "n", "quota": {"limit": 5, "period": "YEAR"}},
        VALIDATION,
        "[DAY, WEEK, MONTH]",
    ),
    (
        "apigateway",
        "update_usage_plan",
        {"usagePlanId": "p", **patch("/throttle/burstLimit", "many")},
        BAD,
        "many",
    ),
    (
        "apigateway",
        "update_stage",
        {"restApiId": "a", "stageName": "s", **patch("/*/*/throttling/rateLimit", "fast")},
        BAD,
        "fast",
    ),
    ("apigatewayv2", "create_api", {"Name": "n", "ProtocolType": "SMTP"}, BAD, "'protocolType'"),
    (
        "lambda",
        "create_event_source_mapping",
        {"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-east-1:1:q"}
        | {"FunctionResponseTypes": ["Perhaps"]},
        VALIDATION,
        "Value 'Perhaps' at 'functionResponseTypes.1.member'",
    ),
    ("dynamodb", "create_table", {**TABLE, "BillingMode": "FREE"}, VALIDATION, "'billingMode'"),
    (
        "dynamodb",
        "create_table",
        {**TABLE, "KeySchema": [*KEYS, {"AttributeName": "at", "KeyType": "SORT"}]},
        VALIDATION,
        "Value 'SORT' at 'keySchema.2.member.keyType'",
    ),
    (
        "kinesis",
        "create_stream",
        {"StreamName": "s", "StreamModeDetails": {"StreamMode": "SOMETIMES"}},
        VALIDATION,
        "'streamModeDetails.streamMode'",
    ),
    ("events", "put_rule", {"Name": "r", "State": "ASLEEP"}, VALIDATION, "'state'"),
    (
        "logs",
        "put_subscription_filter",
        {"logGroupName": "g", "filterName": "f", "filterPattern": ""}
        | {"destinationArn": "arn:aws:lambda:us-east-1:1:function:f", "distribution": "Fair"},
        "InvalidParameterException",
        "'distribution'",
    ),
    ("ssm", "put_parameter", {"Name": "n", "Value": "v", "Type": "Text"}, VALIDATION, "'type'"),
]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "words"),
    REFUSED,
    ids=[f"{case[0]}-{case[1]}" for case in REFUSED],
)
def test_what_there_is_not_is_refused(
    cloud: LocalCloud,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    code: str,
    words: str,
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(cloud.client(service), operation)(**parameters)
    error = refused.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == (code, True), error["Message"]


def asked(service: str, method: str, path: str, operation: str = "") -> AwsCall:
    return AwsCall(service, operation, method, path, "", "us-east-1", "")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("many", "STRING_VALUE can not be converted to Integer"),
        (True, "TRUE_VALUE can not be converted to Integer"),
        (2.5, "NUMBER_VALUE can not be converted to Integer"),
    ],
    ids=str,
)
def test_a_number_that_is_none_is_refused(value: Any, told: str) -> None:
    call = asked("apigateway", "POST", "/usageplans")
    answer = constraints.refused(call, {"name": "n", "throttle": {"burstLimit": value}})
    assert answer is not None
    assert (answer.status, dict(answer.headers)["x-amzn-ErrorType"]) == (400, NUMBER)
    assert json.loads(answer.body)["message"] == told


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        (asked("apigateway", "POST", "/usageplans"), {"throttle": {"rateLimit": 2, "new": "x"}}),
        (asked("apigateway", "PATCH", "/usageplans/p"), patch("/throttle/rateLimit", "2.5")),
        (asked("apigateway", "PATCH", "/usageplans/p"), {"patchOperations": ["odd", 5]}),
        (asked("apigateway", "PATCH", "/usageplans/p"), {"patchOperations": 5}),
        (asked("apigateway", "PUT", "/restapis/a"), {"swagger": "2.0", "type": "BOGUS"}),
        (asked("apigateway", "GET", "/restapis"), {"type": "BOGUS"}),
        (asked("lambda", "POST", "/2015-03-31/functions"), {"Runtime": "odd", "Timeout": 3}),
        (asked("lambda", "POST", "/no/such/path"), {"PackageType": "BOGUS"}),
        (asked("dynamodb", "POST", "/", "PutItem"), {"ReturnValues": "SOME"}),  # moto's to refuse
        (asked("dynamodb", "POST", "/", "CreateTable"), {"KeySchema": {"KeyType": "SORT"}}),
        (asked("s3", "PUT", "/bucket"), {"type": "BOGUS"}),
    ],
    ids=lambda value: f"{value.method} {value.path}" if isinstance(value, AwsCall) else "",
)
def test_the_rest_is_for_others_to_judge(call: AwsCall, parameters: dict[str, Any]) -> None:
    assert constraints.refused(call, parameters) is None
