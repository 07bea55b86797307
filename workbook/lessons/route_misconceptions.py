"""What a wrong answer gives away: from the behaviour seen to the misconception behind it, in words.

Each function takes what a check of `routes_and_decorators` saw and returns one or two sentences
for the verdict's *because*, or an empty text where nothing more is known.
"""

from __future__ import annotations

from typing import Any

from chalice import Chalice

from workbook.lessons.fixtures import Answer

NOT_JSON = 502  # what API Gateway answers when a function's result cannot become JSON

LOST_UPDATE = "The PUT answered with the new number and kept the old one: nothing was stored."
OLD_PATH = "The task asks for one path; this one still has a row in app.routes."

ROW_ADDED = (
    "app.routes is a defaultdict: asking it with […] for a path that it does not have adds a row. "
    "Ask `in` or .get, or return before."
)

NO_DECORATOR = (
    "`@shop.route(path)` calls route first, then gives the view to what route returned. So route "
    "has to return a function that takes a view."
)
PLAIN_PATH = "A path without braces fits when it is equal to the request's path."
PARAMETER = (
    "The row `/items/{item_id}` fits any path of two parts whose first is `items`; the second part "
    "is handed to the view as item_id."
)
METHOD = "A row is a method and a path: two views on one path are two rows."
BY_NAME = (
    "A path may hold several parameters, and each reaches the view by its name, whatever the order "
    "in the view's signature: call the view with keywords."
)
LITERAL_FIRST = (
    "Two rows fit, and the literal one is meant, whichever was registered first. Your registry "
    "took the row with the parameter."
)
SHARED = (
    "This registry never registered that path; another one did. A list or dict in the class body "
    "is shared by all instances: make it in `__init__`."
)


def words(answer: Answer) -> str:
    """The status, and what raised it."""
    if answer.status == NOT_JSON:
        return f"no answer at all ({answer.error}); on AWS this is a 502"
    if answer.error:
        return f"{answer.status} ({answer.error})"
    return f"{answer.status} with the body {answer.body!r}"


def found(answer: Answer, app: Chalice) -> str:
    """Why a request that should find an item did not answer 200."""
    if answer.status == 403:
        return f"No row of the routing table fits this path. {_rows(app)}"
    if answer.status == 405:
        return f"The path has a row, this method has none. {_rows(app)}"
    if answer.status == 404:
        return "There is such an item: the condition in front of the error is true for it too."
    if "unexpected keyword argument" in answer.error:
        return (
            "The path's name in braces and the view's parameter have to be one name: Chalice calls "
            "the view with that keyword."
        )
    if "missing" in answer.error and "positional argument" in answer.error:
        return (
            "The view wants an argument that no braces in the path provide. Only a name in braces, "
            "`{item_id}`, is handed to the view."
        )
    return _not_json(answer) or _unknown_error(answer)


def found_body(answer: Answer) -> str:
    """Why the body of a 200 is not the item."""
    if answer.body is None:
        return (
            "The view returned None, which becomes the JSON null: on the way of an item that "
            "exists there is no return."
        )
    return "The status is right, the body is not: compare it with the table in the task."


def missing(answer: Answer, app: Chalice, method: str) -> str:
    """Why a request for an item that does not exist did not answer 404."""
    if answer.error.startswith("KeyError"):
        return (
            "A dict raises KeyError for a key it does not have, and Chalice turns an error it does "
            "not know into a 500. Only its own error classes, such as NotFoundError, carry another "
            "status."
        )
    if "NotFoundError is not JSON serializable" in answer.error:
        return "The view returns NotFoundError as if it were a body: errors are raised."
    if answer.status == 200 and isinstance(answer.body, list) and 404 in answer.body:
        return (
            "A tuple (body, 404) is Flask's way. To Chalice what a view returns is the body: the "
            "tuple became a list, with status 200. Raise an error, or return a Response."
        )
    if answer.status == 200 and method == "PUT":
        return "Writing a key that a dict does not have raises nothing: it creates the item."
    if answer.status == 200 and answer.body is None:
        return "The view returned None for it, and None is a body like any other: 200 and null."
    if answer.status == 200:
        return "Whatever a view returns is a success to Chalice; a 404 has to be raised."
    if answer.status == 400:
        return "400 says that the request was malformed. It was fine: there is no such item."
    return found(answer, app) if answer.status != 404 else ""


def message(answer: Answer) -> str:
    """Why the message does not name what was asked for."""
    if isinstance(answer.body, dict) and "Message" in answer.body:
        if "{" in str(answer.body["Message"]):
            return "The braces reached the caller as they are: the text lacks its f in front."
        return "The message is the same for every request: it does not say what was asked for."
    return "The text of the error becomes Message; a body of your own needs that key too."


def put(answer: Answer, app: Chalice) -> str:
    """Why a PUT did not answer 200."""
    if "NoneType" in answer.error:
        return "json_body is None unless the request says Content-Type: application/json; it did."
    return found(answer, app)


def put_body(answer: Answer, old: int) -> str:
    """Why a PUT's body is not the new number."""
    if isinstance(answer.body, dict) and answer.body.get("stock") == old:
        return (
            "It answered the old number: the view that reads holds this method's row, so the one "
            "that writes is never called."
        )
    return "A PUT answers with what is stored now, in the same shape as a GET."


