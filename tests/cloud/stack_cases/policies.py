"""Policies of queues, topics and buckets."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Clients, as_json
from .given import OTHER_POLICY, POLICY
from .s3 import OTHERS, PHOTOS, bucket
from .sns import NEWS, NEWS_ARN, SALES, SALES_ARN, topic
from .sqs import DEAD, OTHER, queue

QUEUE_POLICY = "AWS::SQS::QueuePolicy"
TOPIC_POLICY = "AWS::SNS::TopicPolicy"

BUCKET_POLICY = "AWS::S3::BucketPolicy"


def policies_of_queues(aws: Clients, it: str) -> Any:
    sqs = aws("sqs")
    urls = [sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in ("dead", "other")]
    return [as_json(queue("Policy"))(aws, url) for url in urls]


def actions_on_topics(aws: Clients, it: str) -> Any:
    policies = [json.loads(topic("Policy")(aws, arn)) for arn in (SALES_ARN, NEWS_ARN)]
    return [policy["Statement"][0]["Action"] == "sqs:SendMessage" for policy in policies]


CASES = [
    Case(
        BUCKET_POLICY,
        "Bucket",
        {"Ref": "Photos"},
        {"Ref": "Others"},
        lambda aws, it: [
            bucket("bucket_policy", "Policy")(aws, name) is not None
            for name in ("photos", "others")
        ],
        ([True, False], [False, True]),
        {"PolicyDocument": POLICY},
        {**PHOTOS, **OTHERS},
    ),
    Case(
        BUCKET_POLICY,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        as_json(bucket("bucket_policy", "Policy")),
        base={"Bucket": {"Ref": "Photos"}},
        beside=PHOTOS,
    ),
    Case(
        QUEUE_POLICY,
        "Queues",
        [{"Ref": "Dead"}],
        [{"Ref": "Other"}],
        policies_of_queues,
        ([POLICY, None], [None, POLICY]),
        {"PolicyDocument": POLICY},
        {**DEAD, **OTHER},
    ),
    Case(
        QUEUE_POLICY,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        policies_of_queues,
        ([POLICY, None], [OTHER_POLICY, None]),
        {"Queues": [{"Ref": "Dead"}]},
        {**DEAD, **OTHER},
    ),
    Case(
        TOPIC_POLICY,
        "Topics",
        [{"Ref": "Sales"}],
        [{"Ref": "News"}],
        actions_on_topics,
        ([True, False], [False, True]),
        {"PolicyDocument": POLICY},
        {**SALES, **NEWS},
    ),
    Case(
        TOPIC_POLICY,
        "PolicyDocument",
        POLICY,
        OTHER_POLICY,
        actions_on_topics,
        ([True, False], [False, False]),
        {"Topics": [{"Ref": "Sales"}]},
        {**SALES, **NEWS},
    ),
]
