"""Queues."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, as_json
from .given import ARN, OTHER_TAGS, TAGGED, TAGS

QUEUE = "AWS::SQS::Queue"

FIFO = {"FifoQueue": True}
DEAD = {"Dead": {"Type": QUEUE, "Properties": {"QueueName": "dead"}}}
DEAD_ARN = ARN.format("sqs", "dead")
OTHER = {"Other": {"Type": QUEUE, "Properties": {"QueueName": "other"}}}


def queue(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        found = aws("sqs").get_queue_attributes(QueueUrl=it, AttributeNames=["All"])["Attributes"]
        return found.get(name)

    return look


CASES = [
    Case(
        QUEUE,
        "QueueName",
        "orders",
        "sales",
        lambda aws, it: it.rpartition("/")[2],
    ),
    Case(QUEUE, "FifoQueue", True, None, queue("FifoQueue"), ("true", None)),
    Case(QUEUE, "DelaySeconds", 5, None, queue("DelaySeconds"), ("5", "0")),
    Case(QUEUE, "MaximumMessageSize", 2048, "4096", queue("MaximumMessageSize"), ("2048", "4096")),
    Case(
        QUEUE, "MessageRetentionPeriod", 60, None, queue("MessageRetentionPeriod"), ("60", "345600")
    ),
    Case(
        QUEUE,
        "ReceiveMessageWaitTimeSeconds",
        20,
        None,
        queue("ReceiveMessageWaitTimeSeconds"),
        ("20", "0"),
    ),
    Case(QUEUE, "VisibilityTimeout", 60, 0, queue("VisibilityTimeout"), ("60", "0")),
    Case(
        QUEUE,
        "RedrivePolicy",
        {"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 3},
        {"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 5},
        as_json(queue("RedrivePolicy")),
        beside=DEAD,
    ),
    Case(
        QUEUE,
        "ContentBasedDeduplication",
        True,
        None,
        queue("ContentBasedDeduplication"),
        ("true", "false"),
        FIFO,
    ),
    Case(
        QUEUE,
        "DeduplicationScope",
        "messageGroup",
        None,
        queue("DeduplicationScope"),
        ("messageGroup", "queue"),
        FIFO,
    ),
    Case(
        QUEUE,
        "FifoThroughputLimit",
        "perMessageGroupId",
        None,
        queue("FifoThroughputLimit"),
        ("perMessageGroupId", "perQueue"),
        {**FIFO, "DeduplicationScope": "messageGroup"},
    ),
    Case(QUEUE, "KmsMasterKeyId", "alias/one", "alias/two", queue("KmsMasterKeyId")),
    Case(
        QUEUE,
        "KmsDataKeyReusePeriodSeconds",
        60,
        None,
        queue("KmsDataKeyReusePeriodSeconds"),
        ("60", "300"),
        {"KmsMasterKeyId": "alias/one"},
    ),
    Case(
        QUEUE, "SqsManagedSseEnabled", False, True, queue("SqsManagedSseEnabled"), ("false", "true")
    ),
    Case(
        QUEUE,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(aws("sqs").list_queue_tags(QueueUrl=it).get("Tags")),
        TAGGED,
    ),
]
