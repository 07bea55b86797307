"""AWS::ApiGatewayV2: the WebSocket APIs that Chalice's template holds.

HTTP APIs are not there in the local cloud: the call that would make one says so.
"""

from __future__ import annotations

from typing import Any

from ..errors import ResourceFailure
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs, picked
from .shapes import TEXTS

GONE = frozenset({"NotFoundException"})


class Api(ResourceType):
    """See "AWS::ApiGatewayV2::Api" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGatewayV2::Api",
        properties={
            "Name": str,
            "ProtocolType": str,
            "RouteSelectionExpression": str,
            "Description": str,
            "Tags": TEXTS,
        },
        replaces={"ProtocolType"},
        attributes={"ApiId", "ApiEndpoint"},
        tag_form="map",
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        made = context.client("apigatewayv2").create_api(**properties)
        physical_id: str = made["ApiId"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        gateway = context.client("apigatewayv2")
        settings = picked(properties, "Name", "RouteSelectionExpression")
        description = properties.get("Description", "")
        gateway.update_api(ApiId=physical_id, Description=description, **settings)
        arn = f"arn:aws:apigateway:{context.region}::/apis/{physical_id}"
        _set_tags(gateway, arn, properties, old)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigatewayv2").delete_api(ApiId=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        api = context.client("apigatewayv2").get_api(ApiId=physical_id)
        return {"ApiId": physical_id, "ApiEndpoint": api["ApiEndpoint"]}


class _Part(ResourceType):
    """What an API is made of, each with calls of its own that look alike."""

    noun: str  # as in CreateRoute
    defaults: dict[str, Any]  # by what an update stands for a property that was taken away

    def create(self, context: Context, properties: Properties) -> str:
        create = getattr(context.client("apigatewayv2"), f"create_{self.noun.lower()}")
        physical_id: str = create(**properties)[f"{self.noun}Id"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        update = getattr(context.client("apigatewayv2"), f"update_{self.noun.lower()}")
        update(**{f"{self.noun}Id": physical_id, **self.defaults, **properties})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        delete = getattr(context.client("apigatewayv2"), f"delete_{self.noun.lower()}")
        delete(**{"ApiId": properties["ApiId"], f"{self.noun}Id": physical_id})

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {f"{self.noun}Id": physical_id}


class Integration(_Part):
    """See "AWS::ApiGatewayV2::Integration" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGatewayV2::Integration",
        properties={
            "ApiId": str,
            "ConnectionType": str,
            "ContentHandlingStrategy": str,
            "Description": str,
            "IntegrationType": str,
            "IntegrationUri": str,
            "TimeoutInMillis": int,
        },
        required={"ApiId", "IntegrationType"},
        replaces={"ApiId"},
        attributes={"IntegrationId"},
        missing=GONE,
    )
    noun = "Integration"
    defaults = {  # noqa: RUF012  read only
        "ConnectionType": "INTERNET",
        "Description": "",
        "TimeoutInMillis": 29_000,
    }


class Route(_Part):
    """See "AWS::ApiGatewayV2::Route" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGatewayV2::Route",
        properties={
            "ApiId": str,
            "AuthorizationType": str,
            "OperationName": str,
            "RouteKey": str,
            "Target": str,
        },
        required={"ApiId", "RouteKey"},
        replaces={"ApiId"},
        attributes={"RouteId"},
        missing=GONE,
    )
    noun = "Route"
    defaults = {"AuthorizationType": "NONE", "OperationName": ""}  # noqa: RUF012  read only


class Deployment(_Part):
    """See "AWS::ApiGatewayV2::Deployment" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGatewayV2::Deployment",
        properties={"ApiId": str, "Description": str},
        required={"ApiId"},
        replaces={"ApiId"},
        attributes={"DeploymentId"},
        missing=GONE,
    )
    noun = "Deployment"
    defaults = {}  # noqa: RUF012  read only

    def check_change(self, properties: Properties, old: Properties) -> None:
        if differs("Description", properties, old):
            raise _unchangeable("Description of a deployment")


class Stage(ResourceType):
    """See "AWS::ApiGatewayV2::Stage" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGatewayV2::Stage",
        properties={
            "ApiId": str,
            "StageName": str,
            "AutoDeploy": bool,
            "DeploymentId": str,
            "Description": str,
            "StageVariables": TEXTS,
            "Tags": TEXTS,
        },
        required={"ApiId", "StageName"},
        replaces={"ApiId", "StageName"},
        tag_form="map",
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        made = context.client("apigatewayv2").create_stage(**properties)
        name: str = made["StageName"]
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        gateway = context.client("apigatewayv2")
        settings = {"AutoDeploy": False, "Description": "", "StageVariables": {}, **properties}
        settings.pop("Tags", None)
        gateway.update_stage(**settings)

    def check_change(self, properties: Properties, old: Properties) -> None:
        if differs("Tags", properties, old):
            raise _unchangeable("Tags of a stage")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigatewayv2").delete_stage(
            ApiId=properties["ApiId"], StageName=physical_id
        )


def _unchangeable(what: str) -> ResourceFailure:
    return ResourceFailure(f"The local cloud cannot change {what} that is there")


def _set_tags(gateway: Any, arn: str, properties: Properties, old: Properties) -> None:
    wanted, before = properties.get("Tags", {}), old.get("Tags", {})
    gone = [key for key in before if key not in wanted]
    if gone:
        gateway.untag_resource(ResourceArn=arn, TagKeys=gone)
    if wanted != before and wanted:
        gateway.tag_resource(ResourceArn=arn, Tags=wanted)
