"""One event of each source that calls functions, as the shop would cause it.

They are made by the same code that the local cloud delivers with, at a fixed moment, so that they
have every field that AWS's have and read the same on every run.

    shop_events.ALL["an upload (S3)"]
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workbook.cloud.events import entries, s3, sns, sqs
from workbook.cloud.events.stream_records import DynamoDBRecords

MOMENT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC).timestamp()
ACCOUNT, REGION = "123456789012", "us-east-1"
_ID = "5c6e2b1e-0000-4000-8000-00000000000{}"


def upload(key: str = "espresso beans.png", size: int = 3) -> dict[str, Any]:
    """What S3 sends when an object was put."""
    change = s3.ObjectChange(
        event="ObjectCreated:Put",
        bucket="incoming-raw-images",
        key=key,
        region=REGION,
        account=ACCOUNT,
        moment=MOMENT,
        size=size,
        etag=hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(),
    )
    return {"Records": [s3.record(change, "media-processor-dev-store_metadata", "00658A3C")]}


def orders(*bodies: str) -> dict[str, Any]:
    """What a poller hands over of a queue: a batch of messages."""
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
    return {"Records": [sqs.record(_received(n, body), arn) for n, body in enumerate(bodies, 1)]}


def announcement(message: str, subject: str = "Low stock") -> dict[str, Any]:
    """What a topic sends to a function that is subscribed to it."""
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:low-stock"
    notification = sns.Notification(_ID.format(7), topic, message, MOMENT, subject)
    return sns.lambda_event(notification, f"{topic}:{_ID.format(8)}")


def changed_stock(before: int, after: int) -> dict[str, Any]:
    """What a table's stream says of one changed item."""
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/stock"
    key = {"item_id": {"S": "item_1"}}
    change = {
        "ApproximateCreationDateTime": MOMENT,
        "Keys": key,
        "NewImage": {**key, "stock": {"N": str(after)}},
        "OldImage": {**key, "stock": {"N": str(before)}},
        "SequenceNumber": "100000000000000000001",
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    raw = {"eventID": "9f2d", "eventName": "MODIFY", "dynamodb": change}
    stream = f"{table}/stream/2026-03-02T00:00:00.000"
    return {"Records": [DynamoDBRecords().record(raw, stream, "shardId-00000001")]}


def half_past_five() -> dict[str, Any]:
    """What a rule on a schedule sends."""
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/media-processor-dev-nightly_report"
    return {**entries.scheduled_event(rule, MOMENT), "id": _ID.format(9)}


def _received(number: int, body: str) -> dict[str, Any]:
    sent = str(int(MOMENT * 1000))
    return {
        "MessageId": _ID.format(number),
        "ReceiptHandle": f"handle-{number}",
        "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "Body": body,
        "Attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": sent,
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": sent,
        },
    }


ALL: Mapping[str, dict[str, Any]] = {
    "an upload (S3)": upload(),
    "two orders (SQS)": orders(
        json.dumps({"order_id": "order_1", "item_id": "item_1", "quantity": 2}),
        json.dumps({"order_id": "order_2", "item_id": "item_2", "quantity": 1}),
    ),
    "an announcement (SNS)": announcement("item_1 is down to 2"),
    "a changed item (DynamoDB stream)": changed_stock(12, 2),
    "half past five (EventBridge)": half_past_five(),
}
