"""The records of streams: DynamoDB's and Kinesis's, as functions and failure destinations see them.

How a stream is read is streams.py's business, and what becomes of a batch stream_batches.py's;
both are the same for the two kinds. "Using Lambda with Kinesis" and "… DynamoDB" have the events.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from .clock import iso_milliseconds, iso_seconds
from .item_size import item_size
from .mappings import Mapping
from .targets import Arn

Raw = Dict[str, Any]  # a record as GetRecords answers it
Record = dict[str, Any]  # a record as a function gets it


class Kind(Protocol):
    """What differs between the two kinds of streams."""

    @property
    def batch_info(self) -> str:
        """How a failure destination's document calls the place in the stream."""
        ...

    def record(self, raw: Raw, stream_arn: str, shard: str) -> Record: ...

    def number(self, record: Record) -> str:
        """Its sequence number."""
        ...

    def arrived(self, record: Record) -> float:
        """When it came, in seconds since the epoch."""
        ...

    def arrival(self, record: Record) -> str:
        """The same as failure destinations are told."""
        ...

    def passes(self, record: Record, mapping: Mapping) -> bool:
        """Whether the mapping's FilterCriteria let it through."""
        ...


@dataclass(frozen=True)
class DynamoDBRecords:
    """Changes of a table's items."""

    batch_info: str = "DDBStreamBatchInfo"

    def record(self, raw: Raw, stream_arn: str, shard: str) -> Record:
        """As Lambda hands it to a function; images as DynamoDB writes them."""
        change = raw["dynamodb"]
        images = {name: change[name] for name in ("Keys", "NewImage", "OldImage") if name in change}
        return {
            "eventID": raw["eventID"],
            "eventName": raw["eventName"],
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": Arn.parse(stream_arn).region,
            "dynamodb": {
                "ApproximateCreationDateTime": _epoch(change["ApproximateCreationDateTime"]),
                **images,
                "SequenceNumber": str(change["SequenceNumber"]),
                "SizeBytes": sum(item_size(image) for image in images.values()),
                "StreamViewType": change["StreamViewType"],
            },
            "eventSourceARN": stream_arn,
        }

    def number(self, record: Record) -> str:
        return str(record["dynamodb"]["SequenceNumber"])

    def arrived(self, record: Record) -> float:
        return float(record["dynamodb"]["ApproximateCreationDateTime"])

    def arrival(self, record: Record) -> str:
        return iso_seconds(self.arrived(record))

    def passes(self, record: Record, mapping: Mapping) -> bool:
        return not mapping.filters or any(one.pattern.matches(record) for one in mapping.filters)


@dataclass(frozen=True)
class KinesisRecords:
    """Bytes under a partition key.

    Args:
        role: tells the ARN of the role as which Lambda reads the stream for the function.
    """

    role: Callable[[], str]
    batch_info: str = "KinesisBatchInfo"

    def record(self, raw: Raw, stream_arn: str, shard: str) -> Record:
        """As Lambda hands it to a function; its data in base64."""
        number = str(raw["SequenceNumber"])
        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": raw["PartitionKey"],
                "sequenceNumber": number,
                "data": base64.b64encode(raw["Data"]).decode(),
                "approximateArrivalTimestamp": round(_epoch(raw["ApproximateArrivalTimestamp"]), 3),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard}:{number}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": self.role(),
            "awsRegion": Arn.parse(stream_arn).region,
            "eventSourceARN": stream_arn,
        }

    def number(self, record: Record) -> str:
        return str(record["kinesis"]["sequenceNumber"])

    def arrived(self, record: Record) -> float:
        return float(record["kinesis"]["approximateArrivalTimestamp"])

    def arrival(self, record: Record) -> str:
        return iso_milliseconds(self.arrived(record))

    def passes(self, record: Record, mapping: Mapping) -> bool:
        """Filters see what is under `kinesis`, its data decoded; JSON only if it is an object."""
        if not mapping.filters:
            return True
        data = base64.b64decode(record["kinesis"]["data"])
        try:
            read: Any = json.loads(data)
        except ValueError:
            read = None
        form = "json" if isinstance(read, dict) else "text"
        content = read if form == "json" else data.decode(errors="replace")
        seen = {**record["kinesis"], "data": content}
        return any(
            one.body in (None, form) and one.pattern.matches(seen) for one in mapping.filters
        )


def _epoch(moment: datetime | float) -> float:
    if not isinstance(moment, datetime):
        return moment
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
