"""A queue's batch, message by message: a bad one blocks no other, and none is lost.

Lambda deletes a batch when its function returns, and redelivers all of it when it raises. A mapping
may be told to read batchItemFailures instead, but Chalice cannot tell it so, and where it is not
told, what failed is deleted unseen. So: when some fail, the rest is deleted here, and then the
function raises. That is right however the mapping is set. After the queue's maxReceiveCount the
message goes to its dead-letter queue.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.clients import client
from chalicelib.logs import logger

LONGEST_WAIT = 60  # seconds


class Poison(Exception):
    """A message that no repetition makes good."""


class BatchFailed(Exception):
    """Some messages of a batch failed; they stay in the queue, the others have gone."""


def each_message(event: dict[str, Any], queue_url: str, handle: Callable[[str], None]) -> None:
    """Hand each message's body over.

    Args:
        handle: raises Poison for what cannot be read; any other exception means to try again.

    Raises:
        BatchFailed: at least one failed.
    """
    done, failed = [], []
    for record in event["Records"]:
        try:
            handle(record["body"])
            done.append(record)
        except Exception as error:  # noqa: BLE001
            # Whatever one message causes must not stop the next.
            poison = isinstance(error, Poison)
            logger.exception("message failed", message_id=record["messageId"], poison=poison)
            failed.append((record, poison))
    if not failed:
        return
    if done:
        _delete(queue_url, done)
    for record, poison in failed:
        _try_again(queue_url, record, at_once=poison)
    raise BatchFailed(f"{len(failed)} of {len(event['Records'])} messages failed")


def _delete(queue_url: str, records: list[dict[str, Any]]) -> None:
    entries = [
        {"Id": str(number), "ReceiptHandle": record["receiptHandle"]}
        for number, record in enumerate(records)
    ]
    client("sqs").delete_message_batch(QueueUrl=queue_url, Entries=entries)


def _try_again(queue_url: str, record: dict[str, Any], at_once: bool) -> None:
    """Make it visible sooner than the queue would: after 2, 4, 8 … seconds; poison at once, for
    it has only its way to the dead letters before it."""
    received = int(record["attributes"]["ApproximateReceiveCount"])
    client("sqs").change_message_visibility(
        QueueUrl=queue_url,
        ReceiptHandle=record["receiptHandle"],
        VisibilityTimeout=0 if at_once else min(2**received, LONGEST_WAIT),
    )
