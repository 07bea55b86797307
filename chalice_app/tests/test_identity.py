"""Tokens: signed, scoped, expiring; their keys rotated without logging anybody out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import jwt
import pytest
from callers import Api, bearer
from chalice.test import HTTPResponse

from chalicelib import keys
from chalicelib.identity import Unauthorized, issued, token, verified
from chalicelib.keys import Key, Keyring, current_key, previous_key
from chalicelib.settings import settings

NOW = datetime.now(UTC)
METHOD = "arn:aws:execute-api:us-east-1:1:api/dev/GET/items"


def claims(**changed: Any) -> dict[str, Any]:
    end = NOW + timedelta(hours=6)
    whole = {"sub": "ada", "aud": "dev", "scope": "read", "iat": NOW, "exp": end, **changed}
    return {name: value for name, value in whole.items() if value is not None}


def signed(key: Key | None = None, algorithm: str = "HS256", **changed: Any) -> str:
    key = key or current_key(settings().signing_secret)
    text = jwt.encode(
        claims(**changed), key.value, algorithm=algorithm, headers={"kid": key.key_id}
    )
    return f"Bearer {text}"


def test_a_token_that_holds_says_who_and_what(on_moto: dict[str, str]) -> None:
    found = verified(signed(scope="read write"))
    assert found is not None
    assert (found["sub"], found["scope"]) == ("ada", "read write")


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW - timedelta(seconds=1)},
        {"iat": NOW + timedelta(hours=1)},
        {"exp": NOW + timedelta(hours=13)},  # longer than tokens may live
        {"aud": "prod"},
        {"exp": None},
        {"aud": None},
        {"sub": None},
        {"scope": None},
        {"iat": None},
        {"scope": ["read"]},
        {"sub": 7},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_token_of_which_one_claim_is_wrong_does_not_hold(
    on_moto: dict[str, str], changed: dict[str, Any]
) -> None:
    assert verified(signed(**changed)) is None


def test_a_token_signed_by_another_does_not_hold(on_moto: dict[str, str]) -> None:
    ours = current_key(settings().signing_secret)
    assert verified(signed(Key(ours.key_id, "x" * 64))) is None
    assert verified(signed(Key("unknown", ours.value))) is None


def test_a_token_without_signature_does_not_hold(on_moto: dict[str, str]) -> None:
    key_id = current_key(settings().signing_secret).key_id
    unsigned = jwt.encode(claims(), None, algorithm="none", headers={"kid": key_id})
    assert verified(f"Bearer {unsigned}") is None


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer ü"]
)
def test_a_header_that_is_no_token_does_not_hold(on_moto: dict[str, str], header: str) -> None:
    assert verified(header) is None


def ask(header: str) -> dict[str, Any]:
    event = {"type": "TOKEN", "authorizationToken": header, "methodArn": METHOD}
    return dict(token(event, None))


def test_one_who_is_not_known_is_told_401(on_moto: dict[str, str]) -> None:
    with pytest.raises(Unauthorized, match="^Unauthorized$"):  # the gateway looks for this word
        ask("Bearer nonsense")


@pytest.mark.parametrize(
    ("scopes", "methods"),
    [
        (["read"], {"GET"}),
        (["write"], {"POST", "PUT", "DELETE"}),
        (["read", "write"], {"GET", "POST", "PUT", "DELETE"}),
        ([], set()),
        (["admin"], set()),
    ],
    ids=lambda names: "+".join(sorted(names)) or "none",
)
def test_scopes_open_methods(on_moto: dict[str, str], scopes: list[str], methods: set[str]) -> None:
    policy = ask(bearer(scopes))["policyDocument"]
    allowed = {arn.split("/")[2] for arn in policy["Statement"][0]["Resource"]}
    assert allowed == methods


def test_a_reader_may_not_write(on_moto: dict[str, str], item_id: str) -> None:
    def status(answer: HTTPResponse) -> int:
        return answer.status_code

    reader = Api(["read"])
    assert status(reader.call("GET", "/items")) == 200
    assert status(reader.call("POST", "/items", {"item_id": item_id})) == 403
    assert status(Api(["write"]).call("GET", "/items")) == 403


# ── keys ──


@pytest.fixture
def secret(on_moto: dict[str, str], item_id: str) -> str:
    made = boto3.client("secretsmanager").create_secret(Name=item_id, SecretString="first")
    return str(made["ARN"])


def rotate(secret: str, value: str) -> None:
    boto3.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=value)


def test_a_rotation_keeps_the_key_before_and_drops_the_one_before_that(secret: str) -> None:
    first = current_key(secret)
    assert previous_key(secret) == []
    rotate(secret, "second")
    second, ring = current_key(secret), Keyring(secret)
    assert (ring.find(first.key_id), ring.find(second.key_id)) == (first, second)
    rotate(secret, "third")
    ring = Keyring(secret)
    assert ring.find(first.key_id) is None
    assert ring.find(second.key_id) == second


def test_a_key_that_is_not_known_yet_is_looked_for_but_not_by_every_request(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, reads = Keyring(secret), []
    read = ring._read
    monkeypatch.setattr(ring, "_read", lambda: (reads.append(1), read())[1])
    assert ring.find(current_key(secret).key_id, now=0) is not None
    rotate(secret, "second")
    assert ring.find(current_key(secret).key_id, now=1) is not None
    assert len(reads) == 2
    rotate(secret, "third")
    newest = current_key(secret)
    assert [ring.find(newest.key_id, now=second) for second in (1.1, 5, 11)] == [None] * 3
    assert len(reads) == 2
    assert ring.find(newest.key_id, now=11.1) == newest
    assert len(reads) == 3


def test_keys_are_read_again_when_they_may_have_gone(secret: str) -> None:
    ring, first = Keyring(secret), current_key(secret)
    assert ring.find(first.key_id, now=0) == first
    rotate(secret, "second")
    rotate(secret, "third")
    assert ring.find(first.key_id, now=keys.FRESH_SECONDS) == first
    assert ring.find(first.key_id, now=keys.FRESH_SECONDS + 1) is None


def test_neither_key_nor_token_is_ever_logged(
    on_moto: dict[str, str], logged: Callable[[], list[dict[str, Any]]]
) -> None:
    key = current_key(settings().signing_secret)
    header = signed(exp=NOW - timedelta(hours=1))
    verified(header)
    [line] = logged()
    assert line["reason"] == "ExpiredSignatureError"
    assert key.value not in repr(line) + repr(key)
    assert header.split()[1] not in repr(line)


def test_a_token_made_by_stage_py_holds(on_moto: dict[str, str]) -> None:
    key = current_key(settings().signing_secret)
    text = issued(key, "ada", "dev", ["read"], NOW, NOW + timedelta(hours=6))
    found = verified(f"bearer {text}")
    assert found is not None
    assert found["sub"] == "ada"
