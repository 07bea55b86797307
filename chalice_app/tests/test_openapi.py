"""The OpenAPI document is valid, is the committed one, and speaks of the routes there are."""

from __future__ import annotations

import json

from openapi_spec_validator import OpenAPIV31SpecValidator, validate

import openapi
from app import app
from stage import HERE as SERVICE

COMMITTED = json.loads((SERVICE / "openapi.json").read_text())


def test_it_is_valid_openapi_3_1() -> None:
    validate(COMMITTED, cls=OpenAPIV31SpecValidator)
    assert COMMITTED["openapi"] == "3.1.0"


def test_it_is_up_to_date() -> None:
    made = json.loads(json.dumps(openapi.document()))
    assert made == COMMITTED, "python openapi.py > openapi.json"


def test_it_has_each_route_of_the_app_and_no_other() -> None:
    routes = {(path, method) for path, views in app.routes.items() for method in views}
    described = {
        (path, method.upper()) for path, views in COMMITTED["paths"].items() for method in views
    }
    assert described == routes


def test_it_says_who_may_call_as_the_routes_do() -> None:
    for path, views in app.routes.items():
        for method, entry in views.items():
            said = COMMITTED["paths"][path][method.lower()]["security"]
            kinds = {kind for each in said for kind in each}
            expected = {"token"} if entry.authorizer else set()
            assert kinds == expected | ({"key"} if entry.api_key_required else set()), path


def test_only_the_health_route_is_open_to_all() -> None:
    open_to_all = [
        (path, method)
        for path, views in COMMITTED["paths"].items()
        for method, described in views.items()
        if not described["security"]
    ]
    assert open_to_all == [("/health", "get")]
