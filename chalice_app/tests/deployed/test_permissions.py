"""Each permission of each role is needed: without it, something fails that did not before.

Not `logs:`: Lambda itself writes what a function prints, and the local cloud does not ask the role.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
import yaml
from callers import change, image
from test_photos import png

import stage

pytestmark = pytest.mark.slow

TEMPLATE = yaml.safe_load(stage.TEMPLATE.read_text())
ROLES = {
    name: resource["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::IAM::Role"
}
PERMISSIONS = [
    (role, statement["Sid"], action)
    for role, statements in ROLES.items()
    for statement in statements
    for action in statement["Action"]
    if not action.startswith("logs:")
]
SOURCE_FUNCTIONS = {"OrdersRole": "orders", "PhotosRole": "photos", "StockRole": "stock"}


def a_zip() -> bytes:
    """A function's code, never run."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "")
    return packed.getvalue()


def message(body: Any) -> dict[str, Any]:
    return {
        "messageId": "m",
        "receiptHandle": "r",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
    }


class Exercise:
    """What each role's functions do, told as outcomes that are the same each time all is well."""

    def __init__(self, service: Any, item_id: str) -> None:
        self._service, self._item = service, item_id
        self._count = 0

    def outcomes(self, role: str) -> list[Any]:
        """Of all that needs this role, including the connection with its source."""
        self._count += 1
        item = f"{self._item}-{self._count}"
        self._service.add(item, stock=9, threshold=5) if role != "ApiRole" else None
        found = list(getattr(self, f"_{role.removesuffix('Role').lower()}")(item))
        if function := SOURCE_FUNCTIONS.get(role):
            found.append(self._connected(function))
        return found

    def _api(self, item: str) -> Iterator[int]:
        call, key = self._service.call, {"Idempotency-Key": item}
        new = {"item_id": item, "name": "Tea", "stock": 9}
        yield call("POST", "/items", new, key).status_code
        yield call("POST", "/items", new, {"Idempotency-Key": f"{item}-2"}).status_code  # 409
        yield call("GET", f"/items/{item}").status_code
        yield call("GET", "/items?limit=1").status_code
        yield call("GET", "/items?limit=1&low_stock=true").status_code
        yield call("GET", f"/items/{item}/alerts").status_code
        order = {"lines": [{"item_id": "none", "quantity": 1}]}
        placed = call("POST", "/orders", order)
        yield placed.status_code
        yield call("GET", f"/orders/{placed.json().get('order_id', '0' * 32)}").status_code
        form = call("POST", f"/items/{item}/photos").json()
        if "url" in form:
            fields = {**form["fields"], "file": ("upload", b"none")}
            yield urllib3.request("POST", form["url"], fields=fields).status
        yield call("DELETE", f"/items/{item}").status_code

    def _token(self, item: str) -> Iterator[int]:
        self._service.start_cold("token")
        fresh = {"Authorization": self._service.bearer("read", minutes=self._count)}
        yield self._service.api.get("/items?limit=1", headers=fresh).status_code

    def _orders(self, item: str) -> Iterator[str]:
        order_id = f"{self._count:032x}"
        record = {
            "order_id": {"S": order_id},
            "status": {"S": "queued"},
            "reason": {"S": ""},
            "lines": {"L": [{"M": {"item_id": {"S": item}, "quantity": {"N": "1"}}}]},
        }
        self._service.cloud.client("dynamodb").put_item(
            TableName=self._service.outputs["OrdersTable"], Item=record
        )
        good = message({"order_id": order_id, "correlation_id": "c"})
        yield self._service.invoke("orders", {"Records": [good]})
        yield self._service.invoke("orders", {"Records": [message("poison")]})
        yield self._service.invoke("orders", {"Records": [good, message("poison")]})

    def _photos(self, item: str) -> Iterator[str]:
        s3, bucket = self._service.cloud.client("s3"), self._service.outputs["UploadsBucket"]
        for name, content in (("photo", png(1, 1)), ("none", b"no photo"), ("gone", None)):
            key = f"{item}/{name}"
            if content:
                s3.put_object(Bucket=bucket, Key=key, Body=content)
            told = {"Records": [{"s3": {"object": {"key": key}}}]}
            yield self._service.invoke("photos", {"Records": [message(told)]})
        gone = message({"Event": "s3:TestEvent"})
        yield self._service.invoke("photos", {"Records": [message("poison")]})
        yield self._service.invoke("photos", {"Records": [gone, message("poison")]})

    def _stock(self, item: str) -> Iterator[str]:
        dynamodb = self._service.cloud.client("dynamodb")
        before = image(item, self._service.outputs["ItemsTable"], dynamodb)
        low = {**before, "stock": {"N": "1"}, "version": {"N": "99"}}
        yield self._service.invoke("stock", {"Records": [change(before, low)]})
        photo = {
            **{name: {"S": "x"} for name in ("key", "content_type")},
            **{name: {"N": "1"} for name in ("size", "width", "height")},
            "uploaded_at": {"S": "2026-01-01"},
        }
        shown = {**before, "photo": {"M": photo}}
        yield self._service.invoke("stock", {"Records": [change(shown, before)]})
        # More than a topic takes: it fails, and the next attempt must be free to succeed.
        huge = {**low, "name": {"S": "x" * 300_000}, "version": {"N": "100"}}
        small = {**huge, "name": {"S": "x"}}
        yield self._service.invoke("stock", {"Records": [change(before, huge)]})
        yield self._service.invoke("stock", {"Records": [change(before, small)]})

    def _alerts(self, item: str) -> Iterator[str]:
        told = {"item_id": item, "alert_id": "1", "name": "Tea", "stock": 1, "threshold": 2}
        sns = {"Message": json.dumps(told), "Subject": "s", "MessageAttributes": {}}
        yield self._service.invoke("alerts", {"Records": [{"Sns": sns}]})

    def _reports(self, item: str) -> Iterator[str]:
        event = {
            "version": "0",
            "id": item,
            "account": "1",
            "region": "us-east-1",
            "detail": {},
            "detail-type": "Report requested",
            "source": "test",
            "time": "2020-01-01T00:00:00Z",
            "resources": [],
        }
        yield self._service.invoke("nightly_report", event)
        yield self._service.invoke("requested_report", event)

    def _connected(self, function: str) -> str:
        """Whether the function's role lets another be connected with its source; undone.

        Another function with that role: one function has one mapping of a source at most.
        """
        client, name = self._service.cloud.client("lambda"), f"another-{function}"
        role = client.get_function_configuration(FunctionName=f"inventory-service-dev-{function}")[
            "Role"
        ]
        client.create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.12",
            Handler="app.handler",
            Code={"ZipFile": a_zip()},
        )
        start = {"StartingPosition": "LATEST"} if function == "stock" else {}
        try:
            mapping = client.create_event_source_mapping(
                FunctionName=name,
                EventSourceArn=self._service.outputs[stage.SOURCES[function][2]],
                Enabled=False,
                **start,
            )
        except client.exceptions.InvalidParameterValueException as refused:
            return str(refused)
        else:
            client.delete_event_source_mapping(UUID=mapping["UUID"])
            return "connected"
        finally:
            client.delete_function(FunctionName=name)


