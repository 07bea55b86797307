"""Signed requests: botocore signs, the gateway checks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import botocore.auth
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from workbook.cloud.websocket_client import Refused

KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ROOT = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3d4e5/api"


@pytest.fixture
def signed(served: Any, build: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Routes behind AWS_IAM; botocore signs by the gateway's clock."""
    methods = {"ANY": build.method(authorizationType="AWS_IAM")}
    api = build.api({"/": methods, "/{proxy+}": methods})
    monkeypatch.setattr(
        botocore.auth,
        "get_current_datetime",
        lambda remove_tzinfo=True: datetime.fromtimestamp(served.clock.now, UTC).replace(
            tzinfo=None if remove_tzinfo else UTC
        ),
    )
    return served.deploy(api)


def sign(
    method: str,
    url: str,
    body: bytes = b"",
    *,
    secret: str = SECRET,
    key: str = KEY_ID,
    service: str = "execute-api",
    query: bool = False,
    headers: Any = None,
    token: str | None = None,
) -> AWSRequest:
    request = AWSRequest(method, url, data=body, headers={"Host": urlsplit(url).netloc})
    for name, value in (headers or {}).items():
        request.headers[name] = value
    credentials = Credentials(key, secret, token)
    auth = (
        SigV4QueryAuth(credentials, service, "us-east-1", expires=60)
        if query
        else SigV4Auth(credentials, service, "us-east-1")
    )
    auth.add_auth(request)
    return request


def send(stage: Any, request: AWSRequest, **changed: Any) -> Any:
    parts = urlsplit(request.url)
    target = parts.path.removeprefix("/_aws/execute-api/a1b2c3d4e5/api") or "/"
    target += f"?{parts.query}" if parts.query else ""
    target = changed.pop("target", target)
    options = {"headers": list(request.headers.items()), "body": request.data or b"", **changed}
    return stage.call(request.method, target, **options)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/", b""),
        ("GET", "/items/a%20b/c~d?b=2&a=1&a=%2F&empty=", b""),
        ("POST", "/items/caf%C3%A9", b'{"a": 1}'),
        ("PUT", "/it:em@s", b"x" * 1000),
    ],
)
@pytest.mark.parametrize("token", [None, "session-token"])
def test_what_botocore_signs_is_let_in(
    signed: Any, method: str, target: str, body: bytes, token: str | None
) -> None:
    request = sign(method, ROOT + target, body, headers={"X-More": " a  b "}, token=token)
    assert send(signed, request).status == 200
    assert signed.event["requestContext"]["identity"]["accessKey"] == KEY_ID
    assert signed.event["requestContext"]["identity"]["userArn"].endswith(":user/ada")
    assert "Authorization" not in signed.event["headers"]
    assert "authorizer" not in signed.event["requestContext"]


def test_a_presigned_address_is_let_in_for_its_time(signed: Any) -> None:
    request = sign("GET", ROOT + "/items?a=1", query=True)
    assert send(signed, request).status == 200
    signed.clock.advance(61)
    assert send(signed, request).status == 403


def test_who_may_is_asked_with_the_method_s_arn(signed: Any) -> None:
    send(signed, sign("GET", ROOT + "/items/5"))
    arn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/api/GET/items/5"
    assert signed.callers.asked == [arn]


def refusal(answer: Any) -> tuple[int, str | None, str]:
    return answer.status, answer.header("x-amzn-ErrorType"), answer.json["message"]


def test_no_signature_is_a_missing_token(signed: Any) -> None:
    answer = signed.get("/items")
    assert refusal(answer) == (
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    )


def test_an_unknown_key_is_an_invalid_token(signed: Any) -> None:
    answer = send(signed, sign("GET", ROOT + "/items", key="AKIDNOBODY"))
    assert refusal(answer) == (
        403,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


def test_another_secret_is_a_mismatch_and_the_canonical_string_is_told(signed: Any) -> None:
    status, kind, told = refusal(send(signed, sign("GET", ROOT + "/items", secret="other")))
    assert (status, kind) == (403, "InvalidSignatureException")
    assert told.startswith("The request signature we calculated does not match")
    assert "'GET\n/_aws/execute-api/a1b2c3d4e5/api/items\n" in told


@pytest.mark.parametrize(
    "changed",
    [{"body": b"other"}, {"target": "/others"}, {"target": "/items?a=2"}],
    ids=["body", "path", "query"],
)
def test_what_was_changed_after_signing_is_a_mismatch(signed: Any, changed: Any) -> None:
    answer = send(signed, sign("POST", ROOT + "/items?a=1", b"body"), **changed)
    assert refusal(answer)[1] == "InvalidSignatureException"


def test_an_old_signature_has_expired(signed: Any) -> None:
    request = sign("GET", ROOT + "/items")
    signed.clock.advance(5 * 60 + 1)
    told = refusal(send(signed, request))[2]
    assert re.match(
        r"Signature expired: 20150409T123456Z is now earlier than 20150409T123457Z "
        r"\(20150409T123957Z - 5 min\.\)",
        told,
    )


def test_a_signature_for_another_service_is_refused(signed: Any) -> None:
    told = refusal(send(signed, sign("GET", ROOT + "/items", service="s3")))[2]
    assert told == "Credential should be scoped to correct service: 'execute-api'. "


def test_what_is_no_signature_is_told_what_it_lacks(signed: Any) -> None:
    status, kind, told = refusal(signed.get("/items", headers={"Authorization": "Bearer x"}))
    assert (status, kind) == (403, "IncompleteSignatureException")
    assert told == (
        "Authorization header requires 'Credential' parameter. "
        "Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. "
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=Bearer x"
    )


def test_a_connection_may_have_to_be_signed_too(
    line: Any, signed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.deploy({"$connect": "chat", "$default": "chat"}, authorizationType="AWS_IAM")
    with pytest.raises(Refused) as refused:
        line.connect()
    assert refused.value.status_code == 403
    presigned = sign("GET", line.client.url.replace("ws://", "http://"), query=True).url
    with line.connect("?" + presigned.partition("?")[2]):
        identity = line.functions.events[-1]["requestContext"]["identity"]
    assert identity["accessKey"] == KEY_ID
    assert line.gateway._callers.asked[-1].endswith("/api/$connect")
