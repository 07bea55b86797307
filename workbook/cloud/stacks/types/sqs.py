"""AWS::SQS::Queue; what may be done with it is QueuePolicy's, in policies.py."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from ..errors import AlreadyExists
from .protocol import Context, ResourceType
from .schema import Properties, Schema, by_key, tag_changes
from .shapes import JSON, TAGS

_SETTINGS: dict[str, Any] = {  # what a queue is told, with what it goes back to
    "DelaySeconds": 0,
    "MaximumMessageSize": 262_144,
    "MessageRetentionPeriod": 345_600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "VisibilityTimeout": 30,
    "RedrivePolicy": "",
    "ContentBasedDeduplication": False,
    "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
    "KmsMasterKeyId": "",
    "KmsDataKeyReusePeriodSeconds": 300,
    "SqsManagedSseEnabled": True,
}
_GONE = "AWS.SimpleQueueService.NonExistentQueue"


class Queue(ResourceType):
    """See "AWS::SQS::Queue" in AWS's template reference."""

    schema = Schema(
        type="AWS::SQS::Queue",
        properties={
            "QueueName": str,
            "FifoQueue": bool,
            "DelaySeconds": int,
            "MaximumMessageSize": int,
            "MessageRetentionPeriod": int,
            "ReceiveMessageWaitTimeSeconds": int,
            "VisibilityTimeout": int,
            "RedrivePolicy": JSON,
            "ContentBasedDeduplication": bool,
            "DeduplicationScope": str,
            "FifoThroughputLimit": str,
            "KmsMasterKeyId": str,
            "KmsDataKeyReusePeriodSeconds": int,
            "SqsManagedSseEnabled": bool,
            "Tags": TAGS,
        },
        replaces={"QueueName", "FifoQueue"},
        attributes={"Arn", "QueueName", "QueueUrl"},
        name_property="QueueName",
        tag_form="list",
        missing={_GONE},
    )

    def create(self, context: Context, properties: Properties) -> str:
        fifo = properties.get("FifoQueue", False)
        name = properties.get("QueueName")
        if name is None:
            name = context.name(75) + ".fifo" if fifo else context.name(80)
        self._check_free(context, name)
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

    def _check_free(self, context: Context, name: str) -> None:
        # CreateQueue gives whoever asks the queue that is there.
        try:
            context.client("sqs").get_queue_url(QueueName=name)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _GONE:
                raise
            return
        raise AlreadyExists(self.schema.type, name)


def _texts(settings: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in settings.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)
