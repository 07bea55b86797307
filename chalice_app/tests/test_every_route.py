"""Every route fed with made-up requests, some after its schema and some not: none answers 500.

An operation that is added is fed too: the list is the one the routes register themselves in.
"""

from __future__ import annotations

import json
from typing import Any

import made_up
import pytest
from callers import Api
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator

import openapi
from chalicelib.web import OPERATIONS, Operation

DOCUMENT = openapi.document()
IDS = st.sampled_from(["tea", "jug", "none", "a" * 64, "0" * 32, "%00", "..", "a%2Fb", "ü", "-"])
KEYS = st.none() | st.sampled_from(["k1", "k2", "bad key", ""])
QUERIES = st.dictionaries(
    st.sampled_from(["limit", "low_stock", "cursor", "other"]),
    st.sampled_from(["1", "7", "0", "true", "x", "", "YWxsOnRlYQ", "bG93OnRlYQ", "%FF", "1e9"]),
    max_size=3,
)


def bodies(operation: Operation) -> st.SearchStrategy[bytes]:
    """Bodies that fit the document's schema, bodies that nearly do, any JSON, and any bytes."""
    anything = made_up.ANYTHING.map(as_json) | st.binary(max_size=60)
    if operation.takes is None:
        return st.just(b"") | anything
    described = DOCUMENT["paths"][operation.path][operation.method.lower()]["requestBody"]
    schema = described["content"]["application/json"]["schema"]
    there = {"item_id": st.sampled_from(["tea", "jug", "none"])}
    good = made_up.fitting(schema, DOCUMENT["components"]["schemas"], there)
    return (good | made_up.near(good)).map(as_json) | anything


def as_json(value: Any) -> bytes:
    """As a client would send it."""
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def stocked(on_moto: dict[str, str]) -> Api:
    """A shop with tea and a jug in it; requests may change that."""
    api = Api()
    api.add("tea", stock=10, threshold=5)
    api.add("jug", stock=1)
    return api


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_whatever_is_sent_the_answer_is_one_that_the_document_promises(
    operation: Operation, stocked: Api
) -> None:
    described = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(IDS, QUERIES, KEYS, bodies(operation))
    @example("tea", {}, None, b"")
    def feed(name: str, query: dict[str, str], key: str | None, body: bytes) -> None:
        path = operation.path.replace("{item_id}", name).replace("{order_id}", name)
        asked = "&".join(f"{field}={value}" for field, value in query.items())
        answer = stocked.call(
            operation.method,
            f"{path}?{asked}" if asked else path,
            body,
            {} if key is None else {"Idempotency-Key": key},
        )
        assert str(answer.status_code) in described, answer.body
        for media in described[str(answer.status_code)].get("content", {}).items():
            fits_its_schema(answer, *media)

    feed()


def fits_its_schema(answer: Any, media: str, content: dict[str, Any]) -> None:
    """The body is of the media type, and what the schema says."""
    assert answer.headers["Content-Type"] == media
    whole = {**content["schema"], "components": DOCUMENT["components"]}
    OAS31Validator(whole).validate(answer.json_body)
