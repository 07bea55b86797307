"""The checks of chapter 03 on CORS, on errors, and on fuzzing.

Each sends requests through `fixtures.client`, or calls what the learner wrote with apps of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chalice.deploy.validate import validate_routes

from workbook.check import NotAttempted, call, expect
from workbook.lessons import cors_probe, http_answers, weak_shops
from workbook.lessons import request_misconceptions as misconceptions
from workbook.lessons import route_misconceptions as routes
from workbook.lessons.fixtures import Answer, AppClient, client

CORS = 'chapter 03, section "Behind the gateway"'
ERRORS = 'chapter 03, section "Answer with a status"'
FUZZ = 'chapter 03, section "More: let a machine look for the crash"'

ORIGIN = "https://shop.example"
ALLOW_ORIGIN = "access-control-allow-origin"


def opens_to_one_origin(app: Any) -> None:
    """The shop's page may read and change items; nobody else's page may, and nothing else."""
    with client(app) as http:
        if not app.routes:
            raise NotAttempted("The app has no route: run the cell with its views.")
        items = http_answers.ask(http, "GET", "/items")
        health = http_answers.ask(http, "GET", "/health")
        if all(_origin(each) == "*" for each in (items, health)):
            raise NotAttempted("The app behaves as it did: every page in the world is let in.")
        names = ["item_1", "item_2", "item_3"]
        _answers_the_shop(http, "GET", items, 200)
        http_answers.has_body(items, {"items": names}, "GET /items", "", CORS)
        _answers_the_shop(http, "POST", http_answers.ask(http, "POST", "/items"), 422)
        _preflights(app, items)
        because = routes.found(health, app)
        http_answers.answers(health, 200, "GET /health", because, CORS)
        expect.that(
            not cors_probe.cors_headers(health.headers)
            and ALLOW_ORIGIN not in cors_probe.preflight(app, "/health", ORIGIN, "GET"),
            got=str(cors_probe.cors_headers(health.headers)),
            expected="no CORS headers",
            called="GET /health",
            because=misconceptions.CLOSED,
            look_at=CORS,
        )


def _origin(answer: Answer) -> str | None:
    return cors_probe.cors_headers(answer.headers).get(ALLOW_ORIGIN)


def _answers_the_shop(http: AppClient, method: str, answer: Answer, status: int) -> None:
    called = f"{method} /items from a page at {ORIGIN}"
    http_answers.answers(answer, status, called, routes.found(answer, http.app), CORS)
    found = cors_probe.cors_headers(answer.headers)
    _has(found, ALLOW_ORIGIN, ORIGIN, called, misconceptions.origin(found.get(ALLOW_ORIGIN)))
    _no_cookies(found, called)


def _preflights(app: Any, items: Answer) -> None:
    called = f"the preflight OPTIONS /items from a page at {ORIGIN}"
    found = cors_probe.preflight(app, "/items", ORIGIN, "POST")
    _has(found, ALLOW_ORIGIN, ORIGIN, called, misconceptions.PREFLIGHT)
    methods = cors_probe.listed(found.get("access-control-allow-methods"))
    expect.that(
        {"get", "post"} <= methods,
        got=f"Access-Control-Allow-Methods: {', '.join(sorted(methods)).upper() or 'none'}",
        expected="GET and POST among them",
        called=called,
        because="Both views of /items need the configuration.",
        look_at=CORS,
    )
    exposed = "access-control-expose-headers" in cors_probe.cors_headers(items.headers)
    allowed = found.get("access-control-allow-headers")
    expect.that(
        "x-shop-visit" in cors_probe.listed(allowed),
        got=f"Access-Control-Allow-Headers: {allowed}",
        expected="X-Shop-Visit among them",
        called=called,
        because=misconceptions.EXPOSED if exposed else misconceptions.HEADER,
        look_at=CORS,
    )
    _has(found, "access-control-max-age", "600", called, misconceptions.AGE)
    _no_cookies(found, called)
    try:
        validate_routes(app.routes)  # as deploying would
    except ValueError as refused:
        expect.that(
            False,
            got=str(refused),
            expected="routes that can be deployed",
            called="chalice deploy",
            because=misconceptions.ONE_CONFIGURATION,
            look_at=CORS,
        )


def _has(found: dict[str, str], name: str, value: str, called: str, because: str) -> None:
    shown = name.title()
    expect.that(
        found.get(name) == value,
        got=f"{shown}: {found[name]}" if name in found else f"no {shown}",
        expected=f"{shown}: {value}",
        called=called,
        because=because,
        look_at=CORS,
    )


def _no_cookies(found: dict[str, str], called: str) -> None:
    expect.that(
        "access-control-allow-credentials" not in found,
        got="Access-Control-Allow-Credentials: true",
        expected="no such header",
        called=called,
        because=misconceptions.COOKIES,
        look_at=CORS,
    )


class LedgerError(Exception):
    """What the ledger of the check raises; its text is nobody else's business."""


SECRET = "db-7.shop.internal refused the user ledger"


