"""Apps as `chalice package` hands them to CloudFormation: created, called, updated, deleted."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from chalice_projects import Project
from packages import Stack, uploaded

from workbook.cloud import LocalCloud
from workbook.cloud.firewall import client_environment

ARN = "arn:aws:{}:us-east-1:123456789012:{}"
TILL = """
import os
from chalice import Chalice, Rate

app = Chalice(app_name="till")

@app.route("/price/{item}", cors=True)
def price(item):
    return {"item": item, "price": 3}

@app.schedule(Rate(1, unit=Rate.HOURS))
def count(event):
    print("COUNTED")
"""


OPEN = """
@app.route("/open")
def opening():
    return "until six"
"""


@pytest.fixture
def till(tmp_path: Path, cloud: LocalCloud) -> Project:
    """A project with a route and a schedule."""
    project = Project(tmp_path, "till", cloud)
    project.write(TILL)
    project.configure(api_gateway_stage="api")
    return project


def test_a_packaged_app_is_created_answers_is_updated_and_deleted(
    till: Project, cloud: LocalCloud
) -> None:
    before = list(cloud.inventory())
    stack = Stack(cloud, "till")
    till.chalice("package", "out")
    status = stack.create(uploaded(till.folder / "out", cloud))
    assert status == "CREATE_COMPLETE", stack.failures()
    shop = cloud.api("till")
    assert shop.get("/price/tea").json() == {"item": "tea", "price": 3}
    assert shop.options("/price/tea").headers["Access-Control-Allow-Origin"] == "*"
    assert stack.outputs()["RestAPIId"] in shop.url

    till.write(TILL.replace('"price": 3', '"price": os.environ["PRICE"]') + OPEN)
    till.configure(api_gateway_stage="api", environment_variables={"PRICE": "4"})
    till.chalice("package", "out")
    status = stack.update(uploaded(till.folder / "out", cloud))
    assert status == "UPDATE_COMPLETE", stack.failures()
    assert shop.get("/price/tea").json() == {"item": "tea", "price": "4"}
    assert shop.get("/open").text == "until six"
    cloud.advance(hours=1)
    cloud.settle()
    assert "COUNTED" in cloud.logs(stack.resource("Count"))

    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    left = [row for row in cloud.inventory() if row not in before]
    assert [row for row in left if row["service"] not in ("logs", "s3")] == []


def test_a_failed_update_leaves_the_former_routes_and_code(
    till: Project, cloud: LocalCloud
) -> None:
    stack = Stack(cloud, "till-again")
    till.chalice("package", "out")
    assert stack.create(uploaded(till.folder / "out", cloud)) == "CREATE_COMPLETE"
    shop = cloud.api(stack.outputs()["RestAPIId"])
    till.write(TILL.replace('"price": 3', '"price": 4') + OPEN)
    till.chalice("package", "out")
    template = uploaded(till.folder / "out", cloud)
    template["Resources"]["Last"] = {
        "Type": "AWS::SNS::Topic",
        "Properties": {"Loudness": 11},
        "DependsOn": "RestAPIapiStage",
    }
    assert stack.update(template) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.failures() == {"Last": "Encountered unsupported property Loudness"}
    assert shop.get("/price/tea").json() == {"item": "tea", "price": 3}
    assert shop.get("/open").status_code == 403
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def test_everything_that_a_template_can_hold_is_there_and_called(
    tmp_path: Path, cloud: LocalCloud
) -> None:
    stream = surroundings(cloud)
    project = Project.of_app("bazaar", tmp_path / "bazaar", cloud)
    (project.folder / "app.py").write_text(
        (project.folder / "app.py")
        .read_text()
        .replace("the table's, which its test writes here", stream)
    )
    project.configure(api_gateway_stage="api", minimum_compression_size=100, reserved_concurrency=5)
    project.chalice("package", "out")
    stack = Stack(cloud, "bazaar")
    status = stack.create(uploaded(project.folder / "out", cloud))
    assert status == "CREATE_COMPLETE", stack.failures()

    api = cloud.api(stack.outputs()["RestAPIId"])
    assert api.get("/stalls", headers={"Authorization": "open"}).json() == {"buyer": "buyer"}
    assert api.get("/stalls", headers={"Authorization": "shut"}).status_code == 403
    assert api.options("/stalls").status_code == 200
    assert [api.get(path).status_code for path in ("/stalls", "/till", "/books")] == [401, 403, 403]

    said = cloud.client("lambda").invoke(
        FunctionName=stack.resource("Weigh"), Payload='{"kilos": 2}'
    )
    assert said["Payload"].read() == b'{"grams": 2000}'
    entry = {"Source": "bazaar", "DetailType": "Fish", "Detail": "{}"}
    cloud.client("events").put_events(Entries=[entry])
    cloud.client("sns").publish(TopicArn=ARN.format("sns", "bazaar-news"), Message="rain")
    queue = cloud.client("sqs").get_queue_url(QueueName="bazaar-orders")["QueueUrl"]
    cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="tea")
    cloud.client("dynamodb").put_item(TableName="bazaar-goods", Item={"id": {"S": "pot"}})
    cloud.advance(hours=1)
    with cloud.websocket("bazaar").connect() as line:
        line.send("three")
        assert line.receive() == "three? No."
    cloud.settle()
    logged = {
        "Chime": "CHIMED",
        "Cry": "CRIED Fish",
        "Hear": "HEARD rain",
        "Serve": "SERVED tea",
        "Count": "COUNTED pot",
        "WebsocketConnect": "ARRIVED",
        "WebsocketDisconnect": "LEFT",
    }
    for function, text in logged.items():
        assert text in cloud.logs(stack.resource(function)), function
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def surroundings(cloud: LocalCloud) -> str:
    """What the bazaar listens to and does not own; the ARN of its table's stream."""
    cloud.client("sns").create_topic(Name="bazaar-news")
    cloud.client("sqs").create_queue(
        QueueName="bazaar-orders", Attributes={"VisibilityTimeout": "60"}
    )
    table = cloud.client("dynamodb").create_table(
        TableName="bazaar-goods",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    return str(table["TableDescription"]["LatestStreamArn"])


@pytest.fixture
def aws_cli(cloud: LocalCloud, tmp_path: Path) -> Callable[..., str]:
    """The AWS CLI, pointed at the cloud. It pins a botocore of its own, so nothing requires it."""
    program = shutil.which("aws")
    if program is None:
        pytest.skip("there is no AWS CLI on this machine's PATH")
    if subprocess.run([program, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"{program} --version does not answer")

    def run(*arguments: str) -> str:
        environment = {**os.environ, **client_environment(cloud.endpoint)}
        ran = subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    return run


@pytest.mark.slow  # `deploy` looks every half minute whether a stack is there
def test_the_aws_cli_packages_and_deploys_it(
    aws_cli: Callable[..., str], till: Project, cloud: LocalCloud
) -> None:
    till.chalice("package", "out")
    aws_cli("s3", "mb", "s3://by-cli")
    packaging = ("--template-file", "out/sam.json", "--s3-bucket", "by-cli")
    aws_cli("cloudformation", "package", *packaging, "--output-template-file", "out/ready.yaml")
    deploying = ("--template-file", "out/ready.yaml", "--stack-name", "by-cli", "--capabilities")
    said = aws_cli("cloudformation", "deploy", *deploying, "CAPABILITY_IAM")
    assert "Successfully created/updated stack - by-cli" in said
    stack = Stack(cloud, "by-cli")
    assert cloud.api(stack.outputs()["RestAPIId"]).get("/price/tea").json()["price"] == 3
    again = (*deploying, "CAPABILITY_IAM", "--no-fail-on-empty-changeset")
    assert "No changes to deploy" in aws_cli("cloudformation", "deploy", *again)
    assert stack.delete() == "DELETE_COMPLETE"


def test_an_automatic_layer_is_published(till: Project, cloud: LocalCloud) -> None:
    vendored = till.folder / "vendor" / "prices"
    vendored.mkdir(parents=True)
    (vendored / "__init__.py").write_text("TEA = 5\n")
    till.write(TILL.replace('"price": 3', '"price": __import__("prices").TEA'))
    till.configure(api_gateway_stage="api", automatic_layer=True)
    till.chalice("package", "out")
    stack = Stack(cloud, "layered")
    status = stack.create(uploaded(till.folder / "out", cloud))
    assert status == "CREATE_COMPLETE", stack.failures()
    api = cloud.api(stack.outputs()["RestAPIId"])
    assert api.get("/price/tea").json() == {"item": "tea", "price": 5}
    arn = stack.resource_of("AWS::Lambda::LayerVersion")
    assert stack.delete() == "DELETE_COMPLETE"
    functions, (*_, name, number) = cloud.client("lambda"), arn.split(":")
    functions.delete_layer_version(LayerName=name, VersionNumber=int(number))  # SAM retains it


def test_what_the_cloud_lacks_is_named_and_nothing_is_left(
    till: Project, cloud: LocalCloud
) -> None:
    before = list(cloud.inventory())
    till.configure(api_gateway_stage="api", subnet_ids=["subnet-1"], security_group_ids=["sg-1"])
    till.chalice("package", "out")
    stack = Stack(cloud, "in-a-vpc")
    assert stack.create(uploaded(till.folder / "out", cloud)) == "ROLLBACK_COMPLETE"
    assert "Encountered unsupported property VpcConfig" in stack.failures().values()
    assert stack.delete() == "DELETE_COMPLETE"
    assert [row for row in cloud.inventory() if row not in before and row["kind"] != "bucket"] == []


def test_what_chalice_gets_wrong_is_refused_as_on_aws(till: Project, cloud: LocalCloud) -> None:
    till.configure(api_gateway_stage="api", log_retention_in_days=7)
    till.chalice("package", "out")
    template = uploaded(till.folder / "out", cloud)
    with pytest.raises(ClientError, match=r"Unresolved resource dependencies \[ApiHandler\]"):
        Stack(cloud, "retained").create(template)
