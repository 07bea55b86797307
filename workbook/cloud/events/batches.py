"""What a function's answer to a batch means: which of its records were processed.

With ReportBatchItemFailures a function may name the records that failed; a malformed answer
fails the whole batch. "Reporting batch item failures" in AWS's Lambda guide has the rules, which
are the same for queues and streams. What then happens to the failed ones differs: see sqs.py and
streams.py.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workbook.cloud.traces.causes import handling

from .asynchronous import Invoke, Outcome
from .bell import Bell

logger = logging.getLogger(__name__)

Throttled = type[Exception] | tuple[type[Exception], ...]

LONGEST_BACKOFF = 60.0


def failed_identifiers(payload: bytes, identifiers: Iterable[str]) -> set[str]:
    """The identifiers that a function reported as failed; all of them for a malformed answer.

    An empty or null answer, and an empty or null `batchItemFailures`, mean that nothing failed.
    """
    known = set(identifiers)
    try:
        answer = json.loads(payload) if payload else None
    except ValueError:
        return known
    if answer is None:
        return set()
    if not isinstance(answer, dict):
        return known
    failures = answer.get("batchItemFailures") or []
    if not isinstance(failures, list):
        return known
    reported = {_identifier(failure) for failure in failures}
    return reported if reported.issubset(known) else known


def invoke_patiently(
    invoke: Invoke,
    throttled: Throttled,
    bell: Bell,
    arn: str,
    records: list[dict[str, Any]],
    patience: float,
) -> Outcome | None:
    """Invoke with a batch; while throttled, back off and try again for `patience` seconds.

    Returns:
        None when it stayed throttled, could not be run at all, or the poller was closed.
    """
    payload, waited, delay = json.dumps({"Records": records}).encode(), 0.0, 1.0
    while True:
        try:
            with handling(records):
                return invoke(arn, payload)
        except throttled:
            if waited + delay > patience or not bell.pause(delay):
                return None
        except Exception:  # a function that is gone or cannot start fails its batch, no more
            logger.exception("The function %s could not be invoked", arn)
            return None
        waited += delay
        delay = min(delay * 2, LONGEST_BACKOFF)


def split_by_size(
    records: Sequence[dict[str, Any]], limit: int, size: Callable[[dict[str, Any]], int]
) -> list[list[dict[str, Any]]]:
    """The records in order, in as few batches as keep each within `limit` bytes."""
    batches: list[list[dict[str, Any]]] = []
    room = 0
    for one in records:
        needed = size(one)
        if not batches or needed > room:
            batches.append([])
            room = limit
        batches[-1].append(one)
        room -= needed
    return batches


def _identifier(failure: Any) -> str:
    identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return identifier if isinstance(identifier, str) else ""
