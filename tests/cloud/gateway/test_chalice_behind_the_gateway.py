"""A Chalice app, its own Swagger imported, called through the gateway: Chalice is the judge."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from chalice import AuthResponse, AuthRoute, Chalice, CORSConfig, CustomAuthorizer, Rate, Response
from chalice.app import CognitoUserPoolAuthorizer, IAMAuthorizer, Request
from chalice.deploy.swagger import SwaggerGenerator

PICTURE = b"\x89PNG\xff\x00"


def shop_app() -> Any:
    app: Any = Chalice(app_name="shop")
    app.api.binary_types = ["image/png", "application/octet-stream"]

    @app.authorizer(ttl_seconds=60)
    def guard(request: Any) -> AuthResponse:
        match request.token:
            case "reader":
                return AuthResponse([AuthRoute("/secret", ["GET"])], "ada", {"team": "sales"})
            case "all":
                return AuthResponse(["*"], "root")
            case _:
                return AuthResponse([], "nobody")

    @app.route("/")
    def index() -> Any:
        return {"stage": app.current_request.context["stage"]}

    @app.route("/items/{item_id}/reviews/{number}", methods=["GET", "PUT"])
    def review(item_id: str, number: str) -> Any:
        request = app.current_request
        return {
            "item": item_id,
            "number": number,
            "method": request.method,
            "path": request.path,
            "json": request.json_body,
        }

    @app.route("/search")
    def search() -> Any:
        params = app.current_request.query_params
        return {"last": params["tag"], "all": params.getlist("tag")}

    @app.route("/cookies")
    def cookies() -> Response:
        return Response("", headers={"Set-Cookie": ["a=1", "b=2"]}, status_code=202)

    @app.route("/picture", methods=["GET", "POST"], content_types=["image/png", "application/json"])
    def picture() -> Any:
        if app.current_request.method == "POST":
            return {"arrived": app.current_request.raw_body == PICTURE}
        return Response(PICTURE, headers={"Content-Type": "image/png"})

    cors = CORSConfig("https://shop.example", ["X-Shop"], ["X-Total"], 600, True)

    @app.route("/open", methods=["GET", "POST"], cors=cors)
    def open_() -> Any:
        return {}

    @app.route("/secret", methods=["GET", "POST"], authorizer=guard)
    def secret() -> Any:
        return app.current_request.context["authorizer"]

    @app.route("/scoped", authorizer=guard.with_scopes(["items/read"]))
    def scoped() -> Any:
        return {}

    @app.route("/keyed", api_key_required=True)
    def keyed() -> Any:
        return {"key": app.current_request.context["identity"]["apiKey"]}

    @app.route("/broken")
    def broken() -> Any:
        raise ValueError("oops")

    @app.route("/event")
    def event() -> Any:
        """What Chalice keeps of a request."""
        return app.current_request.to_original_event()

    @app.schedule(Rate(1, unit=Rate.HOURS))
    def hourly(event: Any) -> None:
        """Beside the API; no part of its Swagger."""

    return app


class LambdaContext(SimpleNamespace):
    function_name = "shop-dev"


def swagger_of(app: Chalice, arn: Any) -> dict[str, Any]:
    functions = {"shop-dev-guard": {"arn": arn("guard")}}
    deployed = {
        "api_handler_arn": arn("shop"),
        "api_handler_name": "shop-dev",
        "lambda_functions": {f"shop-dev-{name}": {"arn": arn(name)} for name in ("guard",)},
    }
    assert deployed["lambda_functions"] == functions
    document = SwaggerGenerator("us-east-1", deployed).generate_swagger(app)
    return dict(json.loads(json.dumps(document)))  # as it travels


@pytest.fixture
def shop(served: Any, build: Any) -> Any:
    app = shop_app()
    guard = app.handler_map["guard"]
    served.functions.handlers["shop"] = lambda event: app(event, LambdaContext())
    served.functions.handlers["guard"] = lambda event: guard(event, LambdaContext())
    document = swagger_of(app, build.arn)
    api = served.gateway.import_swagger("a1b2c3d4e5", document, overwrite=True)
    return served.deploy(api, api_keys=["s3cret"])


def test_path_parameters_and_json_bodies(shop: Any) -> None:
    target = "/items/item_1/reviews/2"
    headers = {"Content-Type": "application/json"}
    answer = shop.call("PUT", target, headers=headers, body=b'{"stars": 5}')
    assert answer.json == {
        "item": "item_1",
        "number": "2",
        "method": "PUT",
        "path": "/items/{item_id}/reviews/{number}",
        "json": {"stars": 5},
    }


def test_the_root_and_the_stage(shop: Any) -> None:
    assert shop.get("/").json == {"stage": "api"}
    assert shop.get("").json == {"stage": "api"}


def test_multi_value_queries(shop: Any) -> None:
    assert shop.get("/search?tag=red&tag=blue%20sky").json == {
        "last": "blue sky",
        "all": ["red", "blue sky"],
    }


def test_multi_value_response_headers(shop: Any) -> None:
    answer = shop.get("/cookies")
    assert (answer.status, answer.all("Set-Cookie")) == (202, ["a=1", "b=2"])


def test_binary_in_and_out(shop: Any) -> None:
    headers = {"Content-Type": "image/png"}
    assert shop.call("POST", "/picture", headers=headers, body=PICTURE).json == {"arrived": True}
    answer = shop.get("/picture", headers={"Accept": "image/png"})
    assert (answer.body, answer.header("Content-Type")) == (PICTURE, "image/png")


def test_chalice_asks_for_an_accept_header_that_is_binary(shop: Any) -> None:
    assert shop.get("/picture", headers={"Accept": "text/html"}).status == 400


def test_an_unknown_media_type_is_chalices_to_refuse(shop: Any) -> None:
    answer = shop.call("POST", "/picture", headers={"Content-Type": "text/xml"}, body=b"<a/>")
    assert answer.status == 415


def test_the_preflight_that_chalice_asks_for(shop: Any) -> None:
    answer = shop.call("OPTIONS", "/open", headers={"Origin": "https://shop.example"})
    assert (answer.status, answer.body) == (200, b"")
    allowed = {name: value for name, value in answer.headers if name.startswith("Access-Control")}
    assert allowed == {
        "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
        "Access-Control-Allow-Origin": "https://shop.example",
        "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,"
        "X-Amz-Security-Token,X-Api-Key,X-Shop",
        "Access-Control-Expose-Headers": "X-Total",
        "Access-Control-Max-Age": "600",
        "Access-Control-Allow-Credentials": "true",
    }
    assert shop.functions.called == [], "a preflight calls no function"
    assert shop.get("/open").header("Access-Control-Max-Age") == "600"


@pytest.mark.parametrize(
    ("method", "token", "status"),
    [
        ("GET", None, 401),
        ("GET", "reader", 200),
        ("POST", "reader", 403),
        ("POST", "all", 200),
        ("GET", "stranger", 403),
    ],
)
def test_the_apps_own_authorizer(shop: Any, method: str, token: str | None, status: int) -> None:
    headers = {"Authorization": token} if token else {}
    assert shop.call(method, "/secret", headers=headers).status == status


def test_what_the_authorizer_said_reaches_the_view(shop: Any) -> None:
    said = shop.get("/secret", headers={"Authorization": "reader"}).json
    assert (said["principalId"], said["team"]) == ("ada", "sales")


def test_an_authorizer_with_scopes_decides_alone(shop: Any) -> None:
    assert shop.get("/scoped", headers={"Authorization": "all"}).status == 200
    assert shop.get("/scoped", headers={"Authorization": "reader"}).status == 403


def test_the_app_s_ttl_is_kept(shop: Any) -> None:
    for seconds in (0, 59, 2):
        shop.clock.advance(seconds)
        shop.get("/secret", headers={"Authorization": "all"})
    assert shop.functions.called.count("guard") == 2


def test_api_keys(shop: Any) -> None:
    assert shop.get("/keyed").status == 403
    assert shop.get("/keyed", headers={"x-api-key": "s3cret"}).json == {"key": "s3cret"}


def test_an_unhandled_error_is_chalices_500(shop: Any) -> None:
    answer = shop.get("/broken")
    assert (answer.status, answer.json["Code"]) == (500, "InternalServerError")


def test_chalices_own_request_class_reads_the_event(shop: Any) -> None:
    event = shop.get("/event?a=1&a=2", headers={"X-Shop": "7", "Cookie": "c"}).json
    request = Request(event)
    assert request.query_params is not None
    assert request.query_params.getlist("a") == ["1", "2"]
    assert request.headers["x-SHOP"] == "7"
    assert (request.method, request.path, request.uri_params) == ("GET", "/event", None)
    assert request.stage_vars is None
    assert request.raw_body == b""


@pytest.mark.parametrize(
    ("authorizer", "status"),
    [(IAMAuthorizer(), 403), (CognitoUserPoolAuthorizer("pool", ["arn:pool"]), 401)],
)
def test_its_other_authorizers_let_nobody_in_without_a_credential(
    served: Any, build: Any, authorizer: Any, status: int
) -> None:
    app = Chalice(app_name="shop")
    app.route("/", authorizer=authorizer)(dict)
    api = served.gateway.import_swagger("x", swagger_of(app, build.arn), overwrite=True)
    assert served.deploy(api).get("/").status == status


def test_an_authorizer_of_another_project_is_asked(served: Any, build: Any) -> None:
    app = Chalice(app_name="shop")
    other = CustomAuthorizer("other", build.uri("other"), ttl_seconds=0, header="X-Token")
    app.route("/", authorizer=other)(dict)
    served.functions.handlers["other"] = lambda event: {"principalId": "x"}
    api = served.gateway.import_swagger("x", swagger_of(app, build.arn), overwrite=True)
    answer = served.deploy(api).get("/", headers={"X-Token": "t"})
    assert (answer.status, served.functions.called) == (500, ["other"])
