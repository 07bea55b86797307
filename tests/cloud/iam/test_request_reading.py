"""What boto3 sends is read back as what was asked: every operation of the services judged here."""

from __future__ import annotations

import io
from typing import Any

import pytest
from botocore.config import Config  # type: ignore[import-untyped]
from sent_requests import as_read, client, environ, environ_of, operations, request_of

from workbook.cloud.calls import read_call
from workbook.cloud.iam.requests import Protocol
from workbook.cloud.iam.s3_requests import bucket_of_host, poster

# Operations that share a path, of which the older name stands for both; two of S3's that have a
# host of their own; and those of STS that are not signed.
NOT_TOLD = {
    "s3": {
        "GetBucketLifecycleConfiguration",
        "GetBucketNotificationConfiguration",
        "ListDirectoryBuckets",
        "PutBucketLifecycleConfiguration",
        "PutBucketNotificationConfiguration",
        "WriteGetObjectResponse",
    },
    "sts": {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"},
}
SERVICES = [
    "apigateway",
    "apigatewayv2",
    "dynamodb",
    "dynamodbstreams",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "sts",
]


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_told_from_all_others(service: str) -> None:
    sent = {
        name: request_of(service, name, **least).operation for name, least in operations(service)
    }
    wrong = {name: read for name, read in sent.items() if name != read}
    assert wrong.keys() == NOT_TOLD.get(service, set())


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("dynamodb", "PutItem", {"TableName": "orders", "Item": {"id": {"S": "1"}}}),
        ("sqs", "SendMessage", {"QueueUrl": "http://x/123456789012/orders", "MessageBody": "a"}),
        ("sns", "Publish", {"TopicArn": "arn:aws:sns:us-east-1:1:orders", "Message": "é"}),
        ("lambda", "GetFunction", {"FunctionName": "shop", "Qualifier": "live"}),
        ("lambda", "TagResource", {"Resource": "arn:aws:lambda:us-east-1:1:function:shop"}),
        ("lambda", "CreateFunction", {"FunctionName": "shop", "Role": "arn:aws:iam::1:role/r"}),
        ("s3", "GetObject", {"Bucket": "shelf", "Key": "a b/ü/c.txt", "VersionId": "v1"}),
        ("s3", "PutObject", {"Bucket": "shelf", "Key": "folder/", "ACL": "private"}),
        ("s3", "CopyObject", {"Bucket": "shelf", "Key": "b", "CopySource": "other/a"}),
        ("s3", "ListObjectsV2", {"Bucket": "shelf", "Prefix": "home/", "Delimiter": "/"}),
        ("secretsmanager", "GetSecretValue", {"SecretId": "shop/db"}),
        ("ssm", "GetParametersByPath", {"Path": "/shop", "Recursive": True}),
    ],
)
def test_parameters_are_read_back(service: str, operation: str, parameters: dict[str, Any]) -> None:
    request = request_of(service, operation, **parameters)
    assert request.operation == operation
    assert {name: request.parameters.get(name) for name in parameters} == parameters


def test_a_body_can_be_read_again() -> None:
    received = environ_of("dynamodb", "DeleteTable", TableName="orders")
    before = received["wsgi.input"].getvalue()
    as_read(received)
    assert received["wsgi.input"].read() == before


def test_an_object_on_its_way_to_s3_is_not_read() -> None:
    received = environ_of("s3", "PutObject", Bucket="shelf", Key="a", Body=b"x" * 100)
    as_read(received)
    assert received["wsgi.input"].tell() == 0


def test_the_keys_of_a_deletion_are_read() -> None:
    objects = [{"Key": "a&b"}, {"Key": "c", "VersionId": "v"}]
    request = request_of("s3", "DeleteObjects", Bucket="shelf", Delete={"Objects": objects})
    assert request.parameters["Delete"]["Objects"] == objects


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("127.0.0.1:4566", ""),
        ("localhost:4566", ""),
        ("s3.amazonaws.com", ""),
        ("s3.us-east-1.amazonaws.com", ""),
        ("shelf.s3.amazonaws.com", "shelf"),
        ("my.shelf.s3.eu-west-1.amazonaws.com", "my.shelf"),
        ("shelf.localhost:4566", "shelf"),
        ("www.shelf.localhost", "shelf"),
        ("[::1]:4566", ""),
        ("", ""),
    ],
)
def test_a_host_may_name_the_bucket(host: str, bucket: str) -> None:
    assert bucket_of_host(host) == bucket


def test_virtual_hosts_are_read_as_paths_are() -> None:
    received = environ("GET", "http://shelf.localhost:4566/a/b.txt?versionId=v", {})
    request = as_read(received)
    assert request.operation == "GetObject"
    assert dict(request.parameters) == {"Bucket": "shelf", "Key": "a/b.txt", "VersionId": "v"}


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_has_a_signer(version: str) -> None:
    signing = client("s3").meta.config.merge(Config(signature_version=version))
    import boto3  # type: ignore[import-untyped]

    url = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:4566",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=signing,
    ).generate_presigned_url("get_object", Params={"Bucket": "shelf", "Key": "a"})
    received = environ("GET", url, {})
    assert read_call(received, {}).access_key == "AKIDEXAMPLE"
    assert as_read(received).operation == "GetObject"


def test_a_posted_form_has_a_signer_and_a_key() -> None:
    post = client("s3").generate_presigned_post("shelf", "a/b.txt")
    boundary = "frontier"
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in post["fields"].items()
    )
    whole = f"{body}--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    received = environ("POST", post["url"], headers, whole)
    assert poster(received) == "AKIDEXAMPLE"
    request = as_read(received)
    assert (request.operation, request.text("Bucket"), request.text("Key")) == (
        "PostObject",
        "shelf",
        "a/b.txt",
    )
    assert received["wsgi.input"].read() == whole


def test_queries_sent_as_json_and_as_forms_are_told_apart() -> None:
    assert request_of("sqs", "ListQueues").protocol is Protocol.JSON
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url = "http://127.0.0.1:4566/123456789012/orders"
    old = environ("POST", url, {**form, **_signed("sqs")}, b"Action=SendMessage&MessageBody=a")
    request = as_read(old)
    assert (request.protocol, request.operation) == (Protocol.QUERY, "SendMessage")


def test_a_query_may_stand_in_the_address() -> None:
    url = "http://127.0.0.1:4566/?Action=Publish&TopicArn=arn%3Aaws%3Asns&Message=a"
    request = as_read(environ("GET", url, _signed("sns")))
    assert (request.protocol, request.operation) == (Protocol.QUERY, "Publish")
    assert request.text("TopicArn") == "arn:aws:sns"


def test_what_is_no_json_has_no_parameters() -> None:
    received = environ_of("dynamodb", "ListTables")
    received["wsgi.input"] = io.BytesIO(b"[1, 2")
    assert as_read(received).parameters == {}


def _signed(service: str) -> dict[str, str]:
    credential = f"AKIDEXAMPLE/20261002/us-east-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, Signature=0"}
