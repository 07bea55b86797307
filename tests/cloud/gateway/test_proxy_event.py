"""The event behind a Lambda proxy integration, field by field against AWS's published sample."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from workbook.cloud.gateway.event import new_trace
from workbook.cloud.gateway.request import parse_query

SAMPLES = Path(__file__).parents[1] / "samples" / "gateway"

# CloudFront stands before edge-optimized APIs only, and puts these on each request.
FROM_CLOUDFRONT = re.compile(r"CloudFront-|Via$|X-Amz-Cf-Id$")


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text())


def kinds(value: Any) -> Any:
    """The fields of a document and the JSON kinds of their values."""
    if isinstance(value, dict):
        return {key: kinds(each) for key, each in value.items()}
    return [kinds(each) for each in value] if isinstance(value, list) else type(value).__name__


@pytest.fixture
def sampled(served: Any, build: Any) -> Any:
    """The event of the request that AWS's sample shows."""
    methods = {"ANY": build.method()}
    api = build.api({"/{proxy+}": methods}, binaryMediaTypes=["*/*"])
    served.deploy(api, stage="prod", variables={"baz": "qux"})
    headers = {
        name: value
        for name, value in sample("AwsProxy.json")["headers"].items()
        if not FROM_CLOUDFRONT.match(name) and not name.startswith("X-Forwarded")
    }
    served.call(
        "POST", "/path/to/resource?foo=bar", stage="prod", headers=headers, body=b'{"test":"body"}'
    )
    return served.event


def test_every_field_of_the_published_sample_is_there(sampled: Any) -> None:
    published = sample("AwsProxy.json")
    published["queryStringParameters"] = {"foo": "bar"}  # a placeholder in the file
    for headers in (published["headers"], published["multiValueHeaders"]):
        for name in [name for name in headers if FROM_CLOUDFRONT.match(name)]:
            del headers[name]
        headers["X-Amzn-Trace-Id"] = ["Root"] if headers is published["multiValueHeaders"] else ""
    ours = json.loads(json.dumps(sampled))
    newer = {"deploymentId", "domainName", "domainPrefix", "extendedRequestId"}
    for name in newer:  # on AWS since; the sample is of 2015
        del ours["requestContext"][name]
    del ours["requestContext"]["identity"]["principalOrgId"]
    assert kinds(published) == kinds(ours)


def test_the_values_that_the_sample_fixes_are_the_same(sampled: Any) -> None:
    published = sample("AwsProxy.json")
    context = sampled["requestContext"]
    assert sampled["multiValueQueryStringParameters"] == {"foo": ["bar"]}
    assert sampled["stageVariables"] == published["stageVariables"]
    assert sampled["isBase64Encoded"] is published["isBase64Encoded"]
    assert base64.b64decode(sampled["body"]) == b'{"test":"body"}'
    assert context["requestTime"] == published["requestContext"]["requestTime"]
    assert context["requestTimeEpoch"] == published["requestContext"]["requestTimeEpoch"]
    assert context["identity"]["userAgent"] == "Custom User Agent String"
    assert context["path"] == "/prod/path/to/resource"
    assert sampled["path"] == "/path/to/resource"
    assert sampled["resource"] == context["resourcePath"] == "/{proxy+}"
    assert sampled["pathParameters"] == {"proxy": "path/to/resource"}


