"""What a wrong answer of chapter 03 gives away: from the behaviour seen to the misconception behind it.

Each function takes what a check of `requests_validation_errors` saw and returns a sentence or two
for the verdict's *because*, or an empty text where nothing more is known. `route_misconceptions`
has those of the chapter before, which hold here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.lessons import route_misconceptions as routes
from workbook.lessons.fixtures import Answer, AppClient

NOT_JSON_AT_ALL = (
    "This body is not JSON at all: there is no value to be wrong. 400 says that the request could "
    "not be read; 422 that it was read, and its content is refused."
)
ONLY_READABLE = (
    "400 says that the request could not be read. This one was: its value is what is wrong, and "
    "that is a 422 (UnprocessableEntityError)."
)
UNKNOWN_ERROR = (
    "Chalice turns an error it does not know into a 500, as if the fault were ours. Its own "
    "classes carry a status: UnprocessableEntityError is a 422."
)
NO_OBJECT = (
    "A JSON body need not be an object: a list, a number, a text and null are JSON too. Ask what "
    "it is before you ask it for a key."
)
CHANGED = "The request was refused, and the stock changed all the same: judge first, write after."
SILENT = "A refusal that does not say what is wrong sends the caller to your door to ask."
LOCATION = "The header does not lead to the new item: a GET of it should answer the same body."
NOT_STORED = "The answer shows the item, but a GET does not find it: nothing was stored."
NO_LOCATION = "201 says that something new is there, and a header Location says where."
ANOTHER_ITEM = (
    "The Location leads to an item, and it is not the one that the answer showed: store what you "
    "return, its item_id too."
)
SAME_ID = "There are two items with one id, so the first is lost: ids have to be new each time."

RETURNS_DECORATE = (
    "`validated(app, model)` has to return the function that takes the view: decorate."
)
RETURNS_CHECKED = "decorate has to return the function that stands in for the view: checked."
NAME = "The function that stands in for the view has a name of its own unless functools.wraps copies it."
THE_MODEL = "It got something else: the view gets the model that was made, as body."
NOT_REACHED = "The view was called all the same: a refusal has to return, or raise, before it."
VIEWS_OWN = (
    "That was the view's own answer, and it has to pass: only what the model says of the body "
    "becomes a 422. Keep the view out of the try."
)
VIEWS_FAULT = (
    "The view raised it, about data of its own. The caller's body was fine, so it is our fault and "
    "a 500. Keep the view out of the try."
)
EVERY_FIELD = "error.errors() lists every wrong field, and a caller wants to mend them all at once."
DOTS = "A nested field's place is a tuple, such as ('size', 'height'): all of it, joined with dots."

EVERYBODY = "`*` lets every page in: name the one origin."
ORIGIN = (
    "An origin is scheme and host (and port, where it is unusual), with no slash at its end. "
    "Browsers compare it letter by letter."
)
HIDDEN = (
    "An answer without that header is hidden from the page, a refusal too. cors= on the route adds "
    "it to all of them."
)
PREFLIGHT = (
    "Before a request with JSON in it, a browser asks with OPTIONS. Such a preflight is answered "
    "only for routes with cors=; headers in a Response do not reach it."
)
EXPOSED = (
    "expose_headers is about the answer: what a page may read of it. allow_headers is about the "
    "request: what a page may send."
)
HEADER = "The page sends X-Shop-Visit, and a browser only sends what the preflight allows."
ONE_CONFIGURATION = (
    "A preflight is asked of the path, whichever view will answer, so the views of a path carry one "
    "configuration."
)
AGE = "max_age says for how many seconds a browser may remember the preflight."
COOKIES = "Nobody asked for cookies: allow_credentials lets the browser send them along."
CLOSED = "Without cors= a route has no CORS headers, and pages elsewhere cannot read it."

CATCHES_ALL = (
    "`except Exception` catches NotFoundError and ConflictError too, and with them the status that "
    "they carry."
)
GONE_REFUSED = "It was refused, and the goods are gone: ask before you take."
GONE_FAILED = "The ledger failed, and the goods are gone: take only what is in the books."
LAST_ONE = "A customer may have exactly as many as there are."
BOOKED = "It was refused, and was written into the ledger: look at the shelf first."
LEAKED = "The body tells the caller what is none of their business: names of our machines, say."
THEIR_KEY_ERROR = (
    "The item is known, and the KeyError was the ledger's own: an except around more than the "
    "lookup takes somebody else's mistake for the caller's, and no log hears of it."
)
UNLOGGED = (
    "There is nothing in the log, so nobody will ever mend the ledger. Chalice logs what it does "
    "not know; what you catch, you log (app.log.exception)."
)

REFUSAL = (
    "A refusal is a right answer: 4xx says that the caller is wrong. Only 500 and more is a crash."
)
THE_BODY = "What is returned has to be the body itself, as JSON text, ready to be sent again."
FOUND_NOTHING = "It breaks when %s, and no such body was tried, or too few of them."


def creating(answer: Answer, http: AppClient) -> str:
    """Why POST /items did not answer 201."""
    if answer.status in (403, 405):
        return f"There is no row for POST /items. {routes.found(answer, http.app)}"
    if answer.status == 200 and isinstance(answer.body, list):
        return (
            "A tuple of body, status and headers is Flask's way. To Chalice what a view returns is "
            "the body. A Response carries all three."
        )
    if answer.status == 200:
        return "What a view returns is a 200 unless it is a Response with another status_code."
    if "indices must be integers" in answer.error:
        return "raw_body is bytes, as they came; json_body is what they mean."
    return routes.found(answer, http.app)


def taking(answer: Answer, value: int, http: AppClient) -> str:
    """Why a good number was not taken."""
    if value == 0 and answer.status != 200:
        return "0 is a whole number from 0 up. In a condition it counts as false: ask what it is."
    return routes.found(answer, http.app)


def refusing(answer: Answer, value: Any, http: AppClient) -> str:
    """Why a bad value was not refused with 422."""
    if answer.status == 500 and isinstance(value, list | int) and not isinstance(value, bool):
        return NO_OBJECT
    if answer.status == 500:
        return UNKNOWN_ERROR
    if answer.status == 400:
        return ONLY_READABLE
    if answer.status != 200:
        return routes.found(answer, http.app)
    return _taken(value, answer)


def _taken(value: Any, answer: Answer) -> str:
    stock = value.get("stock") if isinstance(value, dict) else None
    kept = answer.body.get("stock") if isinstance(answer.body, dict) else None
    if stock is True:
        return (
            "True is an int to Python, and isinstance(True, int) says so; a stock of true is none."
        )
    if stock == 7.5 and kept == 7.5:
        return "7.5 is not below 0, and it is no whole number either: ask for its type, too."
    if stock == 7.5:
        return "int() makes a number of it: 7.5 became 7, and nobody was told."
    if stock == "7":
        return (
            "Unless it is strict, a model turns some texts and floats into numbers, as int() does. "
            "Right for a query string, where all is text; a JSON body has numbers of its own."
        )
    return "It is no whole number from 0 up."


def validating(answer: Answer) -> str:
    """Why a decorated view did not get its body."""
    if "unexpected keyword argument" in answer.error and "'body'" not in answer.error:
        return (
            "A route with a path parameter calls its view with that keyword, and here the wrapper "
            "stands in its place: it has to take it, and pass it on."
        )
    no_request = ("has no attribute 'current_request'", "'NoneType' object has no attribute")
    if any(words in answer.error for words in no_request):
        return (
            "There is no request on the app that was asked: it has to be the app that was handed "
            "over to validated, whatever it is called in the notebook."
        )
    if "got multiple values for argument" in answer.error:
        return (
            "Handed over by position, the body lands in the view's first parameter, which may be the "
            "path's. By name it finds its own: body=…"
        )
    if "'body'" in answer.error:
        return "The view is called without its body: view(body=…, **from_path)."
    if answer.status in (400, 422):
        return "This body fits the model. Is it the request of the app that was handed over?"
    if "ValidationError" in answer.error:
        return UNKNOWN_ERROR
    return "" if answer.error else "The view's own answer has to come through unchanged."


def refused_fields(listed: list[Any], wanted: list[Any]) -> str:
    """Why the list of wrong fields is not the wanted one."""
    fields = [each.get("field") if isinstance(each, Mapping) else each for each in listed]
    if len(listed) < len(wanted):
        return EVERY_FIELD
    if "size" in fields or any("(" in str(field) or isinstance(field, list) for field in fields):
        return DOTS
    return "Each entry holds field, its place, and problem, pydantic's msg, and nothing else."


def origin(value: str | None) -> str:
    """Why the allowed origin is not the shop's."""
    if value == "*":
        return EVERYBODY
    if value is None:
        return HIDDEN
    return ORIGIN


def reserving(answer: Answer, status: int) -> str:
    """Why a reservation did not answer with that status."""
    if status == 200 and answer.status == 409:
        return LAST_ONE
    if status == 409 and answer.status == 422:
        return (
            "The request is good, and what stands against it is the state of the shelf: a 409 "
            "(ConflictError). 422 refuses what a body says."
        )
    if status in (404, 409) and answer.status in (400, 500):
        if answer.error.startswith("KeyError"):
            return (
                "A dict raises KeyError for what it does not have, and to Chalice that is our own "
                "mistake. Ask first, and raise NotFoundError."
            )
        return CATCHES_ALL
    if status == 500 and answer.status == 200:
        return "The ledger failed and the customer was told that all is well."
    if status == 500:
        return "The request was fine and our ledger was not: that is a 500."
    return ""
