"""Callers of the service in a test: over HTTP by Chalice's test client, and as AWS sends events."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
from chalice.test import Client, HTTPResponse

import stage
from app import app
from chalicelib.identity import issued
from chalicelib.keys import current_key
from chalicelib.settings import settings

# As Lambda has it in a context: how long the invocation may still take.
MILLISECONDS_LEFT = 10_000


class Context:
    """The part of Lambda's context that the service looks at."""

    aws_request_id = "test"

    def get_remaining_time_in_millis(self) -> int:
        return MILLISECONDS_LEFT


class Api:
    """The deployed API's stand-in: routes, authorizer and all, in this process."""

    def __init__(self, scopes: Iterable[str] = ("read", "write")) -> None:
        self._token = bearer(scopes)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        """Send a request; a body that is not bytes is sent as JSON."""
        sent = {"Authorization": self._token, "Content-Type": "application/json", **(headers or {})}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client().http.request(
            method, path, headers=sent, body=b"" if body is None else content
        )

    def add(self, item_id: str, stock: int = 10, threshold: int = 0, **more: Any) -> dict[str, Any]:
        """Add an item; what the service answers."""
        body = {"item_id": item_id, "name": "Tea", "stock": stock, "threshold": threshold, **more}
        answer = self.call("POST", "/items", body)
        assert answer.status_code == 201, answer.body
        return dict(answer.json_body)

    def stock(self, item_id: str) -> int:
        """How many pieces of an item there are."""
        return int(self.call("GET", f"/items/{item_id}").json_body["stock"])

    def order(self, *lines: tuple[str, int]) -> str:
        """Place an order; its id."""
        body = {"lines": [{"item_id": item, "quantity": quantity} for item, quantity in lines]}
        answer = self.call("POST", "/orders", body)
        assert answer.status_code == 202, answer.body
        return str(answer.json_body["order_id"])


@cache
def client() -> Client:
    """Chalice's test client, made once: it reads the configuration each time."""
    return Client(app, stage_name="none", project_dir=str(stage.HERE))


def bearer(scopes: Iterable[str], minutes: float = 300, **claims: Any) -> str:
    """An Authorization header."""
    now = datetime.now(UTC)
    key = current_key(settings().signing_secret)
    end = now + timedelta(minutes=minutes)
    return "Bearer " + issued(key, "tester", claims.get("stage", "dev"), list(scopes), now, end)


def messages(url: str) -> list[dict[str, Any]]:
    """What is in a queue, as Lambda puts it into an event."""
    received = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]
    )
    return [
        {
            "messageId": each["MessageId"],
            "receiptHandle": each["ReceiptHandle"],
            "body": each["Body"],
            "attributes": each["Attributes"],
        }
        for each in received.get("Messages", [])
    ]


def change(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    """A change of an item, as the table's stream tells it; images as in the table."""
    images = {"OldImage": old, "NewImage": new}
    return {
        "awsRegion": "us-east-1",
        "eventID": uuid.uuid4().hex,
        "eventName": "MODIFY",
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_700_000_000,
            "Keys": {"item_id": (new or old or {})["item_id"]},
            "SequenceNumber": "1",
            "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **{name: image for name, image in images.items() if image is not None},
        },
    }


def image(item_id: str, table: str = "", dynamodb: Any = None) -> dict[str, Any]:
    """An item's record as it stands in the table; without more words, in moto's."""
    found = (dynamodb or boto3.client("dynamodb")).get_item(
        TableName=table or settings().items_table, Key={"item_id": {"S": item_id}}
    )
    return dict(found["Item"])
