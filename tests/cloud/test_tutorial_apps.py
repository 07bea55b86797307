"""Four apps after the subjects of Chalice's tutorials deploy, answer, and go without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chalice_projects import Project

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.cloud.websocket_client import Closed

Deploy = Callable[[str], Api | None]


@pytest.fixture
def deploy(cloud: LocalCloud, tmp_path: Path) -> Iterator[Deploy]:
    """Deploys one of the apps; its API's client, where it has one. Afterwards nothing is left."""
    projects: dict[str, Project] = {}
    before = [row for row in cloud.inventory() if row["service"] != "logs"]

    def run(name: str) -> Api | None:
        if name not in projects:
            projects[name] = Project.of_app(name, tmp_path / name, cloud)
        projects[name].chalice("deploy")
        has_routes = any(row["name"].startswith(f"{name} (") for row in cloud.inventory())
        return cloud.api(name) if has_routes else None

    yield run
    for project in projects.values():
        project.chalice("delete")
    kinds = (
        "function",
        "WebSocket API",
        "REST API",
        "role",
        "rule",
        "event source mapping",
        "subscription",
    )
    left = [row for row in cloud.inventory() if row["kind"] in kinds and row not in before]
    assert left == []


def table(cloud: LocalCloud, name: str, key: str) -> None:
    cloud.client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_a_rest_api_with_a_blueprint_keeps_a_guest_book(cloud: LocalCloud, deploy: Deploy) -> None:
    table(cloud, "guestbook-entries", "name")
    api = deploy("guestbook")
    assert api is not None
    assert api.get("/").json() == {"routes": ["/entries", "/entries/{name}"]}
    assert api.put("/entries/ada", json={"words": "lovely tea"}).status_code == 201
    assert api.get("/entries").json() == ["ada"]
    assert api.get("/entries/ada").json() == {"name": "ada", "words": "lovely tea"}
    refused = api.put("/entries/bob", json={})
    assert (refused.status_code, refused.json()["Code"]) == (400, "BadRequestError")
    assert api.get("/entries/bob").status_code == 404
    allowed = api.options("/entries/ada").headers["Access-Control-Allow-Methods"]
    assert sorted(allowed.split(",")) == ["DELETE", "GET", "OPTIONS", "PUT"]
    assert api.delete("/entries/ada").status_code == 204
    assert api.get("/entries").json() == []


def test_uploads_fill_a_catalogue_and_deletions_empty_it(cloud: LocalCloud, deploy: Deploy) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="catalogue-media")
    table(cloud, "catalogue-items", "key")
    api = deploy("catalogue")
    assert api is not None
    for key in ("cup.jpg", "pot.PNG", "pour.mp4", "notes.txt"):
        s3.put_object(Bucket="catalogue-media", Key=key, Body=b"x" * 7)
    cloud.settle()
    assert api.get("/").json() == ["cup.jpg", "pot.PNG", "pour.mp4"]
    assert api.get("/?kind=image").json() == ["cup.jpg", "pot.PNG"]
    assert api.get("/pour.mp4").json() == {"kind": "video", "size": 7}
    assert "SKIPPED notes.txt" in cloud.logs("catalogue-dev-added")
    s3.delete_object(Bucket="catalogue-media", Key="cup.jpg")
    cloud.settle()
    assert api.get("/cup.jpg").status_code == 404


def test_a_schedule_a_topic_and_a_queue_pass_a_message_on(
    cloud: LocalCloud, deploy: Deploy
) -> None:
    cloud.client("sns").create_topic(Name="dispatch-reminders")
    cloud.client("sqs").create_queue(QueueName="dispatch-work")
    assert deploy("dispatch") is None
    cloud.advance(hours=3)
    cloud.settle()
    worked = [line for line in cloud.logs("dispatch-dev-worked").splitlines() if "WORKED" in line]
    assert worked == ['WORKED hourly: {"reminded": true}'] * 3


def test_two_people_chat_over_a_redeployment(cloud: LocalCloud, deploy: Deploy) -> None:
    table(cloud, "chat-connections", "connection")
    deploy("chat")
    chat = cloud.websocket("chat")
    with chat.connect() as ada, chat.connect() as bob:
        for client, name in ((ada, "Ada"), (bob, "Bob")):
            client.send(name)
            assert client.receive() == f"Hello, {name}. /join a room."
        ada.send("anybody?")
        assert ada.receive() == "You are in no room. /join one."
        ada.send("/join tea")
        assert ada.receive() == "Ada joined tea"
        bob.send("/join tea")
        assert [ada.receive(), bob.receive()] == ["Bob joined tea"] * 2
        deploy("chat")
        bob.send("milk?")
        assert [ada.receive(), bob.receive()] == ["Bob: milk?"] * 2
        bob.send("/hang up")
        with pytest.raises(Closed) as closed:
            bob.receive()
        assert closed.value.code == 1000
        assert ada.receive() == "Bob left"
    cloud.settle()
    assert cloud.client("dynamodb").scan(TableName="chat-connections")["Count"] == 0
