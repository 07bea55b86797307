"""Policies that hang on other resources: on queues, topics and buckets.

Such a resource has no life of its own in AWS; its physical id is a name made up here, save for a
bucket's, which is the bucket's own.
"""

from __future__ import annotations

import json
from abc import abstractmethod

from .protocol import Context, ResourceType
from .schema import Properties, Schema
from .shapes import JSON


class _Attached(ResourceType):
    """A policy set on each of a list of resources."""

    holders: str  # the property that lists them

    @abstractmethod
    def attach(self, context: Context, holder: str, policy: str) -> None:
        """Set the policy, or with "" what the holder has when it is given none."""

    def create(self, context: Context, properties: Properties) -> str:
        physical_id = context.name(80)
        context.exists(physical_id)
        self._attach_all(context, properties)
        return physical_id

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        self._attach_all(context, properties)
        for holder in old[self.holders]:
            if holder not in properties[self.holders]:
                self.attach(context, holder, "")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        for holder in properties[self.holders]:
            self.attach(context, holder, "")

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {"Id": physical_id}

    def _attach_all(self, context: Context, properties: Properties) -> None:
        for holder in properties[self.holders]:
            self.attach(context, holder, json.dumps(properties["PolicyDocument"]))


class QueuePolicy(_Attached):
    """See "AWS::SQS::QueuePolicy" in AWS's template reference."""

    schema = Schema(
        type="AWS::SQS::QueuePolicy",
        properties={"Queues": [str], "PolicyDocument": JSON},
        required={"Queues", "PolicyDocument"},
        attributes={"Id"},
        missing={"AWS.SimpleQueueService.NonExistentQueue"},
    )
    holders = "Queues"

    def attach(self, context: Context, holder: str, policy: str) -> None:
        context.client("sqs").set_queue_attributes(QueueUrl=holder, Attributes={"Policy": policy})


class TopicPolicy(_Attached):
    """See "AWS::SNS::TopicPolicy" in AWS's template reference."""

    schema = Schema(
        type="AWS::SNS::TopicPolicy",
        properties={"Topics": [str], "PolicyDocument": JSON},
        required={"Topics", "PolicyDocument"},
        attributes={"Id"},
        missing={"NotFound"},
    )
    holders = "Topics"

    def attach(self, context: Context, holder: str, policy: str) -> None:
        context.client("sns").set_topic_attributes(
            TopicArn=holder,
            AttributeName="Policy",
            AttributeValue=policy or _default_topic_policy(holder, context.account),
        )


class BucketPolicy(ResourceType):
    """See "AWS::S3::BucketPolicy" in AWS's template reference."""

    schema = Schema(
        type="AWS::S3::BucketPolicy",
        properties={"Bucket": str, "PolicyDocument": JSON},
        required={"Bucket", "PolicyDocument"},
        replaces={"Bucket"},
        missing={"NoSuchBucket", "NoSuchBucketPolicy"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        bucket: str = properties["Bucket"]
        context.client("s3").put_bucket_policy(
            Bucket=bucket, Policy=json.dumps(properties["PolicyDocument"])
        )
        return bucket

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        self.create(context, properties)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("s3").delete_bucket_policy(Bucket=physical_id)


def _default_topic_policy(arn: str, account: str) -> str:
    """What SNS gives a topic that is made without a policy."""
    actions = (
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return json.dumps(
        {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    )
