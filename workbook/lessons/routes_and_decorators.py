"""Chapter 02, routes and decorators: its metadata, and the hints and checks of its exercises.

Every check sends requests as a customer would, or calls what the learner wrote; none reads code.
`http_answers` and `registry_probe` hold what they share, `route_misconceptions` what a wrong answer
gives away, in words.
"""

from __future__ import annotations

import logging
from typing import Any

from chalice import Chalice, NotFoundError
from chalice.app import MethodNotAllowedError

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.lessons import http_answers
from workbook.lessons import registry_probe as probe
from workbook.lessons import route_misconceptions as misconceptions
from workbook.lessons.fixtures import AppClient, client
from workbook.lessons.http_answers import FINDS_ITS_ROW, NOTHING_THERE

chapter = Chapter("routes-and-decorators", title="Routes and decorators", minutes=45)

INVENTORY: dict[str, dict[str, Any]] = {
    "item_1": {"item_id": "item_1", "name": "Espresso beans", "stock": 12},
    "item_2": {"item_id": "item_2", "name": "Paper filters", "stock": 0},
    "item_3": {"item_id": "item_3", "name": "Milk jug", "stock": 3},
}


SEVERAL = 'chapter 02, section "Several routes, several methods"'
WHO_ANSWERS = 'chapter 02, section "Who answers: 403, 404 or 405"'


# 1 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "read-one-item",
    title="Read one item",
    minutes=5,
    difficulty="easy",
    hints=(
        (
            "Compare with list_items above it: what in its path would have to differ from request to "
            "request? The chapter's section on a request that finds its row has the notation."
        ),
        (
            "Blank 1 is a path with a name in braces, the same as the view's parameter. Blank 2 asks "
            "the dict with `in`. Blank 3 is an f-string."
        ),
        (
            "The path ends in {item_id}. The condition is true when item_id is not a key of INVENTORY. "
            "The message needs item_id inside the text."
        ),
    ),
)
def check_read_one_item(app: Any) -> None:
    """Every item is read, and every other id is answered with a 404 that names it."""
    with client(app) as http:
        if not app.routes or "/items/..." in app.routes:
            raise NotAttempted("Blank 1, the path of read_item, still holds three dots.")
        for item_id, item in INVENTORY.items():
            http_answers.found(http, f"/items/{item_id}", item)
        for item_id in ("item_9", "kettle"):
            http_answers.missing(http, f"/items/{item_id}", names=item_id)


# 2 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "parsons-route",
    title="Put a route in order",
    minutes=4,
    difficulty="easy",
    hints=(
        (
            "Start with the line that begins with def: what has to stand directly above it, and what "
            "may only stand inside it?"
        ),
        (
            "Both decorators come before def. Inside, the guard comes first: an if with one line of "
            "its own, indented once more than the if."
        ),
        (
            "Two decorators, def, the if, raise (eight spaces), then the two remaining lines with four "
            "spaces each, the one with return last."
        ),
    ),
)
def check_parsons_route(app: Any) -> None:
    """Both addresses tell the stock of every item, and neither invents an item."""
    with client(app) as http:
        if not app.routes:
            raise NotAttempted("The app has no route yet: the lines are still comments.")
        for item_id, item in INVENTORY.items():
            body = {"item_id": item_id, "stock": item["stock"]}
            http_answers.found(http, f"/items/{item_id}/stock", body, SEVERAL)
            http_answers.found(http, f"/stock/{item_id}", body, SEVERAL)
        http_answers.missing(http, "/stock/item_9")
        http_answers.missing(http, "/items/item_9/stock")


# 3 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "two-methods-one-path",
    title="Two methods, one path",
    minutes=8,
    difficulty="medium",
    hints=(
        (
            "Run the scratch cell: which view answered the PUT? Print app.routes and read the row of "
            "the first path."
        ),
        (
            "A row is a path and a method, so two views may share a path when their methods=[...] have "
            "nothing in common. Then compare what the two views do with an unknown item."
        ),
        (
            "The first view gives up one of its two methods, the second takes the first one's path. "
            "The second view needs the same guard as the first."
        ),
    ),
)
def check_two_methods_one_path(app: Any) -> None:
    """What a PUT changes, a GET reads, on one path; unknown items stay unknown."""
    path, old_path = "/items/item_1/stock", "/items/item_1/new-stock"
    with client(app) as http:
        if not app.routes:
            raise NotAttempted("The app has no route: run the cell with its views.")
        stock = _stock(http, path)
        for new in (stock + 1, 0):
            called = f'PUT {path} {{"stock": {new}}}'
            body = {"item_id": "item_1", "stock": new}
            before = _stock(http, path)
            put = http_answers.ask(http, "PUT", path, {"stock": new})
            if put.body == {**body, "stock": before} != body and _like_the_starter(http):
                raise NotAttempted("The app behaves as it did: a PUT on the path is lost.")
            because = misconceptions.put(put, app)
            http_answers.answers(put, 200, called, because, SEVERAL)
            because = misconceptions.put_body(put, before)
            http_answers.has_body(put, body, called, because, SEVERAL)
            get = http_answers.ask(http, "GET", path)
            called = f"GET {path}, after {called}"
            because = misconceptions.found(get, app)
            http_answers.answers(get, 200, called, because, SEVERAL)
            http_answers.has_body(get, body, called, misconceptions.LOST_UPDATE, SEVERAL)
        http_answers.ask(http, "PUT", path, {"stock": stock})
        http_answers.missing(http, "/items/item_9/stock", "PUT", {"stock": 5})
        http_answers.missing(http, "/items/item_9/stock")
        for method in ("GET", "PUT"):
            gone = http_answers.ask(
                http, method, old_path, {"stock": stock} if method == "PUT" else None
            )
            http_answers.answers(
                gone, 403, f"{method} {old_path}", misconceptions.OLD_PATH, SEVERAL
            )


