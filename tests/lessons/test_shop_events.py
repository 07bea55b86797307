"""The shop's events are what Chalice's own event classes expect, and the same on every run."""

from __future__ import annotations

import json

import pytest
from chalice import app as chalice_app

from workbook.lessons import shop_events

CLASSES = {
    "an upload (S3)": chalice_app.S3Event,
    "two orders (SQS)": chalice_app.SQSEvent,
    "an announcement (SNS)": chalice_app.SNSEvent,
    "a changed item (DynamoDB stream)": chalice_app.DynamoDBEvent,
    "half past five (EventBridge)": chalice_app.CloudWatchEvent,
}


@pytest.mark.parametrize("source", shop_events.ALL)
def test_chalice_reads_it(source: str) -> None:
    event = CLASSES[source](json.loads(json.dumps(shop_events.ALL[source])), None)
    if source.startswith(("two", "a changed")):
        assert all(vars(record) for record in event)
    assert event.to_dict() == shop_events.ALL[source]


def test_an_uploads_key_is_encoded_and_chalice_decodes_it() -> None:
    event = chalice_app.S3Event(shop_events.upload("photos/100%+ a.png"), None)
    assert event.key == "photos/100%+ a.png"
    assert event.to_dict()["Records"][0]["s3"]["object"]["key"] == "photos/100%25%2B+a.png"


def test_messages_of_a_batch_have_ids_of_their_own() -> None:
    records = shop_events.orders("a", "b")["Records"]
    assert ["a", "b"] == [record["body"] for record in records]
    assert len({record["messageId"] for record in records}) == 2
