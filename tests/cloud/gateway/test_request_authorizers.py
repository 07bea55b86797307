"""Request authorizers: what they are told, by what callers are known, and connections' too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from workbook.cloud.gateway import InvalidApi
from workbook.cloud.websocket_client import Refused

SAMPLES = Path(__file__).parents[1] / "samples" / "gateway"
BY_HEADER = "method.request.header.X-Key"
# CloudFront stands before edge-optimized APIs only; clientCert needs mutual TLS.
FROM_ELSEWHERE = re.compile(r"CloudFront-|Via$|X-Amz-Cf-Id$|clientCert$")


def policy(effect: str = "Allow", resource: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "ada", "policyDocument": document, **more}


@pytest.fixture
def guarded(served: Any, build: Any) -> Any:
    """Deploys routes behind a request authorizer, whose function is `guard`."""

    def deploy(answer: Any = None, *, variables: Any = None, **details: Any) -> Any:
        made = policy() if answer is None else answer
        served.functions.handlers["guard"] = made if callable(made) else lambda event: made
        authorizer = {
            "id": "au1",
            "name": "guard",
            "type": "REQUEST",
            "authorizerUri": build.uri("guard"),
            "identitySource": BY_HEADER,
            **details,
        }
        method = build.method(authorizationType="CUSTOM", authorizerId="au1")
        resources = {"/request": {"ANY": method}, "/items/{id}": {"ANY": method}}
        return served.deploy(build.api(resources, [authorizer]), variables=variables or {})

    return deploy


def times_asked(stage: Any) -> int:
    return int(stage.functions.called.count("guard"))


def told(stage: Any) -> Any:
    return next(each for each in stage.functions.events if each.get("type") == "REQUEST")


def kinds(value: Any) -> Any:
    if isinstance(value, dict):
        named = {key: kinds(each) for key, each in value.items()}
        return {key: each for key, each in named.items() if not FROM_ELSEWHERE.match(key)}
    return [kinds(each) for each in value] if isinstance(value, list) else type(value).__name__


def covers(ours: Any, published: Any) -> bool:
    """Whether all that was published is there, of the same kind; AWS has added to it since."""
    if isinstance(published, dict):
        return all(name in ours and covers(ours[name], each) for name, each in published.items())
    return bool(ours == published)


def test_the_function_gets_what_the_published_sample_shows(guarded: Any) -> None:
    published = json.loads((SAMPLES / "RequestAuthorizer.json").read_text())
    stage = guarded(variables={"StageVar1": "stageValue1"}, identitySource="context.httpMethod")
    headers = {
        name: value
        for name, value in published["headers"].items()
        if not FROM_ELSEWHERE.match(name) and not name.startswith("X-Forwarded")
    }
    stage.get("/request?QueryString1=queryValue1", headers={**headers, "X-Api-Key": "k"})
    event = told(stage)
    assert event.keys() == published.keys()
    assert covers(kinds(event), kinds(published))
    assert event["methodArn"].endswith("/api/GET/request")
    assert event["requestContext"]["identity"]["apiKey"] == "k"
    assert event["pathParameters"] == {}


def test_the_body_is_not_told(guarded: Any) -> None:
    stage = guarded()
    stage.call("POST", "/request", headers={"X-Key": "1"}, body=b"secret")
    assert "body" not in told(stage)
    assert stage.event["body"] == "secret"


def test_what_the_function_said_reaches_the_integration(guarded: Any) -> None:
    stage = guarded(policy(context={"team": "sales", "level": 3}))
    assert stage.get("/request", headers={"X-Key": "1"}).status == 200
    authorizer = stage.event["requestContext"]["authorizer"]
    assert authorizer["principalId"] == "ada"
    assert (authorizer["team"], authorizer["level"]) == ("sales", "3")


@pytest.mark.parametrize(
    ("source", "headers", "target"),
    [
        (BY_HEADER, {}, "/request"),
        (BY_HEADER, {"X-Key": ""}, "/request"),
        (f"{BY_HEADER}, method.request.querystring.q", {"X-Key": "1"}, "/request"),
        ("method.request.querystring.q", {}, "/request?q="),
        ("stageVariables.color", {}, "/request"),
        ("context.identity.caller", {}, "/request"),
    ],
)
def test_without_its_identity_sources_nobody_is_asked(
    guarded: Any, source: str, headers: Any, target: str
) -> None:
    stage = guarded(identitySource=source)
    answer = stage.get(target, headers=headers)
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert times_asked(stage) == 0


def test_a_policy_is_kept_for_all_identity_sources_together(guarded: Any) -> None:
    stage = guarded(identitySource=f"{BY_HEADER},method.request.querystring.q")
    for key, q in (("1", "a"), ("1", "a"), ("1", "b"), ("2", "a"), ("1", "b")):
        assert stage.get(f"/request?q={q}", headers={"X-Key": key}).status == 200
    assert times_asked(stage) == 3
    stage.clock.advance(300)
    stage.get("/request?q=a", headers={"X-Key": "1"})
    assert times_asked(stage) == 4


def test_without_sources_and_without_a_cache_every_request_is_asked_about(guarded: Any) -> None:
    stage = guarded(identitySource=None, authorizerResultTtlInSeconds=0)
    assert [stage.get("/request").status for _ in range(2)] == [200, 200]
    assert times_asked(stage) == 2


def test_a_cache_without_sources_cannot_be_deployed(guarded: Any) -> None:
    with pytest.raises(InvalidApi, match="Identity source"):
        guarded(identitySource=None)


def test_a_kept_policy_that_names_one_path_denies_the_next(guarded: Any) -> None:
    stage = guarded(lambda event: policy(resource=event["methodArn"]))
    assert stage.get("/request", headers={"X-Key": "1"}).status == 200
    refused = stage.get("/items/1", headers={"X-Key": "1"})
    assert refused.status == 403
    assert refused.json == {"Message": "User is not authorized to access this resource"}


def test_swagger_describes_one(served: Any, build: Any) -> None:
    document = {
        "swagger": "2.0",
        "info": {"title": "shop"},
        "securityDefinitions": {
            "guard": {
                "type": "apiKey",
                "name": "Unused",
                "in": "header",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {
                    "type": "request",
                    "authorizerUri": build.uri("guard"),
                    "identitySource": "method.request.header.A, method.request.querystring.b",
                },
            }
        },
        "paths": {},
    }
    api = served.gateway.import_swagger("x", document, overwrite=True)
    guard = api.authorizers["guard"]
    assert guard.type == "REQUEST"
    assert guard.identity_sources == ("method.request.header.A", "method.request.querystring.b")


# ── connections ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def line_guarded(line: Any, build: Any) -> Any:
    """Deploys a WebSocket API whose $connect is behind a request authorizer."""

    def deploy(answer: Any = None) -> Any:
        line.functions.handlers["guard"] = lambda event: answer or policy(context={"team": "tea"})
        authorizer = {
            "authorizerId": "au1",
            "authorizerType": "REQUEST",
            "authorizerUri": build.uri("guard"),
            "identitySource": ["route.request.header.X-Key"],
            "authorizerResultTtlInSeconds": 0,
        }
        routes = {"$connect": "chat", "$default": "chat", "$disconnect": "chat"}
        return line.deploy(
            routes,
            authorizers=[authorizer],
            authorizationType="CUSTOM",
            authorizerId="au1",
            answering=("$default",),
        )

    return deploy


def test_a_connection_s_authorizer_is_told_of_the_handshake(line_guarded: Any) -> None:
    line = line_guarded()
    with line.connect("?room=tea", headers={"X-Key": "1"}):
        event = told(line)
    assert event["methodArn"].endswith(":a1b2c3d4e5/api/$connect")
    assert event["headers"]["X-Key"] == "1"
    assert event["queryStringParameters"] == {"room": "tea"}
    assert event["requestContext"]["eventType"] == "CONNECT"
    assert event["stageVariables"] == {}


def test_what_a_connection_s_authorizer_said_stays_with_it(line_guarded: Any) -> None:
    line = line_guarded()
    line.functions.handlers["chat"] = lambda event: {
        "body": event["requestContext"]["authorizer"]["team"]
    }
    with line.connect(headers={"X-Key": "1"}) as client:
        client.send("who am I?")
        assert client.receive() == "tea"


@pytest.mark.parametrize(
    ("headers", "answer", "status"),
    [({}, None, 401), ({"X-Key": "1"}, policy("Deny"), 403), ({"X-Key": "1"}, {}, 500)],
)
def test_a_connection_that_is_not_authorized_is_refused(
    line_guarded: Any, headers: Any, answer: Any, status: int
) -> None:
    line = line_guarded(answer)
    if answer == {}:
        line.functions.handlers["guard"] = lambda event: {}
    with pytest.raises(Refused) as refused:
        line.connect(headers=headers)
    assert refused.value.status_code == status
    assert line.functions.called.count("chat") == 0
