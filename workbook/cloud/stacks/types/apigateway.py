"""AWS::ApiGateway::RestApi, with its Swagger document; what is deployed is apigateway_stages.py's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..documents import load
from ..errors import ResourceFailure
from .patch_operations import Patch, add, remove, replace
from .protocol import Context, ResourceType
from .schema import Properties, Schema, by_key, differs
from .shapes import JSON, TAGS

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


def _media(operation: Callable[[str], Patch], media_type: str) -> Patch:
    return operation(f"/binaryMediaTypes/{media_type.replace('/', '~1')}")
