"""The checks of chapter 03 on bodies: creating, refusing by hand, refusing by decorator.

Each sends requests through `fixtures.client` and leaves what it was handed as it found it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from chalice import Chalice, NotFoundError
from pydantic import BaseModel, Field, ValidationError

from workbook.check import NotAttempted, call, expect
from workbook.lessons import http_answers
from workbook.lessons import request_misconceptions as misconceptions
from workbook.lessons import route_misconceptions as routes
from workbook.lessons.fixtures import Answer, AppClient, client

ANSWER_WITH_A_STATUS = 'chapter 03, section "Answer with a status"'
BODIES = 'chapter 03, section "Bodies and what they claim to be"'
JUDGE = 'chapter 03, section "Judge a body before the view runs"'

STOCK = "/items/item_1/stock"


def creates_items(app: Any) -> None:
    """POST /items makes an item that a GET of its Location finds."""
    with client(app) as http:
        if "..." in (app.routes.get("/items") or {}) or "/items" not in app.routes:
            raise NotAttempted("Blank 1, the method of create_item, still holds three dots.")
        pot = {"name": "Moka pot", "stock": 4}
        first = _created(http, pot)
        _created(http, {"name": "Kettle", "stock": 0})
        again = _created(http, pot)
        expect.that(
            len({path for path, _ in (first, again)}) == 2 and first[1] != again[1],
            got=f"Location: {again[0]} twice",
            expected="another id, and another Location",
            called=f"POST /items {json.dumps(pot)}, twice",
            because=misconceptions.SAME_ID,
            look_at=ANSWER_WITH_A_STATUS,
        )


def _created(http: AppClient, item: dict[str, Any]) -> tuple[str, Any]:
    """The path and the body of the item that was made."""
    called = f"POST /items {json.dumps(item)}"
    answer = http_answers.send(http, "POST", "/items", json.dumps(item))
    if answer.status is ... or "ellipsis" in answer.error:
        raise NotAttempted("A blank of create_item still holds three dots.")
    because = misconceptions.creating(answer, http)
    http_answers.answers(answer, 201, called, because, ANSWER_WITH_A_STATUS)
    made = answer.body.get("item_id") if isinstance(answer.body, dict) else None
    expect.that(
        isinstance(made, str | int) and answer.body == {"item_id": made, **item},
        got=answer.got,
        expected=f'201 and {{"item_id": "…", …}} with {json.dumps(item)}',
        called=called,
        because="The body is the new item: what was sent, and its item_id.",
        look_at=ANSWER_WITH_A_STATUS,
    )
    headers = {name.lower(): value for name, value in answer.headers.items()}
    location = headers.get("location")
    expect.that(
        location,
        got=f"{answer.got}, without a Location",
        expected="a header Location that leads to the item",
        called=called,
        because=misconceptions.NO_LOCATION,
        look_at=ANSWER_WITH_A_STATUS,
    )
    path = urlsplit(urljoin("https://shop.example/items", str(location))).path
    read = http_answers.ask(http, "GET", path)
    stored = http_answers.ask(http, "GET", f"/items/{made}")
    because = misconceptions.ANOTHER_ITEM if read.status == 200 else misconceptions.LOCATION
    expect.that(
        read.status == 200 and read.body == answer.body,
        got=f"Location: {location}, and a GET of it answers {routes.words(read)}",
        expected="a Location whose GET answers 200 and the same body",
        called=called,
        because=because if stored.status == 200 else misconceptions.NOT_STORED,
        look_at=ANSWER_WITH_A_STATUS,
    )
    return path, made


# What is wrong with each of these bodies is one thing. The order matters to the words of a failure.
BAD_BODIES: tuple[Any, ...] = (
    {"stock": -1},
    {"stock": 7.5},
    {"stock": "7"},
    {"stock": True},
    {"stock": None},
    {},
    [],
    7,
)


def takes_whole_numbers_only(app: Any) -> None:
    """PUT writes whole numbers from 0 up, refuses every other body, and says why."""
    with client(app) as http:
        if "PUT" not in (app.routes.get("/items/{item_id}/stock") or {}):
            raise NotAttempted("There is no PUT /items/{item_id}/stock yet.")
        before = _read(http)
        try:
            for good in (before + 5, 0, 7):
                _taken(http, good)
            for body in BAD_BODIES:
                _refused(http, body, json.dumps(body))
            _unreadable(http, '{"stock": ')
            http_answers.missing(http, "/items/item_9/stock", "PUT", {"stock": 7})
            http_answers.missing(http, "/items/item_9/stock")
        finally:
            http_answers.send(http, "PUT", STOCK, json.dumps({"stock": before}))


def _read(http: AppClient) -> Any:
    answer = http_answers.ask(http, "GET", STOCK)
    because = routes.found(answer, http.app)
    http_answers.answers(answer, 200, f"GET {STOCK}", because, JUDGE)
    return answer.body["stock"] if isinstance(answer.body, dict) else answer.body


def _taken(http: AppClient, stock: int) -> None:
    called = f'PUT {STOCK} {{"stock": {stock}}}'
    answer = http_answers.send(http, "PUT", STOCK, json.dumps({"stock": stock}))
    because = misconceptions.taking(answer, stock, http)
    http_answers.answers(answer, 200, called, because, JUDGE)
    http_answers.has_body(answer, {"item_id": "item_1", "stock": stock}, called, "", JUDGE)
    expect(_read(http), stock, called=f"GET {STOCK}, after {called}", because=routes.LOST_UPDATE)


def _refused(http: AppClient, body: Any, sent: str) -> None:
    called = f"PUT {STOCK} {sent}"
    before = _read(http)
    answer = http_answers.send(http, "PUT", STOCK, sent)
    because = misconceptions.refusing(answer, body, http)
    http_answers.answers(answer, 422, called, because, JUDGE)
    if isinstance(body, dict):
        expect.that(
            "stock" in json.dumps(answer.body),
            got=answer.got,
            expected="422 and a body in which the word stock appears",
            called=called,
            because=misconceptions.SILENT,
            look_at=JUDGE,
        )
    _unchanged(http, before, called)


def _unreadable(http: AppClient, sent: str) -> None:
    called = f"PUT {STOCK} {sent}"
    before = _read(http)
    answer = http_answers.send(http, "PUT", STOCK, sent)
    because = misconceptions.NOT_JSON_AT_ALL if answer.status == 422 else ""
    http_answers.answers(answer, 400, called, because or _unknown(answer), BODIES)
    _unchanged(http, before, called)


def _unknown(answer: Answer) -> str:
    return misconceptions.UNKNOWN_ERROR if answer.status == 500 else ""


def _unchanged(http: AppClient, before: Any, called: str) -> None:
    because = misconceptions.CHANGED
    expect(_read(http), before, called=f"GET {STOCK}, after {called}", because=because)


class Size(BaseModel):
    """A model inside a model."""

    height: int = Field(ge=1)


class Item(BaseModel):
    """What the decorated views of the check take."""

    name: str = Field(min_length=1)
    stock: int = Field(ge=0)
    size: Size | None = None


class Review(BaseModel):
    """What a view with a path parameter takes."""

    stars: int = Field(ge=1, le=5)


ITEM = '{"name": "Moka pot", "stock": 4, "size": {"height": 18}}'
SPOILED = '{"name": "", "stock": -3, "size": {}}'


def validates_before_the_view(validated: Any) -> None:
    """A decorated view gets the model, or is not called; its own errors stay its own."""
    app, reached = _silent_app("shop-of-the-check"), []

    def create_item(body: Any) -> dict[str, Any]:
        reached.append(body)
        return {"created": True}

    view = _decorated(validated, app, Item, create_item)
    app.route("/items", methods=["POST"])(view)
    with client(app) as http:
        answer = http_answers.send(http, "POST", "/items", ITEM)
        refused = http_answers.send(http, "POST", "/items", SPOILED)
        if all("argument: 'body'" in each.error for each in (answer, refused)):
            raise NotAttempted("The view is called as it always was: nothing judges the body yet.")
        called = f"POST /items {ITEM}"
        http_answers.answers(answer, 200, called, misconceptions.validating(answer), JUDGE)
        http_answers.has_body(answer, {"created": True}, called, "", JUDGE)
        expect.that(
            reached and isinstance(reached[0], Item),
            got=f"a {type(reached[0]).__name__ if reached else 'view that was not called'}",
            expected="the view called with an Item",
            called=called,
            because=misconceptions.THE_MODEL,
            look_at=JUDGE,
        )
        _lists_every_field(refused)
        unreadable = http_answers.send(http, "POST", "/items", '{"name": ')
        because = misconceptions.NOT_JSON_AT_ALL if unreadable.status == 422 else ""
        http_answers.answers(unreadable, 400, 'POST /items {"name": ', because, BODIES)
        listed = http_answers.send(http, "POST", "/items", "[]")
        http_answers.answers(listed, 422, "POST /items []", _unknown(listed), JUDGE)
        because = misconceptions.NOT_REACHED
        expect(len(reached), 1, called="the view, by one good body in four", because=because)
    _leaves_the_view_its_own_errors(validated)


def _decorated(validated: Any, app: Chalice, model: type[BaseModel], view: Any) -> Any:
    view.__qualname__ = view.__name__  # an error that names it should not name the check
    name = f"validated(app, {model.__name__})"
    decorate = call(validated, app, model, called=name)
    _callable(decorate, name, misconceptions.RETURNS_DECORATE)
    decorated = call(decorate, view, called=f"{name}({view.__name__})")
    _callable(decorated, f"{name}({view.__name__})", misconceptions.RETURNS_CHECKED)
    expect(
        getattr(decorated, "__name__", ""),
        view.__name__,
        called=f"the name of the decorated {view.__name__}",
        because=misconceptions.NAME,
        look_at=JUDGE,
    )
    return decorated


def _callable(value: object, called: str, because: str) -> None:
    expect.that(
        callable(value),
        got=f"{value!r}",
        expected="a function",
        called=called,
        because=because,
        look_at=JUDGE,
    )


def _lists_every_field(answer: Answer) -> None:
    called = f"POST /items {SPOILED}"
    because = misconceptions.NOT_REACHED if answer.status == 200 else _unknown(answer)
    http_answers.answers(answer, 422, called, because, JUDGE)
    wanted = []
    try:
        Item.model_validate_json(SPOILED)
    except ValidationError as error:
        for each in error.errors():
            field = ".".join(str(part) for part in each["loc"])
            wanted.append({"field": field, "problem": each["msg"]})
    errors = answer.body.get("Errors") if isinstance(answer.body, dict) else None
    listed = errors if isinstance(errors, list) else []
    expect.that(
        sorted(listed, key=str) == sorted(wanted, key=str),
        got=answer.got,
        expected=json.dumps({"Errors": wanted}),
        called=called,
        because=misconceptions.refused_fields(listed, wanted),
        look_at=JUDGE,
    )


def _leaves_the_view_its_own_errors(validated: Any) -> None:
    app, reached = _silent_app("reviews-of-the-check"), []

    def add_review(item_id: str, body: Any) -> dict[str, Any]:
        reached.append((item_id, body.stars))
        if item_id == "item_9":
            raise NotFoundError(f"No item {item_id}")
        if item_id == "item_3":
            Review.model_validate({"stars": 0})  # data of our own that turns out to be bad
        return {"item_id": item_id, "stars": body.stars}

    view = _decorated(validated, app, Review, add_review)
    app.route("/items/{item_id}/reviews", methods=["POST"])(view)
    expected: list[tuple[str, int, Callable[[Answer], str]]] = [
        ("item_1", 200, misconceptions.validating),
        ("item_9", 404, lambda _: misconceptions.VIEWS_OWN),
        ("item_3", 500, lambda _: misconceptions.VIEWS_FAULT),
    ]
    with client(app) as http:
        for item_id, status, because in expected:
            path = f"/items/{item_id}/reviews"
            answer = http_answers.send(http, "POST", path, '{"stars": 4}')
            called = f'POST {path} {{"stars": 4}}' + _says(status)
            http_answers.answers(answer, status, called, because(answer), JUDGE)


def _says(status: int) -> str:
    return {404: ", whose view raises NotFoundError", 500: ", whose view fails"}.get(status, "")


def _silent_app(name: str) -> Chalice:
    app = Chalice(app_name=name, configure_logs=False)
    app.log.propagate = False
    app.log.handlers = [logging.NullHandler()]
    return app
