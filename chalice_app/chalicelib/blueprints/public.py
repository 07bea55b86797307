"""What is open without a token: the health route to all, availability to partners with a key."""

from __future__ import annotations

from chalice import Blueprint

from chalicelib.repository import items
from chalicelib.schemas import Availability, Health
from chalicelib.settings import settings
from chalicelib.web import operation

blueprint = Blueprint(__name__)


@operation(blueprint, "GET", "/health", gives=Health)
def health() -> dict[str, str]:
    """Say that the service answers; it asks nobody else."""
    return {"status": "ok", "stage": settings().stage}


@operation(
    blueprint,
    "GET",
    "/partners/items/{item_id}",
    by_key=True,
    gives=Availability,
    refuses=(404,),
)
def availability(item_id: str) -> dict[str, object]:
    """Tell a partner whether an item can be had; how many there are is the shop's business."""
    item = items.find(item_id)
    return {"item_id": item.item_id, "available": item.stock > 0}
