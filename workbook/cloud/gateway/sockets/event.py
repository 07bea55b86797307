"""The events that functions behind a WebSocket API receive, in AWS's shape.

Page: "Set up a WebSocket API integration request"; the fields of each kind are those of AWS's
published samples (tests/cloud/samples/gateway). Only $connect has the client's headers and query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.cloud.gateway.event import clf_time, forwarded, grouped, new_id, new_trace
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.sockets.model import CONNECT, DISCONNECT


@dataclass(frozen=True)
class Client:
    """A connection as its events tell of it, all its life."""

    account: str
    api_id: str
    stage: str
    connection_id: str
    connected_at: float  # seconds since 1970
    request: Request  # the handshake
    variables: Mapping[str, str]
    authorizer: Mapping[str, Any] | None = None
    identity: Mapping[str, Any] = field(default_factory=dict)  # of a signed handshake

    @property
    def domain(self) -> str:
        """The name under which the API answers."""
        if self.request.host.startswith(f"{self.api_id}."):
            return self.request.host
        port = f":{self.request.port}" if self.request.port else ""
        return f"{self.api_id}.execute-api.localhost{port}"


@dataclass(frozen=True)
class Occasion:
    """One event's own time and ids."""

    now: float
    trace: str
    request_id: str = field(default_factory=new_id)

    @classmethod
    def at(cls, now: float, sent_trace: str | None = None) -> Occasion:
        """An occasion that is now."""
        return cls(now, new_trace(sent_trace, now))


def connect_event(client: Client, occasion: Occasion) -> dict[str, Any]:
    """What $connect's function receives."""
    headers = forwarded(client.request, occasion.trace)
    event: dict[str, Any] = {"headers": dict(headers), "multiValueHeaders": grouped(headers)}
    if client.request.query:
        event["queryStringParameters"] = dict(client.request.query)
        event["multiValueQueryStringParameters"] = grouped(client.request.query)
    return event | _rest(client, occasion, CONNECT, "CONNECT")


def message_event(client: Client, occasion: Occasion, route: str, text: str) -> dict[str, Any]:
    """What a route's function receives for a message."""
    event = _rest(client, occasion, route, "MESSAGE", messageId=new_id())
    return event | {"body": text}


def disconnect_event(
    client: Client, occasion: Occasion, code: int, reason: str | None
) -> dict[str, Any]:
    """What $disconnect's function receives.

    Args:
        code: the close frame's, or 1005 or 1006 where there was none.
    """
    headers = [(name, value) for name, value in client.request.headers if name.lower() == "host"]
    headers += [("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")]
    end = {"disconnectStatusCode": code, "disconnectReason": reason}
    event: dict[str, Any] = {"headers": dict(headers), "multiValueHeaders": grouped(headers)}
    return event | _rest(client, occasion, DISCONNECT, "DISCONNECT", **end)


def _rest(client: Client, occasion: Occasion, route: str, kind: str, **more: Any) -> dict[str, Any]:
    agent = client.request.header("user-agent")
    identity: dict[str, Any] = {"userAgent": agent} if agent else {}
    context = {
        "routeKey": route,
        **more,
        "eventType": kind,
        "extendedRequestId": occasion.request_id,
        "requestTime": clf_time(occasion.now),
        "messageDirection": "IN",
        "stage": client.stage,
        "connectedAt": int(client.connected_at * 1000),
        "requestTimeEpoch": int(occasion.now * 1000),
        "identity": {**identity, "sourceIp": client.request.source_ip, **client.identity},
        "requestId": occasion.request_id,
        "domainName": client.domain,
        "connectionId": client.connection_id,
        "apiId": client.api_id,
    }
    if client.authorizer is not None:
        context["authorizer"] = dict(client.authorizer)
    variables = {"stageVariables": dict(client.variables)} if client.variables else {}
    return {**variables, "requestContext": context, "isBase64Encoded": False}
