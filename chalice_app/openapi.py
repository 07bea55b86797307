"""The OpenAPI 3.1 document of the service, made of the routes and their models.

    python openapi.py > openapi.json

A test compares openapi.json with what this makes, and validates it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

import app  # noqa: F401  importing it registers every route
from chalicelib.logs import HEADER, SERVICE
from chalicelib.schemas import Problem
from chalicelib.web import ONCE_HEADER, ONCE_KEY, OPERATIONS, PATH_PARAMETERS, Operation

REFUSALS = {
    400: "The request cannot be read",
    401: "No token, or one that does not hold; the gateway's own words",
    403: "The token or the key does not allow it; the gateway's own words",
    404: "There is no such thing",
    409: "The present state does not allow it",
    413: "The body is too large",
    415: "The body is not application/json",
    422: "The request does not fit its schema",
    503: "Too many writers at once; try again",
}
GATEWAYS_OWN = (401, 403)


def document() -> dict[str, Any]:
    """The whole document."""
    models: set[type[BaseModel]] = {Problem}
    for each in OPERATIONS:
        models |= {model for model in (each.takes, each.gives) if model}
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, Any] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": SERVICE, "version": "1.0.0"},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
        },
    }


def _operation(each: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": [*_path_parameters(each), *_query_parameters(each), *_headers(each)],
        "responses": _responses(each),
        "security": [],
    }
    if each.scope:
        described["security"] = [{"token": [each.scope]}]
    if each.by_key:
        described["security"] = [{"key": []}]
    if each.takes:
        described["requestBody"] = {"required": True, "content": _json(each.takes)}
    return described


def _responses(each: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if each.gives:
        good["content"] = _json(each.gives)
    found = {str(each.status): good}
    for status in sorted(_refusals(each)):
        found[str(status)] = {"description": REFUSALS[status]}
        if status not in GATEWAYS_OWN:
            found[str(status)]["content"] = _json(Problem, "application/problem+json")
    return found


def _refusals(each: Operation) -> set[int]:
    """What a route refuses follows from what it takes; `refuses` adds what its view may."""
    refused = set(each.refuses)
    refused |= {401, 403} if each.scope else set()
    refused |= {403} if each.by_key else set()
    refused |= {400, 413, 415, 422} if each.takes else set()
    refused |= {422} if each.query else set()
    refused |= {400, 422, 503} if each.once else set()
    return refused


def _path_parameters(each: Operation) -> list[dict[str, Any]]:
    return [
        _parameter(name, "path", {"type": "string", "pattern": PATH_PARAMETERS[name]}, True)
        for name in re.findall(r"{(\w+)}", each.path)
    ]


def _query_parameters(each: Operation) -> list[dict[str, Any]]:
    properties = each.query.model_json_schema()["properties"] if each.query else {}
    return [_parameter(name, "query", schema) for name, schema in properties.items()]


def _headers(each: Operation) -> list[dict[str, Any]]:
    text = {"type": "string"}
    found = [_parameter(HEADER, "header", text)]
    if each.once:
        found.append(_parameter(ONCE_HEADER, "header", {**text, "pattern": ONCE_KEY}))
    return found


def _parameter(name: str, place: str, schema: Any, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _json(model: type[BaseModel], media: str = "application/json") -> dict[str, Any]:
    return {media: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


if __name__ == "__main__":
    print(json.dumps(document(), indent=1))
