"""The check of chapter 04 on reserving: never more than there is, whoever comes between.

`call_watch` lets a rival sell between a look and a write, for certain and not by luck.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from workbook.check import NotAttempted, expect
from workbook.check.blame import in_words
from workbook.check.expectation import shown
from workbook.lessons import table_misconceptions as misconceptions
from workbook.lessons.call_watch import watching
from workbook.lessons.inventory_table import INVENTORY, empty, fill, make_table
from workbook.lessons.table_checks import NOT_YET, result, stored

RACE = 'chapter 04, section "Two clerks, one number"'


def reserves(reserve: Any) -> None:
    """Alone, with a rival between look and write, and while the table is too busy."""
    table = make_table(INVENTORY)
    first = 'reserve(table, "item_1", 2), with 12 in stock'
    got = _reserved(reserve, table, "item_1", 2, first)
    if got in (None, ...) and stored(table, "item_1") == INVENTORY[0]:
        raise NotAttempted(NOT_YET)
    _outcome(table, got, True, 10, first)
    for count, there, answer in ((11, 10, False), (10, 10, True), (1, 0, False)):
        called = f'reserve(table, "item_1", {count}), with {there} in stock'
        got = _reserved(reserve, table, "item_1", count, called)
        because = misconceptions.LAST_ONES if got is False else ""
        _outcome(table, got, answer, there - count if answer else there, called, because)
    called = 'reserve(table, "item_9", 1), which is not in the table'
    got = _reserved(reserve, table, "item_9", 1, called)
    expect(got, False, called=called, because=misconceptions.GHOST, look_at=RACE)
    ghost = stored(table, "item_9")
    expect(ghost, None, called=called, because=misconceptions.GHOST, look_at=RACE)
    _raced(reserve, table, there=3, rival=2, answer=False)
    _raced(reserve, table, there=12, rival=1, answer=True)
    _raced(reserve, table, there=12, rival=0, answer=True)
    _throttled(reserve, table)


def _raced(reserve: Any, table: Any, *, there: int, rival: int, answer: bool) -> None:
    """Another environment sells, and sets the price, right before the learner's first write."""
    empty(table)
    fill(table, [{**INVENTORY[0], "stock": there}])

    def rival_sells() -> None:
        table.update_item(
            Key={"item_id": "item_1"},
            UpdateExpression="SET stock = stock - :sold, price = :price",
            ExpressionAttributeValues={":sold": rival, ":price": Decimal("8.5")},
        )

    does = f"sells {rival}" if rival else "changes the price"
    called = f'reserve(table, "item_1", 2), with {there} in stock, while another {does}'
    raced = misconceptions.RIVAL.format(sold=rival)
    got = _reserved(reserve, table, "item_1", 2, called, raced, before_write=rival_sells)
    because = misconceptions.GAVE_UP.format(sold=rival) if got is False else raced
    left = there - rival - (2 if answer else 0)
    _outcome(table, got, answer, left, called, because)
    item = stored(table, "item_1") or {}
    expect(
        item,
        {**INVENTORY[0], "stock": left, "price": Decimal("8.5")},
        called=called,
        because=misconceptions.OLD_PRICE,
        look_at=RACE,
    )


def _throttled(reserve: Any, table: Any) -> None:
    """The table has no time for the first write: that is an error, and no empty shelf."""
    empty(table)
    fill(table, INVENTORY)

    def refuse() -> None:
        busy = table.meta.client.exceptions.ProvisionedThroughputExceededException
        raise busy({"Error": {"Code": busy.__name__, "Message": "Slow down."}}, "UpdateItem")

    called = 'reserve(table, "item_1", 2), with 12 in stock, while the table is too busy'
    with watching(refuse):
        got = result(reserve, table, "item_1", 2, called=called)
    expect.that(
        got is True or isinstance(got, ClientError),
        got=shown(got),
        expected="the table's own error (or True, after another try)",
        called=called,
        because=misconceptions.NOT_A_NO,
        look_at=RACE,
    )


def _reserved(
    reserve: Any,
    table: Any,
    item_id: str,
    count: int,
    called: str,
    because: str = misconceptions.BELOW_ZERO,
    before_write: Callable[[], None] | None = None,
) -> Any:
    lowest: list[int] = []

    def look() -> None:
        lowest.append(min([0, *(int(i["stock"]) for i in table.scan()["Items"] if "stock" in i)]))

    with watching(before_write, after_write=look):
        got = result(reserve, table, item_id, count, called=called)
    expect.that(
        min(lowest, default=0) >= 0 or item_id == "item_9",
        got=f"a stock of {min(lowest, default=0)}",
        expected="a stock that is never below zero",
        called=called,
        because=because,
        look_at=RACE,
    )
    if isinstance(got, ClientError):
        expect.that(
            False,
            got=in_words(got),
            expected="True or False",
            called=called,
            because=misconceptions.REFUSED if "Conditional" in in_words(got) else "",
            look_at=RACE,
        )
    return got


def _outcome(table: Any, got: Any, answer: bool, left: int, called: str, because: str = "") -> None:
    stock = int((stored(table, "item_1") or {}).get("stock", -1))
    expect.that(
        got is answer and stock == left,
        got=f"{shown(got)}, and {stock} left in the table",
        expected=f"{answer}, and {left} left in the table",
        called=called,
        because=because,
        look_at=RACE,
    )
