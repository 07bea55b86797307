"""Chapter 04, state in DynamoDB: its metadata, and the hints and checks of its exercises.

Every check hands the learner's function a real table of a fresh AWS and looks at what stands in it
afterwards. `inventory_table` makes the table, `call_watch` sees the calls and races for certain,
`number_probe` compares numbers, `table_misconceptions` has the words.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from workbook.check import Chapter, NotAttempted, call, expect
from workbook.check.blame import in_words
from workbook.check.expectation import shown
from workbook.lessons import number_probe as probe
from workbook.lessons import table_misconceptions as misconceptions
from workbook.lessons.call_watch import watching
from workbook.lessons.inventory_table import INVENTORY, empty, fill, make_table

chapter = Chapter("state-in-dynamodb", title="State in DynamoDB", minutes=50)

CRUD = 'chapter 04, section "Create, read, update, delete"'
RACE = 'chapter 04, section "Two clerks, one number"'
PAGES = 'chapter 04, section "A thousand items come in pages"'
INDEX = 'chapter 04, section "A second way in"'
FLOATS = 'chapter 04, section "More: break it and read the message"'
NOT_YET = "The function returns nothing yet: write its body, run the cell, check again."


# 1 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "save-and-load",
    title="Save and load",
    minutes=5,
    difficulty="easy",
    hints=(
        (
            "The chapter's section on create, read, update, delete has both calls. What does its "
            "get_item answer look like when there is no such item?"
        ),
        (
            "put_item takes Item, get_item takes Key: a dict with the key attribute alone. The "
            "answer is a dict, and a dict has .get."
        ),
        (
            "Blank 1 puts the item as Item. Blank 2 gets with a Key that maps the text item_id to the "
            "variable item_id. Blank 3 asks the answer for Item, with nothing as the default."
        ),
    ),
)
def check_save_and_load(save_item: Any, load_item: Any) -> None:
    """What one function saves, the other loads, through the table and nothing else."""
    table = make_table([*_heavy(4), *INVENTORY[1:]])  # so that a scan has a second page
    jug, beans = dict(INVENTORY[2]), dict(INVENTORY[0])
    with watching() as watch:
        jug_seen = _result(load_item, table, "item_3", called='load_item(table, "item_3")')
    if jug_seen is ...:
        raise NotAttempted("The blanks of load_item still hold three dots.")
    scanned = jug_seen is None and "Scan" in watch.calls
    because = misconceptions.FIRST_PAGE if scanned else misconceptions.IN_PROCESS
    _loads(jug_seen, jug, 'load_item(table, "item_3")', because)
    called = 'save_item(table, {"item_id": "item_1", …})'
    call(save_item, table, dict(beans), called=called)
    stored = _stored(table, "item_1")
    expect(stored, beans, called=called, because=misconceptions.NOT_STORED, look_at=CRUD)
    got = _result(load_item, table, "item_1", called='load_item(table, "item_1")')
    _loads(got, beans, 'load_item(table, "item_1")')
    short = {"item_id": "item_1", "stock": 5}
    call(save_item, table, dict(short), called=f"save_item(table, {short})")
    expect(
        _stored(table, "item_1"),
        short,
        called=f"{called}, then save_item(table, {short})",
        because=misconceptions.OLD_STAYS,
        look_at=CRUD,
    )
    fill(table, [{"item_id": "item_1", "stock": 4}])  # as another environment would
    got = _result(load_item, table, "item_1", called='load_item(table, "item_1")')
    changed = 'load_item(table, "item_1"), after another environment saved a stock of 4'
    _loads(got, {"item_id": "item_1", "stock": 4}, changed, misconceptions.IN_PROCESS)
    called = 'load_item(table, "item_9")'
    got = _result(load_item, table, "item_9", called=called)
    expect(got, None, called=called, because=misconceptions.NO_ITEM, look_at=CRUD)


def _heavy(number: int) -> list[dict[str, Any]]:
    """Items as large as they may be, three of which fill a page."""
    return [{"item_id": f"crate_{n}", "about": "x" * 399_000} for n in range(number)]


def _loads(got: Any, item: dict[str, Any], called: str, because: str = "") -> None:
    if isinstance(got, dict) and "ResponseMetadata" in got:
        because, got = misconceptions.WHOLE_ANSWER, {name: ... for name in got}
    expect(got, item, called=called, because=because, look_at=CRUD)


# 2 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "page-through-a-thousand",
    title="Page through a thousand",
    minutes=6,
    difficulty="easy",
    hints=(
        (
            "What has to happen once, before the first page; what for every page; what only after the "
            "last? Start with the line that begins with def."
        ),
        (
            "The loop is `while True`. Inside it a page is fetched, then kept, then looked at: the "
            "last page is the one without LastEvaluatedKey."
        ),
        (
            "def, the two starting values, while. In the loop: fetch, keep, the if with its return one "
            "step further in, and last the line that sets where to go on."
        ),
    ),
)
def check_page_through_a_thousand(all_items: Any) -> None:
    """Every item once: of no page's worth, of one page's, and of three pages'."""
    table = make_table(())
    _all_of(all_items, table, "all_items(table), of an empty table")
    fill(table, INVENTORY)
    _all_of(all_items, table, "all_items(table), of three items")
    empty(table)
    fill(table, _large("cups", range(32)))  # as many pages as a thousand small ones, and quicker
    _all_of(all_items, table, "all_items(table), of three pages")


