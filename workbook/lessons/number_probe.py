"""Numbers on their way from JSON into a table and back: what a learner's two functions make of them.

For the exercise keep-floats-out of `state_in_dynamodb`. The bodies hold what trips: fractions that
no float holds exactly, whole numbers, numbers inside lists and dicts, and text that looks like one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from workbook.check import expect
from workbook.check.expectation import shown
from workbook.lessons import table_misconceptions as misconceptions

BODIES = (
    '{"item_id": "item_1", "price": 7.9, "stock": 12}',
    '{"item_id": "item_2", "price": 8, "weight": 0.125, "sizes": [0.25, 0.1, 3]}',
    '{"item_id": "item_3", "price": 19.99, "sku": "007", "supplier": {"discount": 0.05}, "sold": true}',
)


def item_matches(item: Any, body: str, called: str, look_at: str) -> None:
    """The item has the body's values, its numbers exact and none of them a float."""
    wanted = json.loads(body, parse_float=Decimal)
    for path, value in _leaves(wanted):
        got = _at(item, path)
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        exact = (
            got == value
            and not isinstance(got, float)
            and isinstance(got, bool) == isinstance(value, bool)
        )
        expect.that(
            exact,
            got=f"{_name(path)} is {shown(got, 80)}",
            expected=f"{_name(path)} is {value!r}",
            called=called,
            because=misconceptions.number_in(got, Decimal(value)) if number else _text(got, value),
            look_at=look_at,
        )


def body_matches(got_body: Any, body: str, called: str, look_at: str) -> None:
    """The body is JSON with the same values, whole numbers written without a point."""
    try:
        got = json.loads(got_body)
    except (TypeError, ValueError):
        got = None
    expect.that(
        isinstance(got, dict),
        got=shown(got_body),
        expected="the text of a JSON object",
        called=called,
        look_at=look_at,
    )
    for path, value in _leaves(json.loads(body)):
        found = _at(got, path)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        expect.that(
            found == value and type(found) is type(value),
            got=f"{_name(path)} is {json.dumps(found)}",
            expected=f"{_name(path)} is {json.dumps(value)}",
            called=called,
            because=misconceptions.number_out(found, Decimal(str(value))) if number else "",
            look_at=look_at,
        )


def _text(got: Any, sent: Any) -> str:
    """Why a text of the body is not the same text in the item."""
    became_number = isinstance(sent, str) and isinstance(got, int | float | Decimal)
    return "It looks like a number, and was sent as text: text stays text." if became_number else ""


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        parts: Any = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    else:
        yield path, value
        return
    for name, part in parts:
        yield from _leaves(part, (*path, name))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        try:
            value = value[name]
        except (TypeError, KeyError, IndexError):
            return None
    return value


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))
