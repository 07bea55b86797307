"""Domain values as DynamoDB's records, and back.

A record of an item also says whether it is low, where it is: only those are in the sparse index.
And who wrote it: the correlation id goes on with the table's stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chalicelib.domain.alerts import Alert
from chalicelib.domain.items import Item
from chalicelib.domain.orders import Line, Order
from chalicelib.domain.photos import Photo
from chalicelib.logs import correlation_id

Record = dict[str, Any]
LOW = "yes"

_reader, _writer = TypeDeserializer(), TypeSerializer()


def written(value: Mapping[str, Any]) -> Record:
    """A mapping in DynamoDB's own form."""
    return {name: _writer.serialize(each) for name, each in value.items()}


def read(record: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping from DynamoDB's own form."""
    return {name: _reader.deserialize(each) for name, each in record.items()}


def of_item(item: Item) -> Record:
    """An item's record, written by the request that is followed now."""
    low = {"low": LOW} if item.low else {}
    return written({**asdict(item), **low, "correlation_id": correlation_id()})


def as_item(record: Mapping[str, Any]) -> Item:
    """The item in a record, which may come from the table or from its stream."""
    value = read(record)
    return Item(
        item_id=value["item_id"],
        name=value["name"],
        stock=int(value["stock"]),
        threshold=int(value["threshold"]),
        created_at=value["created_at"],
        version=int(value["version"]),
        photo=_photo(value["photo"]) if value.get("photo") else None,
    )


def writer(record: Mapping[str, Any]) -> str | None:
    """The correlation id under which an item's record was written."""
    return read(record).get("correlation_id")


def of_order(order: Order) -> Record:
    """An order's record."""
    return written({**asdict(order), "lines": [asdict(line) for line in order.lines]})


def as_order(record: Mapping[str, Any]) -> Order:
    """The order in a record."""
    value = read(record)
    lines = tuple(Line(line["item_id"], int(line["quantity"])) for line in value["lines"])
    return Order(value["order_id"], lines, value["status"], value["reason"])


def of_alert(alert: Alert) -> Record:
    """An alert's record."""
    return written({**asdict(alert), "correlation_id": correlation_id()})


def as_alert(record: Mapping[str, Any]) -> Alert:
    """The alert in a record."""
    value = read(record)
    return Alert(
        item_id=value["item_id"],
        alert_id=value["alert_id"],
        name=value["name"],
        stock=int(value["stock"]),
        threshold=int(value["threshold"]),
    )


def _photo(value: Mapping[str, Any]) -> Photo:
    return Photo(
        key=value["key"],
        content_type=value["content_type"],
        size=int(value["size"]),
        width=int(value["width"]),
        height=int(value["height"]),
        uploaded_at=value["uploaded_at"],
    )