def test_the_whole_event_of_a_plain_request(served: Any, build: Any) -> None:
    """What AWS sends to a function behind GET /, apart from the ids it draws."""
    served.deploy(build.api({"/": {"GET": build.method()}}), deployment_id="d1e2f3")
    answer = served.get(headers={"user-agent": "curl/8", "Accept": "*/*"})
    event = served.event
    trace = event["headers"]["X-Amzn-Trace-Id"]
    headers = {
        "User-Agent": "curl/8",
        "Accept": "*/*",
        "Host": "127.0.0.1:4566",
        "X-Amzn-Trace-Id": trace,
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": "4566",
        "X-Forwarded-Proto": "http",
    }
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)
    assert event == {
        "resource": "/",
        "path": "/",
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "r0",
            "resourcePath": "/",
            "httpMethod": "GET",
            "extendedRequestId": answer.header("x-amz-apigw-id"),
            "requestTime": "09/Apr/2015:12:34:56 +0000",
            "path": "/api/",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "api",
            "domainPrefix": "a1b2c3d4e5",
            "requestTimeEpoch": 1428582896000,
            "requestId": answer.header("x-amzn-RequestId"),
            "identity": {
                "cognitoIdentityPoolId": None,
                "accountId": None,
                "cognitoIdentityId": None,
                "caller": None,
                "sourceIp": "127.0.0.1",
                "principalOrgId": None,
                "accessKey": None,
                "cognitoAuthenticationType": None,
                "cognitoAuthenticationProvider": None,
                "userArn": None,
                "userAgent": "curl/8",
                "user": None,
            },
            "domainName": "a1b2c3d4e5.execute-api.localhost:4566",
            "deploymentId": "d1e2f3",
            "apiId": "a1b2c3d4e5",
        },
        "body": None,
        "isBase64Encoded": False,
    }


# Recorded on AWS by others: what a path that was sent becomes.
@pytest.mark.parametrize(
    ("target", "path", "context_path", "proxy"),
    [
        ("/x", "/x", "/api/x", "x"),
        ("/x/", "/x/", "/api/x/", "x"),
        ("/x//y", "/x//y", "/api/x//y", "x//y"),
        ("//x", "/x", "/api//x", "x"),
        ("/a%2Bb@c/d+e", "/a%2Bb@c/d+e", "/api/a%2Bb@c/d+e", "a%2Bb@c/d+e"),
        ("/%C3%A4%20", "/%C3%A4%20", "/api/%C3%A4%20", "%C3%A4%20"),
    ],
)
def test_a_path_is_handed_on_as_it_was_sent(
    shop: Any, target: str, path: str, context_path: str, proxy: str
) -> None:
    shop.get(target)
    assert shop.event["path"] == path
    assert shop.event["requestContext"]["path"] == context_path
    assert shop.event["pathParameters"] == {"proxy": proxy}


@pytest.mark.parametrize(
    "overrides",
    [
        {"REQUEST_URI": "/api/a%2Fb?x=1", "SCRIPT_NAME": "/api"},
        {"REQUEST_URI": "//api/a%2Fb?x=1", "SCRIPT_NAME": "/api"},
        {"REQUEST_URI": "http://localhost/api/a%2Fb?x=1", "SCRIPT_NAME": "/api"},
        {"REQUEST_URI": "/a%2Fb?x=1", "SCRIPT_NAME": ""},
    ],
)
def test_the_stage_is_found_wherever_the_api_is_mounted(shop: Any, overrides: Any) -> None:
    shop.get("/ignored", **overrides)
    assert shop.event["path"] == "/a%2Fb"
    assert shop.event["requestContext"]["path"] == "/api/a%2Fb"
    assert shop.event["queryStringParameters"] == {"x": "1"}


def test_without_a_raw_uri_the_path_is_encoded_again(shop: Any, build: Any) -> None:
    environ = build.environ("GET", "/a b/ä".encode().decode("latin-1"))
    del environ["REQUEST_URI"]
    shop.gateway.handle("a1b2c3d4e5", "api", environ)
    assert shop.event["path"] == "/a%20b/%C3%A4"


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", ()),
        ("a=1&a=2", (("a", "1"), ("a", "2"))),
        ("a", (("a", ""),)),
        ("a=", (("a", ""),)),
        ("=v", (("", "v"),)),
        ("a=b=c", (("a", "b=c"),)),
        ("a=1;b=2", (("a", "1"), ("b", "2"))),
        ("a=x+y%20z%2B", (("a", "x y z+"),)),
        ("A=1&a=2", (("A", "1"), ("a", "2"))),
        ("a%5B%5D=%C3%A4", (("a[]", "ä"),)),
        ("a=%FF", (("a", "\ufffd"),)),
        ("&&a=1&", (("a", "1"),)),
    ],
)
def test_a_query_is_decoded(query: str, pairs: Any) -> None:
    assert parse_query(query) == pairs


