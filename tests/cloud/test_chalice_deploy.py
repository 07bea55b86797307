"""Unmodified `chalice deploy`, used, changed, deployed again and deleted: nothing is left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chalice_projects import Project

from workbook.cloud import LocalCloud

APP = """
import os

from chalice import AuthResponse, AuthRoute, Blueprint, Chalice, CORSConfig, Rate, Response

app = Chalice(app_name="stall")
app.api.binary_types.append("image/x-cup")
more = Blueprint(__name__)


@app.authorizer(ttl_seconds=30)
def gate(request):
    return AuthResponse(routes=["*"] if request.token == "open" else [], principal_id="ada")


@app.route("/", cors=True)
def index():
    return {"stall": "open"}


@app.route("/items/{item}", methods=["GET", "POST"])
def item(item):
    request = app.current_request
    return {"item": item, "query": request.query_params, "body": request.json_body}


@app.route("/private", authorizer=gate)
def private():
    return {"who": app.current_request.context["authorizer"]["principalId"]}


@app.authorizer()
def keeper(request):
    allowed = [AuthRoute("/till/*", ["GET"])] if request.token == "keeper" else []
    return AuthResponse(routes=allowed, principal_id="kim", context={"till": "one"})


@app.route("/till/{drawer}", methods=["GET", "POST"], authorizer=keeper)
def till(drawer):
    return {"drawer": drawer, "till": app.current_request.context["authorizer"]["till"]}


@app.route("/metered", api_key_required=True)
def metered():
    return {"metered": True}


@app.route("/cups", methods=["POST"], content_types=["image/x-cup"],
           cors=CORSConfig(allow_origin="https://stall.example", max_age=60))
def cups():
    body = app.current_request.raw_body
    return Response(body[::-1], headers={"Content-Type": "image/x-cup"})


@more.route("/also", methods=["GET"])
def also():
    return {"size": os.environ["SIZE"]}


@app.middleware("http")
def signed(event, get_response):
    response = get_response(event)
    response.headers["X-Stall"] = "stall"
    return response


@app.lambda_function(name="count")
def counted(event, context):
    print("COUNTED", context.memory_limit_in_mb)
    return {"counted": len(event), "memory": context.memory_limit_in_mb}


@app.on_dynamodb_record(stream_arn=os.environ.get("STREAM", ""), batch_size=5)
def changed(event):
    for record in event:
        print("CHANGED", record.event_name, record.keys["id"]["S"])


@app.on_s3_event(bucket="stall-uploads", events=["s3:ObjectCreated:*"], prefix="in/", suffix=".txt")
def uploaded(event):
    print("UPLOADED", event.bucket, event.key)


@app.on_sqs_message(queue="stall-orders", batch_size=5)
def ordered(event):
    print("ORDERED", *sorted(record.body for record in event))


@app.on_sns_message(topic="stall-news")
def announced(event):
    print("ANNOUNCED", event.subject, event.message)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def tidy(event):
    print("TIDY", event.detail_type)


@app.on_cw_event({"source": ["stall"]})
def noted(event):
    print("NOTED", event.detail)


