"""DynamoDB: one call at a time, batches of 25, and pollers that hear of news in a stream."""

from __future__ import annotations

import threading
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.dynamodb.models.table",
    "StreamShard.add",
    "self old new",
    rests_on="seq = len(self.items) + self.starting_sequence_number",
    replaces="tells nobody outside moto that a record was written",
)
def _tell_of_records(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def add(self: Any, old: Any, new: Any) -> None:
        arn = f"{self.table.table_arn}/stream/{self.table.latest_stream_label}"
        hooks.record_comes(arn, len(self.items) + self.starting_sequence_number)
        original(self, old, new)
        hooks.stream_changed(arn)

    return add


@SEAMS.at(
    "moto.dynamodb.responses",
    "DynamoHandler.call_action",
    "self",
    rests_on='self.body = getattr(self, "params", {})',
    replaces=(
        "looks at an item, then changes it, with no lock between: two threads may both find a "
        "condition true. On AWS writes to an item come one after the other"
    ),
)
def _one_call_at_a_time(original: Replacement, hooks: Hooks) -> Replacement:
    taking_turns = threading.Lock()

    @wraps(original)
    def call_action(self: Any) -> Any:
        with taking_turns:
            return original(self)

    return call_action


MOST_WRITES = 25  # page "BatchWriteItem"


@SEAMS.at(
    "moto.dynamodb.responses",
    "DynamoHandler.batch_write_item",
    "self",
    rests_on='table_batches = self.body["RequestItems"]',
    replaces="writes as many items in one call as it is asked to",
)
def _write_few_at_once(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def batch_write_item(self: Any) -> Any:
        if sum(len(requests) for requests in self.body["RequestItems"].values()) > MOST_WRITES:
            from moto.dynamodb.exceptions import MockValidationException

            raise MockValidationException("Too many items requested for the BatchWriteItem call")
        return original(self)

    return batch_write_item
