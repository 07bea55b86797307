"""Cases of REST and WebSocket APIs: what API Gateway says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from function_cases import OTHER_TAGS, TAGGED, TAGS, function
from stack_cases import Case, Look, Tags

Clients = Callable[[str], Any]
Properties = dict[str, Any]

R, D, S, P, M, Z, K, U, UK = (
    f"AWS::ApiGateway::{name}"
    for name in (
        "RestApi",
        "Deployment",
        "Stage",
        "Resource",
        "Method",
        "Authorizer",
        "ApiKey",
        "UsagePlan",
        "UsagePlanKey",
    )
)
INVOKED = {
    "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    "${Seller.Arn}/invocations"
}
SELLER = {"Seller": function("case-seller")}


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


API = {"Api": resource(R, Name="cases", Body=document("/one"))}
OTHER_API = {"Other": resource(R, Name="others", Body=document("/one"))}
THE_API = {"RestApiId": {"Ref": "Api"}}
THE_OTHER = {"RestApiId": {"Ref": "Other"}}
ROOT = {"Fn::GetAtt": ["Api", "RootResourceId"]}
OTHER_ROOT = {"Fn::GetAtt": ["Other", "RootResourceId"]}
BOTH = {**API, **OTHER_API}
DEPLOYED = {**API, "First": resource(D, **THE_API)}


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


API_NAME = {"Name": "cases"}
REST_APIS = [
    Case(R, "Name", "one", "two", api("name")),
    Case(R, "Description", "of the shop", None, api("description"), ("of the shop", ""), API_NAME),
    Case(R, "Body", document("/one"), document("/two"), paths, (["/", "/one"], ["/", "/two"])),
    Case(
        R,
        "Mode",
        "overwrite",
        "merge",
        paths,
        (["/", "/one"], ["/", "/one", "/two"]),
        {"Body": document("/one")},
        base_then={"Body": document("/two")},
    ),
    Case(
        R,
        "BodyS3Location",
        {"Bucket": "case-documents", "Key": "one"},
        {"Bucket": "case-documents", "Key": "two"},
        paths,
        (["/", "/one"], ["/", "/two"]),
    ),
    Case(
        R,
        "Parameters",
        {"endpointConfigurationTypes": "REGIONAL"},
        None,
        endpoint,
        (["REGIONAL"], ["EDGE"]),
        API_NAME,
    ),
    Case(
        R,
        "EndpointConfiguration",
        {"Types": ["REGIONAL"]},
        {"Types": ["EDGE"]},
        endpoint,
        (["REGIONAL"], ["EDGE"]),
        API_NAME,
    ),
    Case(
        R,
        "ApiKeySourceType",
        "AUTHORIZER",
        None,
        api("apiKeySource"),
        ("AUTHORIZER", "HEADER"),
        API_NAME,
    ),
    Case(
        R,
        "BinaryMediaTypes",
        ["image/png", "image/jpg"],
        ["image/jpg"],
        api("binaryMediaTypes"),
        base=API_NAME,
    ),
    Case(
        R,
        "MinimumCompressionSize",
        100,
        None,
        api("minimumCompressionSize"),
        base={"Body": document("/one")},
    ),
    Case(R, "Tags", TAGS, TAGS, api_tags, (TAGGED[0], TAGGED[0]), API_NAME),
]


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


STAGED = {**THE_API, "StageName": "open", "DeploymentId": {"Ref": "First"}}
DEPLOYMENTS = [
    Case(
        D,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        deployed_in,
        (["cases"], ["others"]),
        beside=BOTH,
    ),
    Case(D, "Description", "first", "first", deployment("description"), base=THE_API, beside=API),
    Case(D, "StageName", "open", "open", stages, (["open"], ["open"]), THE_API, API),
    Case(
        S,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        staged_in,
        (["cases"], ["others"]),
        STAGED,
        {**BOTH, "First": resource(D, **THE_API), "Second": resource(D, **THE_OTHER)},
        {"DeploymentId": {"Ref": "Second"}},
    ),
    Case(S, "StageName", "open", "closed", lambda aws, it: it, base=STAGED, beside=DEPLOYED),
    Case(
        S,
        "DeploymentId",
        {"Ref": "First"},
        {"Ref": "Second"},
        deployment_text,
        ("first", "second"),
        STAGED,
        {
            **API,
            "First": resource(D, **THE_API, Description="first"),
            "Second": resource(D, **THE_API, Description="second"),
        },
    ),
    Case(S, "Description", "to all", None, stage("description"), ("to all", ""), STAGED, DEPLOYED),
    Case(
        S,
        "Variables",
        {"price": "3", "old": "1"},
        {"price": "4"},
        stage("variables"),
        base=STAGED,
        beside=DEPLOYED,
    ),
    Case(
        S,
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
        S,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(stage("tags")(aws, it)),
        TAGGED,
        STAGED,
        DEPLOYED,
    ),
]


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
GUARDED = {**SELLER, **API, "Guard": resource(Z, **TOKEN), "Pool": resource(Z, **COGNITO)}


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


METHODS = [
    Case(
        P,
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
        P,
        "ParentId",
        ROOT,
        {"Ref": "Shelf"},
        lambda aws, it: [each for each in paths(aws, api_id(aws)) if each.endswith("goods")],
        (["/goods"], ["/shelf/goods"]),
        GOODS,
        {**API, "Shelf": resource(P, **{**GOODS, "PathPart": "shelf"})},
    ),
    Case(
        P,
        "PathPart",
        "goods",
        "{item}",
        lambda aws, it: paths(aws, api_id(aws))[1:],
        (["/goods", "/one"], ["/one", "/{item}"]),
        GOODS,
        API,
    ),
    Case(
        M,
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
        M,
        "ResourceId",
        ROOT,
        {"Ref": "Goods"},
        lambda aws, it: [*methods(aws, it)],
        (["GET /"], ["GET /goods"]),
        AT_ROOT,
        {**API, "Goods": resource(P, **GOODS)},
    ),
    Case(
        M,
        "HttpMethod",
        "GET",
        "ANY",
        lambda aws, it: [*methods(aws, it)],
        (["GET /"], ["ANY /"]),
        AT_ROOT,
        API,
    ),
    Case(M, "ApiKeyRequired", True, None, method("apiKeyRequired"), (True, False), AT_ROOT, API),
    Case(
        M,
        "AuthorizationType",
        "AWS_IAM",
        None,
        method("authorizationType"),
        ("AWS_IAM", "NONE"),
        AT_ROOT,
        API,
    ),
    Case(
        M,
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
        M,
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
        M,
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
        M,
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
        Z,
        "RestApiId",
        {"Ref": "Api"},
        {"Ref": "Other"},
        authorizing,
        (["cases"], ["others"]),
        TOKEN,
        {**SELLER, **BOTH},
    ),
    Case(Z, "Name", "guard", "doorman", authorized("name"), base=TOKEN, beside=GUARDED),
    Case(Z, "Type", "TOKEN", "REQUEST", authorized("type"), base=TOKEN, beside=GUARDED),
    Case(
        Z,
        "AuthorizerResultTtlInSeconds",
        60,
        None,
        authorized("authorizerResultTtlInSeconds"),
        (60, 300),
        TOKEN,
        GUARDED,
    ),
    Case(
        Z,
        "AuthorizerUri",
        INVOKED,
        {"Fn::Sub": INVOKED["Fn::Sub"].replace("Seller", "Buyer")},
        lambda aws, it: authorized("authorizerUri")(aws, it).split(":")[-1],
        ("case-seller/invocations", "case-buyer/invocations"),
        TOKEN,
        {**GUARDED, "Buyer": function("case-buyer")},
    ),
    Case(
        Z,
        "IdentitySource",
        "method.request.header.Authorization",
        "method.request.header.X-Who",
        authorized("identitySource"),
        base=TOKEN,
        beside=GUARDED,
    ),
    Case(
        Z,
        "IdentityValidationExpression",
        "^Bearer ",
        "^Token ",
        authorized("identityValidationExpression"),
        base=TOKEN,
        beside=GUARDED,
    ),
    Case(
        Z,
        "ProviderARNs",
        [POOL.format("one")],
        [POOL.format("two")],
        authorized("providerARNs"),
        base={**COGNITO, "Name": "another"},
        beside=GUARDED,
    ),
]


def key(name: str) -> Look:
    return lambda aws, it: aws("apigateway").get_api_key(apiKey=it, includeValue=True).get(name)


def plan(name: str) -> Look:
    return lambda aws, it: aws("apigateway").get_usage_plan(usagePlanId=it).get(name)


def keys_of(aws: Clients, it: str) -> Any:
    """Which key is in which plan, and of what type."""
    gateway = aws("apigateway")
    return [
        (each["name"], held["name"], held["type"])
        for each in gateway.get_usage_plans()["items"]
        for held in gateway.get_usage_plan_keys(usagePlanId=each["id"])["items"]
    ]


SHOPPER = {"Shopper": resource(K, Name="shopper"), "Partner": resource(K, Name="partner")}
PLANS = {"Slow": resource(U, UsagePlanName="slow"), "Fast": resource(U, UsagePlanName="fast")}
PLANNED = {
    "KeyId": {"Ref": "Shopper"},
    "KeyType": "API_KEY",
    "UsagePlanId": {"Ref": "Slow"},
}
SHOPPER_IS_SLOW = [("slow", "shopper", "API_KEY")]
OPEN = {
    **DEPLOYED,
    "Open": resource(S, **STAGED),
    "Shut": resource(S, **{**STAGED, "StageName": "shut"}),
}
KEYS = [
    Case(K, "Name", "shopper", "partner", key("name")),
    Case(K, "Description", "buys", None, key("description"), ("buys", "")),
    Case(K, "Enabled", True, None, key("enabled"), (True, False)),
    Case(K, "Value", "a" * 20, "b" * 20, key("value")),
    Case(U, "UsagePlanName", "slow", "slower", plan("name")),
    Case(
        U,
        "Description",
        "for all",
        None,
        plan("description"),
        ("for all", ""),
        {"UsagePlanName": "slow"},
    ),
    Case(
        U,
        "ApiStages",
        [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Open"}}],
        [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Shut"}}],
        lambda aws, it: [each["stage"] for each in plan("apiStages")(aws, it)],
        (["open"], ["shut"]),
        beside=OPEN,
    ),
    Case(
        U,
        "Quota",
        {"Limit": 5, "Period": "DAY", "Offset": 0},
        None,
        lambda aws, it: (plan("quota")(aws, it) or {}).get("limit"),
        (5, None),
    ),
    Case(
        U,
        "Throttle",
        {"RateLimit": 2.5, "BurstLimit": 4},
        {"RateLimit": 3},
        plan("throttle"),
        ({"rateLimit": 2.5, "burstLimit": 4}, {"rateLimit": 3.0}),
    ),
    Case(
        UK,
        "KeyId",
        {"Ref": "Shopper"},
        {"Ref": "Partner"},
        keys_of,
        (SHOPPER_IS_SLOW, [("slow", "partner", "API_KEY")]),
        PLANNED,
        {**SHOPPER, **PLANS},
    ),
    Case(
        UK,
        "KeyType",
        "API_KEY",
        "API_KEY",
        keys_of,
        (SHOPPER_IS_SLOW, SHOPPER_IS_SLOW),
        PLANNED,
        {**SHOPPER, **PLANS},
    ),
    Case(
        UK,
        "UsagePlanId",
        {"Ref": "Slow"},
        {"Ref": "Fast"},
        keys_of,
        (SHOPPER_IS_SLOW, [("fast", "shopper", "API_KEY")]),
        PLANNED,
        {**SHOPPER, **PLANS},
    ),
]

# ── WebSocket APIs ──────────────────────────────────────────────────────────────────────────

A2, D2, I2, R2, S2 = (
    f"AWS::ApiGatewayV2::{name}" for name in ("Api", "Deployment", "Integration", "Route", "Stage")
)
TALK = {
    "Name": "talk",
    "ProtocolType": "WEBSOCKET",
    "RouteSelectionExpression": "$request.body.action",
}
LINE = {"Line": resource(A2, **TALK)}
OTHER_LINE = {"Other": resource(A2, **{**TALK, "Name": "others"})}
ON_LINE = {"ApiId": {"Ref": "Line"}}
CALLED = {**ON_LINE, "IntegrationType": "AWS_PROXY", "IntegrationUri": INVOKED}
TARGET = {"Fn::Sub": "integrations/${Call}"}
ROUTED = {**ON_LINE, "RouteKey": "$default", "Target": TARGET}
WIRED = {**SELLER, **LINE, "Call": resource(I2, **CALLED)}
TALKING = {**WIRED, "Default": resource(R2, **ROUTED)}
OTHER_TALKING = {
    **OTHER_LINE,
    "OtherCall": resource(I2, **{**CALLED, "ApiId": {"Ref": "Other"}}),
    "OtherDefault": resource(
        R2,
        ApiId={"Ref": "Other"},
        RouteKey="$default",
        Target={"Fn::Sub": "integrations/${OtherCall}"},
    ),
}
BOTH_TALKING = {**TALKING, **OTHER_TALKING}


def line_id(aws: Clients, name: str = "talk") -> str:
    found = aws("apigatewayv2").get_apis()["Items"]
    return next(each["ApiId"] for each in found if each["Name"] == name)


def line(name: str) -> Look:
    return lambda aws, it: aws("apigatewayv2").get_api(ApiId=it).get(name)


def part(noun: str, name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        get = getattr(aws("apigatewayv2"), f"get_{noun.lower()}")
        key_of = "StageName" if noun == "Stage" else f"{noun}Id"
        return get(**{"ApiId": line_id(aws), key_of: it}).get(name)

    return look


def lines_with(noun: str) -> Look:
    """In which of the two APIs it is."""

    def look(aws: Clients, it: str) -> Any:
        get = getattr(aws("apigatewayv2"), f"get_{noun.lower()}s")
        key_of = "StageName" if noun == "Stage" else f"{noun}Id"
        return [
            name
            for name in ("talk", "others")
            if it in [each[key_of] for each in get(ApiId=line_id(aws, name))["Items"]]
        ]

    return look


def moved(kind: str, noun: str, base: Properties, beside: Properties, **then: Any) -> Case:
    """A part that is first in one API, then in the other."""
    shows = (["talk"], ["others"])
    return Case(
        kind,
        "ApiId",
        {"Ref": "Line"},
        {"Ref": "Other"},
        lines_with(noun),
        shows,
        base,
        beside,
        then,
    )


def served(aws: Clients, it: str) -> Any:
    serving = part("Stage", "DeploymentId")(aws, it)
    return part("Deployment", "Description")(aws, serving) if serving else None


ON_AIR = {**ON_LINE, "StageName": "air"}
RECORDED = {**TALKING, "First": resource(D2, "Default", **ON_LINE, Description="first")}
SOCKETS = [
    Case(A2, "Name", "talk", "chat", line("Name"), base=TALK),
    Case(A2, "ProtocolType", "WEBSOCKET", "WEBSOCKET", line("ProtocolType"), base=TALK),
    Case(
        A2,
        "RouteSelectionExpression",
        "$request.body.action",
        "$request.body.kind",
        line("RouteSelectionExpression"),
        base=TALK,
    ),
    Case(A2, "Description", "of all", None, line("Description"), ("of all", ""), TALK),
    Case(
        A2,
        "Tags",
        TAGGED[0],
        TAGGED[1],
        lambda aws, it: Tags(line("Tags")(aws, it)),
        base=TALK,
    ),
    moved(I2, "Integration", CALLED, {**SELLER, **LINE, **OTHER_LINE}),
    Case(
        I2,
        "ConnectionType",
        "INTERNET",
        "INTERNET",
        part("Integration", "ConnectionType"),
        base=CALLED,
        beside={**SELLER, **LINE},
    ),
    Case(
        I2,
        "ContentHandlingStrategy",
        "CONVERT_TO_TEXT",
        "CONVERT_TO_BINARY",
        part("Integration", "ContentHandlingStrategy"),
        base=CALLED,
        beside={**SELLER, **LINE},
    ),
    Case(
        I2,
        "Description",
        "sells",
        None,
        part("Integration", "Description"),
        ("sells", ""),
        CALLED,
        {**SELLER, **LINE},
    ),
    Case(
        I2,
        "IntegrationType",
        "AWS_PROXY",
        "AWS_PROXY",
        part("Integration", "IntegrationType"),
        base=CALLED,
        beside={**SELLER, **LINE},
    ),
    Case(
        I2,
        "IntegrationUri",
        INVOKED,
        {"Fn::Sub": INVOKED["Fn::Sub"].replace("Seller", "Buyer")},
        lambda aws, it: part("Integration", "IntegrationUri")(aws, it).split(":")[-1],
        ("case-seller/invocations", "case-buyer/invocations"),
        CALLED,
        {**SELLER, **LINE, "Buyer": function("case-buyer")},
    ),
    Case(
        I2,
        "TimeoutInMillis",
        5000,
        None,
        part("Integration", "TimeoutInMillis"),
        (5000, 29000),
        CALLED,
        {**SELLER, **LINE},
    ),
    moved(
        R2,
        "Route",
        ROUTED,
        {**WIRED, **OTHER_LINE, "OtherCall": OTHER_TALKING["OtherCall"]},
        Target={"Fn::Sub": "integrations/${OtherCall}"},
    ),
    Case(
        R2,
        "AuthorizationType",
        "AWS_IAM",
        None,
        part("Route", "AuthorizationType"),
        ("AWS_IAM", "NONE"),
        {**ROUTED, "RouteKey": "$connect"},
        WIRED,
    ),
    Case(
        R2,
        "OperationName",
        "tell",
        None,
        part("Route", "OperationName"),
        ("tell", ""),
        ROUTED,
        WIRED,
    ),
    Case(R2, "RouteKey", "$default", "join", part("Route", "RouteKey"), base=ROUTED, beside=WIRED),
    Case(
        R2,
        "Target",
        TARGET,
        {"Fn::Sub": "integrations/${Again}"},
        lambda aws, it: part("Integration", "Description")(
            aws, part("Route", "Target")(aws, it).partition("/")[2]
        ),
        (None, "again"),
        ROUTED,
        {**WIRED, "Again": resource(I2, **CALLED, Description="again")},
    ),
    moved(D2, "Deployment", ON_LINE, BOTH_TALKING),
    Case(
        D2,
        "Description",
        "first",
        "first",
        part("Deployment", "Description"),
        base=ON_LINE,
        beside=TALKING,
    ),
    moved(
        S2,
        "Stage",
        ON_AIR,
        BOTH_TALKING,
    ),
    Case(S2, "StageName", "air", "cable", part("Stage", "StageName"), base=ON_AIR, beside=TALKING),
    Case(S2, "AutoDeploy", True, None, part("Stage", "AutoDeploy"), (True, False), ON_AIR, TALKING),
    Case(
        S2,
        "DeploymentId",
        {"Ref": "First"},
        {"Ref": "Second"},
        served,
        ("first", "second"),
        ON_AIR,
        {**RECORDED, "Second": resource(D2, "Default", **ON_LINE, Description="second")},
    ),
    Case(
        S2,
        "Description",
        "to all",
        None,
        part("Stage", "Description"),
        ("to all", None),
        ON_AIR,
        TALKING,
    ),
    Case(
        S2,
        "StageVariables",
        {"price": "3", "old": "1"},
        {"price": "4"},
        part("Stage", "StageVariables"),
        base=ON_AIR,
        beside=TALKING,
    ),
    Case(
        S2,
        "Tags",
        TAGGED[0],
        TAGGED[0],
        lambda aws, it: Tags(part("Stage", "Tags")(aws, it)),
        base=ON_AIR,
        beside=TALKING,
    ),
]

API_CASES = [*REST_APIS, *DEPLOYMENTS, *METHODS, *KEYS, *SOCKETS]


def documents() -> dict[str, bytes]:
    """What the bucket case-documents holds."""
    return {name: json.dumps(document(f"/{name}")).encode() for name in ("one", "two")}
