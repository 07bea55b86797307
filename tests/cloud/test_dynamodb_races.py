"""Writes at the same moment as a transaction that is refused: none of them is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from workbook.cloud import LocalCloud

WRITES = 120


def test_a_refused_transaction_undoes_nobody_elses_write(cloud: LocalCloud) -> None:
    dynamodb = cloud.client("dynamodb")
    dynamodb.create_table(
        TableName="races",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def put(name: str) -> dict[str, object]:
        condition = {"ConditionExpression": "attribute_not_exists(id)"}
        return {"TableName": "races", "Item": {"id": {"S": name}}, **condition}

    def refused(number: int) -> None:
        both = [{"Put": put(f"never {number}")}, {"Put": put("taken")}]
        with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
            dynamodb.transact_write_items(TransactItems=both)

    dynamodb.put_item(**put("taken"))
    with ThreadPoolExecutor(8) as threads:
        under_way = []
        for number in range(WRITES):
            under_way.append(threads.submit(refused, number))
            under_way.append(threads.submit(dynamodb.put_item, **put(str(number))))
        for each in under_way:
            each.result()
    found = dynamodb.scan(TableName="races", Select="COUNT", ConsistentRead=True)["Count"]
    assert found == WRITES + 1
    dynamodb.delete_table(TableName="races")
