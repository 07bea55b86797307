"""The inventory service: what the shop has, over HTTP.

Views live here: parse the request, ask chalicelib, shape the answer.
"""

from typing import Any

from chalice import Chalice, NotFoundError

from chalicelib import inventory

app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items() -> dict[str, Any]:
    """List every item."""
    return {"items": inventory.all_items()}


@app.route("/items/{item_id}")
def read_item(item_id: str) -> inventory.Item:
    """Read one item."""
    item = inventory.find(item_id)
    if item is None:
        raise NotFoundError(f"No item {item_id}")
    return item
