"""Tokens of Cognito user pools: whose they are, and what they claim.

Pages: "Control access to REST APIs using Amazon Cognito user pools as an authorizer", "Verifying
JSON web tokens". A method without scopes takes id tokens, one with scopes takes access tokens that
have one of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workbook.cloud.gateway.responses import EXPIRED_TOKEN, UNAUTHORIZED, Refused

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class UserPool:
    """What a pool's tokens are held against.

    Args:
        issuer: the pool's address, which its tokens name.
        key: its public key, as a JSON web key.
        clients: the ids of its app clients.
    """

    issuer: str
    key: Mapping[str, Any]
    clients: frozenset[str]


def claims(
    token: str | None, pools: Sequence[UserPool], scopes: Sequence[str], now: float
) -> dict[str, str]:
    """What a good token claims, as strings, the way API Gateway hands it on.

    Args:
        token: a header's value, with or without "Bearer".
        scopes: any of which an access token must have; none asks for an id token.
        now: seconds since 1970.

    Raises:
        Refused: there is no token, or it is not good.
    """
    found = _verified((token or "").removeprefix("Bearer ").strip(), pools)
    if found.get("exp", 0) <= now:
        raise Refused(EXPIRED_TOKEN)
    if scopes:
        granted = set(str(found.get("scope", "")).split())
        allowed = found.get("token_use") == "access" and granted & set(scopes)
    else:
        allowed = found.get("token_use") == "id"
    if not allowed:
        raise Refused(UNAUTHORIZED)
    return {name: _text(name, value) for name, value in found.items()}


def _verified(token: str, pools: Sequence[UserPool]) -> dict[str, Any]:
    """The claims of a token that one of the pools has signed for one of its clients."""
    from joserfc import jwt  # slow to import, and seldom asked for
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey

    for pool in pools:
        try:
            key = RSAKey.import_key(dict(pool.key))
            found: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            continue
        client = found.get("client_id") or found.get("aud")
        if found.get("iss") == pool.issuer and client in pool.clients:
            return found
    raise Refused(UNAUTHORIZED)


def _text(name: str, value: Any) -> str:
    if name in ("exp", "iat"):
        moment = datetime.fromtimestamp(value, UTC)
        day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
        return f"{day} {month} {moment:%d %H:%M:%S} UTC {moment:%Y}"
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value)
