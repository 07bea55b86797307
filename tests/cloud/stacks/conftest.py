"""A plain moto server, CloudFormation before it, and boto3 clients that reach both.

For what has to run, a stack in the local cloud.
"""

from __future__ import annotations

import json
import random
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer
from packages import Stack
from stack_cases.apigateway import documents

from workbook.cloud import LocalCloud
from workbook.cloud.stacks import Stacks

PATIENCE = 20.0  # seconds; only a test that fails waits so long
Template = dict[str, Any] | str


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture(scope="session")
def moto_endpoint() -> Iterator[str]:
    """Where moto answers every AWS API."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def aws(moto_endpoint: str) -> Callable[[str], Any]:
    """boto3 clients of every service but CloudFormation."""
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = _client(service, moto_endpoint)
        return clients[service]

    return client


@pytest.fixture
def fresh(moto_endpoint: str) -> Iterator[None]:
    """An AWS in which nothing exists."""
    request = urllib.request.Request(f"{moto_endpoint}/moto-api/reset", method="POST")
    urllib.request.urlopen(request).close()
    yield


@pytest.fixture
def stacks(aws: Callable[[str], Any], fresh: None) -> Stacks:
    """What is tested, with seeded ids."""
    seeded = random.Random(7)
    return Stacks(aws, ids=lambda: uuid.UUID(int=seeded.getrandbits(128), version=4))


@pytest.fixture(scope="session")
def front() -> Iterator[tuple[list[Stacks], Any]]:
    """A server that asks whoever stands in the list, and a client of it; slow to make."""
    asked: list[Stacks] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        status, headers, body = asked[-1].handle(environ)
        start_response(f"{status} ", headers)
        return [body]

    server = make_server("127.0.0.1", 0, application, WSGIServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield asked, _client("cloudformation", f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE)


@pytest.fixture
def cloudformation(stacks: Stacks, front: tuple[list[Stacks], Any]) -> Any:
    """A real client of it, over HTTP."""
    asked, client = front
    asked[:] = [stacks]
    return client


class Deployed:
    """Stacks created, updated and deleted as a person would, each call to its end."""

    def __init__(self, cloudformation: Any, stacks: Stacks) -> None:
        self.client = cloudformation
        self._stacks = stacks

    def create(self, template: Template, name: str = "shop", **more: Any) -> dict[str, Any]:
        self.client.create_stack(StackName=name, TemplateBody=_body(template), **more)
        return self.settled(name)

    def update(self, template: Template, name: str = "shop", **more: Any) -> dict[str, Any]:
        self.client.update_stack(StackName=name, TemplateBody=_body(template), **more)
        return self.settled(name)

    def delete(self, name: str = "shop", **more: Any) -> dict[str, Any]:
        stack_id = self.stack(name)["StackId"]
        self.client.delete_stack(StackName=name, **more)
        return self.settled(stack_id)

    def settled(self, name: str = "shop") -> dict[str, Any]:
        assert self._stacks.wait_until_quiet(PATIENCE)
        return self.stack(name)

    def stack(self, name: str = "shop") -> dict[str, Any]:
        [found] = self.client.describe_stacks(StackName=name)["Stacks"]
        return found

    def resource(self, logical_id: str, name: str = "shop") -> str:
        found = self.client.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        return found["StackResourceDetail"]["PhysicalResourceId"]

    def outputs(self, name: str = "shop") -> dict[str, str]:
        found = self.stack(name).get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in found}

    def failures(self, name: str = "shop") -> dict[str, str]:
        """Why each resource failed."""
        events = self.client.describe_stack_events(StackName=name)["StackEvents"]
        return {
            event["LogicalResourceId"]: event["ResourceStatusReason"]
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and "ResourceStatusReason" in event
        }


@pytest.fixture
def shop(cloudformation: Any, stacks: Stacks) -> Deployed:
    """A person with a stack to be called "shop"."""
    return Deployed(cloudformation, stacks)


@pytest.fixture(scope="session")
def surroundings(cloud: LocalCloud) -> None:
    """What cases of functions and APIs refer to and stacks do not make."""
    for name in ("runs", "runs-too"):
        cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    cloud.client("s3").create_bucket(Bucket="case-documents")
    for key, body in documents().items():
        cloud.client("s3").put_object(Bucket="case-documents", Key=key, Body=body)


@pytest.fixture
def case_stack(cloud: LocalCloud, surroundings: None) -> Iterator[Stack]:
    """A stack of the local cloud that is gone afterwards, whatever became of it."""
    stack = Stack(cloud, "cases")
    yield stack
    cloud.client("cloudformation").delete_stack(StackName="cases")
    cloud.settle()


def _body(template: Template) -> str:
    return template if isinstance(template, str) else json.dumps(template)


def _client(service: str, endpoint: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
    )
