"""A route with checked input: what a blueprint's view is wrapped in.

    @operation(items, "POST", "/items", scope=WRITE, takes=NewItem, gives=ItemShown, status=201)
    def add_item(body: NewItem) -> Item: ...

The view gets path parameters that can be ids, a body and a query that fit their models, and
returns a value that `gives` can be made of, or raises a ServiceError. Whatever is refused is
refused in one form: application/problem+json, RFC 9457. What is registered here is also what the
OpenAPI document is generated from, so neither can be out of step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalice import Blueprint, Response
from pydantic import BaseModel, ValidationError

from chalicelib import logs
from chalicelib.errors import BadRequest, Invalid, NotFound, ServiceError, TooLarge
from chalicelib.identity import token
from chalicelib.once import once
from chalicelib.schemas import ITEM_ID, ORDER_ID
from chalicelib.scopes import READ, WRITE

__all__ = ["OPERATIONS", "READ", "WRITE", "Operation", "operation"]

MOST_BYTES = 64 * 1024
ONCE_HEADER = "Idempotency-Key"
ONCE_KEY = r"^[A-Za-z0-9._-]{1,128}$"
PATH_PARAMETERS = {"item_id": ITEM_ID, "order_id": ORDER_ID}


@dataclass(frozen=True)
class Operation:
    """One method of one path, as registered.

    Attributes:
        scope: what a token must allow; None for a route without one.
        by_key: opened by an API key of the gateway, not by a token.
        once: whether an Idempotency-Key makes repeating it harmless.
    """

    name: str
    method: str
    path: str
    summary: str
    gives: type[BaseModel] | None
    status: int = 200
    scope: str | None = None
    by_key: bool = False
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    once: bool = False
    refuses: tuple[int, ...] = field(default=())


OPERATIONS: list[Operation] = []


def operation(
    blueprint: Blueprint, method: str, path: str, **described: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view; `described` are the fields of Operation."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        summary = (view.__doc__ or "").strip().split("\n")[0]
        done = Operation(view.__name__, method, path, summary, **described)
        OPERATIONS.append(done)
        guards: dict[str, Any] = {"api_key_required": done.by_key}
        if done.scope:
            guards["authorizer"] = token

        def answer(**parameters: str) -> Response:
            return _answer(done, view, blueprint.current_request, parameters)

        blueprint.route(path, methods=[method], name=view.__name__, **guards)(answer)
        return view

    return register


def _answer(
    done: Operation, view: Callable[..., Any], request: Any, parameters: dict[str, str]
) -> Response:
    try:
        _check_path(parameters)
        given: dict[str, Any] = dict(parameters)
        if done.query:
            given["query"] = _fitting(done.query.model_validate, request.query_params or {})
        if done.takes:
            given["body"] = _fitting(done.takes.model_validate_json, _body(request))

        def call() -> dict[str, Any] | None:
            value = view(**given)
            return None if done.gives is None else _shown(done.gives, value)

        key = request.headers.get(ONCE_HEADER) if done.once else None
        shown = call() if key is None else _once(done, request, given, key, call)
    except ServiceError as refusal:
        return problem(refusal.status, refusal.title, refusal.detail, refusal.fields)
    body = "" if shown is None else json.dumps(shown, separators=(",", ":"))
    return Response(body, {"Content-Type": "application/json"}, done.status)


def problem(
    status: int, title: str, detail: str, errors: list[dict[str, Any]] | None = None
) -> Response:
    """A refusal in the form of RFC 9457."""
    logs.logger.info("refused", status=status, title=title)
    body = {
        "title": title,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        "correlation_id": logs.correlation_id(),
    }
    return Response(json.dumps(body), {"Content-Type": "application/problem+json"}, status)


def _check_path(parameters: dict[str, str]) -> None:
    for name, value in parameters.items():
        if not re.fullmatch(PATH_PARAMETERS[name], value):
            raise NotFound(f"There is nothing of the {name} {value[:80]!r}.")


def _body(request: Any) -> bytes:
    raw: bytes = request.raw_body
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"The body has {len(raw)} bytes; at most {MOST_BYTES} are taken.")
    return raw


def _fitting(parse: Callable[[Any], BaseModel], given: Any) -> BaseModel:
    try:
        return parse(dict(given) if not isinstance(given, bytes) else given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(each["type"] == "json_invalid" for each in found):
        raise BadRequest(f"The body is not JSON: {found[0]['msg']}.")
    fields = [
        {"field": ".".join(map(str, each["loc"])) or "(whole)", "problem": each["msg"]}
        for each in found
    ]
    named = ", ".join(each["field"] for each in fields[:5])
    raise Invalid(f"The request does not fit its schema: {named}.", fields[:20])


def _shown(model: type[BaseModel], value: Any) -> dict[str, Any]:
    return model.model_validate(value).model_dump(mode="json")


def _once(
    done: Operation, request: Any, given: dict[str, Any], key: str, call: Callable[[], Any]
) -> Any:
    if not re.fullmatch(ONCE_KEY, key):
        raise BadRequest(f"{ONCE_HEADER} may have up to 128 letters, digits, dots, - and _.")
    who = (request.context.get("authorizer") or {}).get("principalId", "")
    path = {name: value for name, value in given.items() if isinstance(value, str)}
    body = given["body"].model_dump(mode="json") if "body" in given else None
    return once([who, done.name, path, key], body, call, request.lambda_context)


def traced(request: Any, get_response: Callable[[Any], Response]) -> Response:
    """Answer under a correlation id, log it, and put Chalice's own refusals in our form."""
    correlation_id = logs.follow(request.headers.get(logs.HEADER))
    response = get_response(request)
    if isinstance(response.body, dict) and "Code" in response.body:
        response = _as_problem(response)
    response.headers[logs.HEADER] = correlation_id
    logs.logger.info(
        "answered",
        method=request.method,
        route=request.context.get("resourcePath"),
        status=response.status_code,
    )
    return response


def _as_problem(response: Response) -> Response:
    title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", response.body["Code"].removesuffix("Error"))
    ours = problem(response.status_code, title, response.body["Message"])
    ours.headers.update({"Allow": response.headers["Allow"]} if "Allow" in response.headers else {})
    return ours
