"""Items over HTTP, on moto: added, read, listed page by page, revised, reserved, deleted."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boto3
import pytest
from callers import Api

from chalicelib.domain.items import reserve
from chalicelib.errors import Busy, OutOfStock
from chalicelib.repository import items


def test_an_added_item_is_read_as_it_was_added(api: Api, item_id: str) -> None:
    added = api.add(item_id, stock=3, threshold=5)
    assert added["low"] and added["version"] == 1 and added["photo"] is None
    assert api.call("GET", f"/items/{item_id}").json_body == added


def test_an_id_that_is_taken_is_a_conflict_and_changes_nothing(api: Api, item_id: str) -> None:
    added = api.add(item_id)
    again = api.call("POST", "/items", {"item_id": item_id, "name": "Other", "stock": 1})
    assert (again.status_code, again.json_body["title"]) == (409, "Conflict")
    assert api.call("GET", f"/items/{item_id}").json_body == added


def test_what_is_not_there_is_404_in_words(api: Api, item_id: str) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "", {"name": "Tea", "stock": 1}),
        ("POST", "/reservations", {"quantity": 1}),
        ("POST", "/photos", None),
    ):
        answer = api.call(method, f"/items/{item_id}{path}", body)
        assert (answer.status_code, answer.json_body["detail"]) == (
            404,
            f"There is no item {item_id}.",
        )


def test_a_revision_counts_as_a_version_and_keeps_the_rest(api: Api, item_id: str) -> None:
    added = api.add(item_id)
    body = {"name": "Green tea", "stock": 1, "threshold": 2}
    revised = api.call("PUT", f"/items/{item_id}", body).json_body
    assert revised == {**added, **body, "low": True, "version": 2}
    same = api.call("PUT", f"/items/{item_id}", body).json_body
    assert same == revised  # a write that changes nothing is none


def test_deleting_is_done_once_and_harmless_twice(api: Api, item_id: str) -> None:
    api.add(item_id)
    for _ in range(2):
        answer = api.call("DELETE", f"/items/{item_id}")
        assert (answer.status_code, answer.body) == (204, b"")
    assert api.call("GET", f"/items/{item_id}").status_code == 404


def test_a_reservation_takes_pieces_until_there_are_none(api: Api, item_id: str) -> None:
    api.add(item_id, stock=5)
    path = f"/items/{item_id}/reservations"
    assert api.call("POST", path, {"quantity": 3}).json_body["stock"] == 2
    short = api.call("POST", path, {"quantity": 3})
    assert (short.status_code, short.json_body["title"]) == (409, "Out of stock")
    assert short.json_body["detail"] == f"{item_id} has 2 in stock, not 3."
    assert api.stock(item_id) == 2


def test_many_at_once_never_oversell(api: Api, item_id: str) -> None:
    """Twelve writers of one item; each that loses a race reads again and tries again."""
    api.add(item_id, stock=7)

    def one(_: int) -> bool:
        try:
            items.change(item_id, lambda item: reserve(item, 1))
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(12) as threads:
        taken = list(threads.map(one, range(12)))
    assert (sum(taken), api.stock(item_id)) == (7, 0)


def test_a_lost_race_is_run_again_from_what_is_there_now(api: Api, item_id: str) -> None:
    api.add(item_id, stock=10)
    seen = []

    def rule(item: items.Item) -> items.Item:
        seen.append(item.stock)
        if len(seen) == 1:  # somebody else is faster, once
            items.change(item_id, lambda other: reserve(other, 4))
        return reserve(item, 1)

    assert items.change(item_id, rule).stock == 5
    assert seen == [10, 6]


def test_an_item_deleted_and_added_again_meanwhile_is_another(api: Api, item_id: str) -> None:
    """Both are version 1: only the time of creation tells them apart."""
    api.add(item_id, stock=10)
    before = items.find(item_id)
    items.remove(item_id)
    api.add(item_id, stock=99)
    assert not items._put(items.replacement(before, reserve(before, 1)))
    assert api.stock(item_id) == 99


def test_one_who_never_wins_is_told_to_come_back(
    api: Api, item_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.add(item_id)
    monkeypatch.setattr(items, "_put", lambda request: False)
    with pytest.raises(Busy, match="try again"):
        items.change(item_id, lambda item: replace(item, stock=1))
    busy = api.call("PUT", f"/items/{item_id}", {"name": "x", "stock": 1})
    assert busy.status_code == 503


# ── lists ──


def pages(api: Api, query: str) -> list[list[str]]:
    """The ids on each page, as a client walks through them."""
    found, cursor = [], ""
    while True:
        answer = api.call("GET", f"/items?{query}{cursor}")
        assert answer.status_code == 200, answer.body
        found.append([item["item_id"] for item in answer.json_body["items"]])
        if answer.json_body["next"] is None:
            return found
        cursor = f"&cursor={answer.json_body['next']}"


@pytest.fixture
def only(api: Api) -> set[str]:
    """Eleven items, four of them low, and no others."""
    for page in pages(api, "limit=100"):
        for each in page:
            api.call("DELETE", f"/items/{each}")
    for number in range(11):
        api.add(f"p{number}", stock=number, threshold=4)
    return {f"p{number}" for number in range(11)}


@pytest.mark.parametrize("limit", [1, 3, 10, 11, 100])
def test_paging_meets_every_item_once(api: Api, only: set[str], limit: int) -> None:
    found = pages(api, f"limit={limit}")
    assert all(len(page) <= limit for page in found)
    met = [each for page in found for each in page]
    assert (len(met), set(met)) == (11, only)


@pytest.mark.parametrize("limit", [1, 2, 4, 50])
def test_the_low_ones_are_listed_alone(api: Api, only: set[str], limit: int) -> None:
    met = [each for page in pages(api, f"low_stock=true&limit={limit}") for each in page]
    assert met == ["p0", "p1", "p2", "p3"]


def test_paging_goes_on_though_the_item_at_its_cursor_is_gone(api: Api, only: set[str]) -> None:
    first = api.call("GET", "/items?limit=4").json_body
    for item in first["items"]:
        api.call("DELETE", f"/items/{item['item_id']}")
    met = [each for page in pages(api, f"limit=4&cursor={first['next']}") for each in page]
    assert set(met) == only - {item["item_id"] for item in first["items"]}


def test_an_item_leaves_the_low_ones_when_it_is_stocked_up(api: Api, only: set[str]) -> None:
    api.call("PUT", "/items/p2", {"name": "Tea", "stock": 9, "threshold": 4})
    met = [each for page in pages(api, "low_stock=true") for each in page]
    assert met == ["p0", "p1", "p3"]


@pytest.mark.parametrize("cursor", ["nonsense", "!!!", "YWxsOg", "bG93OnRlYQ", "%00", "x" * 200])
def test_a_cursor_that_this_list_never_gave_is_refused(api: Api, cursor: str) -> None:
    answer = api.call("GET", f"/items?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json_body["detail"] == "The cursor is not one that this list gave."


# ── idempotency keys ──


@pytest.mark.parametrize(
    ("path", "body"),
    [("/items", {"item_id": "once", "name": "Tea", "stock": 5}), ("", {"quantity": 2})],
    ids=["adding", "reserving"],
)
def test_a_key_makes_a_write_happen_once(
    api: Api, item_id: str, path: str, body: dict[str, object]
) -> None:
    if not path:
        api.add(item_id, stock=5)
        path = f"/items/{item_id}/reservations"
    key = {"Idempotency-Key": f"k-{item_id}"}
    answers = [api.call("POST", path, body, key) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json_body, sort_keys=True) for answer in answers}) == 1


def test_a_key_is_for_one_request_one_path_and_one_caller(api: Api, item_id: str) -> None:
    api.add(item_id, stock=9)
    path, key = f"/items/{item_id}/reservations", {"Idempotency-Key": f"k-{item_id}"}
    api.call("POST", path, {"quantity": 2}, key)
    other = api.call("POST", path, {"quantity": 3}, key)
    assert (other.status_code, other.json_body["title"]) == (422, "Invalid")
    api.add(f"{item_id}b", stock=9)
    elsewhere = api.call("POST", f"/items/{item_id}b/reservations", {"quantity": 3}, key)
    assert elsewhere.status_code == 201
    assert (api.stock(item_id), api.stock(f"{item_id}b")) == (7, 6)


def test_what_was_refused_may_be_tried_again_with_the_same_key(api: Api, item_id: str) -> None:
    api.add(item_id, stock=1)
    path, key = f"/items/{item_id}/reservations", {"Idempotency-Key": f"k-{item_id}"}
    assert api.call("POST", path, {"quantity": 2}, key).status_code == 409
    api.call("PUT", f"/items/{item_id}", {"name": "Tea", "stock": 5})
    assert api.call("POST", path, {"quantity": 2}, key).status_code == 201


def test_a_request_under_way_elsewhere_is_not_begun_again(
    api: Api, item_id: str, on_moto: dict[str, str]
) -> None:
    api.add(item_id, stock=5)
    path, key = f"/items/{item_id}/reservations", {"Idempotency-Key": f"k-{item_id}"}
    api.call("POST", path, {"quantity": 1}, key)
    table = boto3.resource("dynamodb").Table(on_moto["ONCE_TABLE"])
    for record in table.scan()["Items"]:
        table.put_item(Item={**record, "status": "INPROGRESS"})
    answer = api.call("POST", path, {"quantity": 1}, key)
    assert (answer.status_code, answer.json_body["title"]) == (503, "Busy")
    assert api.stock(item_id) == 4


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 129, "ü"])
def test_a_key_of_another_form_is_refused(api: Api, item_id: str, key: str) -> None:
    api.add(item_id)
    path = f"/items/{item_id}/reservations"
    answer = api.call("POST", path, {"quantity": 1}, {"Idempotency-Key": key})
    assert answer.status_code == 400
