"""What a wrong answer of chapter 00 gives away: the misconception behind it, in words.

`start_here` holds the checks and asks here for the `because` of a failed one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Inventory = dict[str, dict[str, Any]]

PRINTED = (
    "Printing shows a value to a person; returning hands it to whoever called. "
    "A check, like any other program, only gets what is returned."
)
CHANGED = (
    "The inventory was changed. It belongs to the caller, who gave it to be read: "
    "collect what you find in a list of your own."
)
REMEMBERS = (
    "The function remembers the call before: a list that is made once, as a default value or "
    "outside the function, is shared by every call."
)

WORDS = ("not attempted", "failed", "passed")
VERDICTS = {
    "a": ("not attempted", "Nothing was tried, so there is nothing to judge: that is no failure."),
    "b": ("passed", "A check never reads your code. What behaves rightly passes, however written."),
    "c": ("failed", "The example comes out right. A check asks with other inventories as well."),
    "d": ("failed", "It was tried, and gives no answer: a check stops it after ten seconds."),
    "e": (
        "failed",
        "An exception is an answer too, a wrong one; the verdict shows the line that raised.",
    ),
    "f": ("passed", "A pass stays on the board: later experiments take nothing away."),
}


ITERATOR = "That makes one value after another, once; list(…) around it makes a list of them."


def low(inventory: Inventory, at_most: int) -> list[str]:
    """What a right low_stock answers."""
    return [item["name"] for item in inventory.values() if item["stock"] <= at_most]


def low_stock(asked: Sequence[tuple[Inventory, int]], answers: Sequence[Any]) -> str:
    """Why low_stock answered so: the one mistake that explains every answer; or empty."""
    for model, words in _MISTAKES:
        if all(model(*each) == got for each, got in zip(asked, answers, strict=True)):
            return words
    if all(
        isinstance(got, list) and sorted(map(str, got)) == sorted(low(*each))
        for each, got in zip(asked, answers, strict=True)
    ):
        return "These are the right names in another order: the inventory's order is asked for."
    if all(got == answers[0] for got in answers):
        return "It gives the example's answer, whatever it is asked."
    if all(answers[0] == got for each, got in zip(asked, answers, strict=True) if each[1] == 3):
        return "It looked into INVENTORY. What it was given is in its parameter, inventory."
    return ""


def _low(inventory: Inventory, at_most: int) -> list[tuple[str, dict[str, Any]]]:
    return [(key, item) for key, item in inventory.items() if item["stock"] <= at_most]


_MISTAKES: tuple[tuple[Callable[[Inventory, int], Any], str], ...] = (
    (
        lambda inventory, at_most: low(inventory, at_most - 1),
        '"at most 3" includes 3: < leaves it out, <= does not.',
    ),
    (
        lambda inventory, at_most: [key for key, _ in _low(inventory, at_most)],
        "These are keys of the inventory. The names stand inside the items.",
    ),
    (
        lambda inventory, at_most: [item for _, item in _low(inventory, at_most)],
        "These are whole items; a name is what an item holds under the key name.",
    ),
    (
        lambda inventory, at_most: [i["name"] for _, i in _low(inventory, at_most) if i["stock"]],
        "0 is a number like any other: an empty shelf is at most 3 as well.",
    ),
    (
        lambda inventory, at_most: low(inventory, at_most)[:1],
        "It ends after the first one: a return inside the loop leaves the function.",
    ),
    (
        lambda inventory, at_most: low(inventory, at_most)[:1] or None,
        "It ends after the first one: a return inside the loop leaves the function.",
    ),
)


def stock_take(inventory: Inventory) -> dict[str, Any]:
    """What a right stock-take answers."""
    items = inventory.values()
    return {
        "units": sum(item["stock"] for item in items),
        "empty": [item["name"] for item in items if item["stock"] == 0],
    }


def stops_early(inventory: Inventory) -> dict[str, Any]:
    """What the starter answers: it ends at the first empty shelf."""
    counted: Inventory = {}
    for key, item in inventory.items():
        counted[key] = item
        if item["stock"] == 0:
            break
    return stock_take(counted)


def shape(got: Any) -> str:
    """Why something else than the two values in a dict was returned."""
    if got is None:
        return (
            "Nothing is returned here. With nothing to go through, a loop's body never runs, nor "
            "does a return inside the loop."
        )
    return 'It is to return a dict with the keys "units" and "empty", and no others.'


def taken(key: str, got: Any, inventory: Inventory) -> str:
    """Why one value of a stock-take is wrong; empty when nothing is recognised."""
    right, early = stock_take(inventory), stops_early(inventory)
    first = next(iter(inventory.values()), {"stock": 0})
    if key == "units":
        if got == len(inventory):
            return "That is how many kinds of item there are; the units are the sum of the stocks."
        if got == first["stock"]:
            return "Only the first item is counted: a return inside the loop leaves the function."
        return ""
    if got == []:
        return "The names of items with a stock of 0 belong here, and none was kept."
    if got == [item_id for item_id, item in inventory.items() if item["stock"] == 0]:
        return "These are ids; the names of the items are asked for."
    if got == early["empty"]:
        return "The search for empty shelves ends at the first one."
    if got == right["empty"][-1:]:
        return "Each empty shelf replaces the one before it; append adds to a list."
    if isinstance(got, list) and len(got) > len(right["empty"]):
        return REMEMBERS
    return ""
