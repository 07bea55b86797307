"""When somebody should be told that the stock of an item runs low."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.items import Item


@dataclass(frozen=True)
class Alert:
    """The stock of an item fell below its threshold.

    Attributes:
        alert_id: names this fall of the item's stock and no other; later ones are greater.
    """

    item_id: str
    alert_id: str
    name: str
    stock: int
    threshold: int


def crossing(before: Item | None, after: Item | None) -> Alert | None:
    """The alert that a change of an item gives rise to.

    Only the fall itself does: an item that was low already, that is new, or that is gone does not.
    """
    if before is None or after is None or before.low or not after.low:
        return None
    alert_id = f"{after.created_at}/{after.version:09}"
    return Alert(after.item_id, alert_id, after.name, after.stock, after.threshold)
