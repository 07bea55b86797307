"""The functions that answer events, on moto: orders, uploads, the stream, the topic, reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from callers import Api, Context, change, client, image, messages
from test_photos import png

from chalicelib import once, storage
from chalicelib.batches import BatchFailed
from chalicelib.blueprints import alerts as subscriber
from chalicelib.blueprints import orders as worker
from chalicelib.blueprints import photos as looker
from chalicelib.blueprints import reports as reporter
from chalicelib.blueprints import stock as watcher
from chalicelib.repository import alerts, orders

Variables = dict[str, str]
Logged = Callable[[], list[dict[str, Any]]]


# ── orders ──


def deliver(*records: dict[str, Any]) -> None:
    worker.orders({"Records": list(records)}, Context())


def test_an_order_takes_stock_once_however_often_it_is_delivered(
    api: Api, on_moto: Variables, item_id: str
) -> None:
    api.add(item_id, stock=5)
    order_id = api.order((item_id, 3))
    [record] = messages(on_moto["ORDERS_QUEUE_URL"])
    for _ in range(3):
        deliver(record)
    assert api.stock(item_id) == 2
    assert api.call("GET", f"/orders/{order_id}").json_body["status"] == "reserved"


def test_an_order_delivered_twice_at_the_same_moment_takes_stock_once(
    api: Api, on_moto: Variables, item_id: str
) -> None:
    api.add(item_id, stock=50)
    order_ids = [api.order((item_id, 3)) for _ in range(3)]
    with ThreadPoolExecutor(6) as threads:
        decided = list(threads.map(orders.settle, order_ids * 2))
    assert sorted(now for _, now in decided) == [False] * 3 + [True] * 3
    assert api.stock(item_id) == 50 - 9


def test_an_order_that_cannot_be_met_is_rejected_and_says_why(api: Api, item_id: str) -> None:
    api.add(item_id, stock=2)
    order_id = api.order((item_id, 3))
    orders.settle(order_id)
    answer = api.call("GET", f"/orders/{order_id}").json_body
    assert (answer["status"], answer["reason"]) == (
        "rejected",
        f"{item_id} has 2 in stock, not 3.",
    )
    assert api.stock(item_id) == 2


def test_poison_blocks_neither_the_messages_before_it_nor_those_after(
    api: Api, on_moto: Variables, item_id: str
) -> None:
    """What is good has left the queue; what is not is in it, to be tried again at once."""
    api.add(item_id, stock=10)
    url = on_moto["ORDERS_QUEUE_URL"]
    messages(url)
    api.order((item_id, 1))
    for body in ("no json", "[]", '{"order_id": "0", "correlation_id": "c"}'):
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    api.order((item_id, 2))
    records = messages(url)
    assert len(records) == 5
    with pytest.raises(BatchFailed, match="3 of 5"):
        deliver(*records)
    assert api.stock(item_id) == 7
    left = messages(url)
    assert sorted(each["body"][:3] for each in left) == ["[]", "no ", '{"o']
    assert {each["attributes"]["ApproximateReceiveCount"] for each in left} == {"2"}


def test_what_fails_for_a_while_waits_longer_each_time(
    api: Api, on_moto: Variables, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    sqs = boto3.client("sqs")
    monkeypatch.setattr(
        sqs, "change_message_visibility", lambda **r: waits.append(r["VisibilityTimeout"])
    )
    monkeypatch.setattr("chalicelib.batches.client", lambda service: sqs)
    monkeypatch.setattr(worker, "settle", lambda order_id: 1 / 0)
    for received in (1, 2, 3, 9):
        with pytest.raises(BatchFailed):
            deliver(
                {
                    "messageId": "m",
                    "receiptHandle": "r",
                    "body": '{"order_id": "0", "correlation_id": "c"}',
                    "attributes": {"ApproximateReceiveCount": str(received)},
                }
            )
    assert waits == [2, 4, 8, 60]


# ── uploads ──


def upload(variables: Variables, key: str, content: bytes, **metadata: str) -> None:
    boto3.client("s3").put_object(
        Bucket=variables["UPLOADS_BUCKET"], Key=key, Body=content, Metadata=metadata
    )
    told = {"Records": [{"s3": {"object": {"key": key.replace(" ", "+")}}}]}
    notify(json.dumps(told))


def notify(body: str) -> None:
    record = {
        "messageId": "m",
        "receiptHandle": "r",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
    }
    looker.photos({"Records": [record]}, Context())


def keys_in(bucket: str) -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return [each["Key"] for each in found]


def test_a_photos_type_and_size_are_kept_on_its_item(
    api: Api, on_moto: Variables, item_id: str, logged: Logged
) -> None:
    api.add(item_id)
    upload(on_moto, f"{item_id}/a b", png(640, 480), **{"correlation-id": "from-the-form"})
    shown = api.call("GET", f"/items/{item_id}").json_body["photo"]
    assert (shown["content_type"], shown["width"], shown["height"]) == ("image/png", 640, 480)
    kept = [line for line in logged() if line["message"] == "photo kept"]
    assert [line["correlation_id"] for line in kept] == ["from-the-form"]


@pytest.mark.parametrize("content", [b"#!/bin/sh", b""], ids=["a script", "nothing"])
def test_what_is_no_photo_is_quarantined(
    api: Api, on_moto: Variables, item_id: str, content: bytes
) -> None:
    api.add(item_id)
    upload(on_moto, f"{item_id}/x", content)
    assert api.call("GET", f"/items/{item_id}").json_body["photo"] is None
    assert f"{item_id}/x" in keys_in(on_moto["QUARANTINE_BUCKET"])
    assert f"{item_id}/x" not in keys_in(on_moto["UPLOADS_BUCKET"])


def test_a_photo_of_no_item_is_deleted(api: Api, on_moto: Variables, item_id: str) -> None:
    upload(on_moto, f"{item_id}/x", png(1, 1))
    assert f"{item_id}/x" not in keys_in(on_moto["UPLOADS_BUCKET"])


def test_a_photo_told_of_twice_or_too_late_changes_nothing(
    api: Api, on_moto: Variables, item_id: str
) -> None:
    api.add(item_id)
    upload(on_moto, f"{item_id}/x", png(1, 1))
    before = api.call("GET", f"/items/{item_id}").json_body
    notify(json.dumps({"Records": [{"s3": {"object": {"key": f"{item_id}/x"}}}]}))
    notify(json.dumps({"Records": [{"s3": {"object": {"key": f"{item_id}/gone"}}}]}))
    assert api.call("GET", f"/items/{item_id}").json_body == before
    assert f"{item_id}/x" in keys_in(on_moto["UPLOADS_BUCKET"])


def test_a_photo_older_than_the_one_shown_is_deleted(
    api: Api, on_moto: Variables, item_id: str
) -> None:
    api.add(item_id)
    upload(on_moto, f"{item_id}/first", png(1, 1))
    upload(on_moto, f"{item_id}/same-second", png(2, 2))
    kept = [key for key in keys_in(on_moto["UPLOADS_BUCKET"]) if key.startswith(item_id)]
    assert len(kept) in (1, 2)  # 2 if a second has passed between them
    width = api.call("GET", f"/items/{item_id}").json_body["photo"]["width"]
    assert width == len(kept)


def test_s3s_test_event_is_let_pass_and_nonsense_is_not(on_moto: Variables) -> None:
    notify('{"Service": "Amazon S3", "Event": "s3:TestEvent"}')
    for nonsense in ("x", "[]", "{}", '{"Records": [{}]}'):
        with pytest.raises((BatchFailed, ClientError)):
            notify(nonsense)


def test_a_form_for_an_upload_is_signed_for_one_key_and_five_mebibytes(
    api: Api, item_id: str
) -> None:
    import base64

    api.add(item_id)
    form = api.call("POST", f"/items/{item_id}/photos", headers={"X-Correlation-Id": "c"}).json_body
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    assert form["fields"]["key"].startswith(f"{item_id}/")
    assert form["expires_in_seconds"] == storage.UPLOAD_SECONDS
    assert ["content-length-range", 1, 5 * 1024 * 1024] in policy["conditions"]
    assert {"key": form["fields"]["key"]} in policy["conditions"]
    assert {"x-amz-meta-correlation-id": "c"} in policy["conditions"]


# ── the stream and the topic ──


@pytest.fixture
def published(on_moto: Variables, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is published to the topic."""
    sns, said = boto3.client("sns"), []
    publish = sns.publish
    monkeypatch.setattr(sns, "publish", lambda **r: (said.append(r), publish(**r))[1])
    monkeypatch.setattr(watcher, "client", lambda service: sns)
    return said


