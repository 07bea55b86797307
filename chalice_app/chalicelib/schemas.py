"""What may come in and what goes out, as pydantic models; OpenAPI's schemas are made of them.

Incoming models are strict: an unknown field, a number as text, a boolean as number is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ITEM_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
ORDER_ID = r"^[0-9a-f]{32}$"
MOST_PIECES = 1_000_000

ItemId = Annotated[str, StringConstraints(pattern=ITEM_ID)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Pieces = Annotated[int, Field(ge=0, le=MOST_PIECES)]
Quantity = Annotated[int, Field(ge=1, le=MOST_PIECES)]


class Incoming(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Outgoing(BaseModel):
    """What a caller is sent."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class ItemData(Incoming):
    """An item as the shop describes it."""

    name: Name
    stock: Pieces
    threshold: Pieces = 0


class NewItem(ItemData):
    """An item that is to be added."""

    item_id: ItemId


class Reservation(Incoming):
    """Pieces to be taken from an item's stock."""

    quantity: Quantity


class OrderLine(Incoming):
    """So many pieces of one item."""

    item_id: ItemId
    quantity: Quantity


class NewOrder(Incoming):
    """An order; every item at most once."""

    lines: Annotated[list[OrderLine], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _no_item_twice(self) -> NewOrder:
        ids = [line.item_id for line in self.lines]
        if len(set(ids)) != len(ids):
            raise ValueError("an item stands in more than one line")
        return self


class ItemsQuery(BaseModel):
    """Which items to list; the cursor is what the page before gave as `next`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    low_stock: bool = False
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class PhotoShown(Outgoing):
    """A picture of an item; sizes in bytes and pixels."""

    content_type: str
    size: int
    width: int
    height: int
    uploaded_at: str


class ItemShown(Outgoing):
    """An item."""

    item_id: ItemId
    name: str
    stock: Pieces
    threshold: Pieces
    low: bool
    created_at: str
    version: Annotated[int, Field(ge=1)]
    photo: PhotoShown | None = None


class ItemsPage(Outgoing):
    """Some of the items; `next` is null on the last page."""

    items: list[ItemShown]
    next: str | None


class UploadForm(Outgoing):
    """Where and how to POST a photo, as multipart/form-data with these fields before the file."""

    url: str
    fields: dict[str, str]
    expires_in_seconds: int


class LineShown(Outgoing):
    """So many pieces of one item."""

    item_id: ItemId
    quantity: Quantity


class OrderShown(Outgoing):
    """An order and what has become of it."""

    order_id: Annotated[str, StringConstraints(pattern=ORDER_ID)]
    lines: list[LineShown]
    status: Literal["queued", "reserved", "rejected"]
    reason: str


class AlertShown(Outgoing):
    """A fall of an item's stock below its threshold."""

    item_id: ItemId
    alert_id: str
    name: str
    stock: int
    threshold: int


class AlertsOfItem(Outgoing):
    """An item's latest alerts, the latest first."""

    alerts: list[AlertShown]


class Availability(Outgoing):
    """What a partner may know of an item."""

    item_id: ItemId
    available: bool


class Health(Outgoing):
    """The service answers."""

    status: Literal["ok"]
    stage: str


class FieldProblem(Outgoing):
    """What is wrong with one field."""

    field: str
    problem: str


class Problem(Outgoing):
    """Why a request was refused; see RFC 9457."""

    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
    correlation_id: str
