"""An item of the shop, and what may become of its stock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.photos import Photo
from chalicelib.errors import OutOfStock


@dataclass(frozen=True)
class Item:
    """One article.

    Attributes:
        stock: pieces on the shelf; never negative.
        threshold: the stock is low when it is below this.
        created_at: tells it from an earlier item of the same id; ISO 8601.
        version: counts the writes, so that none is lost: 1 for a new item.
    """

    item_id: str
    name: str
    stock: int
    threshold: int
    created_at: str
    version: int = 1
    photo: Photo | None = None

    @property
    def low(self) -> bool:
        """Whether somebody should order more."""
        return self.stock < self.threshold


def reserve(item: Item, quantity: int) -> Item:
    """The item with so many pieces fewer.

    Raises:
        OutOfStock: there are not as many.
    """
    if quantity > item.stock:
        raise OutOfStock(f"{item.item_id} has {item.stock} in stock, not {quantity}.")
    return replace(item, stock=item.stock - quantity)


def revise(item: Item, name: str, stock: int, threshold: int) -> Item:
    """The item as the shop describes it now; its photo stays."""
    return replace(item, name=name, stock=stock, threshold=threshold)


def show(item: Item, photo: Photo) -> Item:
    """The item with this photo, unless it has a later one: uploads may arrive in any order."""
    if item.photo is not None and _taken(item.photo) >= _taken(photo):
        return item
    return replace(item, photo=photo)


def _taken(photo: Photo) -> datetime:
    return datetime.fromisoformat(photo.uploaded_at)
