"""@connections: posting to a connection, looking at it, cutting it off.

Page: "Use @connections commands in your backend service"; errors are those of botocore's model of
apigatewaymanagementapi. Who may call is the front's and iam's matter.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from workbook.cloud.gateway.responses import JSON, OwnAnswer, Response
from workbook.cloud.gateway.sockets.closing import MESSAGE_LIMIT, Code, Gone
from workbook.cloud.gateway.sockets.connection import Connection
from workbook.cloud.gateway.sockets.service import WebSockets

_ID = re.compile(r"[A-Za-z0-9_-]{15}=")
GONE = OwnAnswer(410, "GoneException", "")
FORBIDDEN = OwnAnswer(403, "ForbiddenException", '{"message":"Forbidden"}')
TOO_LARGE = OwnAnswer(413, "PayloadTooLargeException", '{"message":"Message too long"}')
NOT_ALLOWED = OwnAnswer(
    403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}'
)


def answer(
    sockets: WebSockets, api_id: str, stage: str, connection_id: str, method: str, body: bytes
) -> Response:
    """Answer one request."""
    if not sockets.deployed(api_id, stage):
        return FORBIDDEN.response()
    if not _ID.fullmatch(connection_id):
        message = json.dumps({"message": f"Invalid connectionId: {connection_id}"})
        return OwnAnswer(400, "BadRequestException", message).response()
    connection = sockets.connection(api_id, stage, connection_id)
    if connection is None or not connection.open:
        return GONE.response()
    match method:
        case "GET":
            return Response(200, (("Content-Type", JSON),), _described(connection))
        case "DELETE":
            connection.close(Code.NORMAL, "Connection Closed Normally")
            return Response(204, (), b"")
        case "POST":
            return _post(connection, body)
    return NOT_ALLOWED.response()


def _post(connection: Connection, body: bytes) -> Response:
    if len(body) > MESSAGE_LIMIT:
        return TOO_LARGE.response()
    try:
        connection.send(body.decode("utf-8", "replace"))
    except Gone:
        return GONE.response()
    return Response(200, (), b"")


def _described(connection: Connection) -> bytes:
    status = connection.status()
    told = {
        "connectedAt": _iso(status["connected_at"]),
        "identity": {"sourceIp": status["source_ip"], "userAgent": status["user_agent"]},
        "lastActiveAt": _iso(status["last_active_at"]),
    }
    return json.dumps(told).encode()


def _iso(moment: float) -> str:
    stamp = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return stamp.replace("+00:00", "Z")
