"""Stages: deployed, replaced, removed; and API Gateway's own answers to what goes wrong."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest

from workbook.cloud.gateway import Gateway, InvalidApi
from workbook.cloud.gateway.request import BODY_LIMIT


def own(answer: Any) -> tuple[int, bytes, str | None]:
    return answer.status, answer.body, answer.header("x-amzn-ErrorType")


MISSING_TOKEN = (
    403,
    b'{"message":"Missing Authentication Token"}',
    "MissingAuthenticationTokenException",
)
FORBIDDEN = (403, b'{"message":"Forbidden"}', "ForbiddenException")
REJECTED = (500, b'{"message": "Internal server error"}', "InternalServerErrorException")
TIMED_OUT = (504, b'{"message": "Endpoint request timed out"}', "InternalServerErrorException")
TOO_LONG = (413, b'{"message":"Request Too Long"}', "RequestTooLargeException")


@pytest.fixture
def one_route(served: Any, build: Any) -> Any:
    return served.deploy(build.api({"/items": {"GET": build.method()}}))


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("POST", "/items")])
def test_unknown_routes_and_methods(one_route: Any, method: str, path: str) -> None:
    assert own(one_route.call(method, path)) == MISSING_TOKEN


def test_own_answers_are_json_and_carry_their_ids(one_route: Any) -> None:
    answer = one_route.get("/nothing")
    assert answer.header("Content-Type") == "application/json"
    assert answer.header("x-amzn-RequestId") and answer.header("x-amz-apigw-id")
    assert answer.header("X-Amzn-Trace-Id") is None


def test_an_unknown_stage_is_forbidden(one_route: Any) -> None:
    assert own(one_route.get("/items", stage="prod")) == FORBIDDEN


def test_a_stage_that_was_taken_away_is_forbidden(one_route: Any, build: Any) -> None:
    one_route.deploy(build.api({"/items": {"GET": build.method()}}), stage="beta")
    one_route.gateway.undeploy("a1b2c3d4e5", "api")
    one_route.gateway.undeploy("a1b2c3d4e5", "never there")
    assert own(one_route.get("/items")) == FORBIDDEN
    assert one_route.get("/items", stage="beta").status == 200


def test_an_api_that_was_removed_takes_its_stages_along(one_route: Any) -> None:
    one_route.gateway.remove("a1b2c3d4e5")
    one_route.gateway.remove("never there")
    assert own(one_route.get("/items")) == FORBIDDEN


def test_a_new_deployment_replaces_what_answers(one_route: Any, build: Any) -> None:
    one_route.deploy(build.api({"/new": {"GET": build.method()}}))
    assert own(one_route.get("/items")) == MISSING_TOKEN
    assert one_route.get("/new").status == 200


def test_a_request_under_way_ends_on_the_deployment_it_began_with(
    one_route: Any, build: Any
) -> None:
    began = threading.Event()

    def wait(event: Any) -> Any:
        began.set()
        one_route.functions.release.wait(5)
        return {"body": event["resource"]}

    one_route.functions.handlers["shop"] = wait
    answers: list[Any] = []
    caller = threading.Thread(target=lambda: answers.append(one_route.get("/items")))
    caller.start()
    assert began.wait(5)
    one_route.deploy(build.api({"/new": {"GET": build.method()}}))
    one_route.functions.release.set()
    caller.join(5)
    assert answers[0].body == b"/items"


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ({"/": {}}, "The REST API doesn't contain any methods"),
        ({"/": {"GET": {}}}, "No integration defined for method"),
    ],
)
def test_what_cannot_be_deployed_is_refused(
    served: Any, build: Any, resources: Any, message: str
) -> None:
    with pytest.raises(InvalidApi, match=message):
        served.deploy(build.api(resources))


def test_stage_variables_reach_the_event_and_name_functions(served: Any, build: Any) -> None:
    method = build.method("${stageVariables.function}")
    served.deploy(build.api({"/": {"GET": method}}), variables={"function": "shop"})
    assert served.get().status == 200
    assert served.event["stageVariables"] == {"function": "shop"}


@pytest.mark.parametrize(
    "integration",
    [
        {"uri": "arn:aws:apigateway:us-east-1:lambda:path/nothing"},
        {"uri": "arn:aws:apigateway:us-east-1:lambda:path/functions/arn:gone/invocations"},
        {"httpMethod": "GET"},
    ],
)
def test_when_lambda_takes_no_call_it_is_a_500(served: Any, build: Any, integration: Any) -> None:
    method = build.method(integration=integration)
    served.deploy(build.api({"/": {"GET": method}}))
    assert own(served.get()) == REJECTED


@pytest.fixture
def hurried(functions: Any, clock: Any, build: Any) -> Any:
    """A gateway that gives up at once, before functions that wait."""

    def wait(event: Any) -> Any:
        functions.release.wait(5)
        return {}

    functions.handlers["shop"] = wait
    options = {"account": "123456789012", "region": "us-east-1", "clock": clock}
    gateway = Gateway(invoke=functions.invoke, integration_timeout=0.01, **options)
    yield gateway
    functions.release.set()
    gateway.close()


def test_a_function_that_is_late_is_a_504(hurried: Any, build: Any) -> None:
    hurried.deploy("a1b2c3d4e5", "api", build.api({"/": {"GET": build.method()}}), {})
    answer = hurried.handle("a1b2c3d4e5", "api", build.environ("GET", "/"))
    assert (answer.status, answer.body) == TIMED_OUT[:2]
    assert ("x-amzn-ErrorType", TIMED_OUT[2]) in answer.headers


def test_an_authorizer_that_is_late_is_broken(hurried: Any, build: Any) -> None:
    authorizer = {"id": "au1", "type": "TOKEN", "authorizerUri": build.uri("shop")}
    method = build.method(authorizationType="CUSTOM", authorizerId="au1")
    hurried.deploy("a1b2c3d4e5", "api", build.api({"/": {"GET": method}}, [authorizer]), {})
    environ = build.environ("GET", "/", headers={"Authorization": "t"})
    answer = hurried.handle("a1b2c3d4e5", "api", environ)
    assert (answer.status, answer.body) == (500, b'{"message":null}')


def test_an_integration_may_have_less_time_than_the_gateway(served: Any, build: Any) -> None:
    served.functions.handlers["shop"] = lambda event: served.functions.release.wait(5) and {}
    method = build.method(integration={"timeoutInMillis": 50})
    served.deploy(build.api({"/": {"GET": method}}))
    assert own(served.get()) == TIMED_OUT


class Endless(io.RawIOBase):
    """A body of as many bytes as are asked for."""

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "read without a limit"
        return b"x" * size


@pytest.mark.parametrize(
    "overrides",
    [
        {"CONTENT_LENGTH": str(BODY_LIMIT + 1)},
        {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    ],
)
def test_a_body_over_ten_megabytes_is_refused(shop: Any, overrides: Any) -> None:
    answer = shop.call("POST", "/", **{"wsgi.input": Endless(), **overrides})
    assert own(answer) == TOO_LONG
    assert shop.functions.called == []


def test_a_body_that_is_refused_is_read_so_that_its_sender_reads_the_answer(shop: Any) -> None:
    sent = io.BytesIO(b"x" * (BODY_LIMIT + 1))
    headers = {"CONTENT_LENGTH": str(BODY_LIMIT + 1), "wsgi.input": sent}
    assert shop.call("POST", "/", **headers).status == 413
    assert sent.read() == b""


def test_a_body_of_ten_megabytes_passes(shop: Any) -> None:
    shop.call("POST", "/", body=b"x" * BODY_LIMIT)
    assert len(shop.event["body"]) == BODY_LIMIT


def test_a_chunked_body_is_read_to_its_end(shop: Any) -> None:
    shop.call("POST", "/", body=b"a,b,c", chunked=True)
    assert shop.event["body"] == "a,b,c"


@pytest.fixture
def keyed(served: Any, build: Any) -> Any:
    method = build.method(apiKeyRequired=True)
    return served.deploy(build.api({"/": {"GET": method}}), api_keys={"s3cret": "k1"})


@pytest.mark.parametrize("headers", [{}, {"x-api-key": ""}, {"x-api-key": "wrong"}])
def test_a_required_api_key_that_is_missing_or_unknown(keyed: Any, headers: Any) -> None:
    assert own(keyed.get(headers=headers)) == FORBIDDEN


def test_a_known_api_key_reaches_the_event(keyed: Any) -> None:
    assert keyed.get(headers={"X-API-KEY": "s3cret"}).status == 200
    identity = keyed.event["requestContext"]["identity"]
    assert (identity["apiKey"], identity["apiKeyId"]) == ("s3cret", "k1")


def test_api_keys_change_without_a_deployment(keyed: Any) -> None:
    keyed.gateway.set_api_keys("a1b2c3d4e5", "api", ["other"])
    assert keyed.get(headers={"X-Api-Key": "s3cret"}).status == 403
    assert keyed.get(headers={"X-Api-Key": "other"}).status == 200


def test_a_key_is_asked_for_after_the_authorizer(served: Any, build: Any) -> None:
    authorizer = {"id": "au1", "type": "TOKEN", "authorizerUri": build.uri("guard")}
    method = build.method(authorizationType="CUSTOM", authorizerId="au1", apiKeyRequired=True)
    served.deploy(build.api({"/": {"GET": method}}, [authorizer]))
    assert served.get().status == 401


def test_an_authorizer_can_name_the_api_key(served: Any, build: Any) -> None:
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
    served.functions.handlers["guard"] = lambda event: {
        "principalId": "ada",
        "policyDocument": {"Statement": [statement]},
        "usageIdentifierKey": event["authorizationToken"],
    }
    authorizer = {"id": "au1", "type": "TOKEN", "authorizerUri": build.uri("guard")}
    method = build.method(authorizationType="CUSTOM", authorizerId="au1", apiKeyRequired=True)
    api = build.api({"/": {"GET": method}}, [authorizer], apiKeySource="AUTHORIZER")
    served.deploy(api, api_keys={"s3cret": "k1"})
    assert served.get(headers={"Authorization": "s3cret"}).status == 200
    assert served.get(headers={"Authorization": "x", "x-api-key": "s3cret"}).status == 403


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ({"requestValidatorId": "v1"}, "request validators"),
        ({"integration": {"type": "AWS"}}, "integrations other than functions and mocks: AWS"),
        ({"integration": {"type": "HTTP"}}, "integrations other than functions and mocks: HTTP"),
        (
            {"integration": {"type": "HTTP_PROXY"}},
            "integrations other than functions and mocks: HTTP_PROXY",
        ),
        (
            {"integration": {"requestParameters": {"integration.request.header.A": "'b'"}}},
            "request parameter mappings",
        ),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(
    served: Any, build: Any, method: Any, name: str
) -> None:
    served.deploy(build.api({"/": {"GET": build.method(**method)}}))
    answer = served.get()
    assert (answer.status, answer.json) == (
        501,
        {"message": f"The local cloud does not emulate {name}."},
    )
    assert served.functions.called == []


def test_an_api_with_a_resource_policy_is_refused_by_name(served: Any, build: Any) -> None:
    served.deploy(build.api({"/": {"GET": build.method()}}, policy='{"Statement": []}'))
    assert "resource policies" in served.get().json["message"]
