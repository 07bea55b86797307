"""What stands in a DynamoDB table, as plain data: `workbook.panels.table_change` draws two of them.

Reads every page of the table: for tables of a size that one would look at.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def items_of(table: Any) -> dict[str, Any]:
    """The table's items now, in the order of their keys.

    Args:
        table: a boto3 Table resource.

    Returns:
        table, its name; key, the names of its key attributes; items, whose whole numbers are int.
    """
    key = [part["AttributeName"] for part in table.key_schema]
    items = [_plain(item) for item in _scan(table)]
    return {
        "table": table.name,
        "key": key,
        "items": sorted(items, key=lambda item: [str(item[name]) for name in key]),
    }


def _scan(table: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = table.scan(ConsistentRead=True, **start)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
