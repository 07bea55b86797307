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


def test_an_exchange_is_one_line(app, capsys):
    ask(app, "POST", "/items", {"name": "Moka pot"})
    told = "POST /items {\"name\": \"Moka pot\"} -> 201 {'claim': 'application/json'}\n"
    assert told == capsys.readouterr().out


def test_bytes_go_as_they_are_and_without_a_content_type_if_there_is_none(app, capsys):
    ask(app, "POST", "/items", b"[1", None)
    assert "POST /items [1 -> 201 {'claim': None}\n" == capsys.readouterr().out


def test_no_body_leaves_no_gap_and_a_long_one_is_cut(app, capsys):
    ask(app, "POST", "/items")
    ask(app, "POST", "/items", b"x" * 41)
    short, long = capsys.readouterr().out.splitlines()
    assert short.startswith("POST /items -> 201")
    assert long.startswith(f"POST /items {'x' * 40}… -> 201")


def test_each_error_of_a_refusal_has_a_line(app, capsys):
    ask(app, "POST", "/refused", {})
    first, *problems = capsys.readouterr().out.splitlines()
    assert first.endswith("422 {'Code': 'ValidationError'}")
    assert ["      name: missing", "      the body: no object"] == problems


def test_the_status_of_a_post_comes_alone(app, capsys):
    assert 422 == status_of(app, "/refused", None)
    assert "" == capsys.readouterr().out
