"""REST APIs and WebSocket APIs."""

from __future__ import annotations

from workbook.cloud.gateway.sockets.model import emulated_selection
from workbook.cloud.missing import Missing

from .entry import Parameters, Unimplemented, has, patches, route

_STAGED = route(r"POST /restapis/[^/]+/(stages|deployments)/?")
_STAGE_PATCHED = route(r"PATCH /restapis/[^/]+/stages/[^/]+")
_CREATED_API = route(r"POST /restapis/?")
_SOCKET_STAGED = route(r"(POST|PATCH) /v2/apis/[^/]+/stages.*")
_SOCKET_ROUTED = route(r"(POST|PATCH) /v2/apis/[^/]+/routes.*")
_SOCKET_INTEGRATED = route(r"(POST|PATCH) /v2/apis/[^/]+/integrations.*")


def _in_route_settings(parameters: Parameters, prefix: str) -> object:
    """Whether a WebSocket stage's settings, of all routes or of one, ask for something."""
    of_routes = (parameters.get("routeSettings") or {}).values()
    settings = [parameters.get("defaultRouteSettings") or {}, *of_routes]
    return any(
        value not in (None, "OFF")
        for each in settings
        for name, value in each.items()
        if name.startswith(prefix)
    )


def _another_selection(parameters: Parameters) -> object:
    return not emulated_selection(parameters.get("routeSelectionExpression") or "")


TABLE: tuple[Unimplemented, ...] = (
    Unimplemented(
        Missing.HTTP_APIS,
        "apigatewayv2",
        route=route(r"POST /v2/apis/?"),
        asks=lambda body: body.get("protocolType") != "WEBSOCKET",
    ),
    Unimplemented(Missing.HTTP_APIS, "apigatewayv2", route=route(r"PUT /v2/apis.*")),
    Unimplemented(
        Missing.ROUTE_SELECTION,
        "apigatewayv2",
        route=route(r"(POST|PATCH) /v2/apis(/[^/]+)?/?"),
        asks=_another_selection,
    ),
    Unimplemented(Missing.VPC_LINKS, "apigatewayv2", route=route(r"POST /v2/vpclinks/?")),
    Unimplemented(Missing.DOMAIN_NAMES, "apigatewayv2", route=route(r"POST /v2/domainnames.*")),
    Unimplemented(
        Missing.API_LOGS,
        "apigatewayv2",
        route=_SOCKET_STAGED,
        asks=lambda body: body.get("accessLogSettings") or _in_route_settings(body, "logging"),
    ),
    Unimplemented(
        Missing.SOCKET_THROTTLING,
        "apigatewayv2",
        route=_SOCKET_STAGED,
        asks=lambda body: _in_route_settings(body, "throttling"),
    ),
    Unimplemented(
        Missing.SOCKET_MODELS,
        "apigatewayv2",
        route=route(r"POST /v2/apis/[^/]+/models/?"),
    ),
    Unimplemented(
        Missing.SOCKET_KEYS,
        "apigatewayv2",
        route=_SOCKET_ROUTED,
        asks=has("apiKeyRequired"),
    ),
    Unimplemented(
        Missing.SOCKET_INTEGRATIONS,
        "apigatewayv2",
        route=_SOCKET_INTEGRATED,
        asks=lambda body: body.get("integrationType") not in (None, "AWS_PROXY"),
    ),
    Unimplemented(Missing.VPC_LINKS, "apigateway", route=route(r"POST /vpclinks/?")),
    Unimplemented(Missing.DOMAIN_NAMES, "apigateway", route=route(r"POST /domainnames/?.*")),
    Unimplemented(
        Missing.GATEWAY_RESPONSES,
        "apigateway",
        route=route(r"PUT /restapis/[^/]+/gatewayresponses/.+"),
    ),
    Unimplemented(
        Missing.PRIVATE_APIS,
        "apigateway",
        route=_CREATED_API,
        asks=lambda body: "PRIVATE" in (body.get("endpointConfiguration") or {}).get("types", ()),
    ),
    Unimplemented(Missing.RESOURCE_POLICIES, "apigateway", route=_CREATED_API, asks=has("policy")),
    Unimplemented(
        Missing.API_CACHES,
        "apigateway",
        route=_STAGED,
        asks=lambda body: body.get("cacheClusterEnabled"),
    ),
    Unimplemented(Missing.CANARIES, "apigateway", route=_STAGED, asks=has("canarySettings")),
    Unimplemented(Missing.TRACING, "apigateway", route=_STAGED, asks=has("tracingEnabled")),
    Unimplemented(
        Missing.TRACING, "apigateway", route=_STAGE_PATCHED, asks=patches("/tracingEnabled")
    ),
    Unimplemented(
        Missing.API_CACHES,
        "apigateway",
        route=_STAGE_PATCHED,
        asks=patches("cacheCluster", "caching/"),
    ),
    Unimplemented(
        Missing.API_LOGS,
        "apigateway",
        route=_STAGE_PATCHED,
        asks=patches("accessLogSettings", "logging/", "metrics/"),
    ),
)
