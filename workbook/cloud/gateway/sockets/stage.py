"""A stage of a WebSocket API: one frozen snapshot, and what it does with each event.

$connect ──▶ authorizer ──▶ function ──▶ accepted?        message ──▶ route ──▶ function
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workbook.cloud.gateway import proxy
from workbook.cloud.gateway.admission import Account, Gatekeeper, Guard
from workbook.cloud.gateway.lambda_calls import LambdaCalls
from workbook.cloud.gateway.responses import FORBIDDEN, MALFORMED_OUTPUT, Refused, Response
from workbook.cloud.gateway.sockets.event import (
    Client,
    Occasion,
    connect_event,
    disconnect_event,
    message_event,
)
from workbook.cloud.gateway.sockets.model import CONNECT, DISCONNECT, Route, WebSocketApi


class SocketStage:
    """A deployment behind a stage's name."""

    def __init__(
        self,
        api: WebSocketApi,
        *,
        variables: Mapping[str, str],
        region: str,
        calls: LambdaCalls,
        account: Account,
        clock: Callable[[], float],
    ) -> None:
        self.api = api
        self.variables = variables
        self._region = region
        self._calls = calls
        self._gatekeeper = Gatekeeper(
            api.authorizers, variables=variables, calls=calls, account=account, clock=clock
        )

    def connect(self, client: Client, occasion: Occasion) -> tuple[Client, str | None]:
        """Let a client in: what is known of it now, and the subprotocol that was agreed on.

        Raises:
            Refused: as API Gateway answers who may not connect, or a broken function.
            RefusedByFunction: with what the function answered.
        """
        route = self.api.routes.get(CONNECT)
        if route is None:
            return client, None
        client = self._authorized(client, route, occasion)
        response = self._call(route, connect_event(client, occasion), occasion)
        if not 200 <= response.status <= 299:
            raise RefusedByFunction(response)
        agreed = [v for name, v in response.headers if name.lower() == "sec-websocket-protocol"]
        return client, next(iter(agreed), None)

    def message(self, client: Client, occasion: Occasion, text: str) -> str | None:
        """Handle a message; what goes back to the client.

        Raises:
            Refused: no route for it, or a broken function.
        """
        route = self.api.route_of(text)
        if route is None:
            raise Refused(FORBIDDEN)
        response = self._call(route, message_event(client, occasion, route.key, text), occasion)
        return response.body.decode() if route.answers and response.body else None

    def route_of(self, text: str) -> str:
        """The key of the route that a message takes; "" without one."""
        route = self.api.route_of(text)
        return route.key if route else ""

    def disconnect(self, client: Client, occasion: Occasion, end: tuple[int, str | None]) -> None:
        """Tell $disconnect's function of the end."""
        route = self.api.routes.get(DISCONNECT)
        if route is not None:
            self._call(route, disconnect_event(client, occasion, *end), occasion)

    def _authorized(self, client: Client, route: Route, occasion: Occasion) -> Client:
        guard = Guard(route.authorization_type, route.authorizer_id)
        arn = (
            f"arn:aws:execute-api:{self._region}:{client.account}:"
            f"{client.api_id}/{client.stage}/{CONNECT}"
        )

        def described() -> dict[str, Any]:
            event = connect_event(client, occasion)
            query: dict[str, Any] = {
                "queryStringParameters": {},
                "multiValueQueryStringParameters": {},
            }
            return {**query, "stageVariables": {}, **event}

        admission = self._gatekeeper.admit(guard, client.request, arn, occasion.trace, described)
        return replace(client, authorizer=admission.context, identity=admission.identity)

    def _call(self, route: Route, event: Mapping[str, Any], occasion: Occasion) -> Response:
        result = self._calls.call(
            route.uri,
            self.variables,
            json.dumps(event).encode(),
            occasion.trace,
            timeout=route.timeout_ms / 1000,
        )
        if result.function_error is not None:
            raise Refused(MALFORMED_OUTPUT)
        return proxy.response(result.payload, None, ())


class RefusedByFunction(Exception):
    """$connect's function answered something else than a success."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response
