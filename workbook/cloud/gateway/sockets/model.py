"""What a WebSocket API is, frozen: routes by key, each with an integration.

Pages: "Create routes for WebSocket APIs", "WebSocket selection expressions". What API Gateway
offers and this cloud does not emulate never comes here: the calls that would make it are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud.gateway.model import (
    DEFAULT_TIMEOUT_MS,
    Authorizer,
    InvalidApi,
)

CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"


@dataclass(frozen=True)
class Route:
    """One route.

    Args:
        uri: its integration's, which names a function.
        answers: whether the function's body goes back to the client (two-way communication).
    """

    key: str
    uri: str = ""
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    authorization_type: str = "NONE"
    authorizer_id: str | None = None
    answers: bool = False


@dataclass(frozen=True)
class WebSocketApi:
    """A whole API, as a deployment takes its snapshot."""

    name: str
    selection: str  # the route selection expression
    routes: Mapping[str, Route] = field(default_factory=dict)  # by key
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)  # by id

    def route_of(self, message: str) -> Route | None:
        """The route that a message selects; None where there is neither that nor $default."""
        key = _evaluated(self.selection, message)
        found = self.routes.get(key) if key not in (None, CONNECT, DISCONNECT) else None
        return found or self.routes.get(DEFAULT)


def from_calls(
    api: Mapping[str, Any],
    routes: Iterable[Mapping[str, Any]],
    integrations: Iterable[Mapping[str, Any]],
    authorizers: Iterable[Mapping[str, Any]] = (),
    answered: Iterable[str] = (),
) -> WebSocketApi:
    """A WebSocketApi from what GetApi, GetRoutes, GetIntegrations and GetAuthorizers return.

    Args:
        answered: the ids of routes with a route response, which GetRoutes does not tell.
    """
    by_id = {each["integrationId"]: each for each in integrations}
    with_response = set(answered)
    return WebSocketApi(
        name=api["name"],
        selection=api["routeSelectionExpression"],
        routes={
            each["routeKey"]: _route(each, by_id, each["routeId"] in with_response)
            for each in routes
        },
        authorizers={each["authorizerId"]: _authorizer(each) for each in authorizers},
    )


def check_deployable(api: WebSocketApi) -> None:
    """Refuse what CreateDeployment refuses.

    Raises:
        InvalidApi: there is no route, or one without an integration.
    """
    if not api.routes:
        raise InvalidApi("At least one route is required before deploying the Api.")
    for route in api.routes.values():
        if not route.uri:
            raise InvalidApi(f"Route {route.key} has no integration")


def _route(
    route: Mapping[str, Any], integrations: Mapping[str, Mapping[str, Any]], has_response: bool
) -> Route:
    target = (route.get("target") or "").removeprefix("integrations/")
    integration = integrations.get(target, {})
    return Route(
        key=route["routeKey"],
        uri=integration.get("integrationUri") or "",
        timeout_ms=int(integration.get("timeoutInMillis") or DEFAULT_TIMEOUT_MS),
        authorization_type=route.get("authorizationType") or "NONE",
        authorizer_id=route.get("authorizerId"),
        answers=has_response and route.get("routeResponseSelectionExpression") == DEFAULT,
    )


def _authorizer(call: Mapping[str, Any]) -> Authorizer:
    return Authorizer(
        id=call["authorizerId"],
        name=call.get("name", ""),
        type=(call.get("authorizerType") or "REQUEST").upper(),
        uri=call.get("authorizerUri") or "",
        identity_sources=tuple(call.get("identitySource") or ()),
        ttl_seconds=0,  # AWS keeps policies for REST and HTTP APIs alone
    )


_VARIABLE = re.compile(
    r"\\\$|\$\{request\.body\.(?P<braced>[\w.\-]+)\}|\$request\.body\.(?P<plain>[\w.\-]+)"
)


def emulated_selection(expression: str) -> bool:
    """Whether a route selection expression asks for nothing but the message's body."""
    return "$" not in _VARIABLE.sub("", expression)


def _evaluated(expression: str, message: str) -> str | None:
    """The key that an expression makes of a message; None when it cannot be evaluated."""
    try:
        body = json.loads(message)
    except ValueError:
        return None
    values = []

    def value(found: re.Match[str]) -> str:
        path = found["braced"] or found["plain"]
        values.append(_at(body, path.split(".")) if path else "$")
        return str(values[-1])

    key = _VARIABLE.sub(value, expression)
    return None if None in values else key


def _at(body: Any, path: list[str]) -> str | None:
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    if isinstance(body, bool | int | float):
        return json.dumps(body)
    return body if isinstance(body, str) else None
