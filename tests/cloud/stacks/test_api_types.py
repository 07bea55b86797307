"""APIs of a stack: what a mistake in one says, and a document beside properties."""

from __future__ import annotations

from typing import Any

import pytest
from packages import Stack
from stack_cases import apigatewayv2 as sockets
from stack_cases.apigateway import API, REST_API, THE_API, document
from stack_cases.apigateway_keys import USAGE_PLAN
from stack_cases.apigateway_stages import DEPLOYED, STAGE, STAGED

from workbook.cloud import LocalCloud

DOCUMENT = document("/one")
API_STAGE = {"ApiId": {"Ref": "Api"}}
LIMITED = {"ResourcePath": "/*", "ThrottlingRateLimit": 1}
MISTAKES = [
    (REST_API, {"Description": "x"}, {}, "required key [Name] not found"),
    (REST_API, {"Name": "x", "Body": [1]}, {}, "Body must be of type Object"),
    (REST_API, {"Body": {**DOCUMENT, "swagger": None}}, {}, "takes no Body but Swagger 2.0"),
    (REST_API, {"Body": {**DOCUMENT, "info": "shop"}}, {}, "info must be of type Object"),
    (REST_API, {"Body": {**DOCUMENT, "paths": [1]}}, {}, "paths must be of type Object"),
    (REST_API, {"Body": DOCUMENT, "Mode": "add"}, {}, "Mode must be overwrite or merge, not add"),
    (REST_API, {"Name": "x", "EndpointConfiguration": {"Types": []}}, {}, "must have one element"),
    (STAGE, {**THE_API, "StageName": "s"}, API, "Invalid Deployment identifier specified"),
    (
        STAGE,
        {**STAGED, "MethodSettings": [LIMITED]},
        DEPLOYED,
        "must have ResourcePath and HttpMethod",
    ),
    (
        USAGE_PLAN,
        {"ApiStages": [{**API_STAGE, "Stage": "none"}]},
        API,
        "Invalid stage identifier specified",
    ),
    (USAGE_PLAN, {"ApiStages": [API_STAGE]}, API, "must have ApiId and Stage"),
    (sockets.DEPLOYMENT, sockets.ON_LINE, sockets.LINE, "At least one route is required"),
    (
        sockets.API,
        {**sockets.TALK, "Tags": [{"Key": "a"}]},
        {},
        "Value of property Tags must be of type Object",
    ),
]


@pytest.mark.parametrize(
    ("kind", "properties", "beside", "reason"), MISTAKES, ids=[each[3] for each in MISTAKES]
)
def test_a_mistake_is_named_and_taken_back(
    kind: str,
    properties: dict[str, Any],
    beside: dict[str, Any],
    reason: str,
    case_stack: Stack,
    cloud: LocalCloud,
) -> None:
    it = {"Type": kind, "Properties": properties}
    assert case_stack.create({"Resources": {**beside, "It": it}}) == "ROLLBACK_COMPLETE"
    assert reason in case_stack.failures()["It"]
    left = [row["kind"] for row in cloud.inventory() if row["name"].startswith(("cases", "talk"))]
    assert left == ["stack"]


def test_another_document_leaves_what_the_properties_say_beside_it(
    case_stack: Stack, cloud: LocalCloud
) -> None:
    beside = {
        "BinaryMediaTypes": ["image/png"],
        "MinimumCompressionSize": 10,
        "ApiKeySourceType": "AUTHORIZER",
        "Description": "of the shop",
    }

    def template(path: str) -> dict[str, Any]:
        it = {"Type": REST_API, "Properties": {**beside, "Body": document(path, title="cases")}}
        return {"Resources": {"It": it}}

    assert case_stack.create(template("/one")) == "CREATE_COMPLETE", case_stack.failures()
    first = cloud.client("apigateway").get_rest_api(restApiId=case_stack.resource("It"))
    assert case_stack.update(template("/two")) == "UPDATE_COMPLETE", case_stack.failures()
    then = cloud.client("apigateway").get_rest_api(restApiId=case_stack.resource("It"))
    told = ("name", "description", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource")
    assert [then[name] for name in told] == [first[name] for name in told]
    assert first["binaryMediaTypes"] == ["image/png"]
