"""Who may call how often: AWS::ApiGateway::ApiKey, ::UsagePlan and ::UsagePlanKey."""

from __future__ import annotations

from typing import Any

from ..errors import ResourceFailure
from .apigateway import GONE
from .patch_operations import Patch, add, remove, replace, spelled_keys
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs


class ApiKey(ResourceType):
    """See "AWS::ApiGateway::ApiKey" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::ApiKey",
        properties={"Name": str, "Description": str, "Enabled": bool, "Value": str},
        replaces={"Name", "Value"},
        attributes={"APIKeyId"},
        name_property="Name",
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        names = {"Description": "description", "Value": "value"}
        asked = {names[name]: properties[name] for name in names if name in properties}
        made = context.client("apigateway").create_api_key(
            name=properties.get("Name") or context.name(128),
            enabled=properties.get("Enabled", False),
            **asked,
        )
        physical_id: str = made["id"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        patches = [
            replace("/description", properties.get("Description", "")),
            replace("/enabled", properties.get("Enabled", False)),
        ]
        context.client("apigateway").update_api_key(apiKey=physical_id, patchOperations=patches)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_api_key(apiKey=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"APIKeyId": physical_id}


class UsagePlan(ResourceType):
    """See "AWS::ApiGateway::UsagePlan" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::UsagePlan",
        properties={
            "UsagePlanName": str,
            "Description": str,
            "ApiStages": [{"ApiId": str, "Stage": str}],
            "Quota": {"Limit": int, "Period": str, "Offset": int},
            "Throttle": {"BurstLimit": int, "RateLimit": float},
        },
        attributes={"Id"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        gateway = context.client("apigateway")
        _check_stages(gateway, properties)
        stages = [spelled_keys(each) for each in properties.get("ApiStages", [])]
        asked: dict[str, Any] = {"apiStages": stages}
        for name in ("Quota", "Throttle"):
            if name in properties:
                asked[name.lower()] = spelled_keys(properties[name])
        if "Description" in properties:
            asked["description"] = properties["Description"]
        name = properties.get("UsagePlanName") or context.name(128)
        made = gateway.create_usage_plan(name=name, **asked)
        physical_id: str = made["id"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        gateway = context.client("apigateway")
        _check_stages(gateway, properties)
        patches = [replace("/description", properties.get("Description", ""))]
        if "UsagePlanName" in properties:
            patches.append(replace("/name", properties["UsagePlanName"]))
        wanted, before = _stages(properties), _stages(old)
        patches += [remove("/apiStages", each) for each in before if each not in wanted]
        patches += [add("/apiStages", each) for each in wanted if each not in before]
        for name in ("Quota", "Throttle"):
            if differs(name, properties, old):
                patches += _limits(name, properties, old)
        gateway.update_usage_plan(usagePlanId=physical_id, patchOperations=patches)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        gateway, stages = context.client("apigateway"), _stages(properties)
        if stages:  # AWS deletes no plan that stages belong to
            gateway.update_usage_plan(
                usagePlanId=physical_id,
                patchOperations=[remove("/apiStages", each) for each in stages],
            )
        gateway.delete_usage_plan(usagePlanId=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Id": physical_id}


class UsagePlanKey(ResourceType):
    """See "AWS::ApiGateway::UsagePlanKey" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::UsagePlanKey",
        properties={"KeyId": str, "KeyType": str, "UsagePlanId": str},
        required={"KeyId", "KeyType", "UsagePlanId"},
        replaces={"KeyId", "KeyType", "UsagePlanId"},
        attributes={"Id"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        context.client("apigateway").create_usage_plan_key(
            usagePlanId=properties["UsagePlanId"],
            keyId=properties["KeyId"],
            keyType=properties["KeyType"],
        )
        return f"{properties['KeyId']}:{properties['UsagePlanId']}"

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Nothing: every property replaces it."""

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_usage_plan_key(
            usagePlanId=properties["UsagePlanId"], keyId=properties["KeyId"]
        )

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Id": physical_id}


def _check_stages(gateway: Any, properties: Properties) -> None:
    # A plan is made of stages that are there.
    for each in properties.get("ApiStages", []):
        if set(each) != {"ApiId", "Stage"}:
            raise ResourceFailure("Each of ApiStages must have ApiId and Stage")
        gateway.get_stage(restApiId=each["ApiId"], stageName=each["Stage"])


def _stages(properties: Properties) -> list[str]:
    return [f"{each['ApiId']}:{each['Stage']}" for each in properties.get("ApiStages", [])]


def _limits(name: str, properties: Properties, old: Properties) -> list[Patch]:
    """What a quota or a throttle was is taken away as a whole, and what it is to be set anew."""
    path = f"/{name.lower()}"
    gone = [remove(path)] if name in old else []
    told = spelled_keys(properties.get(name, {}))
    return [*gone, *(replace(f"{path}/{each}", value) for each, value in told.items())]
