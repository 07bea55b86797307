"""WebSocket APIs: what API Gateway says of them."""

from __future__ import annotations

from typing import Any

from .apigateway import resource
from .case import Case, Clients, Look, Tags
from .functions import INVOKED, SELLER, function
from .given import TAGGED, Properties

API = "AWS::ApiGatewayV2::Api"
DEPLOYMENT = "AWS::ApiGatewayV2::Deployment"
INTEGRATION = "AWS::ApiGatewayV2::Integration"
ROUTE = "AWS::ApiGatewayV2::Route"
STAGE = "AWS::ApiGatewayV2::Stage"

TALK = {
    "Name": "talk",
    "ProtocolType": "WEBSOCKET",
    "RouteSelectionExpression": "$request.body.action",
}
LINE = {"Line": resource(API, **TALK)}
OTHER_LINE = {"Other": resource(API, **{**TALK, "Name": "others"})}
ON_LINE = {"ApiId": {"Ref": "Line"}}
CALLED = {**ON_LINE, "IntegrationType": "AWS_PROXY", "IntegrationUri": INVOKED}
TARGET = {"Fn::Sub": "integrations/${Call}"}
ROUTED = {**ON_LINE, "RouteKey": "$default", "Target": TARGET}
WIRED = {**SELLER, **LINE, "Call": resource(INTEGRATION, **CALLED)}
TALKING = {**WIRED, "Default": resource(ROUTE, **ROUTED)}
OTHER_TALKING = {
    **OTHER_LINE,
    "OtherCall": resource(INTEGRATION, **{**CALLED, "ApiId": {"Ref": "Other"}}),
    "OtherDefault": resource(
        ROUTE,
        ApiId={"Ref": "Other"},
        RouteKey="$default",
        Target={"Fn::Sub": "integrations/${OtherCall}"},
    ),
}
BOTH_TALKING = {**TALKING, **OTHER_TALKING}
ON_AIR = {**ON_LINE, "StageName": "air"}
RECORDED = {**TALKING, "First": resource(DEPLOYMENT, "Default", **ON_LINE, Description="first")}


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


CASES = [
    Case(API, "Name", "talk", "chat", line("Name"), base=TALK),
    Case(API, "ProtocolType", "WEBSOCKET", "WEBSOCKET", line("ProtocolType"), base=TALK),
    Case(
        API,
        "RouteSelectionExpression",
        "$request.body.action",
        "$request.body.kind",
        line("RouteSelectionExpression"),
        base=TALK,
    ),
    Case(API, "Description", "of all", None, line("Description"), ("of all", ""), TALK),
    Case(
        API,
        "Tags",
        TAGGED[0],
        TAGGED[1],
        lambda aws, it: Tags(line("Tags")(aws, it)),
        base=TALK,
    ),
    moved(INTEGRATION, "Integration", CALLED, {**SELLER, **LINE, **OTHER_LINE}),
    Case(
        INTEGRATION,
        "ConnectionType",
        "INTERNET",
        "INTERNET",
        part("Integration", "ConnectionType"),
        base=CALLED,
        beside={**SELLER, **LINE},
    ),
    Case(
        INTEGRATION,
        "ContentHandlingStrategy",
        "CONVERT_TO_TEXT",
        "CONVERT_TO_BINARY",
        part("Integration", "ContentHandlingStrategy"),
        base=CALLED,
        beside={**SELLER, **LINE},
    ),
    Case(
        INTEGRATION,
        "Description",
        "sells",
        None,
        part("Integration", "Description"),
        ("sells", ""),
        CALLED,
        {**SELLER, **LINE},
    ),
    Case(
        INTEGRATION,
        "IntegrationType",
        "AWS_PROXY",
        "AWS_PROXY",
        part("Integration", "IntegrationType"),
        base=CALLED,
        beside={**SELLER, **LINE},
    ),
    Case(
        INTEGRATION,
        "IntegrationUri",
        INVOKED,
        {"Fn::Sub": INVOKED["Fn::Sub"].replace("Seller", "Buyer")},
        lambda aws, it: part("Integration", "IntegrationUri")(aws, it).split(":")[-1],
        ("case-seller/invocations", "case-buyer/invocations"),
        CALLED,
        {**SELLER, **LINE, "Buyer": function("case-buyer")},
    ),
    Case(
        INTEGRATION,
        "TimeoutInMillis",
        5000,
        None,
        part("Integration", "TimeoutInMillis"),
        (5000, 29000),
        CALLED,
        {**SELLER, **LINE},
    ),
    moved(
        ROUTE,
        "Route",
        ROUTED,
        {**WIRED, **OTHER_LINE, "OtherCall": OTHER_TALKING["OtherCall"]},
        Target={"Fn::Sub": "integrations/${OtherCall}"},
    ),
    Case(
        ROUTE,
        "AuthorizationType",
        "AWS_IAM",
        None,
        part("Route", "AuthorizationType"),
        ("AWS_IAM", "NONE"),
        {**ROUTED, "RouteKey": "$connect"},
        WIRED,
    ),
    Case(
        ROUTE,
        "OperationName",
        "tell",
        None,
        part("Route", "OperationName"),
        ("tell", ""),
        ROUTED,
        WIRED,
    ),
    Case(
        ROUTE, "RouteKey", "$default", "join", part("Route", "RouteKey"), base=ROUTED, beside=WIRED
    ),
    Case(
        ROUTE,
        "Target",
        TARGET,
        {"Fn::Sub": "integrations/${Again}"},
        lambda aws, it: part("Integration", "Description")(
            aws, part("Route", "Target")(aws, it).partition("/")[2]
        ),
        (None, "again"),
        ROUTED,
        {**WIRED, "Again": resource(INTEGRATION, **CALLED, Description="again")},
    ),
    moved(DEPLOYMENT, "Deployment", ON_LINE, BOTH_TALKING),
    Case(
        DEPLOYMENT,
        "Description",
        "first",
        "first",
        part("Deployment", "Description"),
        base=ON_LINE,
        beside=TALKING,
    ),
    moved(
        STAGE,
        "Stage",
        ON_AIR,
        BOTH_TALKING,
    ),
    Case(
        STAGE, "StageName", "air", "cable", part("Stage", "StageName"), base=ON_AIR, beside=TALKING
    ),
    Case(
        STAGE, "AutoDeploy", True, None, part("Stage", "AutoDeploy"), (True, False), ON_AIR, TALKING
    ),
    Case(
        STAGE,
        "DeploymentId",
        {"Ref": "First"},
        {"Ref": "Second"},
        served,
        ("first", "second"),
        ON_AIR,
        {**RECORDED, "Second": resource(DEPLOYMENT, "Default", **ON_LINE, Description="second")},
    ),
    Case(
        STAGE,
        "Description",
        "to all",
        None,
        part("Stage", "Description"),
        ("to all", None),
        ON_AIR,
        TALKING,
    ),
    Case(
        STAGE,
        "StageVariables",
        {"price": "3", "old": "1"},
        {"price": "4"},
        part("Stage", "StageVariables"),
        base=ON_AIR,
        beside=TALKING,
    ),
    Case(
        STAGE,
        "Tags",
        TAGGED[0],
        TAGGED[0],
        lambda aws, it: Tags(part("Stage", "Tags")(aws, it)),
        base=ON_AIR,
        beside=TALKING,
    ),
]
