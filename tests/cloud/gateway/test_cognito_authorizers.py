"""Tokens of Cognito user pools: which are good, and what of them a function is told."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from workbook.cloud.gateway import UserPool

POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc"
KEY = RSAKey.generate_key(2048)
OTHER_KEY = RSAKey.generate_key(2048)


def token(stage: Any, use: str = "id", key: RSAKey = KEY, **changed: Any) -> str:
    now = int(stage.clock.now)
    client = {"aud": "client1"} if use == "id" else {"client_id": "client1", "scope": "shop/read"}
    claims = {
        "iss": ISSUER,
        "sub": "u-1",
        "token_use": use,
        "iat": now,
        "auth_time": now,
        "exp": now + 3600,
        **client,
        **changed,
    }
    return jwt.encode({"alg": "RS256", "kid": "k"}, claims, key)


@pytest.fixture
def guarded(served: Any, build: Any) -> Any:
    """Two routes: / takes id tokens, /read takes access tokens that may shop/read."""
    served.callers.pools[POOL] = UserPool(
        ISSUER, KEY.as_dict(private=False), frozenset({"client1"})
    )
    pool = {"id": "au1", "name": "pool", "type": "COGNITO_USER_POOLS", "providerARNs": [POOL]}
    secured = {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": "au1"}
    reading = build.method(authorizationScopes=["shop/read", "shop/all"], **secured)
    resources = {"/": {"GET": build.method(**secured)}, "/read": {"GET": reading}}
    return served.deploy(build.api(resources, [pool]))


def ask(stage: Any, target: str, sent: str | None) -> Any:
    return stage.get(target, headers={} if sent is None else {"Authorization": sent})


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_an_id_token_opens_the_route(guarded: Any, prefix: str) -> None:
    assert ask(guarded, "/", prefix + token(guarded)).status == 200


def test_claims_are_told_as_strings_and_times_as_dates(guarded: Any) -> None:
    ask(guarded, "/", token(guarded, email_verified=True, **{"cognito:groups": ["a", "b"]}))
    claims = guarded.event["requestContext"]["authorizer"]["claims"]
    assert claims == {
        "iss": ISSUER,
        "sub": "u-1",
        "token_use": "id",
        "aud": "client1",
        "iat": "Thu Apr 09 12:34:56 UTC 2015",
        "exp": "Thu Apr 09 13:34:56 UTC 2015",
        "auth_time": "1428582896",
        "email_verified": "true",
        "cognito:groups": "a,b",
    }


def test_an_access_token_with_the_scope_opens_the_route(guarded: Any) -> None:
    sent = token(guarded, "access", scope="openid shop/read")
    assert ask(guarded, "/read", sent).status == 200


@pytest.mark.parametrize(
    ("target", "use", "changed"),
    [
        ("/", "access", {}),
        ("/read", "id", {}),
        ("/read", "access", {"scope": "shop/write"}),
        ("/", "id", {"iss": ISSUER + "x"}),
        ("/", "id", {"aud": "another"}),
        ("/", "id", {"key": OTHER_KEY}),
    ],
)
def test_another_token_does_not(guarded: Any, target: str, use: str, changed: Any) -> None:
    answer = ask(guarded, target, token(guarded, use, **changed))
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert guarded.functions.events == []


@pytest.mark.parametrize("sent", [None, "", "Bearer", "a.b.c", "\u00e9"])
def test_what_is_no_token_does_not(guarded: Any, sent: str | None) -> None:
    assert ask(guarded, "/", sent).status == 401


def test_a_token_signed_with_nothing_does_not(guarded: Any) -> None:
    head, body, _ = token(guarded).split(".")
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    assert ask(guarded, "/", unsigned).status == 401
    assert ask(guarded, "/", f"{head}.{body}.").status == 401


def test_an_expired_token_is_told_to_be_one(guarded: Any) -> None:
    sent = token(guarded)
    guarded.clock.advance(3600)
    answer = ask(guarded, "/", sent)
    assert (answer.status, answer.json) == (401, {"message": "The incoming token has expired"})
