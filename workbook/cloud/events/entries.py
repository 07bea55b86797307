"""PutEvents: which entries EventBridge takes, and the event that it makes of each.

Follows the API reference of PutEvents and "EventBridge event structure". Matching events with
rules, and delivering them, is bridge.py's job.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .clock import iso_seconds

MOST_ENTRIES = 10
MOST_BYTES = 1_048_576  # 256 KB before 2026
REQUIRED = ("Source", "DetailType", "Detail")

Event = dict[str, Any]


class InvalidEntries(Exception):
    """AWS's ValidationException for a whole request; the message is AWS's."""


@dataclass(frozen=True)
class Accepted:
    """An entry that became an event."""

    bus: str
    event: Event

    def answer(self) -> dict[str, str]:
        """Its part of the response's Entries."""
        return {"EventId": self.event["id"]}


@dataclass(frozen=True)
class Refused:
    """An entry that did not."""

    code: str
    message: str

    def answer(self) -> dict[str, str]:
        """Its part of the response's Entries."""
        return {"ErrorCode": self.code, "ErrorMessage": self.message}


def read_entries(
    entries: Sequence[Mapping[str, Any]], *, account: str, region: str, now: float
) -> list[Accepted | Refused]:
    """What becomes of each entry of a request, in its order.

    Raises:
        InvalidEntries: AWS would refuse the request as a whole.
    """
    if not 1 <= len(entries) <= MOST_ENTRIES:
        bound = "greater than or equal to 1" if not entries else "less than or equal to 10"
        raise InvalidEntries(
            "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to "
            f"satisfy constraint: Member must have length {bound}"
        )
    if sum(_size(entry) for entry in entries) > MOST_BYTES:
        raise InvalidEntries("Total size of the entries in the request is over the limit.")
    return [_read(entry, account, region, now) for entry in entries]


def event(
    *,
    source: str,
    detail_type: str,
    detail: Any,
    account: str,
    region: str,
    moment: float,
    resources: Sequence[str] = (),
) -> Event:
    """An event in EventBridge's shape, with an id of its own."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": iso_seconds(moment),
        "region": region,
        "resources": list(resources),
        "detail": detail,
    }


def scheduled_event(rule_arn: str, moment: float) -> Event:
    """What a rule on a schedule sends."""
    _, _, _, region, account, _ = rule_arn.split(":", 5)
    return event(
        source="aws.events",
        detail_type="Scheduled Event",
        detail={},
        account=account,
        region=region,
        moment=moment,
        resources=[rule_arn],
    )


def _read(entry: Mapping[str, Any], account: str, region: str, now: float) -> Accepted | Refused:
    for name in REQUIRED:
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return Refused("InvalidArgument", reason)
    if entry["Source"].startswith("aws."):
        return Refused("NotAuthorizedForSourceException", "Not authorized for the source.")
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        return Refused("MalformedDetail", "Detail is malformed.")
    made = event(
        source=entry["Source"],
        detail_type=entry["DetailType"],
        detail=detail,
        account=account,
        region=region,
        moment=_moment(entry.get("Time"), now),
        resources=entry.get("Resources") or (),
    )
    return Accepted(entry.get("EventBusName") or "default", made)


def _moment(time: Any, now: float) -> float:
    if time is None:
        return now
    return time.timestamp() if isinstance(time, datetime) else float(time)


def _size(entry: Mapping[str, Any]) -> int:
    """As "Calculating PutEvents event entry size" has it."""
    size = 14 if entry.get("Time") is not None else 0
    texts = [entry.get(name) or "" for name in REQUIRED] + list(entry.get("Resources") or ())
    return size + sum(len(text.encode()) for text in texts)
