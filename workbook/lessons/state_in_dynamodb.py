"""Chapter 04, state in DynamoDB: its metadata, and the hints of its exercises.

The checks themselves stand in `table_checks` and `reservation_checks`; each hands the learner's
function a real table of a fresh AWS and looks at what stands in it afterwards.
"""

from __future__ import annotations

from typing import Any

from workbook.check import Chapter
from workbook.lessons import reservation_checks, table_checks

chapter = Chapter("state-in-dynamodb", title="State in DynamoDB", minutes=50)


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
    table_checks.saves_and_loads(save_item, load_item)


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
    table_checks.pages_through(all_items)


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
    reservation_checks.reserves(reserve)


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
    table_checks.keeps_floats_out(item_from, body_from)


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
    table_checks.queries_low_stock(low_stock)
