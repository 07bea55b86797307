"""The deployed service over HTTP and by events, each function under its own role."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from callers import change, image
from test_photos import png

pytestmark = pytest.mark.slow


def placed(service: Any, item_id: str, quantity: int, correlation_id: str) -> str:
    body = {"lines": [{"item_id": item_id, "quantity": quantity}]}
    answer = service.call("POST", "/orders", body, {"X-Correlation-Id": correlation_id})
    assert answer.status_code == 202
    return str(answer.json()["order_id"])


def uploaded(service: Any, item_id: str, content: bytes) -> int:
    form = service.call("POST", f"/items/{item_id}/photos").json()
    fields = {**form["fields"], "file": ("upload", content)}
    status = urllib3.request("POST", form["url"], fields=fields).status
    service.cloud.settle()
    return status


def test_the_gateway_turns_away_who_may_not(service: Any, item_id: str) -> None:
    api = service.api
    assert api.get("/health").json() == {"status": "ok", "stage": "dev"}
    assert api.get("/items").status_code == 401
    assert api.get("/items", headers={"Authorization": "Bearer x.y.z"}).status_code == 401
    reader = {"Authorization": service.bearer("read")}
    assert api.get("/items", headers=reader).status_code == 200
    assert api.delete(f"/items/{item_id}", headers=reader).status_code == 403
    expired = {"Authorization": service.bearer("read", minutes=-1)}
    assert api.get("/items", headers=expired).status_code == 401


def test_tokens_outlive_one_rotation_of_their_key(service: Any) -> None:
    before = {"Authorization": service.bearer("read", minutes=299)}

    service.cloud.client("secretsmanager").put_secret_value(
        SecretId=service.outputs["SigningSecret"], SecretString="another" * 9
    )
    after = {"Authorization": service.bearer("read")}
    assert service.api.get("/items", headers=after).status_code == 200  # by a warm authorizer
    service.start_cold("token")
    assert service.api.get("/items", headers=before).status_code == 200


def test_a_partners_route_opens_to_a_key(service: Any, item_id: str) -> None:
    service.add(item_id)
    path, gateway = f"/partners/items/{item_id}", service.cloud.client("apigateway")
    assert service.api.get(path).status_code == 403
    stage = {"apiId": service.api.url.split("/")[-2], "stage": "api"}
    plan = gateway.create_usage_plan(name="partners", apiStages=[stage])
    key = gateway.create_api_key(name="partner", enabled=True)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    answer = service.api.get(path, headers={"X-Api-Key": key["value"]})
    assert answer.json() == {"item_id": item_id, "available": True}


def test_bad_requests_are_refused_as_on_moto(service: Any, item_id: str) -> None:
    bad_json = {**service.headers, "Content-Type": "application/json"}
    refusals = [
        service.api.post("/items", data=b"{", headers=bad_json),
        service.api.post("/items", data=b'"' + b"x" * 70_000, headers=bad_json),
        service.api.post("/items", data=b"<a/>", headers={**bad_json, "Content-Type": "text/xml"}),
        service.call("POST", "/items", {"item_id": item_id, "name": "Tea", "stock": -1}),
        service.call("GET", "/items?cursor=x"),
        service.call("GET", f"/items/{item_id}"),
    ]
    assert [each.status_code for each in refusals] == [400, 413, 415, 422, 400, 404]
    assert {each.headers["Content-Type"] for each in refusals} == {"application/problem+json"}


def test_one_correlation_id_is_in_every_log_from_order_to_alert(service: Any, item_id: str) -> None:
    service.add(item_id, stock=10, threshold=5)
    order_id = placed(service, item_id, 6, f"c-{item_id}")
    service.cloud.settle()
    assert service.call("GET", f"/orders/{order_id}").json()["status"] == "reserved"
    [alert] = service.call("GET", f"/items/{item_id}/alerts").json()["alerts"]
    assert alert["stock"] == 4
    said = [
        line["message"]
        for function in ("", "orders", "stock", "alerts")
        for line in service.lines(function)
        if line.get("correlation_id") == f"c-{item_id}"
    ]
    assert said == [
        "order queued",
        "answered",
        "order reserved",
        "alert published",
        "alert recorded",
    ]


def test_an_order_delivered_to_two_environments_at_once_takes_stock_once(
    service: Any, item_id: str, at_once: Callable[..., list[Any]]
) -> None:
    service.add(item_id, stock=100)
    order_id = placed(service, item_id, 3, "twice")
    body = json.dumps({"order_id": order_id, "correlation_id": "twice"})
    record = {
        "messageId": "m",
        "receiptHandle": "r",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
    }
    answers = at_once(4, lambda: service.invoke("orders", {"Records": [record]}))
    service.cloud.settle()
    assert answers == ["ok"] * 4
    assert service.stock(item_id) == 97
    busy = [row for row in service.cloud.environments() if row["function"].endswith("-orders")]
    assert len(busy) > 1  # or nothing was at once


def test_an_alert_told_of_in_two_environments_at_once_is_published_once(
    service: Any, item_id: str, at_once: Callable[..., list[Any]]
) -> None:
    service.add(item_id, stock=10, threshold=0)
    table = service.outputs["ItemsTable"]
    before = image(item_id, table, service.cloud.client("dynamodb"))
    before["threshold"] = {"N": "5"}
    after = {**before, "stock": {"N": "1"}, "version": {"N": "2"}}
    event = {"Records": [change(before, after)]}
    answers = at_once(4, lambda: service.invoke("stock", event))
    assert "ok" in answers
    # Whoever came while it was being published is told to come again, as the stream does.
    assert {each.partition(":")[0] for each in answers} <= {"ok", "SomeFailed"}
    assert service.invoke("stock", event) == "ok"
    published = [
        line
        for line in service.lines("stock")
        if line["message"] == "alert published" and line["item_id"] == item_id
    ]
    assert len(published) == 1


def test_many_reservations_at_once_never_oversell(
    service: Any, item_id: str, at_once: Callable[..., list[Any]]
) -> None:
    service.add(item_id, stock=5)
    path = f"/items/{item_id}/reservations"
    answers = at_once(8, lambda: service.call("POST", path, {"quantity": 1}).status_code)
    assert sorted(answers) == [201] * 5 + [409] * 3
    assert service.stock(item_id) == 0


def test_poison_ends_among_the_dead_letters_and_blocks_nobody(service: Any, item_id: str) -> None:
    service.add(item_id, stock=5)
    sqs = service.cloud.client("sqs")
    sqs.send_message(QueueUrl=service.outputs["OrdersQueueUrl"], MessageBody="poison")
    order_id = placed(service, item_id, 1, "beside-poison")
    service.cloud.settle()
    assert service.call("GET", f"/orders/{order_id}").json()["status"] == "reserved"
    [dead] = [url for url in sqs.list_queues()["QueueUrls"] if "OrdersDeadLetters" in url]
    [letter] = sqs.receive_message(QueueUrl=dead)["Messages"]
    assert letter["Body"] == "poison"
    sqs.purge_queue(QueueUrl=dead)


def test_an_upload_finds_its_item_and_what_is_no_photo_is_quarantined(
    service: Any, item_id: str
) -> None:
    service.add(item_id)
    assert uploaded(service, item_id, png(640, 480)) == 204
    photo = service.call("GET", f"/items/{item_id}").json()["photo"]
    assert (photo["content_type"], photo["width"], photo["height"]) == ("image/png", 640, 480)
    uploaded(service, item_id, b"no photo")
    s3 = service.cloud.client("s3")

    def keys(bucket: str) -> list[str]:
        found = s3.list_objects_v2(Bucket=service.outputs[bucket], Prefix=item_id)
        return [each["Key"] for each in found.get("Contents", [])]

    assert (len(keys("QuarantineBucket")), len(keys("UploadsBucket"))) == (1, 1)
    service.call("DELETE", f"/items/{item_id}")
    service.cloud.settle()
    assert keys("UploadsBucket") == []


def test_reports_are_written_at_night_and_when_this_stage_is_asked(service: Any) -> None:
    def reports() -> list[str]:
        found = service.cloud.client("s3").list_objects_v2(Bucket=service.outputs["ReportsBucket"])
        return [each["Key"].split("/")[0] for each in found.get("Contents", [])]

    before = reports()
    entries = [
        {
            "Source": "inventory-service",
            "DetailType": "Report requested",
            "Detail": json.dumps({"stage": stage}),
        }
        for stage in ("dev", "prod")
    ]
    service.cloud.client("events").put_events(Entries=entries)
    service.cloud.advance(hours=24)
    service.cloud.settle()
    assert sorted(reports()) == sorted([*before, "nightly", "requested"])


def test_one_trace_leads_from_an_order_to_its_alert(service: Any, item_id: str) -> None:
    service.add(item_id, stock=10, threshold=5)
    body = {"lines": [{"item_id": item_id, "quantity": 6}]}
    answer = service.call("POST", "/orders", body)
    service.cloud.settle()
    assert followed(service.cloud.trace(answer)) == [
        "POST /orders",
        "inventory-service-dev",
        "sqs SendMessage OrdersQueue",
        "queue OrdersQueue",
        "inventory-service-dev-orders",
        "dynamodb TransactWriteItems OrdersTable, ItemsTable",
        "stream of ItemsTable",
        "inventory-service-dev-stock",
        "sns Publish AlertsTopic",
        "topic AlertsTopic → function inventory-service-dev-alerts",
        "inventory-service-dev-alerts",
        "dynamodb PutItem AlertsTable",
    ]


def followed(trace: Any) -> list[str]:
    """What leads to the last call to the table of alerts, without inits and handlers."""
    by_id = {segment.id: segment for segment in trace.segments}
    segment = next(each for each in trace.segments if each.name == "dynamodb PutItem AlertsTable")
    way = [segment]
    while way[0].parent is not None:
        way.insert(0, by_id[way[0].parent])
    return [each.name for each in way if each.kind not in ("init", "handler")]
