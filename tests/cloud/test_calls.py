"""Which operation a request is, told from its head."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.calls import CallLog, operation_name, read_call

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/{}/aws4_request, Signature=0"


def environ(service: str, method: str, path: str, query: str = "", **more: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_AUTHORIZATION": SIGNED.format(service),
        **more,
    }


@pytest.mark.parametrize(
    ("service", "method", "path", "query", "name"),
    [
        ("lambda", "POST", "/2015-03-31/functions", "", "CreateFunction"),
        ("lambda", "GET", "/2015-03-31/functions/shop", "", "GetFunction"),
        ("lambda", "POST", "/2015-03-31/functions/shop/invocations", "", "Invoke"),
        ("apigateway", "PUT", "/restapis/abc", "mode=overwrite", "PutRestApi"),
        ("apigateway", "POST", "/restapis", "mode=import", "ImportRestApi"),
        ("apigateway", "POST", "/restapis", "", "CreateRestApi"),
        ("s3", "PUT", "/shelf", "", "CreateBucket"),
        ("s3", "PUT", "/shelf/a/b.txt", "", "PutObject"),
        ("s3", "GET", "/shelf", "list-type=2", "ListObjectsV2"),
        ("nonsense", "GET", "/x", "", "GET /x"),
    ],
)
def test_operations_of_rest_like_services(
    service: str, method: str, path: str, query: str, name: str
) -> None:
    assert operation_name(read_call(environ(service, method, path, query), {})) == name


def test_a_copy_is_told_from_a_put_by_its_header() -> None:
    head = environ("s3", "PUT", "/shelf/b", HTTP_X_AMZ_COPY_SOURCE="shelf/a")
    assert operation_name(read_call(head, {})) == "CopyObject"


def test_json_services_name_their_operation() -> None:
    head = environ("dynamodb", "POST", "/", HTTP_X_AMZ_TARGET="DynamoDB_20120810.PutItem")
    call = read_call(head, {})
    assert (call.service, operation_name(call)) == ("dynamodb", "PutItem")


def test_query_services_name_it_in_their_form() -> None:
    call = read_call(environ("sns", "POST", "/"), {"Action": ["Publish"]})
    assert (call.service, operation_name(call)) == ("sns", "Publish")


def test_a_presigned_url_is_read_like_a_signature() -> None:
    query = "X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Feu-west-1%2Fs3%2Faws4_request"
    head = environ("", "GET", "/shelf/a", query)
    head["HTTP_AUTHORIZATION"] = ""
    call = read_call(head, {})
    assert (call.service, call.region, call.access_key) == ("s3", "eu-west-1", "AKIDEXAMPLE")


def test_the_log_is_bounded_and_keeps_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.cloud.calls.REMEMBERED", 2)
    log = CallLog()
    for number in range(3):
        call = read_call(environ("sqs", "POST", "/", HTTP_X_AMZ_TARGET=f"AmazonSQS.N{number}"), {})
        log.record(call, 200, 0.0, 0.001)
    assert [entry["operation"] for entry in log.entries()] == ["N1", "N2"]
