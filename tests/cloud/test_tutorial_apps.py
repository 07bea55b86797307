"""Small apps after the subjects of Chalice's tutorials deploy, answer, and go without a trace."""

from __future__ import annotations

import importlib.util
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_deployments import Deploy, deploying
from chalice_projects import APPS, Project

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.cloud.firewall import client_environment
from workbook.cloud.websocket_client import Closed

TEA = {"password": "tea-4-two"}


@pytest.fixture
def deploy(cloud: LocalCloud, tmp_path: Path) -> Iterator[Deploy]:
    """Deploys apps; see `deploying`."""
    with deploying(cloud, tmp_path) as run:
        yield run


@pytest.fixture
def deploy_strictly(strict: LocalCloud, tmp_path: Path) -> Iterator[Deploy]:
    """Deploys apps to where each may do only what its own policy allows."""
    with deploying(strict, tmp_path) as run:
        yield run


def table(cloud: LocalCloud, name: str, *keys: str) -> None:
    cloud.client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def test_a_rest_api_with_a_blueprint_keeps_a_guest_book(cloud: LocalCloud, deploy: Deploy) -> None:
    table(cloud, "guestbook-entries", "name")
    api = deploy.api("guestbook")
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
    api = deploy.api("catalogue")
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
    cloud.client("sqs").create_queue(
        QueueName="dispatch-work", Attributes={"VisibilityTimeout": "60"}
    )
    deploy("dispatch")
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


@pytest.fixture
def buckets(strict: LocalCloud) -> Iterator[Any]:
    """The larder's bucket and the neighbours'; a client that may do all. Afterwards both go."""
    s3 = strict.client("s3")
    names = ("larder-jars", "larder-neighbours")
    for name in names:
        s3.create_bucket(Bucket=name)
    yield s3
    for name in names:
        for item in s3.list_objects_v2(Bucket=name).get("Contents", []):
            s3.delete_object(Bucket=name, Key=item["Key"])
        s3.delete_bucket(Bucket=name)


def test_jars_are_kept_in_a_bucket_under_the_app_s_own_policy(
    deploy_strictly: Deploy, buckets: Any
) -> None:
    api = deploy_strictly.api("larder")
    filled = api.put("/jars/plum", json={"grams": 250})
    assert (filled.status_code, filled.headers["Location"]) == (201, "/jars/plum")
    assert api.put("/jars/fig", json={"grams": 90}).status_code == 201
    assert api.get("/jars").json() == ["fig", "plum"]
    assert api.get("/jars/plum").json() == {"grams": 250}
    printed = api.get("/jars/plum/print")
    assert (printed.headers["Content-Type"], printed.text) == ("text/plain", "PLUM, 250 g\n")
    assert api.get("/jars/tea").json() == {"Code": "NotFoundError", "Message": "no jar of tea"}
    assert api.put("/jars/tea", json={}).json()["Message"] == "grams are missing"
    assert api.put("/jars/tea", data="250", headers={"Content-Type": "text/csv"}).status_code == 415
    assert api.post("/jars/plum/gift").json() == {"given": "plum"}
    assert buckets.get_object(Bucket="larder-neighbours", Key="plum")["Body"].read()
    assert api.delete("/jars/fig").status_code == 204
    assert api.get("/jars").json() == []


def test_every_statement_about_the_larder_s_buckets_is_needed(
    deploy_strictly: Deploy, buckets: Any
) -> None:
    calls = {
        "Look": ("GET", "/jars", "s3:ListBucket", "larder-jars"),
        "Open": ("GET", "/jars/plum", "s3:GetObject", "larder-jars/plum"),
        "Fill": ("PUT", "/jars/plum", "s3:PutObject", "larder-jars/plum"),
        "Empty": ("DELETE", "/jars/plum", "s3:DeleteObject", "larder-jars/plum"),
        "Give": ("POST", "/jars/plum/gift", "s3:PutObject", "larder-neighbours/plum"),
    }
    buckets.put_object(Bucket="larder-jars", Key="plum", Body=b'{"grams": 250}')
    file = deploy_strictly.project("larder").folder / ".chalice" / "policy-dev.json"
    policy = json.loads(file.read_text())
    for missing, (method, path, action, resource) in calls.items():
        left = [one for one in policy["Statement"] if one["Sid"] != missing]
        file.write_text(json.dumps({**policy, "Statement": left}))
        api = deploy_strictly.api("larder")
        refused = api.request(method, path, json={"grams": 1})
        assert refused.status_code == 500
        assert f'perform: {action} on resource: "arn:aws:s3:::{resource}"' in refused.text
    assert buckets.list_objects_v2(Bucket="larder-neighbours")["KeyCount"] == 0


