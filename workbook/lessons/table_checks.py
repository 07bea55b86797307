"""The checks of chapter 04 on what a table holds: one item, a thousand, numbers, an index.

`inventory_table` makes the table, `call_watch` sees the calls, `number_probe` compares numbers,
`table_misconceptions` has the words. Reserving is `reservation_checks`'.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from workbook.check import NotAttempted, call, expect
from workbook.check.blame import in_words
from workbook.check.expectation import shown
from workbook.lessons import number_probe as probe
from workbook.lessons import table_misconceptions as misconceptions
from workbook.lessons.call_watch import watching
from workbook.lessons.inventory_table import INVENTORY, empty, fill, make_table

CRUD = 'chapter 04, section "Create, read, update, delete"'
PAGES = 'chapter 04, section "A thousand items come in pages"'
INDEX = 'chapter 04, section "A second way in"'
FLOATS = 'chapter 04, section "More: break it and read the message"'
NOT_YET = "The function returns nothing yet: write its body, run the cell, check again."


def saves_and_loads(save_item: Any, load_item: Any) -> None:
    """Both work on the table, and on nothing else."""
    table = make_table([*_heavy(4), *INVENTORY[1:]])  # so that a scan has a second page
    jug, beans = dict(INVENTORY[2]), dict(INVENTORY[0])
    with watching() as watch:
        jug_seen = result(load_item, table, "item_3", called='load_item(table, "item_3")')
    if jug_seen is ...:
        raise NotAttempted("The blanks of load_item still hold three dots.")
    scanned = jug_seen is None and "Scan" in watch.calls
    because = misconceptions.FIRST_PAGE if scanned else misconceptions.IN_PROCESS
    _loads(jug_seen, jug, 'load_item(table, "item_3")', because)
    called = 'save_item(table, {"item_id": "item_1", …})'
    call(save_item, table, dict(beans), called=called)
    kept = stored(table, "item_1")
    expect(kept, beans, called=called, because=misconceptions.NOT_STORED, look_at=CRUD)
    got = result(load_item, table, "item_1", called='load_item(table, "item_1")')
    _loads(got, beans, 'load_item(table, "item_1")')
    short = {"item_id": "item_1", "stock": 5}
    call(save_item, table, dict(short), called=f"save_item(table, {short})")
    expect(
        stored(table, "item_1"),
        short,
        called=f"{called}, then save_item(table, {short})",
        because=misconceptions.OLD_STAYS,
        look_at=CRUD,
    )
    fill(table, [{"item_id": "item_1", "stock": 4}])  # as another environment would
    got = result(load_item, table, "item_1", called='load_item(table, "item_1")')
    changed = 'load_item(table, "item_1"), after another environment saved a stock of 4'
    _loads(got, {"item_id": "item_1", "stock": 4}, changed, misconceptions.IN_PROCESS)
    called = 'load_item(table, "item_9")'
    got = result(load_item, table, "item_9", called=called)
    expect(got, None, called=called, because=misconceptions.NO_ITEM, look_at=CRUD)


def _heavy(number: int) -> list[dict[str, Any]]:
    """Items as large as they may be, three of which fill a page."""
    return [{"item_id": f"crate_{n}", "about": "x" * 399_000} for n in range(number)]


def _loads(got: Any, item: dict[str, Any], called: str, because: str = "") -> None:
    if isinstance(got, dict) and "ResponseMetadata" in got:
        because, got = misconceptions.WHOLE_ANSWER, {name: ... for name in got}
    expect(got, item, called=called, because=because, look_at=CRUD)


def pages_through(all_items: Any) -> None:
    """Tables of no page, of one and of three."""
    table = make_table(())
    _all_of(all_items, table, "all_items(table), of an empty table")
    fill(table, INVENTORY)
    _all_of(all_items, table, "all_items(table), of three items")
    empty(table)
    fill(table, _large("cups", range(32)))  # as many pages as a thousand small ones, and quicker
    _all_of(all_items, table, "all_items(table), of three pages")


def _all_of(all_items: Any, table: Any, called: str) -> None:
    sizes = _page_sizes(table)
    got = result(all_items, table, called=called)
    if got is None:
        raise NotAttempted(NOT_YET)
    if isinstance(got, KeyError) and "LastEvaluatedKey" in str(got):
        expect.that(
            False,
            got=in_words(got),
            expected=f"a list of {sum(sizes)} items",
            called=called,
            because="the last page has no LastEvaluatedKey: that is how it says that it is the last.",
            look_at=PAGES,
        )
    items = _list(got, called, PAGES)
    because = misconceptions.pages(items, sum(sizes), sizes[0], sum(sizes[:2]), sizes[-1])
    expect.that(
        len(items) == sum(sizes),
        got=f"{len(items)} items",
        expected=f"{sum(sizes)} items",
        called=called,
        because=because,
        look_at=PAGES,
    )
    ids = {item.get("item_id") for item in items if isinstance(item, dict)}
    expect.that(
        len(ids) == sum(sizes),
        got=f"{len(ids)} different items, some of them twice",
        expected=f"{sum(sizes)} different items",
        called=called,
        because=because,
        look_at=PAGES,
    )


def _page_sizes(table: Any) -> list[int]:
    pages = table.meta.client.get_paginator("scan").paginate(TableName=table.name, Select="COUNT")
    return [page["Count"] for page in pages]


def _large(shelf: str, stocks: Any) -> list[dict[str, Any]]:
    """Items of ninety kilobytes each, so that eleven fill a page."""
    return [
        {"item_id": f"{shelf}_{n:04}", "shelf": shelf, "stock": stock, "about": "x" * 90_000}
        for n, stock in enumerate(stocks)
    ]


def keeps_floats_out(item_from: Any, body_from: Any) -> None:
    """Bodies go through both functions and a table, and come out the same."""
    _not_as_it_was(item_from, body_from)
    table = make_table(())
    for body in probe.BODIES:
        called = f"item_from({body!r})"
        item = call(item_from, body, called=called)
        probe.item_matches(item, body, called, FLOATS)
        try:
            table.put_item(Item=item)
        except (TypeError, ValueError, ArithmeticError, ClientError) as refused:
            expect.that(
                False,
                got=f"the table refuses it: {in_words(refused)}",
                expected="an item that the table takes",
                called=called,
                look_at=FLOATS,
            )
        kept = stored(table, item["item_id"])
        for given in (kept, item):  # as it comes from the table, and as item_from made it
            called = f"body_from({shown(given)})"
            probe.body_matches(call(body_from, given, called=called), body, called, FLOATS)


def _not_as_it_was(item_from: Any, body_from: Any) -> None:
    """The starter's two bugs, both there: nothing has been tried yet."""
    beans = probe.BODIES[0]
    price = call(item_from, beans, called=f"item_from({beans!r})")
    if not isinstance(price, dict) or price.get("price") != Decimal.from_float(7.9):
        return
    if call(body_from, {"stock": Decimal(12)}, called="body_from(item)") == '{"stock": 12.0}':
        raise NotAttempted("Both functions behave as they did: neither bug is mended yet.")


