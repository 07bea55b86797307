"""A body that is not what it should be is its sender's fault: AWS's 400, and never a 500."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from workbook.cloud import LocalCloud, firewall

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
JSON = {"Content-Type": "application/json"}


def target(operation: str) -> dict[str, str]:
    return {"X-Amz-Target": operation, "Content-Type": "application/x-amz-json-1.0"}


PUT, BATCH = target("DynamoDB_20120810.PutItem"), target("DynamoDB_20120810.BatchWriteItem")
PUT_EVENTS, SEND = target("AWSEvents.PutEvents"), target("AmazonSQS.SendMessage")
FUNCTIONS = "POST /2015-03-31/functions"
CASES: list[tuple[str, str, bytes, dict[str, str], str]] = [
    ("dynamodb", "POST /", b"not json", PUT, "SerializationException"),
    ("dynamodb", "POST /", b"[]", PUT, "SerializationException"),
    ("sqs", "POST /", b"\xff\xfe{", SEND, "SerializationException"),
    ("sqs", "POST /", b'{"QueueUrl": "\xff"}', SEND, "SerializationException"),
    ("dynamodb", "POST /", b'{"RequestItems": []}', BATCH, "SerializationException"),
    ("dynamodb", "POST /", b'{"RequestItems": [5]}', BATCH, "SerializationException"),
    ("dynamodb", "POST /", b'{"RequestItems": null}', BATCH, "ValidationException"),
    ("dynamodb", "POST /", b'{"TableName": {"a": 1}, "Item": {}}', PUT, "SerializationException"),
    ("events", "POST /", b'{"Entries": [5]}', PUT_EVENTS, "SerializationException"),
    ("lambda", FUNCTIONS, b"{{", JSON, "InvalidRequestContentException"),
    ("lambda", FUNCTIONS, b'{"FunctionName": {}, "Code": 5}', JSON, "SerializationException"),
    ("apigateway", "POST /restapis", b"{{", JSON, "SerializationException"),
    ("s3", "POST /malformed-bucket?delete", b"<Delete><Obj", {}, "MalformedXML"),
    ("s3", "POST /malformed-bucket?delete", b"", {}, "MalformedXML"),
    ("s3", "PUT /malformed-bucket?notification", b"<", {}, "MalformedXML"),
]


@pytest.fixture(scope="module")
def callers(strict: LocalCloud) -> dict[str, Credentials]:
    """The administrator, somebody who may do everything, and somebody who may do nothing."""
    iam, sts = strict.client("iam"), strict.client("sts")
    strict.client("s3").create_bucket(Bucket="malformed-bucket")

    def session(name: str) -> Credentials:
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        keys = sts.assume_role(RoleArn=role, RoleSessionName="shop")["Credentials"]
        return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    found = {"role": session("clumsy"), "nobody": session("clumsy-nobody")}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW_ALL]})
    iam.put_role_policy(RoleName="clumsy", PolicyName="all", PolicyDocument=policy)
    own = Credentials(firewall.ACCESS_KEY_ID, firewall.SECRET_ACCESS_KEY)
    return {**found, "administrator": own}


def send(
    cloud: LocalCloud, keys: Credentials, service: str, call: str, body: bytes, headers: Any
) -> requests.Response:
    method, path = call.split(" ")
    request = AWSRequest(method, cloud.endpoint + path, data=body, headers=headers)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(keys, service, "us-east-1").add_auth(request)
    return requests.request(method, request.url, data=body, headers=dict(request.headers))


@pytest.mark.parametrize("who", ["administrator", "role"])
@pytest.mark.parametrize(
    ("service", "call", "body", "headers", "code"),
    CASES,
    ids=[f"{case[0]}-{case[2][:12]!r}" for case in CASES],
)
def test_the_answer_is_awss_400(
    strict: LocalCloud,
    callers: dict[str, Credentials],
    who: str,
    service: str,
    call: str,
    body: bytes,
    headers: dict[str, str],
    code: str,
) -> None:
    answer = send(strict, callers[who], service, call, body, headers)
    assert answer.status_code == 400
    named = answer.headers.get("x-amzn-ErrorType", answer.text)
    assert code in named


def test_who_may_do_nothing_learns_of_it_too(
    strict: LocalCloud, callers: dict[str, Credentials]
) -> None:
    answer = send(strict, callers["nobody"], "dynamodb", "POST /", b"{", PUT)
    assert answer.status_code == 400
    assert answer.headers["x-amzn-ErrorType"] == "SerializationException"


@pytest.mark.parametrize(
    "settings", [b'{"Timeout": "soon"}', b'{"Environment": {"Variables": 5}}'], ids=str
)
def test_settings_that_make_no_sense_break_no_other_function(
    cloud: LocalCloud, function: Callable[..., str], settings: bytes
) -> None:
    names = (f"odd-{len(settings)}", f"even-{len(settings)}")
    returns = "def handler(event, context): return "
    function(names[0], returns + "1")
    keys = Credentials(firewall.ACCESS_KEY_ID, firewall.SECRET_ACCESS_KEY)
    call = f"PUT /2015-03-31/functions/{names[0]}/configuration"
    assert send(cloud, keys, "lambda", call, settings, JSON).status_code == 400
    function(names[1], returns + "2")
    for name, answer in zip(names, (b"1", b"2"), strict=True):
        assert cloud.client("lambda").invoke(FunctionName=name)["Payload"].read() == answer


def test_a_failure_on_a_sound_body_is_still_ours(strict: LocalCloud) -> None:
    """The wrong is not put on who asked: see also test_front.py."""
    sound = b'{"TableName": "there-is-none", "Item": {}}'
    keys = Credentials(firewall.ACCESS_KEY_ID, firewall.SECRET_ACCESS_KEY)
    answer = send(strict, keys, "dynamodb", "POST /", sound, PUT)
    assert "SerializationException" not in answer.text
