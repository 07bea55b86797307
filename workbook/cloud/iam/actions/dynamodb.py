"""DynamoDB and its streams: tables, indexes, and one permission for each item of a transaction.

AWS's pages "Actions, resources, and condition keys for Amazon DynamoDB" and "Using IAM policy
conditions for fine-grained access control". A transaction needs PutItem, UpdateItem, DeleteItem,
ConditionCheckItem or GetItem on the table of each of its parts; there is no action of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request
from workbook.cloud.missing import Missing, NotEmulated

PARTIQL = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")
_ACTION_OF_PART = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_ABOUT_ALL = ("ListTables", "ListBackups", "ListExports", "ListImports", "ListGlobalTables")
_ARNS = (
    "BackupArn",
    "ExportArn",
    "ImportArn",
    "ResourceArn",
    "SourceTableArn",
    "StreamArn",
    "TableArn",
)
_EQUAL = re.compile(r"(#?[\w.-]+)\s*=\s*(:\w+)")

Item = Mapping[str, Any]


def needs(request: Request, names: Names) -> Iterator[Need]:
    """The permissions of one call."""
    operation, parameters = request.operation, request.parameters
    if operation in PARTIQL:
        raise NotEmulated(Missing.PARTIQL, operation)
    if operation in ("BatchGetItem", "BatchWriteItem"):
        for table, parts in parameters.get("RequestItems", {}).items():
            arn = _table(request, table)
            yield _need(operation, arn, _leading(names, arn, None, list(_batched(parts))))
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        for part in parameters.get("TransactItems", ()):
            for kind, each in part.items():
                arn = _table(request, each.get("TableName", ""))
                keys = _leading(names, arn, None, [each.get("Item") or each.get("Key") or {}])
                keys["dynamodb:enclosingoperation"] = (operation,)
                yield _need(_ACTION_OF_PART.get(kind, kind), arn, keys)
    elif operation in _ABOUT_ALL:
        yield _need(operation, "*", {})
    else:
        yield _single(request, names)


def _single(request: Request, names: Names) -> Need:
    parameters, index = request.parameters, request.text("IndexName") or None
    arn = _resource(request)
    if not request.text("TableName"):
        return _need(request.operation, arn, {})
    keys: dict[str, tuple[str, ...]] = {}
    if request.operation == "Query":
        keys = _queried(names, arn, index, parameters)
    elif "Item" in parameters or "Key" in parameters:
        keys = _leading(names, arn, index, [parameters.get("Item") or parameters["Key"]])
    for name in ("Select", "ReturnValues", "ReturnConsumedCapacity"):
        if request.text(name):
            keys[f"dynamodb:{name.lower()}"] = (request.text(name),)
    return _need(request.operation, f"{arn}/index/{index}" if index else arn, keys)


def _need(action: str, arn: str, keys: Mapping[str, tuple[str, ...]]) -> Need:
    return Need(f"dynamodb:{action}", arn, keys)


def _resource(request: Request) -> str:
    """A table, a stream, a backup: whatever the parameters name."""
    if request.text("TableName"):
        return _table(request, request.text("TableName"))
    if request.text("ShardIterator"):  # it begins with the stream's ARN
        return request.text("ShardIterator").partition("|")[0]
    if request.text("GlobalTableName"):
        return f"arn:aws:dynamodb::{request.account}:global-table/{request.text('GlobalTableName')}"
    if request.text("SourceTableName"):
        return _table(request, request.text("SourceTableName"))
    return request.text(*_ARNS) or "*"


def _table(request: Request, name: str) -> str:
    return name if name.startswith("arn:") else request.arn(f"table/{name}")


def _batched(parts: Any) -> Iterator[Item]:
    """The items or keys of one table's part of a batch."""
    if isinstance(parts, Mapping):
        yield from parts.get("Keys", ())
        return
    for part in parts:
        for each in part.values():
            yield each.get("Item") or each.get("Key") or {}


def _leading(
    names: Names, table: str, index: str | None, items: Sequence[Item]
) -> dict[str, tuple[str, ...]]:
    """dynamodb:LeadingKeys: the values of the partition key."""
    key = names.partition_key(table, index) or ""
    values = [_plain(item[key]) for item in items if key in item]
    return {"dynamodb:leadingkeys": tuple(values)} if values else {}


def _queried(
    names: Names, table: str, index: str | None, parameters: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """The same for a Query, which gives its key in an expression or as KeyConditions."""
    key = names.partition_key(table, index) or ""
    attributes = parameters.get("ExpressionAttributeNames") or {}
    values = parameters.get("ExpressionAttributeValues") or {}
    wanted: Iterable[Any] = (
        values[value]
        for name, value in _EQUAL.findall(parameters.get("KeyConditionExpression") or "")
        if attributes.get(name, name) == key and value in values
    )
    conditions = parameters.get("KeyConditions") or {}
    legacy = conditions[key].get("AttributeValueList", ()) if key in conditions else ()
    found = tuple(_plain(value) for value in (*wanted, *legacy))
    return {"dynamodb:leadingkeys": found} if found else {}


def _plain(value: Any) -> str:
    """The text of a typed value: {"S": "a"}, {"N": "1"}, {"B": …}."""
    if isinstance(value, Mapping) and len(value) == 1:
        (only,) = value.values()
        return only if isinstance(only, str) else json.dumps(only)
    return json.dumps(value)
