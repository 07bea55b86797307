"""Items over HTTP: listed, added, read, described anew, deleted, reserved."""

from __future__ import annotations

from datetime import UTC, datetime

from chalice import Blueprint

from chalicelib import cursors
from chalicelib.domain.alerts import Alert
from chalicelib.domain.items import Item, reserve, revise
from chalicelib.repository import alerts, items
from chalicelib.schemas import (
    AlertsOfItem,
    ItemData,
    ItemShown,
    ItemsPage,
    ItemsQuery,
    NewItem,
    Reservation,
)
from chalicelib.web import READ, WRITE, operation

blueprint = Blueprint(__name__)


@operation(
    blueprint, "GET", "/items", scope=READ, query=ItemsQuery, gives=ItemsPage, refuses=(400,)
)
def list_items(query: ItemsQuery) -> dict[str, object]:
    """List the items, page by page; with low_stock, only those that are low."""
    after = cursors.read(query.cursor, query.low_stock) if query.cursor else None
    found = items.page(query.limit, after, query.low_stock)
    last = None if found.last is None else cursors.written(found.last, query.low_stock)
    return {"items": list(found.items), "next": last}


@operation(
    blueprint,
    "POST",
    "/items",
    scope=WRITE,
    takes=NewItem,
    gives=ItemShown,
    status=201,
    once=True,
    refuses=(409,),
)
def add_item(body: NewItem) -> Item:
    """Add an item."""
    now = datetime.now(UTC).isoformat()
    return items.add(Item(**body.model_dump(), created_at=now))


@operation(blueprint, "GET", "/items/{item_id}", scope=READ, gives=ItemShown, refuses=(404,))
def read_item(item_id: str) -> Item:
    """Read an item."""
    return items.find(item_id)


@operation(
    blueprint,
    "PUT",
    "/items/{item_id}",
    scope=WRITE,
    takes=ItemData,
    gives=ItemShown,
    refuses=(404, 503),
)
def revise_item(item_id: str, body: ItemData) -> Item:
    """Describe an item anew; its photo stays."""
    return items.change(item_id, lambda item: revise(item, **body.model_dump()))


@operation(
    blueprint, "DELETE", "/items/{item_id}", scope=WRITE, gives=None, status=204, refuses=(404,)
)
def delete_item(item_id: str) -> None:
    """Delete an item, or find it gone."""
    items.remove(item_id)


@operation(
    blueprint,
    "POST",
    "/items/{item_id}/reservations",
    scope=WRITE,
    takes=Reservation,
    gives=ItemShown,
    status=201,
    once=True,
    refuses=(404, 409, 503),
)
def reserve_item(item_id: str, body: Reservation) -> Item:
    """Take pieces from an item's stock; 409 if there are not as many."""
    return items.change(item_id, lambda item: reserve(item, body.quantity))


@operation(
    blueprint, "GET", "/items/{item_id}/alerts", scope=READ, gives=AlertsOfItem, refuses=(404,)
)
def list_alerts(item_id: str) -> dict[str, list[Alert]]:
    """List when an item's stock fell below its threshold."""
    return {"alerts": alerts.of_item(item_id)}
