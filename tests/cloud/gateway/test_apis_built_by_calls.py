"""from_calls: an API built call by call is the same API as an imported one."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from moto import mock_aws

from workbook.cloud.gateway import RestApi, from_calls

URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"


@pytest.fixture
def by_calls(monkeypatch: pytest.MonkeyPatch) -> Any:
    """boto3's API Gateway client on moto, and what it holds of an API afterwards."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_APIGATEWAY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("apigateway", region_name="us-east-1")


def described(client: Any, api_id: str) -> RestApi:
    return from_calls(
        client.get_rest_api(restApiId=api_id),
        client.get_resources(restApiId=api_id, embed=["methods"])["items"],
        client.get_authorizers(restApiId=api_id)["items"],
    )


def test_an_api_built_with_boto3_answers(by_calls: Any, served: Any, build: Any) -> None:
    api_id = by_calls.create_rest_api(name="shop")["id"]
    root = by_calls.get_resources(restApiId=api_id)["items"][0]["id"]
    part = {"restApiId": api_id, "parentId": root, "pathPart": "{id}"}
    item = {"restApiId": api_id, "resourceId": by_calls.create_resource(**part)["id"]}
    authorizer = by_calls.create_authorizer(
        restApiId=api_id,
        name="guard",
        type="TOKEN",
        authorizerUri=build.uri("guard"),
        identitySource="method.request.header.X-Token",
        authorizerResultTtlInSeconds=0,
    )["id"]
    by_calls.put_method(
        **item, httpMethod="GET", authorizationType="CUSTOM", authorizerId=authorizer
    )
    by_calls.put_integration(
        **item,
        httpMethod="GET",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=build.uri("shop"),
    )
    api = described(by_calls, api_id)
    served.deploy(api)
    statement = {"Action": "*", "Effect": "Allow", "Resource": "*"}
    served.functions.handlers["guard"] = lambda event: {
        "principalId": "ada",
        "policyDocument": {"Statement": [statement]},
    }
    assert served.get("/5").status == 401
    assert served.get("/5", headers={"X-Token": "t"}).status == 200
    assert served.event["pathParameters"] == {"id": "5"}
    assert served.event["requestContext"]["resourceId"] == item["resourceId"]
    assert next(iter(api.authorizers.values())).ttl_seconds == 0


def test_a_mock_built_by_calls_answers(served: Any, build: Any) -> None:
    """The shape of GetResources for PutMethodResponse and PutIntegrationResponse."""
    header = "method.response.header.Access-Control-Allow-Origin"
    method = {
        "httpMethod": "OPTIONS",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodResponses": {"200": {"statusCode": "200", "responseParameters": {header: False}}},
        "methodIntegration": {
            "type": "MOCK",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "passthroughBehavior": "WHEN_NO_MATCH",
            "timeoutInMillis": 29000,
            "cacheNamespace": "r1",
            "cacheKeyParameters": [],
            "integrationResponses": {
                "200": {
                    "statusCode": "200",
                    "selectionPattern": "",
                    "responseParameters": {header: "'https://shop.example'"},
                    "responseTemplates": {},
                }
            },
        },
    }
    served.deploy(build.api({"/": {"OPTIONS": method}}))
    answer = served.call("OPTIONS")
    assert answer.header("Access-Control-Allow-Origin") == "https://shop.example"


@pytest.mark.parametrize("absent", [None, {}])
def test_what_moto_leaves_out_or_null_is_nothing(absent: Any) -> None:
    resource = {"id": "r0", "path": "/", "resourceMethods": absent}
    api = from_calls({"name": "shop", "binaryMediaTypes": None, "policy": None}, [resource])
    assert api.resources[0].methods == {}
    assert api.not_emulated == ()
