"""What is refused, with which status, and in which words; and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from callers import Api

from chalicelib import web
from chalicelib.repository import items

Logged = Callable[[], list[dict[str, Any]]]
GOOD = {"item_id": "tea", "name": "Tea", "stock": 1, "threshold": 0}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**GOOD, "colour": "green"}, "colour"),
        ({**GOOD, "stock": -1}, "stock"),
        ({**GOOD, "stock": 1_000_001}, "stock"),
        ({**GOOD, "stock": "1"}, "stock"),
        ({**GOOD, "stock": True}, "stock"),
        ({**GOOD, "stock": 1.5}, "stock"),
        ({**GOOD, "stock": None}, "stock"),
        ({**GOOD, "threshold": -1}, "threshold"),
        ({**GOOD, "name": ""}, "name"),
        ({**GOOD, "name": " Tea"}, "name"),
        ({**GOOD, "name": "x" * 201}, "name"),
        ({**GOOD, "name": 7}, "name"),
        ({**GOOD, "item_id": "a b"}, "item_id"),
        ({**GOOD, "item_id": "a" * 65}, "item_id"),
        ({**GOOD, "item_id": "tea\n"}, "item_id"),
        ({"name": "Tea", "stock": 1}, "item_id"),
        ([], "(whole)"),
        ("tea", "(whole)"),
    ],
    ids=str,
)
def test_a_body_that_does_not_fit_is_422_and_names_the_field(
    api: Api, body: Any, field: str
) -> None:
    answer = api.call("POST", "/items", body)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json_body["errors"]] == [field]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"tea", b"\xff\xfe", b"[" * 5000, b'{"a": 1', b'{"name": "\\ud800"}']
)
def test_a_body_that_is_no_json_is_400(api: Api, body: bytes) -> None:
    answer = api.call("POST", "/items", body)
    assert (answer.status_code, answer.json_body["title"]) == (400, "Bad request")


def test_a_huge_body_is_413_and_read_no_further(api: Api) -> None:
    answer = api.call("POST", "/items", b'"' + b"x" * web.MOST_BYTES)
    assert (answer.status_code, answer.json_body["title"]) == (413, "Too large")


def test_another_content_type_is_415_in_the_services_form(api: Api) -> None:
    answer = api.call("POST", "/items", GOOD, {"Content-Type": "text/xml"})
    assert (answer.status_code, answer.json_body["title"]) == (415, "Unsupported Media Type")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "low_stock=maybe", "colour=red", "limit="]
)
def test_a_query_that_does_not_fit_is_422(api: Api, query: str) -> None:
    answer = api.call("GET", f"/items?{query}")
    assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (
        422,
        query.split("=", maxsplit=1)[0],
    )


@pytest.mark.parametrize("name", ["a%20b", "a" * 65, "%00", ".", "-a", "%C3%BC"])
def test_an_id_that_no_item_can_have_is_404(api: Api, name: str) -> None:
    assert api.call("GET", f"/items/{name}").status_code == 404


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"item_id": "tea", "quantity": 0}],
        [{"item_id": "tea", "quantity": 1}] * 2,
        [{"item_id": f"t{n}", "quantity": 1} for n in range(21)],
        [{"item_id": "tea"}],
        "tea",
    ],
    ids=["none", "of nothing", "twice", "too many", "no quantity", "text"],
)
def test_an_order_that_does_not_fit_is_refused_before_it_is_queued(api: Api, lines: Any) -> None:
    assert api.call("POST", "/orders", {"lines": lines}).status_code == 422


def test_every_refusal_is_a_problem_with_the_requests_correlation_id(api: Api) -> None:
    answer = api.call("GET", "/items/none-such", headers={"X-Correlation-Id": "mine"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Correlation-Id"] == "mine"
    assert answer.json_body == {
        "title": "Not found",
        "status": 404,
        "detail": "There is no item none-such.",
        "errors": [],
        "correlation_id": "mine",
    }


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, '{"level":"ERROR"}', "ü"])
def test_a_correlation_id_that_could_spoil_a_log_is_replaced(api: Api, given: str) -> None:
    answer = api.call("GET", "/health", headers={"X-Correlation-Id": given})
    assert len(answer.headers["X-Correlation-Id"]) == 32


def test_a_fault_of_ours_says_nothing_about_it_and_is_logged_whole(
    api: Api, monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    def fails(item_id: str) -> None:
        raise RuntimeError("the shelf broke")

    monkeypatch.setattr(items, "find", fails)
    answer = api.call("GET", "/items/tea", headers={"X-Correlation-Id": "broken"})
    assert answer.status_code == 500
    assert answer.json_body["correlation_id"] == "broken"
    assert b"shelf" not in answer.body
    [error] = [line for line in logged() if line["level"] == "ERROR"]
    assert error["correlation_id"] == "broken"
    assert "the shelf broke" in error["exception"]


def test_an_answer_is_logged_with_its_route_and_status(api: Api, logged: Logged) -> None:
    api.call("GET", "/health", headers={"X-Correlation-Id": "seen"})
    [line] = logged()
    assert (line["message"], line["route"], line["status"]) == ("answered", "/health", 200)
    assert (line["correlation_id"], line["service"]) == ("seen", "inventory-service")