@pytest.fixture(scope="module")
def exercise(service: Any) -> Iterator[Exercise]:
    """With the uploads' queue at rest: a photo is looked at when it is asked for, and only then."""
    client, sqs = service.cloud.client("lambda"), service.cloud.client("sqs")
    photos = "inventory-service-dev-photos"
    [mapping] = client.list_event_source_mappings(FunctionName=photos)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    yield Exercise(service, "permissions")
    sqs.purge_queue(QueueUrl=service.outputs["UploadsQueueUrl"])
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@pytest.fixture(scope="module")
def usual(exercise: Exercise) -> Callable[[str], list[Any]]:
    """The outcomes with every permission, taken once a role."""
    taken: dict[str, list[Any]] = {}

    def of(role: str) -> list[Any]:
        if role not in taken:
            taken[role] = exercise.outcomes(role)
        return taken[role]

    return of


@pytest.fixture
def without(service: Any) -> Iterator[Callable[[str, str, str], None]]:
    """Takes one permission away until the test has ended."""
    iam, taken = service.cloud.client("iam"), []
    outputs = {**service.outputs, "ApiRole": service.outputs["ApiHandlerRole"]}
    outputs["ReportsRole"] = outputs["NightlyReportRole"]

    def take(role: str, sid: str, action: str) -> None:
        name = outputs[role].rpartition("/")[2]
        [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
        whole = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        taken.append((name, policy, json.dumps(whole)))
        for statement in whole["Statement"]:
            if statement["Sid"] == sid:
                statement["Action"].remove(action)
        whole["Statement"] = [each for each in whole["Statement"] if each["Action"]]
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(whole))

    yield take
    for name, policy, document in taken:
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)


def test_with_every_permission_nothing_is_denied(exercise: Exercise) -> None:
    for role in ROLES:
        outcomes = exercise.outcomes(role)
        assert "AccessDenied" not in repr(outcomes)
        assert 500 not in outcomes
        assert 403 not in outcomes


@pytest.mark.parametrize(
    ("role", "sid", "action"), PERMISSIONS, ids=lambda part: part.replace("Role", "")
)
def test_without_it_something_fails(
    role: str,
    sid: str,
    action: str,
    usual: Callable[[str], list[Any]],
    exercise: Exercise,
    without: Callable[[str, str, str], None],
) -> None:
    expected = usual(role)
    without(role, sid, action)
    assert exercise.outcomes(role) != expected
