"""A bucket's notification configuration: who is told of which events, for which keys.

Read from the dictionary that PutBucketNotificationConfiguration takes and
GetBucketNotificationConfiguration answers (boto3's spelling). What AWS would refuse is refused
here in AWS's words. Sending is s3.py's job.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

TARGET_KINDS = (
    ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueArn"),
    ("TopicConfigurations", "TopicArn"),
)
EMULATED = (
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectTagging:*",
    "s3:ObjectTagging:Put",
    "s3:ObjectTagging:Delete",
    "s3:ObjectAcl:Put",
)
KNOWN_FAMILIES = (
    "s3:ReducedRedundancyLostObject",
    "s3:ObjectRestore:",
    "s3:Replication:",
    "s3:LifecycleTransition",
    "s3:LifecycleExpiration:",
    "s3:IntelligentTiering",
    "s3:ObjectAcl:",
    "s3:ObjectTagging:",
)


class InvalidNotification(Exception):
    """S3's 400 InvalidArgument; the message is AWS's."""


@dataclass(frozen=True)
class Rule:
    """One target and what it wants to hear of. `events` are as configured, `s3:` included."""

    id: str
    arn: str
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""

    def wants(self, event: str, key: str) -> bool:
        """Whether the target is told of this event (without `s3:`) for this key."""
        family = event.partition(":")[0]
        named = f"s3:{event}" in self.events or f"s3:{family}:*" in self.events
        return named and key.startswith(self.prefix) and key.endswith(self.suffix)


@dataclass(frozen=True)
class Notifications:
    """A bucket's whole configuration."""

    rules: tuple[Rule, ...] = ()
    event_bridge: bool = False

    @classmethod
    def parse(cls, configuration: Mapping[str, Any]) -> Notifications:
        """The configuration in boto3's spelling, checked.

        Raises:
            InvalidNotification: AWS refuses it.
            NotEmulated: it names an event that nothing here would ever cause.
        """
        rules = tuple(_rules(configuration))
        _refuse_ambiguous(rules)
        return cls(rules, "EventBridgeConfiguration" in configuration)

    def matching(self, event: str, key: str) -> Iterator[Rule]:
        """The rules that want this event for this key."""
        return (rule for rule in self.rules if rule.wants(event, key))


def _rules(configuration: Mapping[str, Any]) -> Iterator[Rule]:
    for kind, arn_field in TARGET_KINDS:
        for entry in configuration.get(kind, ()):
            prefix, suffix = _filters(entry)
            events = tuple(entry["Events"])
            for event in events:
                _check_event(event)
            identity = entry.get("Id") or str(uuid.uuid4())
            yield Rule(identity, entry[arn_field], events, prefix, suffix)


def _filters(entry: Mapping[str, Any]) -> tuple[str, str]:
    found = {"prefix": "", "suffix": ""}
    seen: set[str] = set()
    for rule in entry.get("Filter", {}).get("Key", {}).get("FilterRules", ()):
        name = rule["Name"].lower()  # S3 takes Prefix and prefix, and answers with Prefix
        if name not in found:
            raise InvalidNotification("filter rule name must be either prefix or suffix")
        if name in seen:
            raise InvalidNotification(f"Cannot specify more than one {name} rule in a filter.")
        seen.add(name)
        found[name] = rule["Value"]
    return found["prefix"], found["suffix"]


def _check_event(event: str) -> None:
    if event in EMULATED:
        return
    if event.startswith(KNOWN_FAMILIES):
        raise NotEmulated(Missing.S3_EVENTS, event)
    raise InvalidNotification("A specified event is not supported for notifications.")


def _refuse_ambiguous(rules: tuple[Rule, ...]) -> None:
    for number, one in enumerate(rules):
        for other in rules[number + 1 :]:
            if _share_an_event(one, other) and _share_a_key(one, other):
                raise InvalidNotification(
                    "Configuration is ambiguously defined. Cannot have overlapping suffixes in "
                    "two rules if the prefixes are overlapping for the same event type."
                )


def _share_an_event(one: Rule, other: Rule) -> bool:
    return any(_overlap(a, b) for a in one.events for b in other.events)


def _overlap(a: str, b: str) -> bool:
    if a.endswith("*") or b.endswith("*"):
        return a.rpartition(":")[0] == b.rpartition(":")[0]
    return a == b


def _share_a_key(one: Rule, other: Rule) -> bool:
    prefixes = one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
    suffixes = one.suffix.endswith(other.suffix) or other.suffix.endswith(one.suffix)
    return prefixes and suffixes
