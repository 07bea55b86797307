"""AWS::ApiGateway::Deployment and AWS::ApiGateway::Stage: what of a REST API is served, and how."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..errors import ResourceFailure
from .apigateway import GONE
from .patch_operations import Patch, remove, replace
from .protocol import Context, ResourceType
from .schema import Properties, Schema, by_key, differs, tag_changes
from .shapes import TAGS, TEXTS


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
