"""Deployments and stages of REST APIs: what API Gateway says of them."""

from __future__ import annotations

from typing import Any

from .apigateway import API, BOTH, THE_API, THE_OTHER, api_id, resource
from .case import Case, Clients, Look, Tags
from .given import OTHER_TAGS, TAGGED, TAGS

DEPLOYMENT = "AWS::ApiGateway::Deployment"
STAGE = "AWS::ApiGateway::Stage"

DEPLOYED = {**API, "First": resource(DEPLOYMENT, **THE_API)}
STAGED = {**THE_API, "StageName": "open", "DeploymentId": {"Ref": "First"}}


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


CASES = [
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
