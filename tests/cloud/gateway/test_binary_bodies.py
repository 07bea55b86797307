"""Bodies that are not text: base64 on the way in and out, and compression, as the API is set."""

from __future__ import annotations

import base64
import gzip
import zlib
from typing import Any

import pytest

from workbook.cloud.gateway.media import body_for_event, compressed, is_binary

PNG = b"\x89PNG\r\n\x1a\n\xff\x00"
ENCODED = base64.b64encode(PNG).decode()


@pytest.fixture
def pictures(served: Any, build: Any) -> Any:
    served.functions.handlers["shop"] = lambda event: {"body": ENCODED, "isBase64Encoded": True}
    methods = {"ANY": build.method()}
    return served.deploy(build.api({"/": methods}, binaryMediaTypes=["image/png", "application/*"]))


# The last six were recorded on AWS by others.
@pytest.mark.parametrize(
    ("header", "binary_types", "expected"),
    [
        ("image/png", ["image/png"], True),
        ("image/png; q=1", ["image/png"], True),
        ("IMAGE/PNG", ["image/png"], True),
        ("anything/at-all", ["*/*"], True),
        (None, ["*/*"], True),
        ("image/png", [], False),
        ("image/webp", ["image/*"], True),
        ("image/png,image/*,*/*;q=0.8", ["image/png"], True),
        ("image/webp,image/png,*/*;q=0.8", ["image/png"], False),
        ("*/*", ["image/png"], False),
        ("application", ["application/*"], False),
        (None, ["image/png", "application/*"], False),
    ],
)
def test_the_first_media_type_decides(
    header: str | None, binary_types: list[str], expected: bool
) -> None:
    assert is_binary(header, binary_types) is expected


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"", "image/png", (None, False)),
        (PNG, "image/png", (ENCODED, True)),
        (b"{}", "application/json", ("{}", False)),
        (b"{}", None, ("{}", False)),
        ("ä".encode(), "text/plain", ("ä", False)),
        (b"\xff\xfe", "text/plain", ("\ufffd\ufffd", False)),
    ],
)
def test_a_request_body_is_base64_only_for_a_binary_media_type(
    body: bytes, content_type: str | None, expected: Any
) -> None:
    assert body_for_event(body, content_type, ["image/png"]) == expected


@pytest.mark.parametrize("content_type", ["application/json", None])
@pytest.mark.parametrize("binary_type", ["*/*", "application/json"])
def test_even_json_arrives_as_base64_when_it_is_a_binary_type(
    content_type: str | None, binary_type: str
) -> None:
    assert body_for_event(b"{}", content_type, [binary_type]) == ("e30=", True)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("image/png", PNG), ("application/x", PNG), ("*/*", ENCODED.encode())],
)
def test_a_base64_answer_is_decoded_for_who_accepts_binary(
    pictures: Any, accept: str, expected: bytes
) -> None:
    assert pictures.get(headers={"Accept": accept}).body == expected


def test_without_accept_a_base64_answer_stays_as_it_is(pictures: Any) -> None:
    assert pictures.get().body == ENCODED.encode()


def test_text_stays_text_for_who_accepts_binary(pictures: Any) -> None:
    pictures.functions.handlers["shop"] = lambda event: {"body": ENCODED}
    assert pictures.get(headers={"Accept": "image/png"}).body == ENCODED.encode()


@pytest.mark.parametrize("body", ["èé+à)(", "not base64!", "abc"])
def test_a_body_that_is_not_base64_after_all_is_a_500(pictures: Any, body: str) -> None:
    broken = {"body": body, "isBase64Encoded": True}
    pictures.functions.handlers["shop"] = lambda event: broken
    answer = pictures.get(headers={"Accept": "image/png"})
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


@pytest.fixture
def packing(served: Any, build: Any) -> Any:
    served.functions.handlers["shop"] = lambda event: {"body": "x" * 100 + (event["body"] or "")}
    methods = {"ANY": build.method()}
    return served.deploy(build.api({"/": methods}, minimumCompressionSize=100))


def test_large_answers_are_compressed_for_who_takes_it(packing: Any) -> None:
    answer = packing.get(headers={"Accept-Encoding": "br, gzip"})
    assert answer.header("Content-Encoding") == "gzip"
    assert gzip.decompress(answer.body) == b"x" * 100


def test_small_answers_and_unasked_ones_are_not_compressed(packing: Any) -> None:
    assert packing.get().header("Content-Encoding") is None
    packing.functions.handlers["shop"] = lambda event: {"body": "small"}
    assert packing.get(headers={"Accept-Encoding": "gzip"}).body == b"small"


def test_a_compressed_request_is_unpacked(packing: Any) -> None:
    headers = {"Content-Encoding": "gzip"}
    packing.call("POST", "/", headers=headers, body=gzip.compress(b"hello"))
    assert packing.event["body"] == "hello"


def test_a_request_that_is_not_compressed_as_it_says_is_a_400(packing: Any) -> None:
    answer = packing.call("POST", "/", headers={"Content-Encoding": "gzip"}, body=b"hello")
    assert (answer.status, answer.json) == (400, {"message": "Bad Request"})


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("gzip", "gzip"), ("deflate, gzip", "deflate"), ("gzip;q=0, deflate", "deflate")],
)
def test_the_encoding_is_the_first_that_the_client_takes(accept: str, encoding: str) -> None:
    packed = compressed(b"text", accept)
    assert packed is not None
    unpack: Any = {"gzip": gzip.decompress, "deflate": zlib.decompress}[encoding]
    assert (unpack(packed[0]), packed[1]) == (b"text", encoding)
