"""An order, and what becomes of it when it meets the stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.domain.items import Item, reserve
from chalicelib.errors import OutOfStock

Status = Literal["queued", "reserved", "rejected"]


@dataclass(frozen=True)
class Line:
    """So many pieces of one item."""

    item_id: str
    quantity: int


@dataclass(frozen=True)
class Order:
    """What a customer asked for.

    Attributes:
        lines: each item at most once.
        reason: why it was rejected; empty otherwise.
    """

    order_id: str
    lines: tuple[Line, ...]
    status: Status = "queued"
    reason: str = ""


def settle(order: Order, stock: Mapping[str, Item]) -> tuple[Order, tuple[Item, ...]]:
    """The order decided, all or nothing, and the items as they are afterwards.

    Args:
        stock: the items that exist, by id.
    """
    items = []
    for line in order.lines:
        if line.item_id not in stock:
            return _rejected(order, f"There is no item {line.item_id}.")
        try:
            items.append(reserve(stock[line.item_id], line.quantity))
        except OutOfStock as shortage:
            return _rejected(order, shortage.detail)
    return replace(order, status="reserved"), tuple(items)


def _rejected(order: Order, reason: str) -> tuple[Order, tuple[Item, ...]]:
    return replace(order, status="rejected", reason=reason), ()
