"""Queues and streams as the pollers need them, over what moto keeps.

Implements `events.sqs.Queue` and `events.streams.Stream`. Nothing is copied: a message that a
poller receives is hidden from every other reader of the queue, as on AWS. moto's queues and
streams are made safe for threads in seams/.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from workbook.cloud.events.streams import Shard, Stream
from workbook.cloud.events.targets import Arn
from workbook.cloud.seams.kinesis import STREAMS

_SYSTEM_ATTRIBUTES = {
    "ApproximateFirstReceiveTimestamp": "approximate_first_receive_timestamp",
    "ApproximateReceiveCount": "approximate_receive_count",
    "MessageDeduplicationId": "deduplication_id",
    "MessageGroupId": "group_id",
    "SenderId": "sender_id",
    "SentTimestamp": "sent_timestamp",
    "SequenceNumber": "sequence_number",
}
LEAST_VISIBILITY = 1  # moto hands a message out for ever when it is hidden for no time at all


class MotoQueue:
    """A queue by its ARN; looked up anew for each call, since it may be deleted and made again."""

    def __init__(self, arn: str) -> None:
        self._arn = Arn.parse(arn)

    @property
    def visibility_timeout(self) -> float:
        """Seconds."""
        return float(self._backend().get_queue(self._arn.resource).visibility_timeout)

    def receive(self, limit: int) -> Sequence[dict[str, Any]]:
        """Up to `limit` messages that are visible now."""
        hidden_for = max(int(self.visibility_timeout), LEAST_VISIBILITY)
        messages = self._backend().receive_message(
            self._arn.resource, limit, 0, hidden_for, ["All"]
        )
        return [_received(message) for message in messages]

    def delete(self, receipt_handles: Sequence[str]) -> None:
        """Delete received messages."""
        for handle in receipt_handles:
            self._backend().delete_message(self._arn.resource, handle)

    def hide(self, receipt_handles: Sequence[str], seconds: float) -> None:
        """Let received messages come back after `seconds`, which moto would round."""
        queue = self._backend().get_queue(self._arn.resource)
        visible_at = (time.time() + seconds) * 1000
        for message in list(queue._messages):
            if any(message.had_receipt_handle(handle) for handle in receipt_handles):
                message.visible_at = visible_at

    def hidden_for(self) -> float | None:
        """Seconds until the next hidden or delayed message comes back; None without any."""
        queue = self._backend().get_queue(self._arn.resource)
        messages = _receivable(list(queue._messages)) if queue.fifo_queue else queue._messages
        moments = [max(each.visible_at, each.delayed_until) for each in list(messages)]
        return max(0.0, min(moments) / 1000 - time.time()) if moments else None

    def _backend(self) -> Any:
        from moto.sqs.models import sqs_backends  # loaded when the queue was made

        return sqs_backends[self._arn.account][self._arn.region]


def moto_stream(arn: str) -> Stream:
    """The table's or Kinesis stream with this ARN."""
    return KinesisStream(arn) if Arn.parse(arn).service == "kinesis" else TableStream(arn)


class TableStream:
    """A table's stream by its ARN. moto has one shard a table, and never closes it."""

    def __init__(self, arn: str) -> None:
        self._arn = Arn.parse(arn)

    def shards(self) -> Sequence[Shard]:
        """The one shard."""
        return [Shard(self._shard().id)]

    def latest(self, shard: str) -> str | None:
        """The newest record's sequence number; None when there is no record yet."""
        items = self._shard().items
        return _sequence_number(items[-1]) if items else None

    def before(self, shard: str, moment: float) -> str | None:
        """Nothing: no mapping of a table's stream begins at a moment."""
        return None

    def ended(self, shard: str) -> bool:
        """Never."""
        return False

    def read(self, shard: str, after: str | None, limit: int) -> Sequence[dict[str, Any]]:
        """Up to `limit` records after that sequence number."""
        past = -1 if after is None else int(after)
        items = [each for each in list(self._shard().items) if int(_sequence_number(each)) > past]
        return [item.to_json() for item in items[:limit]]

    def _shard(self) -> Any:
        from moto.dynamodb.models import dynamodb_backends  # loaded when the table was made

        table = self._arn.resource.split("/")[1]
        return dynamodb_backends[self._arn.account][self._arn.region].get_table(table).stream_shard


class KinesisStream:
    """A Kinesis stream by its ARN, as it is when this is made: another of its name is another.

    Raises:
        KeyError: by each method, when the stream is gone.
    """

    def __init__(self, arn: str) -> None:
        self._arn = Arn.parse(arn)
        self._stream = self._found()

    def shards(self) -> Sequence[Shard]:
        """All shards, those that were split or merged too."""
        with STREAMS:
            found = list(self._alive().shards.values())
        return [
            Shard(each.shard_id, tuple(filter(None, (each.parent, each.adjacent_parent))))
            for each in found
        ]

    def latest(self, shard: str) -> str | None:
        """The newest record's sequence number; None when there is no record yet."""
        records = self._records(shard)
        return str(records[-1].sequence_number) if records else None

    def before(self, shard: str, moment: float) -> str | None:
        """The last record before that moment; None when there is none."""
        earlier = [
            each.sequence_number for each in self._records(shard) if each.created_at < moment
        ]
        return str(earlier[-1]) if earlier else None

    def ended(self, shard: str) -> bool:
        """Whether it was split or merged."""
        with STREAMS:
            return not self._alive().shards[shard].is_open

    def read(self, shard: str, after: str | None, limit: int) -> Sequence[dict[str, Any]]:
        """Up to `limit` records after that sequence number."""
        past = -1 if after is None else int(after)
        found = [each for each in self._records(shard) if each.sequence_number > past]
        return [each.to_json() for each in found[:limit]]

    def _records(self, shard: str) -> list[Any]:
        with STREAMS:
            return list(self._alive().shards[shard].records.values())

    def _alive(self) -> Any:
        if self._found() is not self._stream:
            raise KeyError(self._arn.resource)
        return self._stream

    def _found(self) -> Any:
        from moto.kinesis.models import kinesis_backends  # loaded when the stream was made

        name = self._arn.resource.partition("/")[2]
        return kinesis_backends[self._arn.account][self._arn.region].streams[name]


def _receivable(messages: list[Any]) -> list[Any]:
    """A FIFO queue's messages without those that wait for another of their group."""
    hidden = {message.group_id for message in messages if not message.visible}
    return [one for one in messages if not one.visible or one.group_id not in hidden]


def _received(message: Any) -> dict[str, Any]:
    received = {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt_handle,
        "MD5OfBody": message.body_md5,
        "Body": message.body,
        "Attributes": {
            name: str(value)
            for name, attribute in _SYSTEM_ATTRIBUTES.items()
            if (value := getattr(message, attribute)) is not None
        },
        "MessageAttributes": message.message_attributes,
    }
    trace = message.system_attributes.get("AWSTraceHeader")
    if trace:
        received["Attributes"]["AWSTraceHeader"] = trace["StringValue"]
    if message.message_attributes:
        received["MD5OfMessageAttributes"] = message.attribute_md5
    return received


def _sequence_number(item: Any) -> str:
    return str(item.record["dynamodb"]["SequenceNumber"])
