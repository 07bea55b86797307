"""One app with every feature of Chalice: deployed, driven, deployed again with changes, deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chalice_projects import Project
from small_apps import packed

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.cloud.websocket_client import Closed

ORIGIN = "https://shop.example"


def what_the_app_finds(cloud: LocalCloud) -> str:
    """Makes the sources of its events and a layer; the ARN of the table's stream."""
    cloud.client("lambda").publish_layer_version(
        LayerName="everything-words",
        Content={"ZipFile": packed({"python/words.py": 'GREETING = "hello"'})},
    )
    cloud.client("s3").create_bucket(Bucket="everything-photos")
    cloud.client("sns").create_topic(Name="everything-news")
    for queue in ("everything-orders", "everything-returns"):
        cloud.client("sqs").create_queue(QueueName=queue, Attributes={"VisibilityTimeout": "60"})
    cloud.client("kinesis").create_stream(StreamName="everything-clicks", ShardCount=2)
    made = cloud.client("dynamodb").create_table(
        TableName="everything-items",
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    return str(made["TableDescription"]["LatestStreamArn"])


class Shop:
    """The deployed app, and the cloud that it runs in."""

    def __init__(self, project: Project, cloud: LocalCloud) -> None:
        self.project = project
        self.cloud = cloud

    @property
    def api(self) -> Api:
        return self.cloud.api("everything")

    def configure(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the configuration of stage dev."""
        file = self.project.folder / ".chalice" / "config.json"
        config = json.loads(file.read_text())
        change(config["stages"]["dev"])
        file.write_text(json.dumps(config))

    def heard(self, function: str) -> list[str]:
        """What a function has printed of the events that it got."""
        self.cloud.settle()
        lines = self.cloud.logs(f"everything-dev-{function}").splitlines()
        return [line.partition("HEARD ")[2] for line in lines if "HEARD" in line]


@pytest.fixture(scope="module")
def shop(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    before = listed(cloud)
    stream = what_the_app_finds(cloud)
    project = Project.of_app("everything", tmp_path_factory.mktemp("apps") / "everything", cloud)
    made = Shop(project, cloud)
    made.configure(lambda stage: stage["environment_variables"].update(STREAM=stream))
    project.chalice("deploy")
    yield made
    project.chalice("delete")
    cloud.client("lambda").delete_layer_version(LayerName="everything-words", VersionNumber=1)
    kinds = {"function", "REST API", "WebSocket API", "role", "rule", "event source mapping"}
    assert {row for row in listed(cloud) - before if row[1] in kinds | {"subscription"}} == set()


def listed(cloud: LocalCloud) -> set[tuple[str, str, str]]:
    return {(row["service"], row["kind"], row["name"]) for row in cloud.inventory()}


def test_its_variables_its_vendored_package_and_both_layers_are_there(shop: Shop) -> None:
    assert shop.api.get("/").json() == {"release": "1", "label": "1.80", "word": "hello"}


def test_routes_of_every_kind_answer(shop: Shop) -> None:
    api = shop.api
    assert api.get("/shelves/tea?wanted=a&wanted=b").json() == {
        "name": "tea",
        "wanted": ["a", "b"],
        "stage": "v1",
        "called in": "everything-dev",
    }
    for method in ("PUT", "PATCH"):
        changed = api.request(method, "/shelves/tea", json={"count": 3})
        assert (changed.status_code, changed.headers["X-Count"]) == (202, "3")
    assert api.put("/shelves/tea", json={}).status_code == 422
    assert api.get("/health").status_code == 204
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert api.post("/shelves/tea/form", data="a=1", headers=form).text == "a=1"
    assert api.post("/shelves/tea/form", json={}).status_code == 415
    assert api.get("/nowhere").status_code == 403


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("ConflictError", 409),
        ("NotFoundError", 404),
        ("TooManyRequestsError", 429),
        ("ChaliceViewError", 500),
    ],
)
def test_errors_have_their_status(shop: Shop, error: str, status: int) -> None:
    refused = shop.api.get(f"/shelves/tea/errors/{error}")
    assert (refused.status_code, refused.json()["Code"]) == (status, error)


def test_binary_bodies_come_and_go_whole(shop: Shop) -> None:
    webp = {"Content-Type": "image/webp", "Accept": "image/webp"}
    assert shop.api.get("/shelves/tea/photo", headers=webp).content == b"RIFF\x00\xffWEBP"
    put = shop.api.put("/shelves/tea/photo", data=b"\x00\xff\xfe", headers=webp)
    assert put.json() == {"bytes": 3}


def test_cors_is_as_configured(shop: Shop) -> None:
    preflight = shop.api.options("/shelves/tea", headers={"Origin": ORIGIN}).headers
    assert preflight["Access-Control-Allow-Origin"] == ORIGIN
    assert "X-Basket" in preflight["Access-Control-Allow-Headers"]
    assert preflight["Access-Control-Max-Age"] == "600"
    answer = shop.api.get("/shelves/tea").headers
    assert answer["Access-Control-Allow-Credentials"] == "true"
    assert answer["Access-Control-Expose-Headers"] == "X-Count"


def test_long_answers_are_compressed_for_who_asks(shop: Shop) -> None:
    zipped = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in shop.api.get("/shelves/tea", headers=zipped).headers
    history = shop.api.get("/shelves/tea/history", headers=zipped)
    assert history.headers["Content-Encoding"] == "gzip"
    assert int(history.headers["Content-Length"]) < 200 < len(history.content)


def test_tokens_open_the_doors_that_they_should(shop: Shop) -> None:
    def knock(path: str, token: str, method: str = "GET") -> int:
        return shop.api.request(method, path, headers={"Authorization": token}).status_code

    assert shop.api.get("/doors/back").status_code == 401
    ada = shop.api.get("/doors/back", headers={"Authorization": "ada"}).json()
    assert (ada["principalId"], ada["floor"]) == ("ada", "2")
    assert [knock("/doors/back", "bob"), knock("/doors/back", "bob", "POST")] == [200, 403]
    assert [knock("/mine", "ada"), knock("/mine", "bob"), knock("/mine", "eve")] == [200, 403, 403]
    assert shop.api.get("/doors/signed").status_code == 403
    assert shop.api.get("/doors/keyed").status_code == 403


def test_middleware_is_passed_by_every_handler(shop: Shop) -> None:
    assert shop.api.get("/").headers["x-shop"] == "corner"
    assert "PASSED Request" in shop.cloud.logs("everything-dev")
    answer = shop.cloud.client("lambda").invoke(FunctionName="everything-dev-plain", Payload=b"7")
    assert json.loads(answer["Payload"].read()) == {
        "asked": 7,
        "memory": "512",
        "only": "here",
        "watched": True,
    }


def test_a_function_s_own_settings_are_its_alone(shop: Shop) -> None:
    client = shop.cloud.client("lambda")
    plain = client.get_function(FunctionName="everything-dev-plain")
    api = client.get_function_configuration(FunctionName="everything-dev")
    assert plain["Concurrency"]["ReservedConcurrentExecutions"] == 3
    assert (plain["Configuration"]["Timeout"], api["Timeout"]) == (5, 20)
    assert (plain["Tags"]["team"], api["MemorySize"]) == ("shop", 256)
    assert "ONLY" not in api["Environment"]["Variables"]
    groups = shop.cloud.client("logs").describe_log_groups(
        logGroupNamePrefix="/aws/lambda/everything-dev-plain"
    )["logGroups"]
    assert [group["retentionInDays"] for group in groups] == [7]


def test_an_upload_of_the_right_name_is_heard(shop: Shop) -> None:
    for key in ("in/cup.webp", "in/cup.png", "out/cup.webp"):
        shop.cloud.client("s3").put_object(Bucket="everything-photos", Key=key, Body=b"")
    assert shop.heard("photo_came") == ["everything-photos in/cup.webp"]


def test_a_topic_two_queues_a_table_and_a_stream_are_heard(shop: Shop) -> None:
    client = shop.cloud.client
    topics = client("sns").list_topics()["Topics"]
    topic = next(t["TopicArn"] for t in topics if t["TopicArn"].endswith(":everything-news"))
    client("sns").publish(TopicArn=topic, Subject="late", Message="tea")
    for queue in ("everything-orders", "everything-returns"):
        url = client("sqs").get_queue_url(QueueName=queue)["QueueUrl"]
        client("sqs").send_message(QueueUrl=url, MessageBody=f"tea for {queue}")
    client("dynamodb").put_item(TableName="everything-items", Item={"name": {"S": "tea"}})
    client("dynamodb").delete_item(TableName="everything-items", Key={"name": {"S": "tea"}})
    client("kinesis").put_record(StreamName="everything-clicks", Data=b"tea", PartitionKey="1")
    shop.cloud.advance(seconds=5)
    assert shop.heard("news") == ["late tea"]
    assert shop.heard("ordered") == ["tea for everything-orders"]
    assert shop.heard("returned") == ["tea for everything-returns"]
    assert " ".join(shop.heard("changed")) == "INSERT tea REMOVE tea"
    assert shop.heard("clicked") == ["tea"]


def test_a_pattern_and_two_schedules_are_heard(shop: Shop) -> None:
    entry = {"Source": "shop", "DetailType": "opened", "Detail": '{"door": "front"}'}
    shop.cloud.client("events").put_events(Entries=[entry, {**entry, "DetailType": "closed"}])
    assert shop.heard("opened") == ["shop front"]
    shop.cloud.advance(hours=25)
    assert shop.heard("hourly")[:2] == ["the hour"] * 2
    assert shop.heard("nightly") in (["the night"], ["the night"] * 2)


def test_somebody_comes_speaks_and_is_shown_out(shop: Shop) -> None:
    with shop.cloud.websocket("everything").connect() as line:
        line.send("tea")
        assert line.receive() == "tea, 127.0.0.1"
        line.send("go")
        with pytest.raises(Closed):
            line.receive()
    assert shop.heard("websocket_connect") == ["somebody came"]
    assert shop.heard("websocket_disconnect") == ["somebody went"]


def test_it_is_deployed_again_with_changes(shop: Shop) -> None:
    """The last of this file: one route goes, one comes, a schedule goes, settings change."""
    files = shop.project.folder / "chalicelib"
    shelves = (files / "shelves.py").read_text()
    (files / "shelves.py").write_text(shelves.replace("/{name}/history", "/{name}/past"))
    ears = (files / "ears.py").read_text()
    (files / "ears.py").write_text(ears[: ears.index("@ears.schedule(Cron")])
    shop.configure(lambda stage: stage["environment_variables"].update(RELEASE="2"))
    shop.configure(lambda stage: stage["lambda_functions"]["plain"].update(lambda_memory_size=640))
    before = shop.api.url
    shop.project.chalice("deploy")
    assert shop.api.url == before
    assert shop.api.get("/").json()["release"] == "2"
    assert shop.api.get("/shelves/tea/past").status_code == 200
    assert shop.api.get("/shelves/tea/history").status_code == 403
    left = {name for _, _, name in listed(shop.cloud)}
    assert "everything-dev-hourly" in left
    assert "everything-dev-nightly" not in left
    plain = shop.cloud.client("lambda").get_function(FunctionName="everything-dev-plain")
    assert plain["Configuration"]["MemorySize"] == 640
