"""The service that chapter 03 ends with, and what stands beside it: weak shops, CORS, hypothesis."""

import json
import sys
import tempfile
from pathlib import Path

import pytest
from chalice import Chalice, CORSConfig
from chalice.test import Client
from hypothesis.configuration import storage_directory

from workbook.lessons import cors_probe, fuzzing, weak_shops
from workbook.lessons.polite_shop import ITEMS, app


@pytest.fixture
def http():
    kept = dict(ITEMS)
    with Client(app) as client:
        yield client.http
    ITEMS.clear()
    ITEMS.update(kept)


def post(http, body):
    return http.post("/items", headers={"Content-Type": "application/json"}, body=body.encode())


def test_a_good_body_is_created_where_it_says(http):
    answer = post(http, '{"name": "Moka pot", "cartons": 4}')
    assert (201, "/items/item_2") == (answer.status_code, answer.headers["Location"])
    assert {"name": "Moka pot", "cartons": 4} == http.get("/items/item_2").json_body


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ('{"name": "", "cartons": -3, "colour": "red"}', 422, ["cartons", "colour", "name"]),
        ('{"name": "Moka pot", "cartons": "4"}', 422, ["cartons"]),
        ("[]", 422, [""]),
        ('{"name": ', 400, [""]),
        ("[" * 100_000, 400, [""]),
    ],
)
def test_a_bad_body_is_refused_by_its_fields(http, body, status, fields):
    answer = post(http, body)
    assert status == answer.status_code
    assert fields == sorted(each["field"] for each in answer.json_body["Errors"])


def test_a_refusal_does_not_repeat_what_was_sent(http):
    answer = post(http, '{"name": "Moka pot", "cartons": "hunter2"}')
    assert b"hunter2" not in answer.body


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?limit=5", 200), ("?limit=0", 422)])
def test_a_query_is_judged_too(http, query, status):
    assert status == http.get(f"/items{query}").status_code


GOOD = {"name": "Moka pot", "stock": 4}
BREAKS = {
    "missing": {"name": "Moka pot"},
    "shape": [],
    "name": {**GOOD, "name": 3},
    "stock": {**GOOD, "stock": "4"},
    "letters": {**GOOD, "name": "Café"},
    "zero": {**GOOD, "stock": 0},
}


def status(weakness, body):
    with Client(weak_shops.shop(weakness)) as client:
        headers = {"Content-Type": "application/json"}
        sent = json.dumps(body).encode()
        return client.http.post("/items", headers=headers, body=sent).status_code


def test_every_weakness_has_a_body_that_breaks_it():
    assert set(BREAKS) == set(weak_shops.WEAKNESSES)


@pytest.mark.parametrize("weakness", weak_shops.WEAKNESSES)
def test_a_weak_shop_breaks_on_its_own_weakness_and_on_no_other(weakness):
    broken = {each for each, body in BREAKS.items() if status(weakness, body) == 500}
    assert {weakness} == broken
    assert 201 == status(weakness, GOOD)


def test_the_sound_shop_breaks_on_nothing():
    assert {201, 422} == {status("", body) for body in BREAKS.values()}


def test_a_preflight_is_told_by_its_cors_headers():
    app = Chalice(app_name="shop")
    cors = CORSConfig(allow_origin="https://shop.example", allow_headers=["X-Shop-Visit"])
    app.route("/items", cors=cors)(dict)
    app.route("/health")(dict)
    asked = cors_probe.preflight(app, "/items", "https://shop.example", "GET")
    assert "https://shop.example" == asked["access-control-allow-origin"]
    assert "x-shop-visit" in cors_probe.listed(asked["access-control-allow-headers"])
    assert "access-control-allow-origin" not in cors_probe.preflight(app, "/health", "x", "GET")
    assert {} == cors_probe.preflight(app, "/prices", "x", "GET")


def test_hypothesis_keeps_its_tables_in_the_environment_or_in_a_scratch_folder():
    assert fuzzing.BRIEFLY.derandomize
    kept = Path(storage_directory("unicode_data").path).resolve()
    allowed = [Path(folder).resolve() for folder in (sys.prefix, tempfile.gettempdir())]
    assert any(folder in kept.parents for folder in allowed)
