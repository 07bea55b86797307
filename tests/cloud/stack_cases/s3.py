"""Buckets."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look, Tags, physical
from .given import ARN, OTHER_TAGS, TAGGED, TAGS
from .sns import SALES_ARN, WITH_TOPIC
from .sqs import DEAD_ARN

BUCKET = "AWS::S3::Bucket"

PHOTOS = {"Photos": {"Type": BUCKET, "Properties": {"BucketName": "photos"}}}
OTHERS = {"Others": {"Type": BUCKET, "Properties": {"BucketName": "others"}}}
QUEUE_CONFIGURATION = {"Event": "s3:ObjectCreated:*", "Queue": DEAD_ARN}


def bucket(call: str, *path: Any) -> Look:
    """What one of S3's GetBucket… calls says; None where S3 says that there is none."""

    def look(aws: Clients, it: str) -> Any:
        try:
            found = getattr(aws("s3"), f"get_{call}")(Bucket=it)
        except aws("s3").exceptions.ClientError:
            return None
        for step in path:
            found = found.get(step) if isinstance(found, dict) else found[step]
            if found is None:
                return None
        return found

    return look


def notified(aws: Clients, it: str) -> Any:
    found = aws("s3").get_bucket_notification_configuration(Bucket=it)
    shown = {}
    for name in ("QueueConfigurations", "TopicConfigurations", "LambdaFunctionConfigurations"):
        for each in found.get(name, []):
            [target] = [value for key, value in each.items() if key.endswith("Arn")]
            rules = each.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            shown[name] = (target, each["Events"], [rule["Value"] for rule in rules])
    return shown


def encrypted(aws: Clients, it: str) -> Any:
    found = bucket(
        "bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "Rules",
        0,
        "ApplyServerSideEncryptionByDefault",
    )(aws, it)
    return (found or {}).get("SSEAlgorithm")


CASES = [
    Case(BUCKET, "BucketName", "a-bucket", "b-bucket", physical),
    Case(
        BUCKET,
        "VersioningConfiguration",
        {"Status": "Enabled"},
        None,
        bucket("bucket_versioning", "Status"),
        ("Enabled", "Suspended"),
    ),
    Case(
        BUCKET,
        "NotificationConfiguration",
        {
            "QueueConfigurations": [
                {
                    **QUEUE_CONFIGURATION,
                    "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".png"}]}},
                }
            ],
            "TopicConfigurations": [{"Event": "s3:ObjectRemoved:*", "Topic": SALES_ARN}],
            "LambdaConfigurations": [
                {"Event": "s3:ObjectCreated:Put", "Function": ARN.format("lambda", "function:x")}
            ],
        },
        {"TopicConfigurations": [{"Event": "s3:ObjectCreated:*", "Topic": SALES_ARN}]},
        notified,
        (
            {
                "QueueConfigurations": (DEAD_ARN, ["s3:ObjectCreated:*"], [".png"]),
                "TopicConfigurations": (SALES_ARN, ["s3:ObjectRemoved:*"], []),
                "LambdaFunctionConfigurations": (
                    ARN.format("lambda", "function:x"),
                    ["s3:ObjectCreated:Put"],
                    [],
                ),
            },
            {"TopicConfigurations": (SALES_ARN, ["s3:ObjectCreated:*"], [])},
        ),
        beside=WITH_TOPIC,
    ),
    Case(
        BUCKET,
        "CorsConfiguration",
        {
            "CorsRules": [
                {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 60, "Id": "all"}
            ]
        },
        None,
        bucket("bucket_cors", "CORSRules", 0, "MaxAgeSeconds"),
        (60, None),
    ),
    Case(
        BUCKET,
        "LifecycleConfiguration",
        {
            "Rules": [
                {
                    "Id": "tidy",
                    "Status": "Enabled",
                    "Prefix": "old/",
                    "ExpirationInDays": 7,
                    "TagFilters": [{"Key": "keep", "Value": "no"}],
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 3}],
                }
            ]
        },
        None,
        bucket("bucket_lifecycle_configuration", "Rules", 0, "Expiration", "Days"),
        (7, None),
    ),
    Case(
        BUCKET,
        "PublicAccessBlockConfiguration",
        {"BlockPublicAcls": True, "RestrictPublicBuckets": True},
        None,
        bucket("public_access_block", "PublicAccessBlockConfiguration", "BlockPublicAcls"),
        (True, None),
    ),
    Case(
        BUCKET,
        "BucketEncryption",
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
            ]
        },
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
        encrypted,
        ("aws:kms", "AES256"),
    ),
    Case(
        BUCKET,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(bucket("bucket_tagging", "TagSet")(aws, it)),
        TAGGED,
    ),
]
