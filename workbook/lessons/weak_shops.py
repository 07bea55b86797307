"""Apps that take new items: one that is sound, and one for each guard that people forget.

The fuzzing exercise searches them for a crash; each crashes on the bodies that its missing guard
lets by, and on no others.
"""

from __future__ import annotations

import logging
from typing import Any

from chalice import Chalice, Response, UnprocessableEntityError

# What each app forgets, in words that end the sentence "It breaks when …".
WEAKNESSES = {
    "missing": "a field is missing",
    "shape": "the body is no object",
    "name": "the name is of another type",
    "stock": "the stock is of another type",
    "letters": "the name has letters beyond ASCII",
    "zero": "the stock is 0",
}


def shop(weakness: str = "") -> Chalice:
    """An app with POST /items.

    Args:
        weakness: a key of WEAKNESSES; empty for the sound app.
    """
    app = Chalice(app_name=f"shop-{weakness or 'sound'}", configure_logs=False)
    app.log.propagate = False
    app.log.handlers = [logging.NullHandler()]

    @app.route("/items", methods=["POST"])
    def create_item() -> Response:
        request = app.current_request
        sent = request.json_body if request else None
        problem = _problem(sent, weakness)
        if problem:
            raise UnprocessableEntityError(problem)
        return Response(_label(sent, weakness), status_code=201)

    return app


def _problem(sent: Any, weakness: str) -> str:
    """The first guard that is not forgotten and that does not let the body by."""
    if not isinstance(sent, dict):
        return str(sent["name"]) if weakness == "shape" else "an item is an object"
    if weakness != "missing" and not {"name", "stock"} <= set(sent):
        return "an item has a name and a stock"
    if not isinstance(sent["name"], str) and weakness != "name":
        return "name is a text"
    if type(sent["stock"]) is not int and weakness != "stock":
        return "stock is a whole number"
    return "stock is 0 or more" if sent["stock"] < 0 else ""


def _label(sent: Any, weakness: str) -> dict[str, Any]:
    """What the shop prints on the shelf; here two more weaknesses break."""
    encoding = "ascii" if weakness == "letters" else "utf-8"
    printed = sent["name"].strip().encode(encoding, "surrogatepass")
    share = 100 / sent["stock"] if weakness == "zero" else 0
    return {"width": len(printed), "share": share}