def test_the_last_of_several_values_wins_and_all_are_listed(shop: Any) -> None:
    shop.get("/?price=10&price=20", headers=[("X-Tag", "red"), ("X-Tag", "blue")])
    assert shop.event["queryStringParameters"] == {"price": "20"}
    assert shop.event["multiValueQueryStringParameters"] == {"price": ["10", "20"]}
    assert shop.event["headers"]["X-Tag"] == "blue"
    assert shop.event["multiValueHeaders"]["X-Tag"] == ["red", "blue"]


def test_header_names_keep_the_spelling_of_the_client_except_two(shop: Any) -> None:
    shop.get(headers={"tEsT-HEADeR": "aValUE", "aUThorization": "Bearer t", "user-AGENT": "me"})
    sent = {name: shop.event["headers"][name] for name in ("tEsT-HEADeR", "Authorization")}
    assert sent == {"tEsT-HEADeR": "aValUE", "Authorization": "Bearer t"}
    assert shop.event["headers"]["User-Agent"] == "me"


def test_header_names_are_written_in_title_case_when_wsgi_has_lost_them(
    shop: Any, build: Any
) -> None:
    environ = build.environ("POST", "/", headers={"x-shop-id": "7"}, body=b"{}")
    del environ["workbook.headers"]
    shop.gateway.handle("a1b2c3d4e5", "api", environ | {"CONTENT_TYPE": "application/json"})
    assert shop.event["headers"]["X-Shop-Id"] == "7"
    assert shop.event["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "name",
    ["Connection", "Content-Length", "Content-MD5", "Expect", "TE", "Transfer-Encoding", "Upgrade"],
)
def test_headers_of_one_connection_stay_behind(shop: Any, name: str) -> None:
    shop.get(headers={name: "x"})
    assert name not in shop.event["headers"]


def test_an_aws_signature_is_not_handed_on(shop: Any) -> None:
    shop.get(headers={"Authorization": "AWS4-HMAC-SHA256 Credential=…"})
    assert "Authorization" not in shop.event["headers"]


def test_a_method_can_be_overridden_by_header(shop: Any) -> None:
    shop.call("POST", "/", headers={"X-HTTP-Method-Override": "PATCH"})
    assert shop.event["httpMethod"] == "PATCH"
    assert "X-HTTP-Method-Override" not in shop.event["headers"]


def test_forwarding_hops_are_added_to_those_before(shop: Any) -> None:
    shop.get(headers={"x-forwarded-for": "10.0.0.1", "X-Forwarded-Proto": "https"})
    assert shop.event["multiValueHeaders"]["X-Forwarded-For"] == ["10.0.0.1, 127.0.0.1"]
    assert shop.event["multiValueHeaders"]["X-Forwarded-Proto"] == ["http"]


def test_the_host_names_the_api_when_it_was_called_by_name(shop: Any) -> None:
    host = "a1b2c3d4e5.execute-api.localhost:4566"
    shop.get(headers={"Host": host})
    assert shop.event["requestContext"]["domainName"] == host
    assert shop.event["requestContext"]["domainPrefix"] == "a1b2c3d4e5"


def test_a_sampled_trace_goes_on_to_the_function_and_back_to_the_client(shop: Any) -> None:
    trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    answer = shop.get(headers={"X-Amzn-Trace-Id": trace})
    assert shop.functions.traces == [trace]
    assert answer.header("X-Amzn-Trace-Id") == trace


@pytest.mark.parametrize(
    ("sent", "pattern"),
    [
        (None, r"Root=1-5526713[0-9a-f]-\w{24};Parent=\w{16};Sampled=0"),
        ("Root=1-a-b", r"Root=1-a-b;Parent=\w{16};Sampled=0"),
        ("Root=1-a-b;Parent=c", r"Root=1-a-b;Parent=c;Sampled=1"),
        ("nonsense", r"Root=1-5526713[0-9a-f]-\w{24};Parent=\w{16};Sampled=0"),
    ],
)
def test_a_trace_is_completed(sent: str | None, pattern: str) -> None:
    assert re.fullmatch(pattern, new_trace(sent, 0x55267130))
