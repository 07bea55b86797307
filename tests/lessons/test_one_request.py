"""A request to an app in this process, told in a line: what chapter 03 prints."""

import pytest
from chalice import Chalice, Response

from workbook.lessons.one_request import ask, status_of


@pytest.fixture
def app():
    shop = Chalice(app_name="shop")

    @shop.route("/items", methods=["POST"])
    def create_item():
        return Response(
            {"claim": shop.current_request.headers.get("content-type")}, status_code=201
        )

    @shop.route("/refused", methods=["POST"])
    def refuse():
        problems = [{"field": "name", "problem": "missing"}, {"field": "", "problem": "no object"}]
        return Response({"Code": "ValidationError", "Errors": problems}, status_code=422)

    return shop


def test_an_exchange_is_a_line_there_and_a_line_back(app, capsys):
    ask(app, "POST", "/items", {"name": "Moka pot"})
    told = "POST /items {\"name\": \"Moka pot\"}\n -> 201 {'claim': 'application/json'}\n"
    assert told == capsys.readouterr().out


def test_what_a_view_prints_stands_between_them(app, capsys):
    app.route("/loud")(lambda: print("the view runs") or {})
    ask(app, "GET", "/loud")
    assert "GET /loud\nthe view runs\n -> 200 {}\n" == capsys.readouterr().out


def test_bytes_go_as_they_are_and_a_claim_that_is_not_json_is_told(app, capsys):
    ask(app, "POST", "/items", b"[1", None)
    ask(app, "POST", "/items", b"[1", "application/json; charset=utf-8")
    nothing, one, other, _ = capsys.readouterr().out.splitlines()
    assert ("POST /items [1 (no content type)", " -> 201 {'claim': None}") == (nothing, one)
    assert "POST /items [1 (application/json; charset=utf-8)" == other


def test_a_long_body_is_cut(app, capsys):
    ask(app, "POST", "/items", b"x" * 41)
    assert capsys.readouterr().out.startswith(f"POST /items {'x' * 40}…\n")


def test_each_error_of_a_refusal_has_a_line(app, capsys):
    ask(app, "POST", "/refused", {})
    _, answer, *problems = capsys.readouterr().out.splitlines()
    assert " -> 422 {'Code': 'ValidationError'}" == answer
    assert ["      name: missing", "      the body: no object"] == problems


def test_the_status_of_a_post_comes_alone(app, capsys):
    assert 422 == status_of(app, "/refused", None)
    assert "" == capsys.readouterr().out