def tells_whose_fault_it_was(build_app: Any) -> None:
    """Every reservation has the status it deserves, and what fails leaves nothing behind."""
    if _like_the_starter(_Reservation(build_app, 99)):
        raise NotAttempted("The app behaves as it did: errors are bad requests, and goods vanish.")
    for quantity, left in ((2, 10), (12, 0)):
        good = _Reservation(build_app, quantity)
        good.answers(200)
        http_answers.has_body(
            good.answer, {"item_id": "item_1", "left": left}, good.called, "", ERRORS
        )
        expect(good.stock, {"item_1": left}, called=f"the stock after {good.called}")
        expect(good.booked, [("item_1", quantity)], called=f"the ledger after {good.called}")
    too_many = _Reservation(build_app, 99)
    too_many.answers(409)
    too_many.names("12")
    too_many.took_nothing(misconceptions.GONE_REFUSED)
    expect(
        too_many.booked,
        [],
        called=f"the ledger after {too_many.called}",
        because=misconceptions.BOOKED,
        look_at=ERRORS,
    )
    unknown = _Reservation(build_app, 2, item_id="item_9")
    unknown.answers(404)
    unknown.names("item_9")
    unknown.took_nothing(misconceptions.GONE_REFUSED)
    for error in (LedgerError(SECRET), ValueError(SECRET), KeyError(SECRET)):
        _fails_well(_Reservation(build_app, 2, error=error))


class _Reservation:
    """One POST to an app of its own, with twelve of item_1 on the shelf."""

    def __init__(
        self,
        build_app: Callable[..., Any],
        quantity: int,
        item_id: str = "item_1",
        error: Exception | None = None,
    ) -> None:
        self.stock = {"item_1": 12}
        self.booked: list[tuple[str, int]] = []
        self._error = error
        body = json.dumps({"quantity": quantity})
        self.called = f"POST /items/{item_id}/reservations {body}"
        if error:
            self.called += f", while the ledger raises {type(error).__name__}"
        app = call(build_app, self.stock, self._ledger, called="build_app(stock, ledger)")
        with client(app) as http:
            if not app.routes:
                raise NotAttempted("The app that build_app returns has no route yet.")
            self.answer = http_answers.send(http, "POST", f"/items/{item_id}/reservations", body)

    def _ledger(self, item_id: str, quantity: int) -> None:
        if self._error:
            raise self._error
        self.booked.append((item_id, quantity))

    def answers(self, status: int) -> None:
        """The answer has that status."""
        because = misconceptions.reserving(self.answer, status)
        if isinstance(self._error, KeyError) and self.answer.status == 404:
            because = misconceptions.THEIR_KEY_ERROR
        http_answers.answers(self.answer, status, self.called, because, ERRORS)

    def names(self, text: str) -> None:
        """The answer's body contains the text."""
        expect.that(
            text in json.dumps(self.answer.body),
            got=self.answer.got,
            expected=f"a body that names {text}",
            called=self.called,
            because=misconceptions.SILENT,
            look_at=ERRORS,
        )

    def took_nothing(self, because: str) -> None:
        """The stock is as it was."""
        called = f"the stock after {self.called}"
        expect(self.stock, {"item_1": 12}, called=called, because=because, look_at=ERRORS)


def _fails_well(failing: _Reservation) -> None:
    failing.answers(500)
    expect.that(
        not any(word in json.dumps(failing.answer.body) for word in ("db-7", "ledger", "refused")),
        got=f"500 with the body {failing.answer.body!r}",
        expected="500 and not a word of the ledger's error",
        called=failing.called,
        because=misconceptions.LEAKED,
        look_at=ERRORS,
    )
    expect.that(
        SECRET in failing.answer.error or SECRET in failing.answer.logged,
        got="the app's log does not have it",
        expected="the ledger's error in the app's log",
        called=failing.called,
        because=misconceptions.UNLOGGED,
        look_at=ERRORS,
    )
    failing.took_nothing(misconceptions.GONE_FAILED)


def _like_the_starter(too_many: _Reservation) -> bool:
    return too_many.answer.status == 400 and too_many.stock == {"item_1": 12 - 99}


def finds_crashes(find_crash: Any) -> None:
    """Nothing is found in the sound app; in each weak one, a body that breaks it."""
    sound = weak_shops.shop()
    found = call(find_crash, sound, called="find_crash(sound)")
    expect.that(
        found is None,
        got=f"{found!r}, which that app answers with {_status(sound, found)}",
        expected="None",
        called="find_crash(sound)",
        because=misconceptions.REFUSAL,
        look_at=FUZZ,
    )
    for weakness, words in weak_shops.WEAKNESSES.items():
        app = weak_shops.shop(weakness)
        called = f"find_crash(app), whose view breaks when {words}"
        found = call(find_crash, app, called=called)
        expect.that(
            found is not None,
            got="None",
            expected="a body that the app answers with 500",
            called=called,
            because=misconceptions.FOUND_NOTHING % words,
            look_at=FUZZ,
        )
        status = _status(app, found)
        expect.that(
            isinstance(status, int) and status >= 500,
            got=f"{found!r}, which that app answers with {status}",
            expected="a body that the app answers with 500",
            called=called,
            because=misconceptions.THE_BODY,
            look_at=FUZZ,
        )


def _status(app: Any, body: Any) -> int | str:
    if not isinstance(body, str):
        return "nothing, for it is no text"
    with client(app) as http:
        return http_answers.send(http, "POST", "/items", body).status