def _all_of(all_items: Any, table: Any, called: str) -> None:
    sizes = _page_sizes(table)
    got = _result(all_items, table, called=called)
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


# 3 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "reserve-without-overselling",
    title="Reserve without overselling",
    minutes=12,
    difficulty="hard",
    hints=(
        (
            "Look at the chapter's two clerks: who was refused, by whom, and what did the table have to "
            "know for that? Must you read at all?"
        ),
        (
            "update_item takes an UpdateExpression, which can subtract in the table, and a "
            "ConditionExpression. When the condition is false it raises; catch that one error."
        ),
        (
            "The condition compares stock with the count, >=, and that is false for an item that is "
            "not there, too. Refused becomes False, done becomes True."
        ),
    ),
)
def check_reserve_without_overselling(reserve: Any) -> None:
    """Never more than there is, whoever comes between; and never less than one could."""
    table = make_table(INVENTORY)
    first = 'reserve(table, "item_1", 2), with 12 in stock'
    got = _reserved(reserve, table, "item_1", 2, first)
    if got in (None, ...) and _stored(table, "item_1") == INVENTORY[0]:
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
    ghost = _stored(table, "item_9")
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
    item = _stored(table, "item_1") or {}
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
        got = _result(reserve, table, "item_1", 2, called=called)
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
        got = _result(reserve, table, item_id, count, called=called)
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
    stock = int((_stored(table, "item_1") or {}).get("stock", -1))
    expect.that(
        got is answer and stock == left,
        got=f"{shown(got)}, and {stock} left in the table",
        expected=f"{answer}, and {left} left in the table",
        called=called,
        because=because,
        look_at=RACE,
    )


# 4 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "keep-floats-out",
    title="Keep floats out",
    minutes=8,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Print what item_from makes of 7.9. Then print what body_from makes of a stock of "
            "Decimal(12). One bug each, and neither knows of numbers further inside."
        ),
        (
            "json.loads takes a parse_float: a function that is given the number as text, wherever it "
            "stands. json.dumps takes a default: a function for values it does not know."
        ),
        (
            "parse_float can be a class you know. The function for default asks whether the number "
            "has a fraction, for instance with % 1, and answers int or float."
        ),
    ),
)
def check_keep_floats_out(item_from: Any, body_from: Any) -> None:
    """Numbers reach the table exactly, wherever they stand, and come back as they were sent."""
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
        stored = _stored(table, item["item_id"])
        for given in (stored, item):  # as it comes from the table, and as item_from made it
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


# 5 ----------------------------------------------------------------------------------------------


@chapter.exercise(
    "query-low-stock",
    title="Query low stock",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "The chapter queries the index by-shelf for one shelf and a range of stock. What does it "
            "do about a second page?"
        ),
        (
            "table.query with IndexName and a KeyConditionExpression that joins two Key conditions "
            "with &. Around it, the loop of the exercise on a thousand items."
        ),
        (
            "Key of shelf .eq, Key of stock .lt. Collect page by page, handing LastEvaluatedKey on as "
            "ExclusiveStartKey, until a page comes without one."
        ),
    ),
)
def check_query_low_stock(low_stock: Any) -> None:
    """The right items of one shelf, in order, and not one more is read."""
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
        got = _result(low_stock, table, shelf, below, called=called)
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


# shared -----------------------------------------------------------------------------------------


def _stored(table: Any, item_id: str) -> Any:
    return table.get_item(Key={"item_id": item_id}, ConsistentRead=True).get("Item")


def _result(function: Any, *arguments: Any, called: str) -> Any:
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
