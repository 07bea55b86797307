"""REST APIs built piece by piece: AWS::ApiGateway::Resource, ::Method and ::Authorizer."""

from __future__ import annotations

from typing import Any

from .apigateway import GONE
from .patch_operations import replace, spelled, spelled_keys
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs, picked
from .shapes import TEXTS


class Resource(ResourceType):
    """See "AWS::ApiGateway::Resource" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::Resource",
        properties={"RestApiId": str, "ParentId": str, "PathPart": str},
        required={"RestApiId", "ParentId", "PathPart"},
        replaces={"RestApiId", "ParentId", "PathPart"},
        attributes={"ResourceId"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        made = context.client("apigateway").create_resource(
            restApiId=properties["RestApiId"],
            parentId=properties["ParentId"],
            pathPart=properties["PathPart"],
        )
        physical_id: str = made["id"]
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        """Nothing: every property replaces it."""

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_resource(
            restApiId=properties["RestApiId"], resourceId=physical_id
        )

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"ResourceId": physical_id}


class Method(ResourceType):
    """See "AWS::ApiGateway::Method" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::Method",
        properties={
            "RestApiId": str,
            "ResourceId": str,
            "HttpMethod": str,
            "ApiKeyRequired": bool,
            "AuthorizationScopes": [str],
            "AuthorizationType": str,
            "AuthorizerId": str,
            "Integration": {
                "Type": str,
                "Uri": str,
                "IntegrationHttpMethod": str,
                "ContentHandling": str,
                "PassthroughBehavior": str,
                "RequestTemplates": TEXTS,
                "TimeoutInMillis": int,
                "IntegrationResponses": [
                    {
                        "StatusCode": str,
                        "SelectionPattern": str,
                        "ResponseParameters": TEXTS,
                        "ResponseTemplates": TEXTS,
                    }
                ],
            },
            "MethodResponses": [{"StatusCode": str, "ResponseParameters": {...: bool}}],
        },
        required={"RestApiId", "ResourceId", "HttpMethod"},
        replaces={"RestApiId", "ResourceId", "HttpMethod"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        physical_id = context.name(64)
        context.exists(physical_id)
        self._put(context, properties)
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        context.client("apigateway").delete_method(**_place(properties))
        self._put(context, properties)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_method(**_place(properties))

    @staticmethod
    def _put(context: Context, properties: Properties) -> None:
        gateway, place = context.client("apigateway"), _place(properties)
        gateway.put_method(
            **place,
            authorizationType=properties.get("AuthorizationType", "NONE"),
            **_named(properties, "ApiKeyRequired", "AuthorizationScopes", "AuthorizerId"),
        )
        for response in properties.get("MethodResponses", []):
            gateway.put_method_response(**place, **_named(response, *response))
        integration = properties.get("Integration")
        if integration is None:
            return
        asked = _named(integration, *integration)
        answers = asked.pop("integrationResponses", [])
        gateway.put_integration(**place, **asked)
        for answer in answers:
            gateway.put_integration_response(**place, **_named(answer, *answer))


class Authorizer(ResourceType):
    """See "AWS::ApiGateway::Authorizer" in AWS's template reference."""

    schema = Schema(
        type="AWS::ApiGateway::Authorizer",
        properties={
            "RestApiId": str,
            "Name": str,
            "Type": str,
            "AuthorizerResultTtlInSeconds": int,
            "AuthorizerUri": str,
            "IdentitySource": str,
            "IdentityValidationExpression": str,
            "ProviderARNs": [str],
        },
        required={"RestApiId", "Name", "Type"},
        replaces={"RestApiId"},
        attributes={"AuthorizerId"},
        missing=GONE,
    )

    def create(self, context: Context, properties: Properties) -> str:
        gateway = context.client("apigateway")
        arns = {"providerARNs": properties["ProviderARNs"]} if "ProviderARNs" in properties else {}
        asked = [name for name in properties if name not in ("RestApiId", "ProviderARNs")]
        made = gateway.create_authorizer(
            restApiId=properties["RestApiId"], **_named(properties, *asked), **arns
        )
        physical_id: str = made["id"]
        context.exists(physical_id)
        if "IdentityValidationExpression" in properties:  # which moto forgets when it makes one
            self.update(context, physical_id, properties, {})
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        defaults = {"AuthorizerResultTtlInSeconds": 300, "IdentityValidationExpression": ""}
        patches = [
            replace(f"/{spelled(name)}", properties.get(name, defaults.get(name, "")))
            for name in sorted({*properties, *old} - {"RestApiId", "ProviderARNs"})
            if differs(name, properties, old)
        ]
        context.client("apigateway").update_authorizer(
            restApiId=properties["RestApiId"], authorizerId=physical_id, patchOperations=patches
        )

    def must_replace(self, properties: Properties, old: Properties) -> bool:
        # Those of an authorizer that is there cannot be patched in this cloud.
        return differs("ProviderARNs", properties, old) or super().must_replace(properties, old)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("apigateway").delete_authorizer(
            restApiId=properties["RestApiId"], authorizerId=physical_id
        )

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"AuthorizerId": physical_id}


def _place(properties: Properties) -> dict[str, str]:
    """Where a method is, as each of its calls takes it."""
    return {
        "restApiId": properties["RestApiId"],
        "resourceId": properties["ResourceId"],
        "httpMethod": properties["HttpMethod"],
    }


def _named(properties: Properties, *names: str) -> dict[str, Any]:
    """Properties under the names that the API gives them."""
    return spelled_keys(picked(properties, *names))
