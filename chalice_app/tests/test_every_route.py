"""Every route fed with made-up requests, some after its schema and some not: none answers 500.

An operation that is added is fed too: the list is the one the routes register themselves in.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from callers import Api
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator

import openapi
from chalicelib.web import OPERATIONS, Operation

DOCUMENT = openapi.document()
IDS = st.sampled_from(["tea", "jug", "none", "a" * 64, "0" * 32, "%00", "..", "a%2Fb", "ü", "-"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["tea", "jug", "none"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.none() | st.sampled_from(["k1", "k2", "bad key", ""])
QUERIES = st.dictionaries(
    st.sampled_from(["limit", "low_stock", "cursor", "other"]),
    st.sampled_from(["1", "7", "0", "true", "x", "", "YWxsOnRlYQ", "bG93OnRlYQ", "%FF", "1e9"]),
    max_size=3,
)


def bodies(operation: Operation) -> st.SearchStrategy[bytes]:
    """Bodies that fit, bodies of the right fields with anything in them, and any bytes."""
    anything = JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
    if operation.takes is None:
        return st.just(b"") | anything
    fields = list(operation.takes.model_fields)
    likely: dict[str, st.SearchStrategy[Any]] = {
        "item_id": st.sampled_from(["tea", "jug", "none"]),
        "name": st.sampled_from(["Tea", "ü", "\0", "x" * 200]),
        "stock": st.sampled_from([0, 3, 1_000_000]),
        "threshold": st.sampled_from([0, 5]),
        "quantity": st.sampled_from([1, 2, 1_000_000]),
        "lines": st.lists(
            st.fixed_dictionaries(
                {"item_id": st.sampled_from(["tea", "jug"]), "quantity": st.integers(0, 3)}
            ),
            max_size=3,
        ),
    }
    good = st.fixed_dictionaries({name: likely[name] for name in fields})
    near = st.fixed_dictionaries({name: likely[name] | JSON for name in fields})
    return (good | near).map(lambda value: json.dumps(value).encode()) | anything


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