def watch(*changes: dict[str, Any]) -> None:
    watcher.stock({"Records": list(changes)}, Context())


def fall(api: Api, item_id: str) -> dict[str, Any]:
    """Make an item's stock fall below its threshold; what the stream tells of it."""
    api.add(item_id, stock=10, threshold=5)
    before = image(item_id)
    api.call(
        "POST", f"/items/{item_id}/reservations", {"quantity": 6}, {"X-Correlation-Id": "fall"}
    )
    return change(before, image(item_id))


def test_a_fall_is_published_once_however_often_it_is_told(
    api: Api, item_id: str, published: list[dict[str, Any]]
) -> None:
    told = fall(api, item_id)
    for _ in range(3):
        watch(told)
    watch(told, told)
    [alert] = published
    said = json.loads(alert["Message"])
    assert (said["item_id"], said["stock"], said["correlation_id"]) == (item_id, 4, "fall")


def test_a_second_fall_of_the_same_item_is_published_again(
    api: Api, item_id: str, published: list[dict[str, Any]]
) -> None:
    watch(fall(api, item_id))
    api.call("PUT", f"/items/{item_id}", {"name": "Tea", "stock": 9, "threshold": 5})
    before = image(item_id)
    api.call("PUT", f"/items/{item_id}", {"name": "Tea", "stock": 1, "threshold": 5})
    watch(change(before, image(item_id)))
    assert [json.loads(each["Message"])["stock"] for each in published] == [4, 1]


