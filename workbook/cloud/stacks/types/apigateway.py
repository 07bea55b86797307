"""AWS::ApiGateway::RestApi, with its Swagger document, its deployments and its stages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from ..documents import load
from ..errors import ResourceFailure
from .patch_operations import Patch, add, remove, replace
from .protocol import Context, ResourceType
from .schema import Properties, Schema, by_key, differs, tag_changes
from .shapes import JSON, TAGS, TEXTS

GONE = frozenset({"NotFoundException"})
Document = dict[str, Any]


class RestApi(ResourceType):
    """See "AWS::ApiGateway::RestApi" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::RestApi",
        properties={
            "Name": str,
            "Description": str,
            "Body": JSON,
            "BodyS3Location": {"Bucket": str, "Key": str},
            "Mode": str,
            "Parameters": {"endpointConfigurationTypes": str},
            "EndpointConfiguration": {"Types": [str]},
            "ApiKeySourceType": str,
            "BinaryMediaTypes": [str],
            "MinimumCompressionSize": int,
            "Tags": TAGS,
        },
        attributes={"RootResourceId", "RestApiId"},
        tag_form="list",
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        document = _document(context, properties)
        info = (document or {}).get("info") or {}
        name = properties.get("Name", info.get("title"))
        if not name:
            raise ResourceFailure("#: required key [Name] not found, and no Body has a title")
        description = properties.get("Description", info.get("description"))
        made = context.client("apigateway").create_rest_api(
            name=name,
            endpointConfiguration={"types": _endpoint_types(properties)},
            tags=by_key(properties.get("Tags", [])),
            **({} if description is None else {"description": description}),
        )
        physical_id: str = made["id"]
        context.exists(physical_id)
        self._bring_in_line(context, physical_id, properties, {}, document)
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        document = _document(context, properties)
        self._bring_in_line(context, physical_id, properties, old, document)
        gateway, info = context.client("apigateway"), (document or {}).get("info") or {}
        patches = [
            replace("/name", properties.get("Name", info.get("title", ""))),
            replace("/description", properties.get("Description", info.get("description", ""))),
        ]
        if _endpoint_types(properties) != _endpoint_types(old):
            [before], [now] = _endpoint_types(old), _endpoint_types(properties)
            patches.append(replace(f"/endpointConfiguration/types/{before}", now))
        gateway.update_rest_api(restApiId=physical_id, patchOperations=patches)

    def check_change(self, properties: Properties, old: Properties) -> None:
        if differs("Tags", properties, old):
            raise ResourceFailure("The local cloud cannot change Tags of an API that is there")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_rest_api(restApiId=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        api = context.client("apigateway").get_rest_api(restApiId=physical_id)
        return {"RootResourceId": api["rootResourceId"], "RestApiId": physical_id}

    @staticmethod
    def _bring_in_line(
        context: Context,
        physical_id: str,
        properties: Properties,
        old: Properties,
        document: Document | None,
    ) -> None:
        """Put the document, then what the properties say beside it."""
        gateway = context.client("apigateway")
        wanted, before = properties.get("BinaryMediaTypes", []), old.get("BinaryMediaTypes", [])
        if document is not None:
            mode = properties.get("Mode", "overwrite")
            if mode not in ("overwrite", "merge"):
                raise ResourceFailure(f"Mode must be overwrite or merge, not {mode}")
            body = json.dumps(document)
            gateway.put_rest_api(restApiId=physical_id, mode=mode, body=body)
            before = [] if mode == "overwrite" else before
        patches = []
        for name, path in _PATCHED.items():
            if name in properties or name in old:
                value = properties.get(name, _UNSET[name])
                patches.append(replace(path, value))
        patches += [_media(remove, each) for each in before if each not in wanted]
        patches += [_media(add, each) for each in wanted if each not in before]
        if patches:
            gateway.update_rest_api(restApiId=physical_id, patchOperations=patches)


_PATCHED = {
    "ApiKeySourceType": "/apiKeySource",
    "MinimumCompressionSize": "/minimumCompressionSize",
}
_UNSET = {"ApiKeySourceType": "HEADER", "MinimumCompressionSize": ""}


class Deployment(ResourceType):
    """See "AWS::ApiGateway::Deployment" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::Deployment",
        properties={"RestApiId": str, "Description": str, "StageName": str},
        required={"RestApiId"},
        replaces={"RestApiId"},
        attributes={"DeploymentId"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        made = context.client("apigateway").create_deployment(
            restApiId=properties["RestApiId"],
            **({"description": properties["Description"]} if "Description" in properties else {}),
            **({"stageName": properties["StageName"]} if "StageName" in properties else {}),
        )
        physical_id: str = made["id"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Nothing: `check_change` lets no change pass."""

    def check_change(self, properties: Properties, old: Properties) -> None:
        for name in ("Description", "StageName"):
            if differs(name, properties, old):
                raise ResourceFailure(
                    f"The local cloud cannot change {name} of a deployment that is there"
                )

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        gateway, api = context.client("apigateway"), {"restApiId": properties["RestApiId"]}
        if "StageName" in properties:
            # The stage that came with the deployment goes with it, unless it serves another now.
            stage = {**api, "stageName": properties["StageName"]}
            if _deployment_of(gateway, stage) == physical_id:
                gateway.delete_stage(**stage)
        gateway.delete_deployment(**api, deploymentId=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"DeploymentId": physical_id}


class Stage(ResourceType):
    """See "AWS::ApiGateway::Stage" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::Stage",
        properties={
            "RestApiId": str,
            "StageName": str,
            "DeploymentId": str,
            "Description": str,
            "Variables": TEXTS,
            "MethodSettings": [
                {
                    "ResourcePath": str,
                    "HttpMethod": str,
                    "ThrottlingRateLimit": float,
                    "ThrottlingBurstLimit": int,
                }
            ],
            "Tags": TAGS,
        },
        required={"RestApiId"},
        replaces={"RestApiId", "StageName"},
        tag_form="list",
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        gateway = context.client("apigateway")
        _check_deployment(gateway, properties)
        name: str = properties.get("StageName") or context.name(128).replace("-", "_")
        gateway.create_stage(
            restApiId=properties["RestApiId"],
            stageName=name,
            deploymentId=properties["DeploymentId"],
            variables=properties.get("Variables", {}),
            tags=by_key(properties.get("Tags", [])),
            **({"description": properties["Description"]} if "Description" in properties else {}),
        )
        context.exists(name)
        patches = _method_patches(properties, {})
        if patches:
            self._patch(gateway, name, properties, patches)
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        gateway = context.client("apigateway")
        _check_deployment(gateway, properties)
        patches = [
            replace("/description", properties.get("Description", "")),
            replace("/deploymentId", properties["DeploymentId"]),
        ]
        variables, before = properties.get("Variables", {}), old.get("Variables", {})
        patches += [remove(f"/variables/{name}") for name in before if name not in variables]
        patches += [replace(f"/variables/{name}", text) for name, text in variables.items()]
        patches += _method_patches(properties, old)
        self._patch(gateway, physical_id, properties, patches)
        root = f"arn:aws:apigateway:{context.region}::/restapis"
        arn = f"{root}/{properties['RestApiId']}/stages/{physical_id}"
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            gateway.tag_resource(resourceArn=arn, tags=to_set)
        if to_take:
            gateway.untag_resource(resourceArn=arn, tagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_stage(
            restApiId=properties["RestApiId"], stageName=physical_id
        )

    @staticmethod
    def _patch(gateway: Any, name: str, properties: Properties, patches: list[Patch]) -> None:
        gateway.update_stage(
            restApiId=properties["RestApiId"], stageName=name, patchOperations=patches
        )


def _document(context: Context, properties: Properties) -> Document | None:
    """The Swagger document of an API, if it has one."""
    place = properties.get("BodyS3Location")
    body = properties.get("Body")
    if place is not None:
        body = context.client("s3").get_object(**place)["Body"].read().decode()
    document = load(body) if isinstance(body, str) else body
    if document is not None and not isinstance(document, dict):
        raise ResourceFailure("Value of property Body must be of type Object")
    for name in ("info", "paths"):
        if document is not None and not isinstance(document.get(name) or {}, dict):
            raise ResourceFailure(f"Value of property Body.{name} must be of type Object")
    if document is not None and document.get("swagger") != "2.0":
        raise ResourceFailure("The local cloud takes no Body but Swagger 2.0")
    return document


def _endpoint_types(properties: Properties) -> list[str]:
    named = properties.get("EndpointConfiguration", {}).get("Types")
    if named is not None and len(named) != 1:
        raise ResourceFailure("EndpointConfiguration.Types must have one element")
    imported = properties.get("Parameters", {}).get("endpointConfigurationTypes", "EDGE")
    return named or [imported]


def _check_deployment(gateway: Any, properties: Properties) -> None:
    # Another name is taken for a stage's that nothing was deployed to.
    found = gateway.get_deployments(restApiId=properties["RestApiId"])["items"]
    if properties.get("DeploymentId") not in [each["id"] for each in found]:
        raise ResourceFailure("Invalid Deployment identifier specified")


def _deployment_of(gateway: Any, stage: dict[str, str]) -> str | None:
    try:
        found: str = gateway.get_stage(**stage)["deploymentId"]
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in GONE:
            raise
        return None
    return found


def _method_patches(properties: Properties, old: Properties) -> list[Patch]:
    """What was set before is removed as a whole; AWS removes no single setting of a method."""
    before, wanted = old.get("MethodSettings", []), properties.get("MethodSettings", [])
    if before == wanted:
        return []
    return [
        *(remove(_method_path(each)) for each in before),
        *(
            replace(f"{_method_path(each)}/throttling/{path}", each[name])
            for each in wanted
            for name, path in _LIMITS.items()
            if name in each
        ),
    ]


_LIMITS = {"ThrottlingRateLimit": "rateLimit", "ThrottlingBurstLimit": "burstLimit"}


def _method_path(setting: dict[str, Any]) -> str:
    if not {"ResourcePath", "HttpMethod"} <= set(setting):
        raise ResourceFailure("Each of MethodSettings must have ResourcePath and HttpMethod")
    return f"/{_escaped(setting['ResourcePath'])}/{setting['HttpMethod']}"


def _escaped(path: str) -> str:
    # /* stands for every resource and is written *; slashes inside a name are written ~1.
    return "*" if path == "/*" else path.replace("/", "~1")


def _media(operation: Callable[[str], Patch], media_type: str) -> Patch:
    return operation(f"/binaryMediaTypes/{media_type.replace('/', '~1')}")
