"""The check of chapter 05 on duplicates: an order that is delivered twice is counted once.

`call_watch` steps in at a write: there another environment handles the order, or this one dies.
"""

from __future__ import annotations

import contextlib
from typing import Any

from workbook.check import NotAttempted, call, expect
from workbook.lessons import event_delivery as delivery
from workbook.lessons.call_watch import watching

TWICE = 'chapter 05, section "Delivered twice"'


def counts_once(reserve: Any) -> None:
    """Orders that come twice: later, elsewhere, after a failure, at once, after a death."""
    orders, stock = delivery.table("orders", "order_id"), delivery.table("stock", "item_id")
    stock.put_item(Item={"item_id": "item_1", "stock": 12})
    _reserve(reserve, orders, stock, "o1", 10, "the first delivery of o1", "")
    if _is_doubled(reserve, orders, stock):
        raise NotAttempted("An order that is delivered twice is still counted twice.")
    because = "The same order came again: it was counted before."
    _reserve(reserve, orders, stock, "o1", 10, "o1, delivered a third time", because)
    because = "Another order that asks for the same is not a duplicate: the id decides."
    _reserve(reserve, orders, stock, "o2", 8, "o2, which asks for as much as o1", because)
    _elsewhere(reserve)
    _after_a_failure(reserve, orders, stock)
    _at_the_same_time(reserve, orders, stock)
    _after_a_death(reserve, orders, stock)


def _order(order_id: str, item_id: str = "item_1") -> dict[str, Any]:
    return {"order_id": order_id, "item_id": item_id, "quantity": 2}


def _left(stock: Any, item_id: str = "item_1") -> Any:
    row = stock.get_item(Key={"item_id": item_id}).get("Item", {})
    return int(row["stock"]) if "stock" in row else None


def _reserve(
    reserve: Any, orders: Any, stock: Any, order_id: str, left: int, what: str, because: str
) -> None:
    call(reserve, _order(order_id), orders, stock, called=f"reserve({order_id}, …)")
    expect(_left(stock), left, called=f"the stock, after {what}", because=because, look_at=TWICE)


def _is_doubled(reserve: Any, orders: Any, stock: Any) -> bool:
    before = orders.scan()["Items"]
    call(reserve, _order("o1"), orders, stock, called="reserve(o1, …), once more")
    return not before and not orders.scan()["Items"] and _left(stock) == 8


def _elsewhere(reserve: Any) -> None:
    """Other tables are another day: what a function remembers by itself has no place there."""
    orders = delivery.table("orders-of-another-day", "order_id")
    stock = delivery.table("stock-of-another-day", "item_id")
    stock.put_item(Item={"item_id": "item_1", "stock": 12})
    because = (
        "These tables never saw o1. What a function keeps in memory is known to one execution "
        "environment, and forgotten with it; only the tables know. (Or are their names typed? "
        "These have others: orders.name and stock.name tell them.)"
    )
    _reserve(reserve, orders, stock, "o1", 10, "o1, with empty tables", because)


def _after_a_failure(reserve: Any, orders: Any, stock: Any) -> None:
    """The item does not exist yet when the order first comes."""
    expect.that(
        _raises(reserve, _order("o3", "item_3"), orders, stock),
        called="reserve(o3, …), for an item whose stock is unknown",
        expected="an error, so that the queue tries again",
        got="nothing raised",
        because="An order that was not taken out of the stock must not count as done.",
        look_at=TWICE,
    )
    stock.put_item(Item={"item_id": "item_3", "stock": 5})
    call(reserve, _order("o3", "item_3"), orders, stock, called="reserve(o3, …), once more")
    expect(
        _left(stock, "item_3"),
        3,
        called="the stock of item_3: o3 failed once, then came again",
        because="The first try left a mark though it reserved nothing, and the second believed it. "
        "Mark and reservation have to happen together.",
        look_at=TWICE,
    )


def _at_the_same_time(reserve: Any, orders: Any, stock: Any) -> None:
    """Another environment has the same order, and handles it before this one writes anything."""
    before = _left(stock)
    with watching(before_write=lambda: _deliver(reserve, _order("o4"), orders, stock)):
        _deliver(reserve, _order("o4"), orders, stock)
    _deliver(reserve, _order("o4"), orders, stock)  # where it raised, the queue tries again
    expect(
        _left(stock),
        before - 2,
        called="the stock, after o4 was delivered to two environments at once",
        because="Both looked before either had written, and found nothing. Looking is too early: "
        "the write itself has to refuse, by a condition.",
        look_at=TWICE,
    )


def _after_a_death(reserve: Any, orders: Any, stock: Any) -> None:
    """The environment ends directly after the first write, whatever that was."""
    before = _left(stock)
    with watching(after_write=_die), contextlib.suppress(_Died):
        _deliver(reserve, _order("o5"), orders, stock)
    _deliver(reserve, _order("o5"), orders, stock)
    expect(
        _left(stock),
        before - 2,
        called="the stock, after o5 came twice: the first worker died directly after its first write",
        because="Between two writes a worker can die. Mark and reservation have to happen together.",
        look_at=TWICE,
    )


class _Died(BaseException):
    """A killed process runs no `except Exception`."""


def _die() -> None:
    raise _Died


def _deliver(reserve: Any, *arguments: Any) -> None:
    with contextlib.suppress(Exception):  # the message stays in the queue
        reserve(*arguments)


def _raises(reserve: Any, *arguments: Any) -> bool:
    try:
        reserve(*arguments)
    except Exception:  # noqa: BLE001 - whatever it raises keeps the message in the queue
        return True
    return False