@pytest.fixture
def stages(strict: LocalCloud) -> Iterator[None]:
    """A table and a secret for either stage of the list of things to do. Afterwards they go."""
    for stage in ("dev", "prod"):
        table(strict, f"todo-{stage}", "owner", "item")
        strict.client("ssm").put_parameter(
            Name=f"/todo/{stage}/secret", Value=f"{stage}'s own", Type="SecureString"
        )
    yield
    for stage in ("dev", "prod"):
        strict.client("dynamodb").delete_table(TableName=f"todo-{stage}")
        strict.client("ssm").delete_parameter(Name=f"/todo/{stage}/secret")


def arrive(api: Api, name: str) -> dict[str, str]:
    """Sign up and log in; the header that says so."""
    assert api.put(f"/people/{name}", json=TEA).status_code == 201
    token = api.post(f"/people/{name}/token", json=TEA).json()["token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.usefixtures("stages")
def test_everybody_has_things_to_do_of_their_own(
    strict: LocalCloud, deploy_strictly: Deploy
) -> None:
    api = deploy_strictly.api("todo")
    ada, bob = arrive(api, "ada"), arrive(api, "bob")
    made = api.post("/todos", json={"text": "buy tea"}, headers=ada)
    number = made.json()["number"]
    assert made.status_code == 201
    assert api.get("/todos", headers=bob).json() == []
    assert api.request("PATCH", f"/todos/{number}", headers=bob).status_code == 404
    deploy_strictly("todo")
    assert api.request("PATCH", f"/todos/{number}", headers=ada).status_code == 200
    done = {"number": number, "text": "buy tea", "done": True}
    assert api.get("/todos", headers=ada).json() == [done]
    assert api.delete("/people/ada", headers=bob).status_code == 403
    assert api.delete("/people/ada", headers=ada).status_code == 204
    left = strict.client("dynamodb").scan(TableName="todo-dev")["Items"]
    assert [item["owner"]["S"] for item in left] == ["bob"]
    assert TEA["password"] not in repr(left)


@pytest.mark.usefixtures("stages")
def test_only_a_password_makes_a_token_and_only_a_token_opens(
    strict: LocalCloud, deploy_strictly: Deploy
) -> None:
    def knock(token: str) -> int:
        return api.get("/todos", headers={"Authorization": f"Bearer {token}"}).status_code

    api = deploy_strictly.api("todo")
    token = arrive(api, "ada")["Authorization"].removeprefix("Bearer ")
    assert api.put("/people/ada", json={"password": "mine now"}).status_code == 409
    for name, password in (("ada", "coffee"), ("eve", TEA["password"])):
        refused = api.post(f"/people/{name}/token", json={"password": password})
        assert (refused.status_code, refused.json()["Code"]) == (401, "UnauthorizedError")
    logged = strict.logs("todo-dev")
    assert "todo - INFO - ada is here" in logged
    assert "todo - WARNING - eve gave a wrong password" in logged
    issue = runpy.run_path(str(APPS / "todo/chalicelib/tokens.py"))["issue"]
    ended, forged = issue("ada", 1, b"dev's own"), issue("ada", 9e9, b"guessed")
    borrowed = f"{issue('eve', 9e9, b'')}.{token.partition('.')[2]}"
    assert api.get("/todos").status_code == 401
    assert [knock(each) for each in (token, ended, forged, borrowed, "ada")] == [200] + [403] * 4


@pytest.mark.usefixtures("stages")
def test_two_stages_stand_side_by_side_and_share_nothing(
    strict: LocalCloud, deploy_strictly: Deploy
) -> None:
    dev, prod = deploy_strictly.api("todo", "dev"), deploy_strictly.api("todo", "prod")
    in_dev = arrive(dev, "ada")
    assert prod.post("/people/ada/token", json=TEA).status_code == 401
    assert prod.get("/todos", headers=in_dev).status_code == 403
    in_prod = arrive(prod, "ada")
    prod.post("/todos", json={"text": "sell tea"}, headers=in_prod)
    assert dev.get("/todos", headers=in_dev).json() == []

    file = deploy_strictly.project("todo").folder / ".chalice" / "config.json"
    file.write_text(file.read_text().replace("todo-dev", "todo-prod"))
    deploy_strictly("todo", "dev")
    assert dev.get("/todos", headers=in_dev).status_code == 500
    assert "not authorized to perform: dynamodb:Query" in strict.logs("todo-dev")

    deploy_strictly.delete("todo", "dev")
    assert [todo["text"] for todo in prod.get("/todos", headers=in_prod).json()] == ["sell tea"]


BEFORE_DEPLOYING = """
import json
from app import app
from chalice.test import Client

def call(method, path, **body):
    headers = {"Content-Type": "application/json", "Authorization": token}
    answer = client.http.request(method, path, body=json.dumps(body), headers=headers)
    return answer.json_body

token = "none yet"
with Client(app, stage_name="dev") as client:
    call("PUT", "/people/ada", password="tea-4-two")
    token = call("POST", "/people/ada/token", password="tea-4-two")["token"]
    call("POST", "/todos", text="deploy")
    print(json.dumps({"token": token, "todos": call("GET", "/todos")}))
"""


@pytest.mark.usefixtures("stages")
def test_what_chalice_s_test_client_has_begun_the_deployed_app_goes_on_with(
    strict: LocalCloud, deploy_strictly: Deploy
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", BEFORE_DEPLOYING],
        cwd=deploy_strictly.project("todo").folder,
        env={**os.environ, **client_environment(strict.endpoint)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    begun = json.loads(ran.stdout.splitlines()[-1])  # above it is what the app has logged
    assert [(todo["text"], todo["done"]) for todo in begun["todos"]] == [("deploy", False)]
    api = deploy_strictly.api("todo")
    assert api.get("/todos", headers={"Authorization": begun["token"]}).json() == begun["todos"]


def vendor(project: Project, *modules: str) -> None:
    """Copy modules from where the tests run into the project's vendor/, so that no index is asked."""
    for module in modules:
        spec = importlib.util.find_spec(module)
        assert spec is not None and spec.origin is not None
        source, target = Path(spec.origin), project.folder / "vendor"
        if source.name == "__init__.py":
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source.parent, target / module, ignore=ignored)
        else:
            target.mkdir(exist_ok=True)
            shutil.copy(source, target)


def test_a_library_s_decorator_serves_every_kind_of_handler_as_middleware(
    cloud: LocalCloud, deploy: Deploy
) -> None:
    def logged(function: str) -> list[dict[str, Any]]:
        cloud.settle()
        lines = cloud.logs(function).splitlines()
        return [json.loads(line[line.index("{") :]) for line in lines if '"level"' in line]

    vendor(deploy.project("meter"), "aws_lambda_powertools", "typing_extensions")
    api = deploy.api("meter")
    read = api.post("/readings", json={"kwh": 7}, headers={"x-correlation-id": "ada-1"})
    assert read.headers["x-correlation-id"] == "ada-1"
    assert api.post("/readings", json={"note": "tea" * 50}).status_code == 413
    first, second = logged("meter-dev")
    assert (first["message"], first["kwh"], first["correlation_id"]) == ("read", 7, "ada-1")
    assert (second["message"], second["level"]) == ("too large", "WARNING")
    assert first["correlation_id"] != second["correlation_id"]
    assert [line["cold_start"] for line in (first, second)] == [True, False]
    answer = cloud.client("lambda").invoke(FunctionName="meter-dev-price", Payload=b'{"kwh": 2}')
    assert json.load(answer["Payload"]) == {"cents": 62}
    cloud.advance(hours=1)
    for function, message in (("price", "asked for a price"), ("hourly", "an hour went by")):
        (line,) = logged(f"meter-dev-{function}")
        assert (line["message"], line["function_name"]) == (message, f"meter-dev-{function}")
        assert line["function_request_id"] in {each["request_id"] for each in cloud.invocations()}
