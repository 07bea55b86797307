"""Chalice's Terraform output: its references lead somewhere, and a terraform applies it to the cloud."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from chalice_projects import Project

from workbook.cloud import LocalCloud
from workbook.cloud.firewall import client_environment
from workbook.lessons import terraform_json

APP = """
from chalice import Chalice, Rate

app = Chalice(app_name="planned")


@app.route("/greetings/{name}")
def greet(name):
    return {"hello": name}


@app.lambda_function()
def echo(event, context):
    return event


@app.on_sqs_message(queue="planned-orders")
def order(event):
    for record in event:
        print("ordered", record.body)


@app.on_sns_message(topic="planned-alerts")
def alert(event):
    print("alerted", event.message)


@app.on_s3_event(bucket="planned-photos")
def photo(event):
    print("photographed", event.key)


@app.on_cw_event({"source": ["shop"]})
def told(event):
    print("told", event.detail_type)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def tick(event):
    print("tick")
"""


@pytest.fixture(scope="module")
def package(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Project(tmp_path_factory.mktemp("planned") / "planned", "planned", cloud)
    project.write(APP)
    project.configure(api_gateway_stage="api")
    project.chalice("package", "--pkg-format", "terraform", "out")
    return project.folder / "out"


@pytest.fixture
def terraform(package: Path, tmp_path: Path, cloud: LocalCloud) -> Iterator[Terraform]:
    folder = shutil.copytree(package, tmp_path / "terraform")
    configuration = terraform_json.current(terraform_json.read(folder))
    configuration["provider"] = {"aws": {"s3_use_path_style": True}}
    (folder / terraform_json.FILE).write_text(json.dumps(configuration))
    yield Terraform(folder, cloud)


class Terraform:
    """The program, in a folder, for a cloud; where it cannot run, the test is skipped."""

    def __init__(self, folder: Path, cloud: LocalCloud) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            **client_environment(cloud.endpoint),
            "TF_IN_AUTOMATION": "1",
        }
        if shutil.which("terraform") is None:
            pytest.skip("there is no terraform on this machine")
        started = self._run("init", "-input=false")
        if started.returncode:
            pytest.skip(f"terraform finds no AWS provider here: {started.stderr.strip()[:300]}")

    def __call__(self, *arguments: str) -> str:
        ran = self._run(*arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def _run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["terraform", command, "-no-color", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )


def test_every_reference_of_what_chalice_writes_leads_somewhere(package: Path) -> None:
    configuration = terraform_json.read(package)
    found = {reference.to for reference in terraform_json.references(configuration)}
    assert {"aws_lambda_function.order", "local.chalice_api_swagger", "./deployment.zip"} <= found
    assert "data.aws_caller_identity.chalice" in found
    assert [] == terraform_json.dangling(configuration, package)
    assert [] == terraform_json.dangling(terraform_json.current(configuration), package)


@pytest.mark.slow
def test_it_is_applied_serves_and_is_destroyed(terraform: Terraform, cloud: LocalCloud) -> None:
    cloud.client("sqs").create_queue(
        QueueName="planned-orders", Attributes={"VisibilityTimeout": "60"}
    )
    topic = cloud.client("sns").create_topic(Name="planned-alerts")["TopicArn"]
    cloud.client("s3").create_bucket(Bucket="planned-photos")
    before = {(row["service"], row["kind"], row["name"]) for row in cloud.inventory()}

    terraform("apply", "-auto-approve", "-input=false")
    assert {"hello": "Ada"} == cloud.api("planned").get("/greetings/Ada").json()
    queue = cloud.client("sqs").get_queue_url(QueueName="planned-orders")["QueueUrl"]
    cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="tea")
    cloud.client("sns").publish(TopicArn=topic, Message="low")
    cloud.client("s3").put_object(Bucket="planned-photos", Key="tea.png", Body=b"")
    cloud.client("events").put_events(
        Entries=[{"Source": "shop", "DetailType": "opened", "Detail": "{}"}]
    )
    cloud.advance(minutes=5)
    cloud.settle()
    for function, line in {
        "order": "ordered tea",
        "alert": "alerted low",
        "photo": "photographed tea.png",
        "told": "told opened",
        "tick": "tick",
    }.items():
        assert line in str(cloud.logs(f"planned-dev-{function}")), function

    assert "No changes." in terraform("plan", "-input=false")
    terraform("destroy", "-auto-approve", "-input=false")
    left = {(row["service"], row["kind"], row["name"]) for row in cloud.inventory()} - before
    assert {"logs"} >= {service for service, _, _ in left}
