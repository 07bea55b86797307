"""An app's four views are read from the app and from Chalice's own packager."""

import os

from chalice import Chalice

from workbook.lessons.route_views import sam_template, views_of


def shop():
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/stock")
    @app.route("/stock/{item_id}")
    def read_stock(item_id):
        return {}

    @app.route("/items/{item_id}/stock", methods=["PUT", "POST"])
    def write_stock(item_id):
        return {}

    return app


def name_of(route):
    return f"{route['method']} {route['path']}"


def route(name):
    return next(route for route in views_of(shop())["routes"] if name_of(route) == name)


def test_every_row_of_the_table_is_a_route_in_its_order():
    assert [
        "GET /stock/{item_id}",
        "GET /items/{item_id}/stock",
        "PUT /items/{item_id}/stock",
        "POST /items/{item_id}/stock",
    ] == [name_of(route) for route in views_of(shop())["routes"]]


def test_the_source_shows_the_one_decorator_that_wrote_the_row():
    assert (
        '@app.route("/stock/{item_id}")\ndef read_stock(item_id):'
        == (route("GET /stock/{item_id}")["source"])
    )
    assert (
        '@app.route("/items/{item_id}/stock", methods=["PUT", "POST"])\ndef write_stock(item_id):'
        == route("POST /items/{item_id}/stock")["source"]
    )


def test_a_view_whose_source_is_not_at_hand_is_shown_by_name():
    app = Chalice(app_name="inventory-service")
    app.route("/items/{item_id}", name="read_item")(type)
    assert "read_item (its source is not at hand)" == views_of(app)["routes"][0]["source"]


def test_a_view_registered_by_a_plain_call_shows_its_first_line():
    app = Chalice(app_name="inventory-service")

    def read_item(item_id):
        return {}

    app.route("/items/{item_id}")(read_item)
    assert "def read_item(item_id):" == views_of(app)["routes"][0]["source"]


def test_the_table_and_swagger_come_from_the_app():
    found = route("PUT /items/{item_id}/stock")
    assert "/items/{item_id}/stock\n  PUT → write_stock(item_id)" == found["table"]
    assert found["swagger"].splitlines()[:3] == [
        "/items/{item_id}/stock:",
        "  put:",
        "    parameters: item_id (path)",
    ]
    assert "APIHandler" == found["target"]


def test_one_function_is_created_for_all_routes():
    types = [each["type"] for each in views_of(shop())["created"]]
    assert ["AWS::Serverless::Api", "AWS::Serverless::Function"] == types[:2]
    assert 1 == types.count("AWS::Serverless::Function")


def test_the_swagger_document_lists_each_path_with_its_methods():
    body = sam_template(shop())["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    doors = {path: sorted(methods) for path, methods in body["paths"].items()}
    assert {"/stock/{item_id}": ["get"], "/items/{item_id}/stock": ["get", "post", "put"]} == doors


def test_nothing_is_printed_and_no_region_or_key_is_needed(monkeypatch, capsys):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    views_of(shop())
    printed = capsys.readouterr()
    assert "" == printed.out + printed.err
