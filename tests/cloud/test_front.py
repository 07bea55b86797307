"""Which request goes where, and what the front makes of it; over HTTP, as clients come."""

from __future__ import annotations

import http.client
import io
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from small_apps import proxy_api

from workbook.cloud import LocalCloud
from workbook.cloud.calls import CallLog
from workbook.cloud.events.outbox import OutboxFull
from workbook.cloud.front import Front
from workbook.cloud.functions import InvalidPackage, StorageFull
from workbook.cloud.missing import Missing, NotEmulated
from workbook.cloud.traces.journal import Journal

SHOW = """
import json
def handler(event, context):
    shown = {key: event[key] for key in ("path", "multiValueHeaders", "pathParameters")}
    shown["requestPath"] = event["requestContext"]["path"]
    return {"statusCode": 200, "body": json.dumps(shown)}
"""


def address(cloud: LocalCloud) -> tuple[str, int]:
    return "127.0.0.1", int(cloud.endpoint.rpartition(":")[2])


def connection(cloud: LocalCloud) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(*address(cloud), 30)


def test_an_api_answers_at_its_path_and_at_its_host(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    api = proxy_api(cloud, "two-doors", function("two-doors", SHOW))
    by_path = connection(cloud)
    by_path.request("GET", f"/_aws/execute-api/{api}/v1/a%2Fb/c")
    first = json.load(by_path.getresponse())
    by_host = connection(cloud)
    by_host.request("GET", "/v1/a%2Fb/c", headers={"Host": f"{api}.execute-api.localhost:1234"})
    second = json.load(by_host.getresponse())
    assert first["path"] == second["path"] == "/a%2Fb/c"
    assert first["pathParameters"] == second["pathParameters"]


@pytest.mark.parametrize(
    "below", ["", "/", "/API", "/API/", "/API//x", "/nobody/v1/x", "/API/v2/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_forgets_the_stage_is_answered_by_the_gateway(
    cloud: LocalCloud, below: str, method: str
) -> None:
    api = cloud.client("apigateway").create_rest_api(name="stageless")["id"]
    caller = connection(cloud)
    caller.request(method, "/_aws/execute-api" + below.replace("API", api), body=b"")
    answer = caller.getresponse()
    assert (answer.status, answer.getheader("x-amzn-ErrorType")) == (403, "ForbiddenException")
    assert json.load(answer) == {"message": "Forbidden"}


def test_nothing_comes_of_half_a_request(cloud: LocalCloud, function: Callable[..., str]) -> None:
    """A client that is killed while it sends has sent nothing: no object, no invocation."""
    cloud.client("s3").create_bucket(Bucket="half-sent")
    api = proxy_api(cloud, "half-sent", function("half-sent", SHOW))
    for head in ("PUT /half-sent/object", f"POST /_aws/execute-api/{api}/v1/x"):
        with socket.create_connection(address(cloud)) as line:
            line.sendall(f"{head} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf".encode())
            line.shutdown(socket.SHUT_WR)
            line.settimeout(30)
            while line.recv(65_536):  # until the cloud has done with it
                pass
    assert "Contents" not in cloud.client("s3").list_objects_v2(Bucket="half-sent")
    assert "half-sent" not in {row["function"] for row in cloud.invocations()}


def test_repeated_headers_reach_the_event_as_they_were_sent(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    api = proxy_api(cloud, "headers", function("headers", SHOW))
    caller = connection(cloud)
    caller.putrequest("GET", f"/_aws/execute-api/{api}/v1/x")
    caller.putheader("X-Taste", "sweet")
    caller.putheader("X-Taste", "sour")
    caller.putheader("x-lower", "kept")
    caller.endheaders()
    headers = json.load(caller.getresponse())["multiValueHeaders"]
    assert headers["X-Taste"] == ["sweet", "sour"]
    assert headers["x-lower"] == ["kept"]


def test_a_connection_is_kept_for_the_next_request(cloud: LocalCloud) -> None:
    caller = connection(cloud)
    sockets = set()
    for _ in range(3):
        caller.request("GET", "/_workbook/health")
        answer = caller.getresponse()
        answer.read()
        sockets.add(caller.sock)
        assert answer.status == 200
    assert len(sockets) == 1


def test_a_deployment_is_a_snapshot_and_a_stage_can_go_back(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    api_id = proxy_api(cloud, "snapshots", function("snapshots", SHOW))
    gateway = cloud.client("apigateway")
    first = gateway.get_stage(restApiId=api_id, stageName="v1")["deploymentId"]
    resources = gateway.get_resources(restApiId=api_id)["items"]
    root = next(each["id"] for each in resources if each["path"] == "/")
    where = {"restApiId": api_id, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(
        **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'}
    )
    gateway.put_integration_response(**where, statusCode="204")
    api = cloud.api("snapshots")
    assert api.get("/").status_code == 403, "not deployed yet"
    gateway.create_deployment(restApiId=api_id, stageName="v1")
    assert api.get("/").status_code == 204
    patch = {"op": "replace", "path": "/deploymentId", "value": first}
    gateway.update_stage(restApiId=api_id, stageName="v1", patchOperations=[patch])
    assert api.get("/").status_code == 403


def test_api_keys_of_a_usage_plan_open_a_stage_without_a_new_deployment(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    api_id = proxy_api(cloud, "keyed", function("keyed", SHOW))
    gateway = cloud.client("apigateway")
    resources = gateway.get_resources(restApiId=api_id)["items"]
    proxy = next(each["id"] for each in resources if each["path"] != "/")
    gateway.delete_method(restApiId=api_id, resourceId=proxy, httpMethod="ANY")
    where = {"restApiId": api_id, "resourceId": proxy, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE", apiKeyRequired=True)
    gateway.put_integration(
        **where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'}
    )
    gateway.put_integration_response(**where, statusCode="204")
    gateway.create_deployment(restApiId=api_id, stageName="v1")
    key = gateway.create_api_key(name="ada", enabled=True, value="a-key-of-twenty-letters")
    stages = [{"apiId": api_id, "stage": "v1"}]
    plan = gateway.create_usage_plan(name="plan", apiStages=stages)
    api = cloud.api("keyed")
    sent = {"x-api-key": "a-key-of-twenty-letters"}
    assert api.get("/x", headers=sent).status_code == 403
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    assert api.get("/x", headers=sent).status_code == 204
    assert api.get("/x").json() == {"message": "Forbidden"}


def test_s3_takes_chunked_bodies_odd_keys_and_metadata_with_underscores(cloud: LocalCloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="oddities")
    key = "a b/ü?#%2F+.txt"
    s3.put_object(Bucket="oddities", Key=key, Body=b"x" * 100_000, Metadata={"with_score": "1"})
    found = s3.get_object(Bucket="oddities", Key=key)
    assert len(found["Body"].read()) == 100_000
    assert found["Metadata"] == {"with_score": "1"}
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="oddities")["Contents"]] == [key]


def test_a_zip_that_is_none_is_refused_and_leaves_nothing(cloud: LocalCloud) -> None:
    client = cloud.client("lambda")
    with pytest.raises(ClientError, match="Could not unzip uploaded file"):
        client.create_function(
            FunctionName="broken",
            Runtime="python3.12",
            Handler="app.handler",
            Role="arn:aws:iam::123456789012:role/none",
            Code={"ZipFile": b"not a zip"},
        )
    assert "broken" not in {row["name"] for row in cloud.inventory()}


# ── the front alone ─────────────────────────────────────────────────────────────────────────


class Refusing:
    def handle(self, *_: Any) -> Any:
        raise AssertionError("no API was called")


def ask(moto: Callable[..., Any], **more: str) -> tuple[str, bytes, list[str]]:
    """Send one DynamoDB call through a front over this moto."""
    status, _, body, changed = ask_whole(moto, **more)
    return status, body, changed


def ask_whole(
    moto: Callable[..., Any], **more: str
) -> tuple[str, dict[str, str], bytes, list[str]]:
    changed: list[str] = []
    front = Front(
        moto=moto,
        gateway=Refusing(),
        invoke=lambda *_: None,  # type: ignore[arg-type,return-value]
        control=lambda _: None,  # type: ignore[arg-type,return-value]
        stacks=lambda _: None,  # type: ignore[arg-type,return-value]
        websockets=lambda *_: None,
        functions=lambda *_: None,
        changed=changed.append,
        calls=CallLog(),
        journal=Journal(),
    )
    scope = "Credential=A/20260101/us-east-1/dynamodb/aws4_request"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {scope}",
        "HTTP_X_AMZ_TARGET": "DynamoDB_20120810.PutItem",
        "wsgi.input": io.BytesIO(b'{"TableName": "stock", "Item": {}}'),
        **more,
    }
    sent: list[Any] = []
    body = b"".join(front(environ, lambda *given: sent.extend(given)))
    return sent[0], dict(sent[1]), body, changed


def test_moto_failing_is_a_500_that_says_so_and_the_cloud_goes_on() -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError("in moto")

    status, body, changed = ask(broken)
    assert status == "500 Internal Server Error"
    assert "The local cloud failed on dynamodb PutItem" in json.loads(body)["message"]
    assert changed == []


@pytest.mark.parametrize(
    ("raised", "name"),
    [
        (NotImplementedError(), "calls that moto lacks: dynamodb PutItem"),
        (NotEmulated(Missing.S3_SELECT, "of tea"), "S3 Select: of tea"),
    ],
)
def test_what_is_missing_below_is_a_501_with_its_name(raised: Exception, name: str) -> None:
    def missing(environ: Any, start_response: Any) -> Any:
        raise raised

    status, body, _ = ask(missing)
    assert status == "501 Not Implemented"
    assert json.loads(body)["message"] == f"The local cloud does not emulate {name}."


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (StorageFull("No space left"), "400 Bad Request", "CodeStorageExceededException"),
        (InvalidPackage("Could not unzip"), "400 Bad Request", "InvalidParameterValueException"),
        (OutboxFull("So many wait"), "429 Too Many Requests", "ThrottlingException"),
    ],
)
def test_what_there_is_no_room_for_is_told_in_awss_words(
    raised: Exception, status: str, code: str
) -> None:
    def without_room(environ: Any, start_response: Any) -> Any:
        raise raised

    answered, headers, body, _ = ask_whole(without_room)
    assert (answered, headers["x-amzn-ErrorType"]) == (status, code)
    assert json.loads(body)["Message"] == str(raised)


def test_s3_asks_to_slow_down() -> None:
    def without_room(environ: Any, start_response: Any) -> Any:
        raise OutboxFull("So many wait")

    status, body, _ = ask(without_room, HTTP_AUTHORIZATION="", HTTP_X_AMZ_TARGET="")
    assert status == "503 Service Unavailable"
    assert b"<Code>SlowDown</Code>" in body


def test_the_mirrors_are_told_after_each_call_that_may_change_something() -> None:
    def fine(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"{}"]

    assert ask(fine)[2] == ["dynamodb"]
    assert ask(fine, REQUEST_METHOD="GET")[2] == []