def _stock(http: AppClient, path: str) -> int:
    answer = http_answers.ask(http, "GET", path)
    http_answers.answers(
        answer, 200, f"GET {path}", misconceptions.found(answer, http.app), SEVERAL
    )
    stock = answer.body.get("stock") if isinstance(answer.body, dict) else None
    http_answers.has_body(answer, {"item_id": "item_1", "stock": stock}, f"GET {path}", "", SEVERAL)
    expect.that(
        isinstance(stock, int),
        got=f"a stock of {stock!r}",
        expected="a stock that is a whole number",
        called=f"GET {path}",
        look_at=SEVERAL,
    )
    assert isinstance(stock, int)
    return stock


def _like_the_starter(http: AppClient) -> bool:
    answer = http_answers.ask(http, "PUT", "/items/item_unheard_of/new-stock", {"stock": 1})
    return answer.status == 200


# 4 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "list-with-a-filter",
    title="List with a filter",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Print app.current_request.query_params inside the view, and send it /items, "
            "/items?page=2 and /items?max_stock=0. Three different things are absent or present."
        ),
        (
            "`query_params or {}` gives you something with .get in every case. Turn the text into a "
            "number with int() once; a ValueError from it becomes a BadRequestError."
        ),
        (
            "Fetch the text with .get. `is None` means no filter, and 0 is a filter. Then one list "
            "comprehension over INVENTORY.values() that compares each stock with <=."
        ),
    ),
)
def check_list_with_a_filter(app: Any) -> None:
    """With no filter all items, with one the items at or under it, in the inventory's order."""
    with client(app) as http:
        if not app.routes:
            raise NotAttempted("The app has no route yet.")
        for query in ("", "?page=2"):
            _listed(http, query, EVERYTHING)
        for most in (3, 0, 10, 12, 100, -1):
            _listed(http, f"?max_stock={most}", most)
            _listed(http, "", EVERYTHING)
        for text in ("few", "2.5", ""):
            path = f"/items?max_stock={text}"
            answer = http_answers.ask(http, "GET", path)
            http_answers.answers(
                answer, 400, f"GET {path}", misconceptions.not_a_number(answer, text), NOTHING_THERE
            )
        http_answers.message_names(
            http_answers.ask(http, "GET", "/items?max_stock=few"), "few", "GET /items?max_stock=few"
        )


EVERYTHING = 10**6  # more than the shop has of anything


def _listed(http: AppClient, query: str, most: int) -> None:
    path = f"/items{query}"
    answer = http_answers.ask(http, "GET", path)
    because = misconceptions.filtered(answer, http.app, query)
    http_answers.answers(answer, 200, f"GET {path}", because, FINDS_ITS_ROW)
    wanted = [item for item in INVENTORY.values() if item["stock"] <= most]
    listed = answer.body.get("items") if isinstance(answer.body, dict) else None
    expect.that(
        answer.body == {"items": wanted},
        got=repr(answer.body if listed is None else misconceptions.ids(listed)),
        expected=f'{{"items": […]}} with {misconceptions.ids(wanted)}',
        called=f"GET {path}",
        because=misconceptions.filtered_items(listed, wanted, most, bool(query)),
        look_at=FINDS_ITS_ROW,
    )


# 5 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "why-403-not-404",
    title="Why is it 403 and not 404?",
    minutes=8,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Ask of every request who answers it: the gateway, which knows the routing table and "
            "nothing else, or the function. The chapter's table on 403, 404 and 405 lists the cases."
        ),
        (
            "The gateway answers when matching_route gives None, or when the method is not among the "
            "keys of that row of app.routes. In every other case the app answers."
        ),
        (
            "Two ways to 403, joined with or; after them call the app with Client(app), "
            "http.request(method, path), and hand on its status_code unchanged."
        ),
    ),
)
def check_why_403_not_404(gateway_answer: Any) -> None:
    """The gateway answers without a row for path and method; otherwise the view does."""
    app = _deployed_app()
    for method, path, status in _DEPLOYED:
        called = f'gateway_answer(app, "{method}", "{path}")'
        got = call(_answered, gateway_answer, app, method, path, called=called)
        because = misconceptions.gateway(got, status)
        expect(got, status, called=called, because=because, look_at=WHO_ANSWERS)
        expect.that(
            None not in app.routes,
            got="a row for the path None in app.routes",
            expected="app.routes as it was",
            called=called,
            because=misconceptions.ROW_ADDED,
            look_at=WHO_ANSWERS,
        )


