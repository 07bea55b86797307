"""AWS::SQS::Queue and AWS::SQS::QueuePolicy."""

from __future__ import annotations

import json
from typing import Any

from .protocol import Context, Properties, ResourceType, by_key, tag_changes
from .shapes import JSON, TAGS

_SETTINGS: dict[str, Any] = {  # what a queue is told, with what it goes back to
    "DelaySeconds": 0,
    "MaximumMessageSize": 262_144,
    "MessageRetentionPeriod": 345_600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "VisibilityTimeout": 30,
    "RedrivePolicy": "",
    "RedriveAllowPolicy": "",
    "ContentBasedDeduplication": False,
    "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
    "KmsMasterKeyId": "",
    "KmsDataKeyReusePeriodSeconds": 300,
    "SqsManagedSseEnabled": True,
}
_GONE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


class Queue(ResourceType):
    """See "AWS::SQS::Queue" in AWS's template reference."""

    type = "AWS::SQS::Queue"
    properties = {
        "QueueName": str,
        "FifoQueue": bool,
        "DelaySeconds": int,
        "MaximumMessageSize": int,
        "MessageRetentionPeriod": int,
        "ReceiveMessageWaitTimeSeconds": int,
        "VisibilityTimeout": int,
        "RedrivePolicy": JSON,
        "RedriveAllowPolicy": JSON,
        "ContentBasedDeduplication": bool,
        "DeduplicationScope": str,
        "FifoThroughputLimit": str,
        "KmsMasterKeyId": str,
        "KmsDataKeyReusePeriodSeconds": int,
        "SqsManagedSseEnabled": bool,
        "Tags": TAGS,
    }
    replaces = frozenset({"QueueName", "FifoQueue"})
    attributes = frozenset({"Arn", "QueueName", "QueueUrl"})
    name_property = "QueueName"
    tag_form = "list"
    missing = _GONE

    def create(self, context: Context, properties: Properties) -> str:
        fifo = properties.get("FifoQueue", False)
        name = properties.get("QueueName")
        if name is None:
            name = context.name(75) + ".fifo" if fifo else context.name(80)
        settings = {key: properties[key] for key in _SETTINGS if key in properties}
        url: str = context.client("sqs").create_queue(
            QueueName=name,
            Attributes=_texts({**({"FifoQueue": True} if fifo else {}), **settings}),
            tags=by_key(properties.get("Tags", [])),
        )["QueueUrl"]
        return url

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        sqs = context.client("sqs")
        changed = {
            key: properties.get(key, default)
            for key, default in _SETTINGS.items()
            if properties.get(key) != old.get(key)
        }
        if changed:
            sqs.set_queue_attributes(QueueUrl=physical_id, Attributes=_texts(changed))
        to_set, to_take = tag_changes(properties, old)
        if to_set:
            sqs.tag_queue(QueueUrl=physical_id, Tags=to_set)
        if to_take:
            sqs.untag_queue(QueueUrl=physical_id, TagKeys=to_take)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("sqs").delete_queue(QueueUrl=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        name = physical_id.rpartition("/")[2]
        return {"Arn": context.arn("sqs", name), "QueueName": name, "QueueUrl": physical_id}


class QueuePolicy(ResourceType):
    """See "AWS::SQS::QueuePolicy" in AWS's template reference."""

    type = "AWS::SQS::QueuePolicy"
    properties = {"Queues": [str], "PolicyDocument": JSON}
    required = frozenset({"Queues", "PolicyDocument"})
    attributes = frozenset({"Id"})
    missing = _GONE

    def create(self, context: Context, properties: Properties) -> str:
        physical_id = context.name(80)
        context.exists(physical_id)
        _set_policy(context, properties["Queues"], json.dumps(properties["PolicyDocument"]))
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        _set_policy(context, properties["Queues"], json.dumps(properties["PolicyDocument"]))
        _set_policy(context, [url for url in old["Queues"] if url not in properties["Queues"]], "")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        _set_policy(context, properties["Queues"], "")

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Id": physical_id}


def _set_policy(context: Context, urls: list[str], policy: str) -> None:
    for url in urls:
        context.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _texts(settings: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in settings.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)