def filtered(answer: Answer, app: Chalice, query: str) -> str:
    """Why listing failed."""
    if "NoneType" in answer.error:
        return (
            "Without a query string query_params is None, not an empty mapping, so it can be "
            "neither indexed nor asked."
        )
    if answer.error.startswith("KeyError"):
        return f"The query string {query} has no max_stock: asking for it with […] raises KeyError."
    if answer.error.startswith("TypeError") and "'str'" in answer.error:
        return "Every query parameter is a string, also `3`: a string and an int do not compare."
    if answer.status == 400 and query.startswith("?max_stock=-"):
        return "-1 is a whole number too, and int() reads it; isdigit() does not."
    if answer.status == 400 and "max_stock" not in query:
        return "max_stock is optional: without it every item is listed."
    return found(answer, app)


def filtered_items(listed: Any, wanted: list[Any], most: int, with_query: bool) -> str:
    """Why the list is not the wanted one."""
    if not isinstance(listed, list):
        return "The body is a JSON object with one key, items, that holds a list."
    if not with_query and len(listed) < len(wanted):
        return (
            "No filter was asked for, and items are missing: an earlier filter took them out of "
            "INVENTORY itself. Run the cell with INVENTORY again, and filter into a new list."
        )
    if most == 0 and len(listed) == 3:
        return (
            "0 was taken for no filter at all: it is false in a condition. Ask whether the "
            "parameter is None."
        )
    if sorted(ids(listed)) == sorted(ids(wanted)) and listed != wanted:
        return "The right items, but in another order or shape than in INVENTORY."
    at_the_edge = [item for item in wanted if item["stock"] == most]
    if at_the_edge and not any(item in listed for item in at_the_edge):
        return "At most includes the number itself: <= and not <."
    if most in (3, 10) and len(listed) != len(wanted):
        return 'Compared as text "12" comes before "3": the values have to be numbers.'
    return "Only items whose stock is at most max_stock belong in the list."


def not_a_number(answer: Answer, text: str) -> str:
    """Why text that is no whole number was not refused with 400."""
    if answer.error.startswith("ValueError"):
        return (
            "int() raises ValueError for it, and Chalice turns an error it does not know into a "
            "500. The caller's mistake is a 400: BadRequestError."
        )
    if answer.status == 200 and answer.body and not text:
        return (
            "An empty value is a value too, and int() refuses it: only no parameter is no filter."
        )
    if answer.status == 200:
        return "int() refuses this text, so the request has to be refused as well."
    return _not_json(answer) or _unknown_error(answer)


def ids(listed: Any) -> Any:
    """The ids of a list of items; the value itself when it is not one."""
    if not isinstance(listed, list):
        return listed
    return [item.get("item_id") if isinstance(item, dict) else item for item in listed]


def gateway(got: object, status: int) -> str:
    """Why the status is not what a caller of the deployed app gets."""
    if isinstance(got, Exception):
        return (
            "The view's error came out of gateway_answer. Between a view and its caller stands "
            "Chalice, which turns an error it does not know into a 500."
        )
    if status == 403 and got == 405:
        return (
            "405 is what the function would say, and it is never called: the gateway has no row "
            "for this method, so it answers itself."
        )
    if status == 403 and got == 404:
        return (
            "404 would be an answer about an item, and nobody looked for one: the gateway knows "
            "the routing table and no items."
        )
    if status == 403:
        return "No row for this path and method, so the gateway answers, with 403."
    if status == 405 and got == 403:
        return (
            "There is a row, so the view was called, and it raised 405 itself. The gateway passes "
            "on what a view says."
        )
    if got == 403:
        return "There is a row for this path and method, so the function answers, not the gateway."
    if got is None:
        return "The function returned None: printing shows a value, only return hands it over."
    return "There is a row, so the status is the one the view gives."


def unchanged(returned: object) -> str:
    """Why the view is not the same function after registering."""
    if returned is None:
        return (
            "What a decorator returns takes the view's name. This one returns nothing, so the name "
            "now means None."
        )
    return (
        "Registering is storing: the view goes into the registry and comes back as it was, not "
        "wrapped."
    )


def refusal(method: str, path: str) -> str:
    """Why a request without a row has to raise LookupError."""
    if path == "/items/":
        return "A parameter stands for a part that is not empty, and /items/ is not /items."
    if path.count("/") > 2:
        return "A parameter stands for exactly one part between slashes."
    if method != "GET":
        return "The path has a row for GET only; the method belongs to the row."
    return "No row fits; the caller of dispatch has to learn of it by a LookupError."


def _rows(app: Chalice) -> str:
    rows = [f"{method} {path}" for path, methods in app.routes.items() for method in methods]
    return f"The table has {', '.join(rows)}." if rows else "The table is empty."


def _not_json(answer: Answer) -> str:
    if answer.status == NOT_JSON:
        return "What the view returned cannot become JSON: return a dict, a list, text or numbers."
    return ""


def _unknown_error(answer: Answer) -> str:
    if answer.status == 500:
        return "The view raised an error that Chalice does not know, so it became a 500."
    return ""
