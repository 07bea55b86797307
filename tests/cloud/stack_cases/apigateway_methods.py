"""Resources, methods and authorizers of a REST API: what API Gateway says of them."""

from __future__ import annotations

from typing import Any

from .apigateway import API, BOTH, THE_API, api_id, paths, resource
from .case import Case, Clients, Look
from .functions import INVOKED, SELLER, function

RESOURCE = "AWS::ApiGateway::Resource"
METHOD = "AWS::ApiGateway::Method"
AUTHORIZER = "AWS::ApiGateway::Authorizer"

ROOT = {"Fn::GetAtt": ["Api", "RootResourceId"]}
OTHER_ROOT = {"Fn::GetAtt": ["Other", "RootResourceId"]}
GOODS = {**THE_API, "ParentId": ROOT, "PathPart": "goods"}
MOCK = {
    "Type": "MOCK",
    "PassthroughBehavior": "NEVER",
    "RequestTemplates": {"application/json": '{"statusCode": 204}'},
    "IntegrationResponses": [
        {
            "StatusCode": "204",
            "ResponseParameters": {"method.response.header.X-Shop": "'open'"},
            "ResponseTemplates": {"application/json": "{}"},
            "SelectionPattern": "2..",
        }
    ],
}
PROXY = {
    "Type": "AWS_PROXY",
    "IntegrationHttpMethod": "POST",
    "Uri": INVOKED,
    "ContentHandling": "CONVERT_TO_TEXT",
    "TimeoutInMillis": 5000,
}
AT_ROOT = {**THE_API, "ResourceId": ROOT, "HttpMethod": "GET", "Integration": MOCK}
TOKEN = {
    **THE_API,
    "Name": "guard",
    "Type": "TOKEN",
    "AuthorizerUri": INVOKED,
    "IdentitySource": "method.request.header.Authorization",
}
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_{}"
COGNITO = {
    **THE_API,
    "Name": "pool",
    "Type": "COGNITO_USER_POOLS",
    "IdentitySource": "method.request.header.Authorization",
    "ProviderARNs": [POOL.format("one")],
}
GUARDED = {
    **SELLER,
    **API,
    "Guard": resource(AUTHORIZER, **TOKEN),
    "Pool": resource(AUTHORIZER, **COGNITO),
}


def methods(aws: Clients, it: str) -> Any:
    """The methods of the API, by path and name."""
    found = aws("apigateway").get_resources(restApiId=api_id(aws), embed=["methods"])["items"]
    return {
        f"{name} {each['path']}": method
        for each in found
        for name, method in each.get("resourceMethods", {}).items()
        if each["path"] != "/one"
    }


