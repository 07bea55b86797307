"""What the shop has, summed up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from chalicelib.domain.items import Item


@dataclass(frozen=True)
class Shortage:
    """An item that is low, and how many pieces it lacks to its threshold."""

    item_id: str
    stock: int
    missing: int


@dataclass(frozen=True)
class StockReport:
    """The stock at one moment (ISO 8601)."""

    at: str
    items: int
    pieces: int
    low: tuple[Shortage, ...]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def report(items: Iterable[Item], at: str) -> StockReport:
    """Sum up; what is lowest comes first."""
    counted = list(items)
    low = [
        Shortage(item.item_id, item.stock, item.threshold - item.stock)
        for item in counted
        if item.low
    ]
    low.sort(key=lambda shortage: (-shortage.missing, shortage.item_id))
    return StockReport(at, len(counted), sum(item.stock for item in counted), tuple(low))
