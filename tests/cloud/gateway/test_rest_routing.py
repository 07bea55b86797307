"""Which resource a path reaches: literal, parameter, greedy; ANY; slashes and encodings."""

from __future__ import annotations

import itertools

import pytest

from workbook.cloud.gateway.model import InvalidApi, Method, Resource, RestApi
from workbook.cloud.gateway.routing import Match, Router


def api(*routes: str) -> RestApi:
    """An API of routes such as "GET /items/{id}"; a resource's id is its path."""
    methods: dict[str, dict[str, Method]] = {}
    for route in routes:
        name, _, path = route.partition(" ")
        methods.setdefault(path, {})[name] = Method(name)
    return RestApi("shop", tuple(Resource(path, path, found) for path, found in methods.items()))


def reached(match: Match | None) -> str | None:
    return None if match is None else f"{match.method.http_method} {match.resource.path}"


ROUTES = (
    "GET /",
    "GET /items",
    "ANY /items/new",
    "GET /items/{id}",
    "POST /items/{id}",
    "GET /items/{id}/reviews",
    "GET /files/{path+}",
    "OPTIONS /{proxy+}",
)


@pytest.mark.parametrize(
    ("request_line", "expected", "parameters"),
    [
        ("GET /", "GET /", {}),
        ("GET /items", "GET /items", {}),
        ("GET /items/", "GET /items", {}),
        ("GET //items", "GET /items", {}),
        ("GET /items/new", "ANY /items/new", {}),
        ("HEAD /items/new", "ANY /items/new", {}),
        ("TRACE /items/new", None, {}),
        ("GET /items/5", "GET /items/{id}", {"id": "5"}),
        ("GET /items/5/", "GET /items/{id}", {"id": "5"}),
        ("GET /items/a%20b", "GET /items/{id}", {"id": "a%20b"}),
        ("GET /items/a%2Fb", "GET /items/{id}", {"id": "a%2Fb"}),
        ("GET /items//reviews", None, {}),
        ("GET /items/5/reviews", "GET /items/{id}/reviews", {"id": "5"}),
        ("GET /items/new/reviews", "GET /items/{id}/reviews", {"id": "new"}),
        ("GET /files/a/b//c/", "GET /files/{path+}", {"path": "a/b//c"}),
        ("GET /files", None, {}),
        ("GET /nothing", None, {}),
        ("DELETE /items/5", None, {}),
        ("HEAD /items", None, {}),
        ("OPTIONS /items/5", "OPTIONS /{proxy+}", {"proxy": "items/5"}),
        ("OPTIONS /items/new", "ANY /items/new", {}),
        ("OPTIONS /", None, {}),
    ],
)
def test_a_request_reaches_the_most_specific_resource_with_its_method(
    request_line: str, expected: str | None, parameters: dict[str, str]
) -> None:
    method, _, path = request_line.partition(" ")
    match = Router(api(*ROUTES)).match(method, path)
    assert reached(match) == expected
    assert (match.path_parameters if match else {}) == parameters


def test_the_order_in_which_resources_were_made_changes_nothing() -> None:
    routes = ("GET /a/b", "GET /a/{x}", "GET /a/{x+}", "GET /{y}/b")
    paths = ("/a/b", "/a/c", "/a/c/d", "/z/b", "/z/c")
    outcomes = {
        tuple(reached(Router(api(*order)).match("GET", path)) for path in paths)
        for order in itertools.permutations(routes)
    }
    assert outcomes == {("GET /a/b", "GET /a/{x}", "GET /a/{x+}", "GET /{y}/b", None)}


@pytest.mark.parametrize("depth", range(1, 6))
@pytest.mark.parametrize("words", ["a", "%2B", "x.y", "~", "a+b", "ä"])
def test_what_fills_a_template_is_what_comes_back(depth: int, words: str) -> None:
    values = {f"p{index}": f"{words}{index}" for index in range(depth)}
    template = "/s/" + "/".join(f"{{{name}}}" for name in values)
    path = "/s/" + "/".join(values.values())
    match = Router(api(f"GET {template}")).match("GET", path)
    assert match is not None
    assert match.path_parameters == values


def test_two_parameters_side_by_side_are_refused_in_aws_words() -> None:
    with pytest.raises(InvalidApi, match=r"A sibling \({id}\) of this resource already has"):
        Router(api("GET /items/{id}", "GET /items/{name}/reviews"))
