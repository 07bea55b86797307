"""Who calls, and what they may do: bearer tokens, checked by a function before the API's own.

A token is a JWT (HS256) with a subject, a stage, scopes and an end. The gateway asks `token` once
a minute for each token it meets, and refuses: 401 without one or with a bad one, 403 without the
scope. `stage.py token` makes them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalice import AuthResponse, AuthRoute, Blueprint
from chalice.app import AuthRequest

from chalicelib.keys import Key, keyring
from chalicelib.logs import logger
from chalicelib.scopes import READ, WRITE
from chalicelib.settings import settings

LONGEST = timedelta(hours=12)
_ALGORITHM = "HS256"
_NEEDED = ["sub", "aud", "iat", "exp", "scope"]

blueprint = Blueprint(__name__)


class Unauthorized(Exception):
    """With this very message the gateway answers 401 rather than 403; see its page "Output from an
    API Gateway Lambda authorizer"."""


@blueprint.authorizer(name="token", ttl_seconds=60)
def token(request: AuthRequest) -> AuthResponse:
    """What the caller of this token may call."""
    claims = verified(request.token)
    if claims is None:
        raise Unauthorized("Unauthorized")
    scopes = claims["scope"].split()
    routes: list[str | AuthRoute] = []
    if READ in scopes:
        routes.append(AuthRoute("/*", ["GET"]))
    if WRITE in scopes:
        routes.append(AuthRoute("/*", ["POST", "PUT", "DELETE"]))
    return AuthResponse(routes=routes, principal_id=claims["sub"])


def verified(header: str) -> dict[str, Any] | None:
    """The claims of an Authorization header's token; None unless all of it holds."""
    import jwt  # the authorizer alone needs it, and it takes 20 ms to import

    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        key = keyring().find(str(jwt.get_unverified_header(text).get("kid", "")))
        if key is None:
            return None
        claims: dict[str, Any] = jwt.decode(
            text,
            key.value,
            algorithms=[_ALGORITHM],
            audience=settings().stage,
            options={"require": _NEEDED},
        )
    except jwt.InvalidTokenError as error:
        logger.info("token refused", reason=type(error).__name__)  # never the token itself
        return None
    if not isinstance(claims["scope"], str) or not isinstance(claims["sub"], str):
        return None
    return claims if claims["exp"] - claims["iat"] <= LONGEST.total_seconds() else None


def issued(
    key: Key, subject: str, stage: str, scopes: list[str], now: datetime, end: datetime
) -> str:
    """A token signed with that key."""
    import jwt

    claims = {"sub": subject, "aud": stage, "scope": " ".join(scopes), "iat": now, "exp": end}
    return jwt.encode(claims, key.value, algorithm=_ALGORITHM, headers={"kid": key.key_id})
