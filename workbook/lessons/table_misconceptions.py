"""What a wrong answer of chapter 04 gives away: from the behaviour seen to the misconception.

Constants and functions give one or two sentences for a verdict's *because*; `table_checks` and
`reservation_checks` choose among them. An empty text stands for nothing more known.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

IN_PROCESS = (
    "What was asked for is in the table, put there by somebody else: another execution environment. "
    "This answer came from a dict in this process, which no other environment sees."
)
NOT_STORED = (
    "After save_item the table does not hold the item: it went into a dict in this process."
)
OLD_STAYS = (
    "update_item leaves the attributes that it does not name as they are. To save an item as a "
    "whole is put_item's job: it replaces what was there."
)
NO_ITEM = "For a key that is not there get_item raises nothing and returns an answer without the key Item."
WHOLE_ANSWER = "What get_item returns is an answer with several parts; the item stands under Item."

FIRST_PAGE = (
    "A scan reads from one end of the table, a megabyte at most, and this item comes later. get_item "
    "goes to one item by its key, however many there are."
)

NOT_ITEMS = "What is asked for are the items, as the table gives them: dicts, each with its stock."
READ_WHOLE = (
    "a scan reads the whole table, page by page, and you pay for what is read. The index has the "
    "items of a shelf together, sorted by stock."
)
READ_SHELF = (
    "What your code, or a filter, throws away was read first, and paid for. Both halves of the "
    "question belong into KeyConditionExpression: the shelf, and the stock below."
)
QUERY_PAGES = (
    "A query has pages too: at most a megabyte each, and LastEvaluatedKey says that more follow."
)
NOT_THE_INDEX = (
    "A query without IndexName asks the table, and the table's own key is item_id. The index "
    "by-shelf has shelf and stock for its key."
)
ASCENDING = "lowest stock first is the index's own order; ScanIndexForward=False turns it round."
SOLD_OUT = "A stock of 0 is below every limit: sold out is low, too."

RIVAL = (
    "Between your read and your write another environment sold {sold}, and you wrote what followed "
    "from the number you had read. Put the condition into the write itself, where nothing comes "
    "between. (A lock holds the threads of one process only; the other environment has its own.)"
)
GAVE_UP = (
    "Another environment sold {sold} between your read and your write, so the stock was no longer "
    "what you had read; but there was enough for both. Read again and try again, or let the condition "
    "ask for what you need: enough, not the same."
)
OLD_PRICE = (
    "While you reserved, somebody changed the price. put_item writes the whole item back, and with "
    "it the price you had read. update_item touches what it names."
)
BELOW_ZERO = (
    "The stock was below zero, if only for a moment: others read it in that moment. Do not write "
    "first and look afterwards; let the write carry the condition."
)
REFUSED = "ConditionalCheckFailedException is how a table says no: it is an answer to expect, not an accident."
NOT_A_NO = (
    "A busy table is no empty shelf, nor is a forbidden call: customers would read 'sold out' for as "
    "long as it lasts. Catch the one error that says no, and let every other one out."
)
LAST_ONES = "There were exactly as many as were asked for: the last ones may be reserved too."
GHOST = (
    "update_item creates an item that is not there. A condition that holds only for an existing item "
    "keeps it from doing so."
)


def pages(got: Sequence[Any], whole: int, first: int, second: int, last: int) -> str:
    """Why a list of all items has the wrong length.

    Args:
        whole: how many items there are.
        first, second, last: how many the first, the first two and the last page hold.
    """
    number, ids = len(got), [item.get("item_id") for item in got if isinstance(item, dict)]
    if any(isinstance(each, list) for each in got):
        return "append puts a page into the list as one thing; extend puts its items in."
    if len(set(ids)) < len(ids):
        return "Some came more than once: the first page again and again. ExclusiveStartKey says where to go on."
    if number == first:
        return (
            "That is one page. A scan answers at most a megabyte, however many items there are "
            "(Limit can make a page smaller, never larger)."
        )
    if number == second:
        return "That is only the first two pages: `if` looks once, a loop as often as needed."
    if number == last:
        return "That is the last page alone: each new page took the place of those before."
    if number == whole - last:
        return "All but the last page: the last page was fetched and not kept."
    return ""


def low_stock(got: Sequence[Any], wanted: Sequence[Any], below: int) -> str:
    """Why the items on a shelf with little stock are the wrong ones."""
    stocks = [item.get("stock") for item in got if isinstance(item, dict)]
    if len(stocks) < len(got):
        return NOT_ITEMS
    if below in stocks:
        return f"below {below} leaves out {below} itself."
    if 0 not in stocks and any(item["stock"] == 0 for item in wanted):
        return SOLD_OUT
    if len(got) == len(wanted):
        return ASCENDING
    if 0 < len(got) < len(wanted):
        return QUERY_PAGES
    return ""


def number_in(got: Any, sent: Decimal) -> str:
    """Why a number of a request's body did not become the right one in the item."""
    if isinstance(got, str):
        return "That is a number that became text: it cannot be compared with numbers or added up."
    if isinstance(got, float):
        return "Only some of the body's numbers were mended: this one is still a float."
    if isinstance(got, Decimal) and abs(got - sent) < Decimal("1e-9"):
        return (
            f"Decimal({sent}) keeps what the float really is, fifty digits of it. Make the Decimal "
            "from the text: before the float is made, or from str of it."
        )
    return f"{got} is not the number that was sent."


def number_out(got: Any, stored: Decimal) -> str:
    """Why a number of an item did not become the right one in the answer's body."""
    if isinstance(got, str):
        return "default=str makes a JSON string: the customer gets text, in quotation marks."
    if stored % 1 and isinstance(got, int):
        return "int() drops what stands behind the point."
    if isinstance(got, float) and not stored % 1:
        return (
            f"A table's {stored} comes back as Decimal('{stored}'), and float makes {got} of it. "
            "Numbers without a fraction want int."
        )
    return ""