def _answered(gateway_answer: Any, app: Chalice, method: str, path: str) -> Any:
    try:
        return gateway_answer(app, method, path)
    except TillError as error:  # a view's own error, which Chalice would have caught
        return error


_DEPLOYED = (
    ("GET", "/items/item_1", 200),
    ("GET", "/items/item_9", 404),
    ("GET", "/prices", 403),
    ("GET", "/items/item_1/photos", 403),
    ("DELETE", "/items/item_1", 403),
    ("POST", "/items", 403),
    ("PUT", "/items", 200),
    ("GET", "/till", 500),
    ("GET", "/archive/item_1", 405),
    ("POST", "/archive/item_1", 403),
)


class TillError(Exception):
    """What a view of the deployed app raises."""


def _deployed_app() -> Chalice:
    """An app with every kind of answer, also a view that says 405 itself."""
    app = Chalice(app_name="deployed-by-the-check", configure_logs=False)
    app.log.propagate = False
    app.log.handlers = [logging.NullHandler()]

    @app.route("/items", methods=["GET", "PUT"])
    def items() -> dict[str, Any]:
        return {"items": list(INVENTORY)}

    @app.route("/items/{item_id}")
    def read_item(item_id: str) -> dict[str, Any]:
        if item_id not in INVENTORY:
            raise NotFoundError(f"No item {item_id}")
        return INVENTORY[item_id]

    @app.route("/archive/{item_id}")
    def read_archived(item_id: str) -> None:
        raise MethodNotAllowedError(f"{item_id} is archived and cannot be read")

    @app.route("/till")
    def read_till() -> None:
        raise TillError("the till is out of order")

    return app


# 6 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "build-the-registry",
    title="Build the registry",
    minutes=15,
    difficulty="hard",
    optional=True,
    hints=(
        (
            "Start from the chapter's ten lines: they store and find exact paths. Put the dict into "
            "__init__ as self.routes, get the plain path working, then add parameters."
        ),
        (
            'Split pattern and path at "/" and go through both with zip. Equal lengths are a '
            "condition; a part in braces fills a dict, any other part must be equal."
        ),
        (
            "Write a helper that returns the filled dict or None. dispatch tries the patterns with "
            "fewest parameters first, and calls the first that fits as view(**found)."
        ),
    ),
)
def check_build_the_registry(Registry: Any) -> None:
    """Registering leaves the view alone; dispatching finds it, parameters and all."""
    shop, views = probe.made_by(Registry, "shop"), probe.ShopViews()
    path, on_shelf = "/shelves/top/items/item_3", "on_shelf('item_3', 'top')"
    probe.refuses(shop, "GET", path, misconceptions.SHARED)
    probe.registers(shop, "/items", views.list_items)
    probe.registers(shop, "/items/{item_id}", views.read_item)
    probe.dispatches(shop, "GET", "/items", "list_items()", misconceptions.PLAIN_PATH)
    for item_id in ("item_1", "kettle"):
        reads = f"read_item({item_id!r})"
        probe.dispatches(shop, "GET", f"/items/{item_id}", reads, misconceptions.PARAMETER)
    for unknown in ("/prices", "/items/item_1/stock", "/", "/items/"):
        probe.refuses(shop, "GET", unknown)
    probe.refuses(shop, "PUT", "/items/item_1")
    probe.registers(shop, "/items/{item_id}", views.write_item, "PUT")
    probe.dispatches(shop, "PUT", "/items/item_1", "write_item('item_1')", misconceptions.METHOD)
    probe.dispatches(shop, "GET", "/items/item_1", "read_item('item_1')", misconceptions.METHOD)
    probe.registers(shop, "/shelves/{shelf}/items/{item_id}", views.on_shelf)
    probe.dispatches(shop, "GET", path, on_shelf, misconceptions.BY_NAME)
    probe.registers(shop, "/items/low", views.list_low)
    probe.dispatches(shop, "GET", "/items/low", "list_low()", misconceptions.LITERAL_FIRST)
    other = probe.made_by(Registry, "other")
    probe.refuses(other, "GET", path, misconceptions.SHARED)
    probe.registers(other, "/items/low", views.list_low)
    probe.registers(other, "/items/{item_id}", views.read_item)
    probe.dispatches(other, "GET", "/items/low", "list_low()", misconceptions.LITERAL_FIRST)
