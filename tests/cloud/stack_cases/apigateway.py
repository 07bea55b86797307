"""REST APIs: what API Gateway says of them."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Clients, Look, Tags
from .given import TAGGED, TAGS, Properties

REST_API = "AWS::ApiGateway::RestApi"


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
API_NAME = {"Name": "cases"}


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
]
