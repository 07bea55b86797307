"""REST APIs and WebSocket APIs."""

from __future__ import annotations

from typing import Any

from workbook.cloud.missing import Missing

from .given import Call


def stage(**more: Any) -> Call:
    settings = {"restApiId": "a", "stageName": "s", "deploymentId": "d", **more}
    return "apigateway", "create_stage", settings


def patch_stage(path: str, value: str = "true") -> Call:
    operations = [{"op": "replace", "path": path, "value": value}]
    settings = {"restApiId": "a", "stageName": "s", "patchOperations": operations}
    return "apigateway", "update_stage", settings


def socket_stage(**more: Any) -> Call:
    return "apigatewayv2", "create_stage", {"ApiId": "a", "StageName": "s", **more}


CALLS: dict[Missing, list[Call]] = {
    Missing.TRACING: [
        stage(tracingEnabled=True),
        patch_stage("/tracingEnabled"),
    ],
    Missing.HTTP_APIS: [
        ("apigatewayv2", "create_api", {"Name": "shop", "ProtocolType": "HTTP"}),
        ("apigatewayv2", "import_api", {"Body": "{}"}),
    ],
    Missing.ROUTE_SELECTION: [
        (
            "apigatewayv2",
            "create_api",
            {
                "Name": "chat",
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": "$request.header.action",
            },
        ),
    ],
    Missing.SOCKET_INTEGRATIONS: [
        ("apigatewayv2", "create_integration", {"ApiId": "a", "IntegrationType": "MOCK"}),
    ],
    Missing.SOCKET_KEYS: [
        (
            "apigatewayv2",
            "create_route",
            {"ApiId": "a", "RouteKey": "$connect", "ApiKeyRequired": True},
        ),
    ],
    Missing.SOCKET_MODELS: [
        ("apigatewayv2", "create_model", {"ApiId": "a", "Name": "m", "Schema": "{}"}),
    ],
    Missing.SOCKET_THROTTLING: [
        socket_stage(DefaultRouteSettings={"ThrottlingRateLimit": 1.0}),
        socket_stage(RouteSettings={"join": {"ThrottlingBurstLimit": 1}}),
    ],
    Missing.VPC_LINKS: [
        ("apigateway", "create_vpc_link", {"name": "v", "targetArns": ["arn:a"]}),
        ("apigatewayv2", "create_vpc_link", {"Name": "v", "SubnetIds": ["subnet-1"]}),
    ],
    Missing.DOMAIN_NAMES: [
        ("apigatewayv2", "create_domain_name", {"DomainName": "chat.example"}),
        ("apigateway", "create_domain_name", {"domainName": "shop.example"}),
        (
            "apigateway",
            "create_base_path_mapping",
            {"domainName": "shop.example", "restApiId": "a"},
        ),
    ],
    Missing.GATEWAY_RESPONSES: [
        ("apigateway", "put_gateway_response", {"restApiId": "a", "responseType": "THROTTLED"}),
    ],
    Missing.PRIVATE_APIS: [
        (
            "apigateway",
            "create_rest_api",
            {"name": "p", "endpointConfiguration": {"types": ["PRIVATE"]}},
        ),
    ],
    Missing.RESOURCE_POLICIES: [
        ("apigateway", "create_rest_api", {"name": "p", "policy": "{}"}),
    ],
    Missing.API_CACHES: [
        stage(cacheClusterEnabled=True),
        patch_stage("/cacheClusterEnabled"),
    ],
    Missing.CANARIES: [
        stage(canarySettings={"percentTraffic": 10.0, "deploymentId": "d"}),
    ],
    Missing.API_LOGS: [
        patch_stage("/*/*/logging/loglevel", "INFO"),
        patch_stage("/accessLogSettings/format", "$context.requestId"),
        socket_stage(AccessLogSettings={"Format": "$context.requestId"}),
        socket_stage(DefaultRouteSettings={"LoggingLevel": "INFO"}),
    ],
}