def queries_low_stock(low_stock: Any) -> None:
    """What it finds, and what it had to read for that."""
    table = make_table(())
    tools = [{"item_id": f"tool_{n}", "shelf": "tools", "stock": n} for n in (4, 0, 7, 3, 2, 9)]
    fill(table, [*tools, *({"item_id": f"tea_{n}", "shelf": "tea", "stock": n} for n in range(5))])
    _low(low_stock, table, tools, "tools", 3)
    _low(low_stock, table, tools, "tools", 4)
    _low(low_stock, table, [], "nowhere", 4)
    cups = _large("cups", [n % 8 for n in range(24)])
    fill(table, cups)
    _low(low_stock, table, cups, "cups", 7)


def _low(low_stock: Any, table: Any, items: list[dict[str, Any]], shelf: str, below: int) -> None:
    called = f'low_stock(table, "{shelf}", {below})'
    wanted = sorted(
        (item for item in items if item["stock"] < below), key=lambda item: item["stock"]
    )
    with watching() as watch:
        got = result(low_stock, table, shelf, below, called=called)
    if got is None or got is ...:
        raise NotAttempted(NOT_YET)
    if isinstance(got, ClientError):
        expect.that(
            False,
            got=in_words(got),
            expected=f"a list of {len(wanted)} items",
            called=called,
            because=misconceptions.NOT_THE_INDEX if "key schema" in str(got) else "",
            look_at=INDEX,
        )
    found = _list(got, called, INDEX)
    stocks = [item.get("stock") for item in found if isinstance(item, dict)]
    expect.that(
        stocks == [item["stock"] for item in wanted],
        got=_counted(found, stocks),
        expected=_counted(wanted, [item["stock"] for item in wanted]),
        called=called,
        because=misconceptions.low_stock(found, wanted, below),
        look_at=INDEX,
    )
    expect.that(
        {item["item_id"] for item in found} == {item["item_id"] for item in wanted},
        got="other items, with the same stock",
        expected=f"those on the shelf {shelf}",
        called=called,
        look_at=INDEX,
    )
    scanned = "Scan" in watch.calls
    expect.that(
        watch.items_read <= len(wanted) and not scanned,
        got=f"{watch.items_read} items read" + (", by a scan" if scanned else ""),
        expected=f"{len(wanted)} items read, for {len(wanted)} found",
        called=called,
        because=misconceptions.READ_WHOLE if scanned else misconceptions.READ_SHELF,
        look_at=INDEX,
    )


def _counted(items: Any, stocks: list[Any]) -> str:
    return f"{len(items)} items, of stock {shown([int(n) if n is not None else n for n in stocks], 60)}"


def stored(table: Any, item_id: str) -> Any:
    """The item as it stands in the table; None where there is none."""
    return table.get_item(Key={"item_id": item_id}, ConsistentRead=True).get("Item")


def result(function: Any, *arguments: Any, called: str) -> Any:
    """What the learner's function returns; or the error of AWS, or the KeyError, that it raises."""

    def returned_or_raised() -> Any:
        try:
            return function(*arguments)
        except (ClientError, KeyError) as error:
            return error

    got = call(returned_or_raised, called=called)
    if isinstance(got, KeyError) and str(got) == "'Item'":
        expect.that(
            False,
            got=in_words(got),
            expected="None",
            called=called,
            because=misconceptions.NO_ITEM,
            look_at=CRUD,
        )
    return got


def _list(got: Any, called: str, look_at: str) -> list[Any]:
    expect.that(
        isinstance(got, list),
        got=in_words(got) if isinstance(got, Exception) else f"a {type(got).__name__}",
        expected="a list of items",
        called=called,
        look_at=look_at,
    )
    assert isinstance(got, list)
    return got
