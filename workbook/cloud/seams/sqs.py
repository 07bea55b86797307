"""SQS: queues for many threads, FIFO queues that know a copy, and pollers that hear of news.

A poller reads a queue through sources.py, by the same functions as a call from outside.
"""

from __future__ import annotations

import itertools
import threading
import time
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.sqs.models",
    "Queue.add_message",
    "self message",
    rests_on="if diff / 1000 < DEDUPLICATION_TIME_IN_SECONDS:",
    replaces=(
        "tells nobody outside moto that a message has come, and forgets a FIFO queue's messages "
        "once they are deleted, so that a copy is taken for new"
    ),
)
def _tell_of_messages(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def add_message(self: Any, message: Any) -> None:
        with QUEUES:
            hooks.message_comes(self.queue_arn, message)
            if not self.fifo_queue:
                original(self, message)
            elif (first := _sent_lately(self, message, hooks.now())) is None:
                message.sequence_number = str(next(_SEQUENCE))
                with self._messages_lock:
                    self._messages.append(message)
                    self._messages_lock.notify_all()
            else:  # SendMessage answers with the id and the number of the one that was taken
                hooks.message_dropped(message)
                message.id, message.sequence_number = first.id, first.sequence_number
        hooks.queue_changed(self.queue_arn)

    return add_message


@SEAMS.at(
    "moto.sqs.models",
    "Queue._set_attributes",
    "self attributes now",
    rests_on="self.last_modified_timestamp = now",
    replaces="tells fractions of seconds, which int() of an attribute does not take",
)
def _count_whole_seconds(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def _set_attributes(self: Any, attributes: dict[str, Any], now: Any = None) -> None:
        original(self, attributes, now)
        self.created_timestamp = int(self.created_timestamp)
        self.last_modified_timestamp = int(self.last_modified_timestamp)

    return _set_attributes


_SEQUENCE = itertools.count(18_850_000_000_000_000_000)  # moto's numbers are random
DEDUPLICATION_SECONDS = 300.0


def _sent_lately(queue: Any, message: Any, now: float) -> Any:
    """The same message as a FIFO queue took it before; it knows it for five minutes."""
    if message.approximate_receive_count:  # moved here, from the queue whose dead letters these are
        return None
    sent: dict[Any, tuple[float, Any]] = vars(queue).setdefault("_sent_lately", {})
    for key in [each for each, (until, _) in sent.items() if until <= now]:
        del sent[key]
    grouped = queue.deduplication_scope == "messageGroup"
    key = (message.group_id if grouped else None, message.deduplication_id)
    if key in sent:
        return sent[key][1]
    sent[key] = (now + DEDUPLICATION_SECONDS, message)
    return None


# moto's queues are lists that requests and pollers change from their own threads: a message that
# is added while another is deleted would be lost. One lock for all, since dead letters change two.
QUEUES = threading.RLock()


@SEAMS.at(
    "moto.sqs.models",
    "Queue.delete_message",
    "self receipt_handle",
    rests_on="self._messages = new_messages",
    replaces="forgets a message that is added meanwhile",
)
def _delete_one_at_a_time(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_message(self: Any, receipt_handle: str) -> None:
        with QUEUES:
            original(self, receipt_handle)

    return delete_message


@SEAMS.at(
    "moto.sqs.models",
    "SQSBackend.receive_message",
    "self queue_name count wait_seconds_timeout visibility_timeout message_attribute_names",
    rests_on="queue._messages.remove(message)",
    replaces="hands a message to two who ask at the same time, and moves dead letters twice",
)
def _receive_one_at_a_time(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def receive_message(
        self: Any,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> Any:
        until = time.monotonic() + wait_seconds_timeout
        while True:
            with QUEUES:
                _free_groups(self.get_queue(queue_name))
                found = original(
                    self, queue_name, count, 0, visibility_timeout, message_attribute_names
                )
            if found or time.monotonic() >= until:
                return found
            self.get_queue(queue_name).wait_for_messages(until - time.monotonic())

    return receive_message


def _free_groups(queue: Any) -> None:
    """What is visible again holds nobody up; else moto would skip it and hand out the next."""
    if not queue.fifo_queue:
        return
    returned = [message for message in queue.pending_messages if message.visible]
    queue.pending_messages.difference_update(returned)


@SEAMS.at(
    "moto.sqs.models",
    "SQSBackend.is_message_valid_based_on_retention_period",
    "self queue_name message",
    rests_on="self.get_queue_attributes(",
    replaces="counts all messages of a queue three times for each one that is received",
)
def _look_at_the_message_alone(original: Replacement, hooks: Hooks) -> Replacement:
    def is_message_valid_based_on_retention_period(
        self: Any, queue_name: str, message: Any
    ) -> bool:
        retention = float(self.get_queue(queue_name).message_retention_period)
        return bool(message.sent_timestamp > (time.time() - retention) * 1000)

    return is_message_valid_based_on_retention_period
