"""What becomes of a function's output: each field checked as AWS checks it, headers remapped."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.gateway import InvokeResult

BROKEN = (502, b'{"message": "Internal server error"}')


@pytest.fixture
def returning(shop: Any) -> Any:
    def call(output: Any, **options: Any) -> Any:
        shop.functions.handlers["shop"] = lambda event: output
        return shop.get(**options)

    return call


@pytest.mark.parametrize(
    ("output", "status", "body"),
    [
        ({"statusCode": 201, "body": "made"}, 201, b"made"),
        ({"statusCode": "201"}, 201, b""),
        ({"statusCode": 200, "body": None, "headers": None, "multiValueHeaders": None}, 200, b""),
        ({"headers": {"X-A": "1"}}, 200, b""),
        ({}, 200, b""),
        ({"body": "ä"}, 200, "ä".encode()),
        ({"statusCode": 204, "isBase64Encoded": False}, 204, b""),
    ],
)
def test_no_field_is_mandatory(returning: Any, output: Any, status: int, body: bytes) -> None:
    answer = returning(output)
    assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize(
    "output",
    [
        None,
        "just a string",
        ["statusCode", 200],
        b"not JSON",
        b"",
        {"statusCode": 200, "wrongValue": "value"},
        {"statusCode": "test"},
        {"statusCode": 200.5},
        {"statusCode": True},
        {"statusCode": [200]},
        {"statusCode": 99},
        {"statusCode": 600},
        {"body": {"not": "a string"}},
        {"body": ["x"]},
        {"headers": ["X-A", "1"]},
        {"headers": []},
        {"headers": {"X-A": ["1"]}},
        {"headers": {"X-A": {"b": 1}}},
        {"headers": {"X-A": "1\r\nX-B: 2"}},
        {"headers": {"X-A\r\nX-B": "1"}},
        {"headers": {"": "1"}},
        {"headers": {"X-A": None}},
        {"multiValueHeaders": {"X-A": "1"}},
        {"multiValueHeaders": [["X-A", "1"]]},
        {"isBase64Encoded": "true"},
        {"errorMessage": "boom", "errorType": "ValueError"},
    ],
)
def test_malformed_output_is_a_502(returning: Any, output: Any) -> None:
    answer = returning(output)
    assert (answer.status, answer.body) == BROKEN
    assert answer.header("x-amzn-ErrorType") == "InternalServerErrorException"


def test_a_function_that_raised_is_a_502(shop: Any, build: Any) -> None:
    def sell(event: Any) -> Any:
        raise build.error("out of stock")

    shop.functions.handlers["shop"] = sell
    answer = shop.get()
    assert (answer.status, answer.body) == BROKEN


def test_a_function_error_is_a_502_whatever_the_payload(returning: Any) -> None:
    assert returning(InvokeResult(b'{"statusCode": 200}', "Unhandled")).status == 502


def test_the_content_type_is_json_unless_the_function_says_otherwise(returning: Any) -> None:
    assert returning({}).all("content-type") == ["application/json"]
    assert returning({"headers": {"content-type": "text/html"}}).all("content-type") == [
        "text/html"
    ]


def test_booleans_and_numbers_in_headers_are_written_as_json_writes_them(returning: Any) -> None:
    answer = returning({"headers": {"X-Flag": True, "Access-Control-Max-Age": 3600}})
    assert answer.header("X-Flag") == "true"
    assert answer.header("Access-Control-Max-Age") == "3600"


def test_a_header_leaves_as_utf_8(returning: Any) -> None:
    sent = returning({"headers": {"X-Name": "Zoë €"}}).header("X-Name")
    assert sent.encode("latin-1").decode() == "Zoë €"


@pytest.mark.parametrize(
    ("single", "multiple", "expected"),
    [
        ({}, {"Set-Cookie": ["a=1", "b=2"]}, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]),
        ({"x-m": "solo"}, {"x-m": ["multi"]}, [("x-m", "multi"), ("x-m", "solo")]),
        ({"x-m": "solo"}, {"X-M": ["multi"]}, [("X-M", "multi"), ("X-M", "solo")]),
        ({"X-M": "same"}, {"X-M": ["same"]}, [("X-M", "same")]),
    ],
)
def test_both_header_maps_become_one_list(
    returning: Any, single: Any, multiple: Any, expected: Any
) -> None:
    answer = returning({"headers": single, "multiValueHeaders": multiple})
    names = {name.lower() for name, _ in expected}
    assert [pair for pair in answer.headers if pair[0].lower() in names] == expected


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Connection",
        "Content-Length",
        "Content-MD5",
        "date",
        "Max-Forwards",
        "Server",
        "User-Agent",
        "WWW-Authenticate",
    ],
)
def test_headers_that_are_not_the_functions_to_send_are_remapped(returning: Any, name: str) -> None:
    answer = returning({"headers": {name: "value"}})
    assert answer.header(f"x-amzn-Remapped-{name}") == "value"
    assert answer.header(name) is None


@pytest.mark.parametrize(
    "name",
    ["Expect", "Host", "Proxy-Authenticate", "TE", "Trailer", "Transfer-Encoding", "Upgrade"],
)
def test_headers_of_one_hop_are_dropped(returning: Any, name: str) -> None:
    answer = returning({"headers": {name: "value"}})
    assert not [key for key, _ in answer.headers if key.lower().endswith(name.lower())]


def test_every_answer_carries_its_ids(shop: Any) -> None:
    first, second = shop.get(), shop.get()
    assert first.header("x-amzn-RequestId") != second.header("x-amzn-RequestId")
    assert (first.header("x-amz-apigw-id") or "").endswith("=")
    assert (first.header("X-Amzn-Trace-Id") or "").startswith("Root=1-")


def test_a_head_request_gets_the_headers_alone(returning: Any, shop: Any) -> None:
    returning({"body": "text", "headers": {"X-A": "1"}})
    answer = shop.call("HEAD", "/")
    assert (answer.status, answer.body, answer.header("X-A")) == (200, b"", "1")
