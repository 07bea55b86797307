"""The shop's items. They live in a dict for now, which every process has a copy of."""

from typing import TypedDict


class Item(TypedDict):
    """One article of the shop, as the API answers it."""

    item_id: str
    name: str
    stock: int


_ITEMS: dict[str, Item] = {
    "item_1": {"item_id": "item_1", "name": "Espresso beans", "stock": 12},
    "item_2": {"item_id": "item_2", "name": "Paper filters", "stock": 0},
    "item_3": {"item_id": "item_3", "name": "Milk jug", "stock": 3},
}


def all_items() -> list[Item]:
    """Every item, in the order in which the shop lists them."""
    return list(_ITEMS.values())


def find(item_id: str) -> Item | None:
    """The item of that id, or None when the shop has none."""
    return _ITEMS.get(item_id)
