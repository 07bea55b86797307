"""Unmodified `chalice deploy`, used, changed, deployed again and deleted: nothing is left."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook.cloud import LocalCloud

APP = """
from chalice import AuthResponse, Chalice, Rate

app = Chalice(app_name="stall")


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
"""

HANDLERS = ("gate", "uploaded", "ordered", "announced", "tidy", "noted")


class Project:
    """A throwaway Chalice project."""

    def __init__(self, folder: Path, name: str = "stall") -> None:
        self.folder = folder
        self.name = name
        (folder / ".chalice").mkdir(parents=True)
        (folder / "requirements.txt").touch()
        self.configure()
        self.write(APP.replace("stall", name))

    def write(self, source: str) -> None:
        (self.folder / "app.py").write_text(source)

    def configure(self, **stage: object) -> None:
        config = {"version": "2.0", "app_name": self.name, "stages": {"dev": {**stage}}}
        (self.folder / ".chalice" / "config.json").write_text(json.dumps(config))

    def chalice(self, *arguments: str, given: str = "") -> str:
        """Run the command line; what it printed."""
        command = [str(Path(sys.executable).with_name("chalice")), *arguments]
        ran = subprocess.run(
            command,
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud.start() as running:
        running.client("s3").create_bucket(Bucket="stall-uploads")
        running.client("sqs").create_queue(QueueName="stall-orders")
        running.client("sns").create_topic(Name="stall-news")
        yield running


@pytest.fixture(scope="module")
def project(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("deployed") / "stall")
    project.chalice("deploy")
    return project


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


def test_changes_are_deployed_and_delete_leaves_nothing(cloud: LocalCloud, tmp_path: Path) -> None:
    """A route added, a handler removed, the authorizer changed, memory changed; then delete."""
    cloud.client("s3").create_bucket(Bucket="booth-uploads")
    cloud.client("sqs").create_queue(QueueName="booth-orders")
    cloud.client("sns").create_topic(Name="booth-news")
    existed = [row for row in cloud.inventory() if row["service"] != "logs"]
    project = Project(tmp_path / "booth", name="booth")
    project.chalice("deploy")
    api = cloud.api("booth")
    assert api.get("/").json() == {"booth": "open"}

    changed = APP.replace("stall", "booth").replace('== "open"', '== "sesame"')
    without_tidy = (
        changed[: changed.index("@app.schedule")]
        + """
@app.route("/new")
def new():
    return {"new": True}
"""
    )
    project.write(without_tidy)
    project.configure(lambda_memory_size=256)
    project.chalice("deploy")
    api = cloud.api("booth")
    assert api.get("/new").json() == {"new": True}
    assert api.get("/private", headers={"Authorization": "open"}).status_code == 403
    assert api.get("/private", headers={"Authorization": "sesame"}).status_code == 200
    names = {row["name"] for row in cloud.inventory() if row["service"] in ("lambda", "events")}
    assert not {name for name in names if name.startswith("booth") and "tidy" in name}
    assert cloud.logs("booth-dev").splitlines()[-1].count("Memory Size: 256 MB") == 1

    project.chalice("deploy")
    assert api.get("/new").status_code == 200
    project.chalice("delete")
    assert [row for row in cloud.inventory() if row["service"] != "logs"] == existed
    assert api.get("/new").status_code == 403


def test_deleting_an_api_that_is_gone_is_awss_404(cloud: LocalCloud) -> None:
    """Chalice shows it as it would with AWS: the id that its stale `.chalice/deployed` names."""
    client = cloud.client("apigateway")
    with pytest.raises(client.exceptions.NotFoundException) as missing:
        client.delete_rest_api(restApiId="abcdefghij")
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def _said(cloud: LocalCloud, handler: str) -> list[str]:
    lines = cloud.logs(f"stall-dev-{handler}").splitlines()
    return [
        line
        for line in lines
        if line.split(" ")[0].isupper() and "RequestId" not in line and "INIT_START" not in line
    ]