app.register_blueprint(more)
"""


def make_sources(cloud: LocalCloud, name: str) -> str:
    """What the app's handlers listen to; the ARN of the table's stream."""
    cloud.client("s3").create_bucket(Bucket=f"{name}-uploads")
    cloud.client("sqs").create_queue(
        QueueName=f"{name}-orders", Attributes={"VisibilityTimeout": "60"}
    )
    cloud.client("sns").create_topic(Name=f"{name}-news")
    made = cloud.client("dynamodb").create_table(
        TableName=f"{name}-stock",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return str(made["TableDescription"]["LatestStreamArn"])


def written(cloud: LocalCloud, folder: Path, name: str, stream: str, **stage: object) -> Project:
    """The app under this name, with its settings."""
    project = Project(folder, name, cloud)
    project.write(APP.replace("stall", name))
    functions = {"count": {"reserved_concurrency": 2, "lambda_timeout": 5}}
    variables = {"STREAM": stream, "SIZE": "large"}
    project.configure(environment_variables=variables, lambda_functions=functions, **stage)
    return project


@pytest.fixture(scope="module")
def project(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    stream = make_sources(cloud, "stall")
    project = written(cloud, tmp_path_factory.mktemp("deployed") / "stall", "stall", stream)
    project.chalice("deploy")
    yield project
    project.chalice("delete")


def test_its_routes_answer_over_http(cloud: LocalCloud, project: Project) -> None:
    api = cloud.api("stall")
    assert api.get("/").json() == {"stall": "open"}
    found = api.post("/items/tea?size=1", json={"n": 2}).json()
    assert found == {"item": "tea", "query": {"size": "1"}, "body": {"n": 2}}
    assert api.get("/nowhere").status_code == 403
    assert api.get("/nowhere").json() == {"message": "Missing Authentication Token"}


def test_its_preflight_answers_without_a_function(cloud: LocalCloud, project: Project) -> None:
    before = len(cloud.invocations())
    answer = cloud.api("stall").options("/")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"
    assert len(cloud.invocations()) == before


def test_its_authorizer_decides(cloud: LocalCloud, project: Project) -> None:
    api = cloud.api("stall")
    assert api.get("/private").status_code == 401
    assert api.get("/private", headers={"Authorization": "shut"}).status_code == 403
    let_in = api.get("/private", headers={"Authorization": "open"})
    assert let_in.json() == {"who": "ada"}


def test_an_authorizer_may_allow_some_methods_and_say_more(
    cloud: LocalCloud, project: Project
) -> None:
    api, keeper = cloud.api("stall"), {"Authorization": "keeper"}
    let_in = api.get("/till/left", headers=keeper)
    assert let_in.json() == {"drawer": "left", "till": "one"}
    assert api.post("/till/left", json={}, headers=keeper).status_code == 403


def test_a_route_that_needs_a_key_opens_to_one(cloud: LocalCloud, project: Project) -> None:
    api, gateway = cloud.api("stall"), cloud.client("apigateway")
    assert api.get("/metered").status_code == 403
    stage = {"apiId": api.url.split("/")[-2], "stage": "api"}
    plan = gateway.create_usage_plan(name="stall-plan", apiStages=[stage])
    key = gateway.create_api_key(name="stall-key", enabled=True)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    assert api.get("/metered", headers={"X-Api-Key": key["value"]}).json() == {"metered": True}
    gateway.delete_usage_plan(usagePlanId=plan["id"])
    gateway.delete_api_key(apiKey=key["id"])


def test_bytes_go_in_and_out_as_they_are(cloud: LocalCloud, project: Project) -> None:
    cup = bytes(range(256))
    headers = {"Content-Type": "image/x-cup", "Accept": "image/x-cup"}
    answer = cloud.api("stall").post("/cups", data=cup, headers=headers)
    assert answer.content == cup[::-1]
    assert answer.headers["Access-Control-Allow-Origin"] == "https://stall.example"


def test_blueprints_middleware_and_variables_work(cloud: LocalCloud, project: Project) -> None:
    answer = cloud.api("stall").get("/also")
    assert answer.json() == {"size": "large"}
    assert answer.headers["X-Stall"] == "stall"


def test_a_change_in_its_table_reaches_its_handler(cloud: LocalCloud, project: Project) -> None:
    table = {"TableName": "stall-stock"}
    cloud.client("dynamodb").put_item(**table, Item={"id": {"S": "tea"}, "n": {"N": "1"}})
    cloud.client("dynamodb").delete_item(**table, Key={"id": {"S": "tea"}})
    cloud.settle()
    assert _said(cloud, "changed") == ["CHANGED INSERT tea", "CHANGED REMOVE tea"]


def test_an_upload_fires_its_handler_when_prefix_and_suffix_fit(
    cloud: LocalCloud, project: Project
) -> None:
    for key in ("in/a b.txt", "in/a.jpg", "out/a.txt"):
        cloud.client("s3").put_object(Bucket="stall-uploads", Key=key, Body=b"x")
    cloud.settle()
    assert _said(cloud, "uploaded") == ["UPLOADED stall-uploads in/a b.txt"]


def test_a_message_in_its_queue_is_handled_and_deleted(cloud: LocalCloud, project: Project) -> None:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="stall-orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="tea")
    cloud.settle()
    assert _said(cloud, "ordered") == ["ORDERED tea"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == "0"
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_publication_reaches_its_handler(cloud: LocalCloud, project: Project) -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:stall-news"
    cloud.client("sns").publish(TopicArn=topic, Subject="hear", Message="fresh tea")
    cloud.settle()
    assert _said(cloud, "announced") == ["ANNOUNCED hear fresh tea"]


def test_its_schedule_fires_when_the_clock_is_advanced(cloud: LocalCloud, project: Project) -> None:
    cloud.advance(minutes=11)
    cloud.settle()
    assert _said(cloud, "tidy") == ["TIDY Scheduled Event"] * 2


def test_an_event_that_fits_its_pattern_reaches_its_handler(
    cloud: LocalCloud, project: Project
) -> None:
    entries = [
        {"Source": source, "DetailType": "sold", "Detail": json.dumps({"item": source})}
        for source in ("stall", "other")
    ]
    assert cloud.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0
    cloud.settle()
    assert _said(cloud, "noted") == ["NOTED {'item': 'stall'}"]


def test_invoke_logs_and_url_work(cloud: LocalCloud, project: Project) -> None:
    event = {"Records": []}
    project.chalice("invoke", "-n", "ordered", given=json.dumps(event))
    assert "ORDERED" in project.chalice("logs", "-n", "ordered")
    assert project.chalice("url").startswith("https://")
    assert json.loads(project.chalice("invoke", "-n", "count", given='{"a": 1, "b": 2}')) == {
        "counted": 2,
        "memory": "128",
    }


def test_changes_are_deployed_and_delete_leaves_nothing(cloud: LocalCloud, tmp_path: Path) -> None:
    """A route added, a handler removed, the authorizer changed, memory changed; then delete."""
    stream = make_sources(cloud, "booth")
    existed = [row for row in cloud.inventory() if row["service"] != "logs"]
    project = written(cloud, tmp_path / "booth", "booth", stream)
    project.chalice("deploy")
    api = cloud.api("booth")
    assert api.get("/").json() == {"booth": "open"}

    changed = APP.replace("stall", "booth").replace('== "open"', '== "sesame"')
    from_tidy, after = changed.index("@app.schedule"), changed.index("@app.on_cw_event")
    added = '@app.route("/new")\ndef new():\n    return {"new": True}\n\n\n'
    project.write(changed[:from_tidy] + added + changed[after:])
    project.configure(
        environment_variables={"STREAM": stream, "SIZE": "small"}, lambda_memory_size=256
    )
    project.chalice("deploy")
    api = cloud.api("booth")
    assert api.get("/new").json() == {"new": True}
    assert api.get("/private", headers={"Authorization": "open"}).status_code == 403
    assert api.get("/private", headers={"Authorization": "sesame"}).status_code == 200
    names = {row["name"] for row in cloud.inventory() if row["service"] in ("lambda", "events")}
    assert not {name for name in names if name.startswith("booth") and "tidy" in name}
    assert api.get("/also").json() == {"size": "small"}
    assert cloud.logs("booth-dev").splitlines()[-1].count("Memory Size: 256 MB") == 1

    project.chalice("deploy")
    assert api.get("/new").status_code == 200
    project.chalice("delete")
    assert [row for row in cloud.inventory() if row["service"] != "logs"] == existed
    assert api.get("/new").status_code == 403


def test_what_an_earlier_cloud_had_deployed_is_told_apart_and_deployed_anew(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    """As on AWS for an API that somebody has deleted: Chalice names its id and forgets nothing."""
    project = Project(tmp_path / "kiosk", "kiosk", cloud)
    project.write(
        'from chalice import Chalice\n\napp = Chalice(app_name="kiosk")\n\n\n'
        '@app.route("/")\ndef index():\n    return {"kiosk": "open"}\n'
    )
    project.configure()
    role = {"role_arn": "arn:aws:iam::123456789012:role/kiosk-dev", "role_name": "kiosk-dev"}
    handler = "arn:aws:lambda:us-east-1:123456789012:function:kiosk-dev"
    stale = {
        "resources": [
            {"name": "default-role", "resource_type": "iam_role", **role},
            {"name": "api_handler", "resource_type": "lambda_function", "lambda_arn": handler},
            {
                "name": "rest_api",
                "resource_type": "rest_api",
                "rest_api_id": "abcdefghij",
                "rest_api_url": "https://abcdefghij.execute-api.us-east-1.amazonaws.com/api/",
            },
        ],
        "schema_version": "2.0",
        "backend": "api",
    }
    deployed = project.folder / ".chalice" / "deployed" / "dev.json"
    deployed.parent.mkdir()
    deployed.write_text(json.dumps(stale))

    assert "abcdefghij" in project.chalice("delete", fails=True)
    assert json.loads(deployed.read_text()) == stale
    client = cloud.client("apigateway")
    with pytest.raises(client.exceptions.NotFoundException) as missing:
        client.delete_rest_api(restApiId="abcdefghij")
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404

    project.chalice("deploy")
    assert cloud.api("kiosk").get("/").json() == {"kiosk": "open"}
    project.chalice("delete")
    left = [row["name"] for row in cloud.inventory() if row["service"] != "logs"]
    assert not [name for name in left if name.startswith("kiosk")]


def _said(cloud: LocalCloud, handler: str) -> list[str]:
    lines = cloud.logs(f"stall-dev-{handler}").splitlines()
    return [
        line
        for line in lines
        if line.split(" ")[0].isupper() and "RequestId" not in line and "INIT_START" not in line
    ]