def method(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        [found] = methods(aws, it).values()
        return found.get(name)

    return look


def placed_in(aws: Clients, it: str) -> Any:
    return [name for name in ("cases", "others") if "/goods" in paths(aws, api_id(aws, name))]


def with_method(aws: Clients, it: str) -> Any:
    return [
        name
        for name in ("cases", "others")
        for each in aws("apigateway").get_resources(restApiId=api_id(aws, name))["items"]
        if each["path"] == "/" and each.get("resourceMethods")
    ]


def authorized(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        gateway = aws("apigateway")
        return gateway.get_authorizer(restApiId=api_id(aws), authorizerId=it).get(name)

    return look


def authorizing(aws: Clients, it: str) -> Any:
    gateway = aws("apigateway")
    return [
        name
        for name in ("cases", "others")
        if gateway.get_authorizers(restApiId=api_id(aws, name))["items"]
    ]


def integration(aws: Clients, it: str) -> Any:
    found = method("methodIntegration")(aws, it)
    told = (
        "type",
        "httpMethod",
        "contentHandling",
        "timeoutInMillis",
        "passthroughBehavior",
        "requestTemplates",
    )
    answers = found.get("integrationResponses", {}).values()
    return (
        {name: found[name] for name in told if found.get(name)},
        [{name: each[name] for name in each if name != "contentHandling"} for each in answers],
        "case-seller" in (found.get("uri") or ""),
    )


CASES = [
    Case(
        RESOURCE,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        placed_in,
        (["cases"], ["others"]),
        GOODS,
        BOTH,
        {"ParentId": OTHER_ROOT},
    ),
    Case(
        RESOURCE,
        "ParentId",
        ROOT,
        {"Ref": "Shelf"},
        lambda aws, it: [each for each in paths(aws, api_id(aws)) if each.endswith("goods")],
        (["/goods"], ["/shelf/goods"]),
        GOODS,
        {**API, "Shelf": resource(RESOURCE, **{**GOODS, "PathPart": "shelf"})},
    ),
    Case(
        RESOURCE,
        "PathPart",
        "goods",
        "{item}",
        lambda aws, it: paths(aws, api_id(aws))[1:],
        (["/goods", "/one"], ["/one", "/{item}"]),
        GOODS,
        API,
    ),
    Case(
        METHOD,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        with_method,
        (["cases"], ["others"]),
        AT_ROOT,
        BOTH,
        {"ResourceId": OTHER_ROOT},
    ),
    Case(
        METHOD,
        "ResourceId",
        ROOT,
        {"Ref": "Goods"},
        lambda aws, it: [*methods(aws, it)],
        (["GET /"], ["GET /goods"]),
        AT_ROOT,
        {**API, "Goods": resource(RESOURCE, **GOODS)},
    ),
    Case(
        METHOD,
        "HttpMethod",
        "GET",
        "ANY",
        lambda aws, it: [*methods(aws, it)],
        (["GET /"], ["ANY /"]),
        AT_ROOT,
        API,
    ),
    Case(
        METHOD, "ApiKeyRequired", True, None, method("apiKeyRequired"), (True, False), AT_ROOT, API
    ),
    Case(
        METHOD,
        "AuthorizationType",
        "AWS_IAM",
        None,
        method("authorizationType"),
        ("AWS_IAM", "NONE"),
        AT_ROOT,
        API,
    ),
    Case(
        METHOD,
        "AuthorizerId",
        {"Ref": "Guard"},
        None,
        lambda aws, it: bool(method("authorizerId")(aws, it)),
        (True, False),
        {**AT_ROOT, "AuthorizationType": "CUSTOM"},
        GUARDED,
        {"AuthorizationType": "NONE"},
    ),
    Case(
        METHOD,
        "AuthorizationScopes",
        ["shop/read"],
        ["shop/write"],
        method("authorizationScopes"),
        base={
            **AT_ROOT,
            "AuthorizationType": "COGNITO_USER_POOLS",
            "AuthorizerId": {"Ref": "Pool"},
        },
        beside=GUARDED,
    ),
    Case(
        METHOD,
        "Integration",
        MOCK,
        PROXY,
        integration,
        (
            (
                {
                    "type": "MOCK",
                    "passthroughBehavior": "NEVER",
                    "requestTemplates": {"application/json": '{"statusCode": 204}'},
                },
                [
                    {
                        "statusCode": "204",
                        "selectionPattern": "2..",
                        "responseParameters": {"method.response.header.X-Shop": "'open'"},
                        "responseTemplates": {"application/json": "{}"},
                    }
                ],
                False,
            ),
            (
                {
                    "type": "AWS_PROXY",
                    "httpMethod": "POST",
                    "contentHandling": "CONVERT_TO_TEXT",
                    "timeoutInMillis": 5000,
                },
                [],
                True,
            ),
        ),
        AT_ROOT,
        {**SELLER, **API},
    ),
    Case(
        METHOD,
        "MethodResponses",
        [
            {
                "StatusCode": "204",
                "ResponseParameters": {"method.response.header.X-Shop": True},
            }
        ],
        None,
        lambda aws, it: [*(method("methodResponses")(aws, it) or {})],
        (["204"], []),
        AT_ROOT,
        API,
    ),
    Case(
        AUTHORIZER,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        authorizing,
        (["cases"], ["others"]),
        TOKEN,
        {**SELLER, **BOTH},
    ),
    Case(AUTHORIZER, "Name", "guard", "doorman", authorized("name"), base=TOKEN, beside=GUARDED),
    Case(AUTHORIZER, "Type", "TOKEN", "REQUEST", authorized("type"), base=TOKEN, beside=GUARDED),
    Case(
        AUTHORIZER,
        "AuthorizerResultTtlInSeconds",
        60,
        None,
        authorized("authorizerResultTtlInSeconds"),
        (60, 300),
        TOKEN,
        GUARDED,
    ),
    Case(
        AUTHORIZER,
        "AuthorizerUri",
        INVOKED,
        {"Fn::Sub": INVOKED["Fn::Sub"].replace("Seller", "Buyer")},
        lambda aws, it: authorized("authorizerUri")(aws, it).split(":")[-1],
        ("case-seller/invocations", "case-buyer/invocations"),
        TOKEN,
        {**GUARDED, "Buyer": function("case-buyer")},
    ),
    Case(
        AUTHORIZER,
        "IdentitySource",
        "method.request.header.Authorization",
        "method.request.header.X-Who",
        authorized("identitySource"),
        base=TOKEN,
        beside=GUARDED,
    ),
    Case(
        AUTHORIZER,
        "IdentityValidationExpression",
        "^Bearer ",
        "^Token ",
        authorized("identityValidationExpression"),
        base=TOKEN,
        beside=GUARDED,
    ),
    Case(
        AUTHORIZER,
        "ProviderARNs",
        [POOL.format("one")],
        [POOL.format("two")],
        authorized("providerARNs"),
        base={**COGNITO, "Name": "another"},
        beside=GUARDED,
    ),
]
