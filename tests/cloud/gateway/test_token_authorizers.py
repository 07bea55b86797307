"""Token authorizers: who is asked, what is answered, and how long it is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbook.cloud.gateway import InvalidApi

SAMPLES = Path(__file__).parents[1] / "samples" / "gateway"
EVERYTHING = "*"
NOT_AUTHORIZED = "User is not authorized to access this resource"


def policy(effect: str = "Allow", resource: Any = EVERYTHING, **more: Any) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "ada", "policyDocument": document, **more}


@pytest.fixture
def guarded(served: Any, build: Any) -> Any:
    """Deploys two guarded routes behind one authorizer, whose function is `guard`."""

    def deploy(answer: Any = None, *, scopes: Any = None, **details: Any) -> Any:
        made = policy() if answer is None else answer
        guard = made if callable(made) else lambda event: made
        served.functions.handlers["guard"] = guard
        authorizer = {
            "id": "au1",
            "name": "guard",
            "type": "TOKEN",
            "authorizerUri": build.uri("guard"),
            "identitySource": "method.request.header.Authorization",
            **details,
        }
        method = build.method(
            authorizationType="CUSTOM", authorizerId="au1", authorizationScopes=scopes
        )
        return served.deploy(
            build.api({"/items/{id}": {"ANY": method}, "/": {"GET": method}}, [authorizer])
        )

    return deploy


def ask(stage: Any, target: str = "/items/5", token: str = "t", method: str = "GET") -> Any:
    return stage.call(method, target, headers={"Authorization": token})


def times_asked(stage: Any) -> int:
    return int(stage.functions.called.count("guard"))


def test_the_function_gets_what_the_published_sample_shows(guarded: Any) -> None:
    stage = guarded()
    ask(stage, token="incoming-client-token")
    published = json.loads((SAMPLES / "ApiGatewayAuthorizer.json").read_text())
    received = stage.functions.events[0]
    assert received.keys() == published.keys()
    assert received == {
        "type": "TOKEN",
        "authorizationToken": "incoming-client-token",
        "methodArn": "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/api/GET/items/5",
    }


def test_the_root_and_the_method_stand_in_the_arn(guarded: Any) -> None:
    stage = guarded(authorizerResultTtlInSeconds=0)
    ask(stage, "/")
    ask(stage, "/items/a%20b", method="POST")
    arns = [event["methodArn"] for event in stage.functions.events if "methodArn" in event]
    assert [arn.partition("/")[2] for arn in arns] == ["api/GET/", "api/POST/items/a%20b"]


def test_who_was_allowed_reaches_the_function_with_the_context_as_strings(guarded: Any) -> None:
    context = {"team": "sales", "level": 3, "admin": True, "rate": 0.5}
    stage = guarded(policy(context=context))
    assert ask(stage).status == 200
    assert stage.event["requestContext"]["authorizer"] == {
        "principalId": "ada",
        "team": "sales",
        "level": "3",
        "admin": "true",
        "rate": "0.5",
        "integrationLatency": 0,
    }


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"X-Other": "t"}])
def test_without_a_token_nobody_is_asked(guarded: Any, headers: Any) -> None:
    stage = guarded()
    answer = stage.get("/items/5", headers=headers)
    assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
    assert answer.header("x-amzn-ErrorType") == "UnauthorizedException"
    assert times_asked(stage) == 0


def test_a_token_that_does_not_validate_is_not_shown_to_the_function(guarded: Any) -> None:
    stage = guarded(identityValidationExpression="^Bearer [a-z]+$")
    assert ask(stage, token="Bearer 123").status == 401
    assert times_asked(stage) == 0
    assert ask(stage, token="Bearer abc").status == 200


def test_an_expression_that_is_none_cannot_be_deployed(guarded: Any) -> None:
    with pytest.raises(InvalidApi, match="Invalid Authorizer validation expression"):
        guarded(identityValidationExpression="(")


def test_the_token_may_come_in_another_header(guarded: Any) -> None:
    stage = guarded(identitySource="method.request.header.X-Shop-Token")
    assert ask(stage).status == 401
    assert stage.get("/items/5", headers={"x-shop-token": "t"}).status == 200


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            policy("Deny"),
            f"{NOT_AUTHORIZED} with an explicit deny in an identity-based policy",
        ),
        (policy(resource=[]), NOT_AUTHORIZED),
        (policy(resource="arn:other"), NOT_AUTHORIZED),
    ],
)
def test_who_is_not_allowed_gets_a_403(guarded: Any, output: Any, message: str) -> None:
    answer = ask(guarded(output))
    assert (answer.status, answer.json) == (403, {"Message": message})
    assert answer.header("x-amzn-ErrorType") == "AccessDeniedException"


@pytest.mark.parametrize(
    "output",
    [
        None,
        "allow",
        {"principalId": "ada"},
        {"policyDocument": policy()["policyDocument"]},
        policy(principalId=7),
        policy(policyDocument={"Statement": []}),
        policy(context={"nested": {"a": 1}}),
        policy(context=["a"]),
        b"not JSON",
    ],
)
def test_a_malformed_answer_is_a_500_without_a_message(guarded: Any, output: Any) -> None:
    answer = ask(guarded(lambda event: output))
    assert (answer.status, answer.body) == (500, b'{"message":null}')
    assert answer.header("x-amzn-ErrorType") == "AuthorizerConfigurationException"


@pytest.mark.parametrize(("words", "status"), [("Unauthorized", 401), ("Invalid token", 500)])
def test_raising_unauthorized_is_the_one_error_that_is_an_answer(
    guarded: Any, build: Any, words: str, status: int
) -> None:
    def refuse(event: Any) -> Any:
        raise build.error(words)

    stage = guarded(refuse)
    assert ask(stage).status == ask(stage).status == status
    assert times_asked(stage) == 2, "errors are not remembered"


def test_an_authorizer_whose_function_is_gone_is_a_500(guarded: Any) -> None:
    stage = guarded()
    del stage.functions.handlers["guard"]
    assert (ask(stage).status, ask(stage).json) == (500, {"message": None})


@pytest.mark.parametrize(
    ("ttl", "after", "asked"),
    [(None, 299, 1), (None, 300, 2), (60, 59, 1), (60, 61, 2), (0, 0, 2)],
)
def test_a_policy_is_remembered_for_its_token(
    guarded: Any, ttl: int | None, after: float, asked: int
) -> None:
    stage = guarded(**({} if ttl is None else {"authorizerResultTtlInSeconds": ttl}))
    ask(stage)
    stage.clock.advance(after)
    assert ask(stage).status == 200
    assert times_asked(stage) == asked


def test_each_token_is_asked_for_itself(guarded: Any) -> None:
    stage = guarded()
    for token in ("a", "b", "a"):
        ask(stage, token=token)
    assert times_asked(stage) == 2


def test_a_remembered_policy_for_one_path_denies_the_next(guarded: Any) -> None:
    stage = guarded(lambda event: policy(resource=event["methodArn"]))
    assert ask(stage, "/items/5").status == 200
    assert ask(stage, "/items/6").status == 403
    assert times_asked(stage) == 1


def test_a_new_deployment_forgets(guarded: Any) -> None:
    ask(guarded())
    stage = guarded(policy("Deny"))
    assert ask(stage).status == 403


def test_scopes_have_no_effect_on_an_authorizer_of_ones_own(guarded: Any) -> None:
    """AWS evaluates authorizationScopes with Cognito user pools only."""
    assert ask(guarded(scopes=["items/read"])).status == 200


def test_a_condition_in_the_policy_is_refused_by_name(guarded: Any) -> None:
    output = policy()
    output["policyDocument"]["Statement"][0]["Condition"] = {"Bool": {"aws:SecureTransport": "x"}}
    answer = ask(guarded(output))
    assert answer.status == 501
    assert answer.json["message"].endswith("conditions in an authorizer's policy.")


def test_the_time_that_the_function_took_is_told(guarded: Any) -> None:
    def guard(event: Any) -> Any:
        stage.clock.advance(0.25)
        return policy()

    stage = guarded(guard)
    ask(stage)
    assert stage.event["requestContext"]["authorizer"]["integrationLatency"] == 250
    ask(stage)
    assert stage.event["requestContext"]["authorizer"]["integrationLatency"] == 0
