"""S3's event notifications: from a change to an object to the messages its bucket has asked for.

A bucket names functions, queues and topics, each for some events and for keys with some prefix
and suffix; or it sends everything to EventBridge. The records follow "Event message structure"
(version 2.1) and "EventBridge event message structure" in the S3 user guide.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from workbook.cloud.traces.causes import onward

from .activity import Activity
from .clock import Clock, iso_milliseconds, iso_seconds
from .outbox import Outbox
from .s3_configuration import Notifications, Rule
from .targets import Message, Targets, target_service

# Event name -> how EventBridge puts it: detail-type, reason, deletion-type.
IN_EVENTBRIDGE = {
    "ObjectCreated:Put": ("Object Created", "PutObject", None),
    "ObjectCreated:Post": ("Object Created", "POST Object", None),
    "ObjectCreated:Copy": ("Object Created", "CopyObject", None),
    "ObjectCreated:CompleteMultipartUpload": ("Object Created", "CompleteMultipartUpload", None),
    "ObjectRemoved:Delete": ("Object Deleted", "DeleteObject", "Permanently Deleted"),
    "ObjectRemoved:DeleteMarkerCreated": (
        "Object Deleted",
        "DeleteObject",
        "Delete Marker Created",
    ),
    "ObjectTagging:Put": ("Object Tags Added", None, None),
    "ObjectTagging:Delete": ("Object Tags Deleted", None, None),
    "ObjectAcl:Put": ("Object ACL Updated", None, None),
}
# "It uses version 2.3 for … object ACL, object tagging": page "Event message structure".
_VERSIONS = {"ObjectTagging": "2.3", "ObjectAcl": "2.3"}
_SEQUENCED = ("ObjectCreated", "ObjectRemoved")


@dataclass(frozen=True)
class ObjectChange:
    """One thing that happened to one object.

    Args:
        event: a key of IN_EVENTBRIDGE, without the prefix `s3:`.
        key: as the caller wrote it, not URL-encoded.
        etag: with or without quotes; None, for a deletion.
        size: None for all that creates nothing.
        version_id: only in buckets with versions.
        moment: seconds since the epoch.
    """

    event: str
    bucket: str
    key: str
    region: str
    account: str
    moment: float
    size: int | None = None
    etag: str | None = None
    version_id: str | None = None
    request_id: str = "C3D13FE58DE4C810"
    source_ip: str = "127.0.0.1"
    principal_id: str = "AWS:AIDAEXAMPLE"

    @property
    def family(self) -> str:
        """ObjectCreated, ObjectRemoved, ObjectTagging or ObjectAcl."""
        return self.event.partition(":")[0]


class Notifier:
    """Sends what a bucket's configuration asks for; its methods return at once."""

    def __init__(self, *, targets: Targets, clock: Clock, activity: Activity) -> None:
        self._targets = targets
        self._clock = clock
        self._outbox = Outbox("s3", clock=clock, activity=activity)
        self._sequencers = _Sequencers()

    def notify(self, change: ObjectChange, configuration: Notifications) -> None:
        """Tell every target that asked for this change of this key."""
        sequencer = self._sequencers.next(change.moment)
        for rule in configuration.matching(change.event, change.key):
            body = json.dumps({"Records": [record(change, rule.id, sequencer)]})
            self._send(rule, change.bucket, body)
        if configuration.event_bridge:
            bus = f"arn:aws:events:{change.region}:{change.account}:event-bus/default"
            event = eventbridge_event(change, sequencer)
            with onward("s3", change.bucket, bus, carries=False):
                self._outbox.put(lambda: self._put_event(bus, event))

    def send_test_events(self, bucket: str, configuration: Notifications) -> None:
        """What S3 sends to each queue and topic when a configuration is put."""
        body = json.dumps(test_event(bucket, self._clock.now()))
        for rule in configuration.rules:
            if target_service(rule.arn) != "lambda":
                self._send(rule, bucket, body)

    def in_flight(self) -> int:
        """Messages not yet handed to their target."""
        return self._outbox.in_flight()

    def close(self) -> None:
        """Drop what waits and end the threads."""
        self._outbox.close()

    def _send(self, rule: Rule, bucket: str, body: str) -> None:
        subject = "Amazon S3 Notification" if target_service(rule.arn) == "sns" else None
        message = Message(body, subject=subject)
        with onward("s3", bucket, rule.arn):
            self._outbox.put(lambda: self._targets.deliver(rule.arn, message))

    def _put_event(self, bus: str, event: dict[str, Any]) -> None:
        self._targets.put_event(bus, event)


def record(change: ObjectChange, configuration_id: str, sequencer: str) -> dict[str, Any]:
    """One entry of Records."""
    optional = {
        "size": change.size,
        "eTag": _bare(change.etag),
        "versionId": change.version_id,
        "sequencer": sequencer if change.family in _SEQUENCED else None,
    }
    return {
        "eventVersion": _VERSIONS.get(change.family, "2.1"),
        "eventSource": "aws:s3",
        "awsRegion": change.region,
        "eventTime": iso_milliseconds(change.moment),
        "eventName": change.event,
        "userIdentity": {"principalId": change.principal_id},
        "requestParameters": {"sourceIPAddress": change.source_ip},
        "responseElements": {
            "x-amz-request-id": change.request_id,
            "x-amz-id-2": f"{change.request_id}/{sequencer}",
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration_id,
            "bucket": {
                "name": change.bucket,
                "ownerIdentity": {"principalId": change.account},
                "arn": f"arn:aws:s3:::{change.bucket}",
            },
            "object": {
                "key": quote_plus(change.key, safe="/"),
                **_present(optional),
            },
        },
    }


def eventbridge_event(change: ObjectChange, sequencer: str) -> dict[str, Any]:
    """The event that a bucket with EventBridge switched on puts on the default bus."""
    detail_type, reason, deletion_type = IN_EVENTBRIDGE[change.event]
    optional = {
        "size": change.size,
        "etag": _bare(change.etag),
        "version-id": change.version_id,
        "sequencer": sequencer if change.family in _SEQUENCED else None,
    }
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": "aws.s3",
        "account": change.account,
        "time": iso_seconds(change.moment),
        "region": change.region,
        "resources": [f"arn:aws:s3:::{change.bucket}"],
        "detail": {
            "version": "0",
            "bucket": {"name": change.bucket},
            "object": {"key": change.key, **_present(optional)},
            "request-id": change.request_id,
            "requester": change.account,
            "source-ip-address": change.source_ip,
            **_present({"reason": reason, "deletion-type": deletion_type}),
        },
    }


def test_event(bucket: str, moment: float) -> dict[str, Any]:
    """The message by which S3 tries out a new queue or topic."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": iso_milliseconds(moment),
        "Bucket": bucket,
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
    }


class _Sequencers:
    """Hexadecimal, of one length, and each greater than the one before, as strings too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self, moment: float) -> str:
        with self._lock:
            self._last = max(self._last + 1, int(moment * 1_000_000))
            return f"{self._last:018X}"


def _bare(etag: str | None) -> str | None:
    return None if etag is None else etag.strip('"')


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
