"""Kinesis: shards that split and merge in order, and pollers that hear of news.

sources.py reads the shards while it holds STREAMS.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()

# moto's shards are dictionaries that requests change from their own threads.
STREAMS = threading.RLock()
# As long as AWS's, and the shard's number is part of them: a child's are higher than its parent's.
FIRST_NUMBER = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898
NUMBERS_OF_A_SHARD = 10**12


@SEAMS.at(
    "moto.kinesis.models",
    "Stream.put_record",
    "self partition_key explicit_hash_key data",
    rests_on="shard.put_record(partition_key, data, explicit_hash_key)",
    replaces="tells nobody outside moto that a record has come, and loses one of two at a time",
)
def _tell_of_kinesis_records(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_record(self: Any, partition_key: str, explicit_hash_key: str, data: str) -> Any:
        with STREAMS:
            placed = original(self, partition_key, explicit_hash_key, data)
            hooks.record_comes(self.arn, int(placed[0]))  # nobody reads it before it is told of
        together = getattr(_PUTTING, "streams", None)
        if together is None:
            hooks.stream_changed(self.arn)
        else:
            together.add(self.arn)
        return placed

    return put_record


_PUTTING = threading.local()  # the streams that this thread's PutRecords has written to


@SEAMS.at(
    "moto.kinesis.models",
    "KinesisBackend.put_records",
    "self stream_arn stream_name records",
    rests_on="if len(records) > 500:",
    replaces="lets a reader see some of the records that are put together, so that batches vary",
)
def _put_together(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_records(self: Any, stream_arn: str, stream_name: str, records: Any) -> Any:
        changed: set[str] = set()
        _PUTTING.streams = changed
        try:
            with STREAMS:
                return original(self, stream_arn, stream_name, records)
        finally:  # readers are told without the lock, which they take themselves
            _PUTTING.streams = None
            for arn in changed:
                hooks.stream_changed(arn)

    return put_records


@SEAMS.at(
    "moto.kinesis.models",
    "Shard.put_record",
    "self partition_key data explicit_hash_key",
    rests_on="last_sequence_number = 0",
    replaces="numbers the records of each shard from 1, so that a child's come before its parent's",
)
def _number_across_shards(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_record(self: Any, partition_key: str, data: str, explicit_hash_key: str) -> str:
        from moto.kinesis.models import Record

        first = FIRST_NUMBER + self._shard_id * NUMBERS_OF_A_SHARD
        number = self.get_max_sequence_number() + 1 if self.records else first
        self.records[number] = Record(partition_key, data, number, explicit_hash_key)
        return str(number)

    return put_record


@SEAMS.at(
    "moto.kinesis.models",
    "Stream.get_shard_for_key",
    "self partition_key explicit_hash_key",
    rests_on="if shard.starting_hash <= int_key < shard.ending_hash:",
    replaces="puts records into shards that were split or merged, and knows no shard for some keys",
)
def _choose_an_open_shard(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_shard_for_key(self: Any, partition_key: str, explicit_hash_key: str) -> Any:
        original(self, partition_key, explicit_hash_key)  # refuses keys that are none
        digest = hashlib.md5(partition_key.encode(), usedforsecurity=False).hexdigest()
        key = int(explicit_hash_key) if explicit_hash_key else int(digest, 16)
        return next(
            shard
            for shard in list(self.shards.values())
            if shard.is_open and shard.starting_hash <= key <= shard.ending_hash
        )

    return get_shard_for_key


@SEAMS.at(
    "moto.kinesis.models",
    "Stream.split_shard",
    "self shard_to_split new_starting_hash_key",
    rests_on="shard.records = OrderedDict()",
    replaces="moves a shard's records to its children, where they would be read again",
)
def _split_without_moving(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def split_shard(self: Any, shard_to_split: str, new_starting_hash_key: str) -> None:
        with _keeping_records(self, shard_to_split):
            original(self, shard_to_split, new_starting_hash_key)
        hooks.stream_changed(self.arn)

    return split_shard


@SEAMS.at(
    "moto.kinesis.models",
    "Stream.merge_shards",
    "self shard_to_merge adjacent_shard_to_merge",
    rests_on="# Move all data across",
    replaces="copies the records of two shards to their child, and takes the lower one only first",
)
def _merge_without_moving(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def merge_shards(self: Any, shard_to_merge: str, adjacent_shard_to_merge: str) -> None:
        both = shard_to_merge, adjacent_shard_to_merge
        with _keeping_records(self, *both):
            for name in both:
                if not self.shards[name].is_open:
                    _refuse_closed_shard(self, name)
            original(self, *sorted(both, key=lambda name: self.shards[name].starting_hash))
            child = next(reversed(self.shards.values()))
            child.parent, child.adjacent_parent = both
        hooks.stream_changed(self.arn)

    return merge_shards


def _refuse_closed_shard(stream: Any, shard: str) -> None:
    from moto.kinesis.exceptions import InvalidArgumentError

    raise InvalidArgumentError(
        f"Shard {shard} in stream {stream.stream_name} under account {stream.account_id} has "
        "already been merged or split, and thus is not eligible for merging or splitting."
    )


@contextlib.contextmanager
def _keeping_records(stream: Any, *shards: str) -> Iterator[None]:
    """Hide the records of shards, so that they stay where they are; readers wait for STREAMS."""
    with STREAMS:
        kept = {name: stream.shards[name].records for name in shards}
        try:
            for name in shards:
                stream.shards[name].records = type(kept[name])()
            yield
        finally:
            for name, records in kept.items():
                stream.shards[name].records = records
