"""The service that chapter 03 ends with: every body and query is judged before a view runs.

The chapter shows it at its beginning, and builds each part of it on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

from chalice import Chalice, NotFoundError, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

app = Chalice(app_name="inventory-service")
ITEMS: dict[str, dict[str, Any]] = {"item_1": {"name": "Espresso beans", "cartons": 12}}


class NewItem(BaseModel):
    """What a caller may put on the shelf; cartons hold twelve pieces."""

    model_config = ConfigDict(strict=True, extra="forbid")
    name: str = Field(min_length=1, max_length=80)
    cartons: int = Field(ge=0, le=10_000)


class Page(BaseModel):
    """Which part of the list a caller wants."""

    limit: int = Field(default=20, ge=1, le=100)


def validated(view: Callable[..., Any]) -> Callable[..., Any]:
    """Fill a view's `body` and `query` from the request, or refuse it in the view's place."""
    hints = get_type_hints(view)

    @wraps(view)
    def checked(**from_path: Any) -> Any:
        try:
            good = judged(hints)
        except ValidationError as error:
            return refusal(error)
        return view(**from_path, **good)

    return checked


def judged(hints: dict[str, Any]) -> dict[str, Any]:
    """The request's body and query, as the models that a view's hints name.

    Raises:
        ValidationError: one of them is not what its model says.
    """
    request: Any = app.current_request
    good = {}
    if "body" in hints:
        good["body"] = hints["body"].model_validate_json(request.raw_body)
    if "query" in hints:
        good["query"] = hints["query"].model_validate(dict(request.query_params or {}))
    return good


def refusal(error: ValidationError) -> Response:
    """Every problem by its field; 400 where there was nothing to read, else 422."""
    found = error.errors()
    problems = [
        {"field": ".".join(str(part) for part in each["loc"]), "problem": each["msg"]}
        for each in found
    ]
    status = 400 if found[0]["type"] == "json_invalid" else 422
    return Response({"Code": "ValidationError", "Errors": problems}, status_code=status)


@app.route("/items")
@validated
def list_items(query: Page) -> dict[str, Any]:
    """The first items."""
    return {"items": list(ITEMS)[: query.limit]}


@app.route("/items", methods=["POST"])
@validated
def create_item(body: NewItem) -> Response:
    """A new item, and where it is."""
    item_id = f"item_{len(ITEMS) + 1}"
    ITEMS[item_id] = body.model_dump()
    return Response(ITEMS[item_id], status_code=201, headers={"Location": f"/items/{item_id}"})


@app.route("/items/{item_id}")
def read_item(item_id: str) -> dict[str, Any]:
    """One item."""
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]
