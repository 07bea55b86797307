"""REST APIs, their deployments and stages: what API Gateway says of them."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Clients, Look, Tags
from .given import OTHER_TAGS, TAGGED, TAGS, Properties

REST_API = "AWS::ApiGateway::RestApi"
DEPLOYMENT = "AWS::ApiGateway::Deployment"

STAGE = "AWS::ApiGateway::Stage"


def document(*paths: str, title: str = "cases", **more: Any) -> Properties:
    """A Swagger document whose paths answer 204 to GET."""
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 204}'},
        "responses": {"default": {"statusCode": "204"}},
    }
    operation = {"responses": {"204": {}}, "x-amazon-apigateway-integration": integration}
    return {
        "swagger": "2.0",
        "info": {"title": title},
        "paths": {path: {"get": operation} for path in paths},
        **more,
    }


def resource(kind: str, depends_on: str = "", **properties: Any) -> Properties:
    """A resource to stand beside."""
    made: Properties = {"Type": kind, "Properties": properties}
    return {**made, "DependsOn": depends_on} if depends_on else made


API = {"Api": resource(REST_API, Name="cases", Body=document("/one"))}
OTHER_API = {"Other": resource(REST_API, Name="others", Body=document("/one"))}
THE_API = {"RestApiId": {"Ref": "Api"}}
THE_OTHER = {"RestApiId": {"Ref": "Other"}}
BOTH = {**API, **OTHER_API}
DEPLOYED = {**API, "First": resource(DEPLOYMENT, **THE_API)}
API_NAME = {"Name": "cases"}
STAGED = {**THE_API, "StageName": "open", "DeploymentId": {"Ref": "First"}}


def api_id(aws: Clients, name: str = "cases") -> str:
    found = aws("apigateway").get_rest_apis()["items"]
    return next(each["id"] for each in found if each["name"] == name)


def api(name: str) -> Look:
    return lambda aws, it: aws("apigateway").get_rest_api(restApiId=it).get(name)


def endpoint(aws: Clients, it: str) -> Any:
    return api("endpointConfiguration")(aws, it)["types"]


def paths(aws: Clients, it: str) -> Any:
    found = aws("apigateway").get_resources(restApiId=it)["items"]
    return sorted(each["path"] for each in found)


def api_tags(aws: Clients, it: str) -> Any:
    return Tags(api("tags")(aws, it))


def deployment(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        gateway = aws("apigateway")
        return gateway.get_deployment(restApiId=api_id(aws), deploymentId=it).get(name)

    return look


def deployed_in(aws: Clients, it: str) -> Any:
    return [
        name
        for name in ("cases", "others")
        if it in [each["id"] for each in _deployments(aws, api_id(aws, name))]
    ]


def _deployments(aws: Clients, of: str) -> Any:
    return aws("apigateway").get_deployments(restApiId=of)["items"]


def stages(aws: Clients, it: str) -> Any:
    found = aws("apigateway").get_stages(restApiId=api_id(aws), deploymentId=it)["item"]
    return [each["stageName"] for each in found if each["deploymentId"] == it]


def stage(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        return aws("apigateway").get_stage(restApiId=api_id(aws), stageName=it).get(name)

    return look


def staged_in(aws: Clients, it: str) -> Any:
    gateway = aws("apigateway")
    return [
        name
        for name in ("cases", "others")
        if gateway.get_stages(restApiId=api_id(aws, name))["item"]
    ]


def rates(aws: Clients, it: str) -> Any:
    return {
        path: (settings["throttlingRateLimit"], settings["throttlingBurstLimit"])
        for path, settings in stage("methodSettings")(aws, it).items()
    }


def deployment_text(aws: Clients, it: str) -> Any:
    serving = stage("deploymentId")(aws, it)
    return deployment("description")(aws, serving)


def documents() -> dict[str, bytes]:
    """What the bucket case-documents holds."""
    return {name: json.dumps(document(f"/{name}")).encode() for name in ("one", "two")}


CASES = [
    Case(REST_API, "Name", "one", "two", api("name")),
    Case(
        REST_API,
        "Description",
        "of the shop",
        None,
        api("description"),
        ("of the shop", ""),
        API_NAME,
    ),
    Case(
        REST_API, "Body", document("/one"), document("/two"), paths, (["/", "/one"], ["/", "/two"])
    ),
    Case(
        REST_API,
        "Mode",
        "overwrite",
        "merge",
        paths,
        (["/", "/one"], ["/", "/one", "/two"]),
        {"Body": document("/one")},
        base_then={"Body": document("/two")},
    ),
    Case(
        REST_API,
        "BodyS3Location",
        {"Bucket": "case-documents", "Key": "one"},
        {"Bucket": "case-documents", "Key": "two"},
        paths,
        (["/", "/one"], ["/", "/two"]),
    ),
    Case(
        REST_API,
        "Parameters",
        {"endpointConfigurationTypes": "REGIONAL"},
        None,
        endpoint,
        (["REGIONAL"], ["EDGE"]),
        API_NAME,
    ),
    Case(
        REST_API,
        "EndpointConfiguration",
        {"Types": ["REGIONAL"]},
        {"Types": ["EDGE"]},
        endpoint,
        (["REGIONAL"], ["EDGE"]),
        API_NAME,
    ),
    Case(
        REST_API,
        "ApiKeySourceType",
        "AUTHORIZER",
        None,
        api("apiKeySource"),
        ("AUTHORIZER", "HEADER"),
        API_NAME,
    ),
    Case(
        REST_API,
        "BinaryMediaTypes",
        ["image/png", "image/jpg"],
        ["image/jpg"],
        api("binaryMediaTypes"),
        base=API_NAME,
    ),
    Case(
        REST_API,
        "MinimumCompressionSize",
        100,
        None,
        api("minimumCompressionSize"),
        base={"Body": document("/one")},
    ),
    Case(REST_API, "Tags", TAGS, TAGS, api_tags, (TAGGED[0], TAGGED[0]), API_NAME),
    Case(
        DEPLOYMENT,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        deployed_in,
        (["cases"], ["others"]),
        beside=BOTH,
    ),
    Case(
        DEPLOYMENT,
        "Description",
        "first",
        "first",
        deployment("description"),
        base=THE_API,
        beside=API,
    ),
    Case(DEPLOYMENT, "StageName", "open", "open", stages, (["open"], ["open"]), THE_API, API),
    Case(
        STAGE,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        staged_in,
        (["cases"], ["others"]),
        STAGED,
        {
            **BOTH,
            "First": resource(DEPLOYMENT, **THE_API),
            "Second": resource(DEPLOYMENT, **THE_OTHER),
        },
        {"DeploymentId": {"Ref": "Second"}},
    ),
    Case(STAGE, "StageName", "open", "closed", lambda aws, it: it, base=STAGED, beside=DEPLOYED),
    Case(
        STAGE,
        "DeploymentId",
        {"Ref": "First"},
        {"Ref": "Second"},
        deployment_text,
        ("first", "second"),
        STAGED,
        {
            **API,
            "First": resource(DEPLOYMENT, **THE_API, Description="first"),
            "Second": resource(DEPLOYMENT, **THE_API, Description="second"),
        },
    ),
    Case(
        STAGE, "Description", "to all", None, stage("description"), ("to all", ""), STAGED, DEPLOYED
    ),
    Case(
        STAGE,
        "Variables",
        {"price": "3", "old": "1"},
        {"price": "4"},
        stage("variables"),
        base=STAGED,
        beside=DEPLOYED,
    ),
    Case(
        STAGE,
        "MethodSettings",
        [
            {"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 2.5},
            {"ResourcePath": "/one", "HttpMethod": "GET", "ThrottlingBurstLimit": 7},
        ],
        [{"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": "3"}],
        rates,
        ({"*/*": (2.5, 2000), "~1one/GET": (1000.0, 7)}, {"*/*": (3.0, 2000)}),
        STAGED,
        DEPLOYED,
    ),
    Case(
        STAGE,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(stage("tags")(aws, it)),
        TAGGED,
        STAGED,
        DEPLOYED,
    ),
]
