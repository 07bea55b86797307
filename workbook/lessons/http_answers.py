"""What checks of HTTP apps expect again and again: an item found, a 404 that names it, a body.

Each function sends a request through `fixtures.client` and fails with the misconception that the
answer gives away, as `route_misconceptions` words it.
"""

from __future__ import annotations

from typing import Any

from workbook.check import expect
from workbook.check.blame import in_words
from workbook.lessons import route_misconceptions as misconceptions
from workbook.lessons.fixtures import Answer, AppClient

FINDS_ITS_ROW = 'chapter 02, section "A request finds its row"'
NOTHING_THERE = 'chapter 02, section "When there is nothing to return"'


def ask(http: AppClient, method: str, path: str, json_body: Any = None) -> Answer:
    """One request; a result that cannot become JSON is an answer of its kind, not our fault."""
    try:
        return http.request(method, path, json_body=json_body)
    except (TypeError, ValueError, AttributeError) as error:
        return Answer(502, None, {}, error=in_words(error))


def send(http: AppClient, method: str, path: str, body: str) -> Answer:
    """One request with that text as its body, said to be JSON whether it is or not."""
    headers = {"Content-Type": "application/json"}
    try:
        return http.request(method, path, headers=headers, body=body.encode())
    except (TypeError, ValueError, AttributeError) as error:
        return Answer(502, None, {}, error=in_words(error))


def found(http: AppClient, path: str, body: object, look_at: str = FINDS_ITS_ROW) -> None:
    """A GET answers 200 with that body."""
    answer = ask(http, "GET", path)
    where = NOTHING_THERE if answer.status == 404 else look_at
    answers(answer, 200, f"GET {path}", misconceptions.found(answer, http.app), where)
    has_body(answer, body, f"GET {path}", misconceptions.found_body(answer), look_at)


def missing(
    http: AppClient, path: str, method: str = "GET", json_body: Any = None, names: str = ""
) -> None:
    """The request answers 404, with a message that names the id where one is given."""
    called = f"{method} {path}"
    answer = ask(http, method, path, json_body)
    answers(answer, 404, called, misconceptions.missing(answer, http.app, method), NOTHING_THERE)
    if names:
        message_names(answer, names, called)


def message_names(answer: Answer, name: str, called: str) -> None:
    """The body is JSON with a Message that contains the name."""
    message = answer.body.get("Message") if isinstance(answer.body, dict) else None
    expect.that(
        isinstance(message, str) and name in message,
        got=answer.got,
        expected=f"a JSON body whose Message contains {name}",
        called=called,
        because=misconceptions.message(answer),
        look_at=NOTHING_THERE,
    )


def answers(answer: Answer, status: int, called: str, because: str, look_at: str) -> None:
    """The answer has that status."""
    expect.that(
        answer.status == status,
        got=misconceptions.words(answer),
        expected=str(status),
        called=called,
        because=because,
        line=answer.line,
        look_at=look_at,
    )


def has_body(answer: Answer, body: object, called: str, because: str, look_at: str) -> None:
    """The answer has that body."""
    expect.that(
        answer.body == body,
        got=answer.got,
        expected=f"200 {body!r}",
        called=called,
        because=because,
        look_at=look_at,
    )