def test_a_fall_that_cannot_be_published_holds_up_no_other_and_comes_again(
    api: Api, item_id: str, published: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = fall(api, item_id), fall(api, f"{item_id}b")
    working = once.once

    def failing(key: Any, *rest: Any) -> Any:
        if key[1] == item_id:
            raise ConnectionError("no topic")
        return working(key, *rest)

    monkeypatch.setattr(watcher, "once", failing)
    with pytest.raises(watcher.SomeFailed, match="^1 changes"):
        watch(first, second)
    monkeypatch.setattr(watcher, "once", working)
    watch(first, second)
    told = [json.loads(each["Message"])["item_id"] for each in published]
    assert told == [f"{item_id}b", item_id]


def test_a_photo_goes_with_its_item(
    api: Api, on_moto: Variables, item_id: str, published: list[dict[str, Any]]
) -> None:
    api.add(item_id)
    upload(on_moto, f"{item_id}/x", png(1, 1))
    shown = image(item_id)
    watch(change(shown, shown))
    assert f"{item_id}/x" in keys_in(on_moto["UPLOADS_BUCKET"])
    watch(change(shown, None))
    assert f"{item_id}/x" not in keys_in(on_moto["UPLOADS_BUCKET"])


def test_an_alert_is_recorded_once_and_listed(api: Api, item_id: str) -> None:
    told = {"item_id": item_id, "alert_id": "2026/1", "name": "Tea", "stock": 1, "threshold": 2}
    event = client().events.generate_sns_event(json.dumps({**told, "correlation_id": "c"}))
    for _ in range(2):
        subscriber.alerts(event, Context())
    assert api.call("GET", f"/items/{item_id}/alerts").json_body == {"alerts": [told]}


def test_the_latest_alert_is_listed_first(api: Api, item_id: str) -> None:
    for number in (2, 1, 3):
        alerts.record(alerts.Alert(item_id, f"2026/{number}", "Tea", number, 9))
    listed = api.call("GET", f"/items/{item_id}/alerts").json_body["alerts"]
    assert [alert["stock"] for alert in listed] == [3, 2, 1]


# ── reports ──


def report(variables: Variables, key: str) -> dict[str, Any]:
    found = boto3.client("s3").get_object(Bucket=variables["REPORTS_BUCKET"], Key=key)
    return dict(json.loads(found["Body"].read()))


def happened(**changed: Any) -> dict[str, Any]:
    event = client().events.generate_cw_event("s", "t", {}, [])
    return {**event, "id": "e-1", "time": "2026-05-04T02:00:00Z", **changed}


def test_the_nightly_report_is_that_nights_and_written_again_is_the_same(
    api: Api, on_moto: Variables, item_id: str
) -> None:
    api.add(item_id, stock=1, threshold=4)
    for _ in range(2):
        reporter.nightly_report(happened(), Context())
    assert keys_in(on_moto["REPORTS_BUCKET"]) == ["nightly/2026-05-04.json"]
    found = report(on_moto, "nightly/2026-05-04.json")
    assert {"item_id": item_id, "stock": 1, "missing": 3} in found["low"]


def test_a_report_can_be_asked_for(on_moto: Variables, logged: Logged) -> None:
    reporter.requested_report(happened(detail={"correlation_id": "asked"}), Context())
    assert report(on_moto, "requested/e-1.json")["at"] == "2026-05-04T02:00:00Z"
    assert [line["correlation_id"] for line in logged()] == ["asked"]


# ── partners ──


def test_a_partner_learns_whether_and_not_how_many(api: Api, item_id: str) -> None:
    api.add(item_id, stock=3)
    path = f"/partners/items/{item_id}"
    assert api.call("GET", path).json_body == {"item_id": item_id, "available": True}
    api.call("PUT", f"/items/{item_id}", {"name": "Tea", "stock": 0})
    assert api.call("GET", path).json_body == {"item_id": item_id, "available": False}
