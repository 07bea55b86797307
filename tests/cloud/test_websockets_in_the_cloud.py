"""WebSocket APIs in a running cloud: made by AWS's calls, spoken to from functions and outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.exceptions import ClientError
from small_apps import create_function

from workbook.cloud import LocalCloud
from workbook.cloud.websocket_client import Closed, Refused, WebSocket
from workbook.errors import UnknownName

# Posts back through the address that AWS's documentation builds from the event.
ECHO = """
import json
import boto3


def handler(event, context):
    context = event["requestContext"]
    if context["eventType"] != "MESSAGE":
        print(context["eventType"], context.get("disconnectStatusCode"))
        return {"statusCode": 200}
    asked = json.loads(event["body"])
    address = asked.get("address") or f"https://{context['domainName']}/{context['stage']}"
    address = address.replace("API", context["apiId"])
    client = boto3.client("apigatewaymanagementapi", endpoint_url=address)
    try:
        client.post_to_connection(
            ConnectionId=asked.get("to", context["connectionId"]), Data=json.dumps(context).encode()
        )
    except client.exceptions.GoneException:
        client.post_to_connection(ConnectionId=context["connectionId"], Data=b"gone")
    return {"statusCode": 200}
"""


@dataclass(frozen=True)
class Made:
    """An API that was made call by call."""

    id: str
    control: Any
    client: WebSocket
    endpoint: str

    @property
    def management(self) -> dict[str, str]:
        """What a client of its connections is made with."""
        return {"endpoint_url": f"{self.endpoint}/_aws/execute-api/{self.id}/live"}


@pytest.fixture(scope="module")
def echo_function(cloud: LocalCloud) -> Iterator[str]:
    yield create_function(cloud, "parrot", ECHO)
    cloud.client("lambda").delete_function(FunctionName="parrot")


@pytest.fixture
def made(cloud: LocalCloud, echo_function: str) -> Iterator[Made]:
    control = cloud.client("apigatewayv2")
    api = control.create_api(
        Name="echo", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    uri = (
        f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{echo_function}/invocations"
    )
    integration = control.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=uri
    )["IntegrationId"]
    for key in ("$connect", "$default", "$disconnect"):
        control.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{integration}")
    deployment = control.create_deployment(ApiId=api)["DeploymentId"]
    control.create_stage(ApiId=api, StageName="live", DeploymentId=deployment)
    yield Made(api, control, cloud.websocket("echo"), cloud.endpoint)
    control.delete_api(ApiId=api)
    with pytest.raises(UnknownName):
        cloud.websocket("echo")


def connection_of(client: Any) -> str:
    client.send({})
    return str(client.receive_json()["connectionId"])


@pytest.mark.parametrize(
    "address",
    [
        "",  # from the event's domainName
        "https://API.execute-api.us-east-1.amazonaws.com/live",
        "https://API.execute-api.us-east-1.amazonaws.com/live/",
    ],
)
def test_a_function_posts_back_through_the_address_it_would_use_on_aws(
    made: Made, address: str
) -> None:
    with made.client.connect() as client:
        client.send({"address": address})
        assert client.receive_json()["apiId"] == made.id


def test_a_message_has_a_trace_with_what_it_posted_back(cloud: LocalCloud, made: Made) -> None:
    with made.client.connect() as client:
        client.send({})
        told = client.receive_json()
        cloud.settle()
        trace = cloud.trace(told["requestId"])
        names = [each["name"] for each in cloud.traces()]
    message, function, *_ = trace.segments
    assert (message.name, function.name) == ("websocket $default", "parrot")
    assert trace.segments[-1].name == "execute-api PostToConnection"
    assert names[-2:] == ["websocket $connect", "websocket $default"]


def test_two_clients_reach_each_other_and_one_that_left_is_gone(made: Made) -> None:
    with made.client.connect() as ada:
        bob = made.client.connect()
        to = connection_of(bob)
        ada.send({"to": to})
        assert bob.receive_json()["connectionId"] == connection_of(ada)
        bob.close()
        ada.send({"to": to})
        assert ada.receive() == "gone"


def test_connections_are_managed_from_outside_too(cloud: LocalCloud, made: Made) -> None:
    management = boto3.client("apigatewaymanagementapi", **made.management)
    with made.client.connect() as client:
        connection = connection_of(client)
        management.post_to_connection(ConnectionId=connection, Data=b"hello")
        assert client.receive() == "hello"
        told = management.get_connection(ConnectionId=connection)
        assert told["Identity"]["SourceIp"] == "127.0.0.1"
        assert told["ConnectedAt"] <= told["LastActiveAt"]
        management.delete_connection(ConnectionId=connection)
        with pytest.raises(Closed):
            client.receive()
    with pytest.raises(management.exceptions.GoneException):
        management.post_to_connection(ConnectionId=connection, Data=b"hello")
    made_calls = [each["operation"] for each in cloud._control.get("calls")]
    assert {"PostToConnection", "GetConnection", "DeleteConnection"} <= set(made_calls)


def test_an_unsigned_call_is_refused(made: Made) -> None:
    with made.client.connect() as client:
        address = f"{made.management['endpoint_url']}/@connections/{connection_of(client)}"
        with pytest.raises(OSError, match="403"):
            urlopen(Request(address, data=b"hello"))


def test_the_end_is_told_before_the_cloud_has_settled(cloud: LocalCloud, made: Made) -> None:
    with made.client.connect() as client:
        connection_of(client)
        client.close(4000, "enough")
    cloud.settle()
    assert "DISCONNECT 4000" in cloud.logs("parrot")


def test_the_clock_ends_an_idle_connection(cloud: LocalCloud, made: Made) -> None:
    with made.client.connect() as client:
        cloud.advance(minutes=9)
        connection_of(client)
        cloud.advance(minutes=10)
        with pytest.raises(Closed) as closed:
            client.receive()
    assert (closed.value.code, closed.value.reason) == (1001, "Going away")


def test_a_stage_serves_its_deployment_until_it_is_given_another(made: Made) -> None:
    control, api = made.control, made.id
    (first,) = control.get_deployments(ApiId=api)["Items"]
    assert first["DeploymentStatus"] == "DEPLOYED"
    assert control.get_stage(ApiId=api, StageName="live")["DeploymentId"] == first["DeploymentId"]
    routes = control.get_routes(ApiId=api)["Items"]
    default = next(each for each in routes if each["RouteKey"] == "$default")
    control.delete_route(ApiId=api, RouteId=default["RouteId"])
    with made.client.connect() as client:
        assert connection_of(client)  # the stage goes on with what was deployed
        second = control.create_deployment(ApiId=api, StageName="live", Description="less")
        client.send({})
        assert client.receive_json()["message"] == "Forbidden"
        control.update_stage(ApiId=api, StageName="live", DeploymentId=first["DeploymentId"])
        assert connection_of(client)
    with pytest.raises(control.exceptions.BadRequestException, match="Active stages"):
        control.delete_deployment(ApiId=api, DeploymentId=first["DeploymentId"])
    control.delete_deployment(ApiId=api, DeploymentId=second["DeploymentId"])
    assert len(control.get_deployments(ApiId=api)["Items"]) == 1


def test_a_stage_may_deploy_by_itself(cloud: LocalCloud, made: Made) -> None:
    made.control.create_stage(ApiId=made.id, StageName="always", AutoDeploy=True)
    always = cloud.websocket("echo", "always")
    with always.connect() as client:
        assert connection_of(client)
        for route in made.control.get_routes(ApiId=made.id)["Items"]:
            made.control.delete_route(ApiId=made.id, RouteId=route["RouteId"])
            if route["RouteKey"] == "$default":
                break
        client.send({})
        assert client.receive_json()["message"] == "Forbidden"


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("get_deployment", {"DeploymentId": "nothing"}, "NotFoundException"),
        ("create_deployment", {"StageName": "nothing"}, "NotFoundException"),
        ("create_stage", {"StageName": "s", "DeploymentId": "nothing"}, "NotFoundException"),
        ("update_stage", {"StageName": "nothing"}, "NotFoundException"),
    ],
)
def test_what_is_not_there_is_said_not_to_be(
    made: Made, operation: str, parameters: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(made.control, operation)(ApiId=made.id, **parameters)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_an_api_without_routes_cannot_be_deployed(cloud: LocalCloud) -> None:
    control = cloud.client("apigatewayv2")
    api = control.create_api(
        Name="empty", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    with pytest.raises(control.exceptions.BadRequestException, match="At least one route"):
        control.create_deployment(ApiId=api)
    control.delete_api(ApiId=api)


def test_a_function_that_refuses_is_heard(
    cloud: LocalCloud, made: Made, function: Callable[..., str]
) -> None:
    arn = function("bouncer", "def handler(event, context):\n    return {'statusCode': 403}")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    for each in made.control.get_integrations(ApiId=made.id)["Items"]:
        made.control.update_integration(
            ApiId=made.id, IntegrationId=each["IntegrationId"], IntegrationUri=uri
        )
    made.control.create_deployment(ApiId=made.id, StageName="live")
    with pytest.raises(Refused, match="403"):
        made.client.connect()


def test_the_inventory_has_it(cloud: LocalCloud, made: Made) -> None:
    names = [row["name"] for row in cloud.inventory() if row["kind"] == "WebSocket API"]
    assert f"echo ({made.id})" in names
