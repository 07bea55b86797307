"""What a deployment made is drawn, and said in words, without the names that AWS makes up."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws

from workbook.panels.deployment import Deployment, Function, deployment
from workbook.panels.deployment_map import deployment_map

DEPLOYED = Deployment(
    "shop-dev",
    (
        Function("api_handler", "REST API", 256, 10, "ApiRole"),
        Function("orders", "OrdersQueue", 128, 60, "OrdersRole"),
    ),
    {"queues": ("OrdersDead", "OrdersQueue"), "topics": ("Alerts",)},
    ("managed-layer",),
)


def test_every_function_has_a_line_with_what_calls_it():
    assert repr(DEPLOYED).splitlines() == [
        "shop-dev: 2 functions, and what they stand on",
        "",
        "api_handler  REST API     256 MB, 10 s  ApiRole",
        "orders       OrdersQueue  128 MB, 60 s  OrdersRole",
        "",
        "They import from the layer managed-layer",
        "",
        "The stack shop-dev-resources: 3 resources",
        "  2 queues: OrdersDead, OrdersQueue",
        "  1 topic: Alerts",
    ]


def test_the_picture_has_headings_and_says_what_the_words_say():
    drawn = DEPLOYED._repr_html_()
    assert '<th scope="row">orders</th>' in drawn
    assert "OrdersQueue" in drawn and "1 topic" in drawn
    assert "<p>They import from the layer managed-layer</p>" in drawn
    assert '<td aria-hidden="true">→</td>' in drawn


def test_names_are_text_and_never_markup():
    function = Function("<b>", "<i>", 128, 60, "<u>")
    drawn = Deployment("<p>", (function,), {"<s>": ("<a>",)})._repr_html_()
    assert not {"<b>&", "<i>", "<u>", "<a>", "<s>"} & set(drawn.split())
    assert "&lt;b&gt;" in drawn and "&lt;a&gt;" in drawn


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client


def test_where_nothing_is_deployed_it_says_so(clients):
    found = deployment(clients, "shop-dev")
    assert "shop-dev: nothing is deployed." == repr(found)
    assert "nothing is deployed" in found._repr_html_()


def test_it_is_read_from_what_exists(clients):
    template = {"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}
    clients("cloudformation").create_stack(
        StackName="shop-dev-resources", TemplateBody=json.dumps(template)
    )
    role = clients("iam").create_role(RoleName="worker", AssumeRolePolicyDocument="{}")["Role"]
    layer = clients("lambda").publish_layer_version(
        LayerName="shop-dev-managed-layer", Content={"ZipFile": b"zip"}
    )
    for name in ("shop-dev-worker", "shop-development", "shop-dev"):
        clients("lambda").create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=role["Arn"],
            Handler="app.app",
            Code={"ZipFile": b"zip"},
            Timeout=7,
            Layers=[layer["LayerVersionArn"]],
        )
    url = clients("sqs").list_queues()["QueueUrls"][0]
    clients("lambda").create_event_source_mapping(
        FunctionName="shop-dev-worker",
        EventSourceArn=f"arn:aws:sqs:us-east-1:123456789012:{url.rpartition('/')[2]}",
    )
    for name, principal in (("shop-dev", "apigateway"), ("shop-dev-worker", "events")):
        clients("lambda").add_permission(
            FunctionName=name,
            StatementId="let-in",
            Action="lambda:InvokeFunction",
            Principal=f"{principal}.amazonaws.com",
            SourceArn="arn:aws:events:us-east-1:123456789012:rule/nightly",
        )
    clients("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    assert deployment(clients, "shop-dev") == Deployment(
        "shop-dev",
        (
            Function("api_handler", "REST API", 128, 7, "worker"),
            Function("worker", "Orders, rate(1 day)", 128, 7, "worker"),
        ),
        {"queues": ("Orders",)},
        ("managed-layer",),
    )


class Cloud:
    """Makes clients, as LocalCloud does; a stack may come into being in it."""

    def __init__(self, clients: Any) -> None:
        self._clients = clients

    def client(self, service: str) -> Any:
        return self._clients(service)

    def deploy(self) -> None:
        template = {"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}
        self.client("cloudformation").create_stack(
            StackName="shop-dev-resources", TemplateBody=json.dumps(template)
        )


def test_the_live_map_shows_what_is_new_when_it_looks_again(clients):
    cloud = Cloud(clients)
    drawn = deployment_map(cloud.client, "shop-dev")
    cloud.deploy()
    assert "nothing is deployed" in repr(drawn)
    drawn.button.click()
    assert "1 queue: Orders" in repr(drawn)
    assert "Orders" in drawn._picture.value
    assert "It has changed." in drawn._says.value
    drawn.button.click()
    assert "It is as it was." in drawn._says.value


def test_the_live_map_keeps_its_picture_and_no_cloud_alive(clients):
    cloud = Cloud(clients)
    cloud.deploy()
    drawn = deployment_map(cloud.client, "shop-dev")
    del cloud
    drawn.button.click()
    assert "does not answer any more" in drawn._says.value
    assert "1 queue: Orders" in repr(drawn)


def test_without_a_kernel_the_map_is_its_picture_and_its_words(clients):
    bundle = deployment_map(clients, "shop-dev")._repr_mimebundle_()
    assert "shop-dev: nothing is deployed." == bundle["text/plain"]
    assert "nothing is deployed" in bundle["text/html"]
