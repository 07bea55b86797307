"""Alerts in their table: what the shop was told, item by item."""

from __future__ import annotations

from chalicelib.clients import client
from chalicelib.domain.alerts import Alert
from chalicelib.repository.records import as_alert, of_alert, written
from chalicelib.settings import settings

MOST = 50


def record(alert: Alert) -> None:
    """Keep an alert; the same one again replaces itself."""
    client("dynamodb").put_item(TableName=settings().alerts_table, Item=of_alert(alert))


def of_item(item_id: str) -> list[Alert]:
    """An item's latest alerts, the latest first."""
    answer = client("dynamodb").query(
        TableName=settings().alerts_table,
        KeyConditionExpression="item_id = :item",
        ExpressionAttributeValues=written({":item": item_id}),
        ScanIndexForward=False,
        Limit=MOST,
    )
    return [as_alert(each) for each in answer["Items"]]
