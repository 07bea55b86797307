"""What a browser would learn of an app's CORS: the headers of an answer, and those of a preflight.

A preflight is the gateway's answer, not a view's, so `chalice.test.Client` has none. Chalice's
local gateway makes one, as `chalice local` does and as the deployed gateway would.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice import Chalice
from chalice.config import Config
from chalice.local import LocalGateway, LocalGatewayException

PREFIX = "access-control-"


def cors_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """The CORS headers among these, by their names in lower case."""
    return {
        name.lower(): str(value)
        for name, value in headers.items()
        if name.lower().startswith(PREFIX)
    }


def preflight(app: Chalice, path: str, origin: str, method: str) -> dict[str, str]:
    """The CORS headers with which a preflight of that path is answered.

    Args:
        origin, method: what the browser's page is, and what it wants to send.
    """
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    try:
        answer = LocalGateway(app, Config.create()).handle_request("OPTIONS", path, asked, b"")
    except LocalGatewayException:
        return {}
    return cors_headers({**answer["headers"], **answer["multiValueHeaders"]})


def listed(value: str | None) -> set[str]:
    """The members of a comma-separated header, in lower case."""
    return {part.strip().lower() for part in (value or "").split(",") if part.strip()}
