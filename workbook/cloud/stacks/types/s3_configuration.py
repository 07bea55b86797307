"""A bucket's settings: how templates write them, and how S3's API does.

The two are the same things under other names; each shape here has its translation beside it.
"""

from __future__ import annotations

from typing import Any

Settings = dict[str, Any]

_FILTER = {"S3Key": {"Rules": [{"Name": str, "Value": str}]}}
NOTIFICATIONS = {
    "LambdaConfigurations": [{"Event": str, "Filter": _FILTER, "Function": str}],
    "QueueConfigurations": [{"Event": str, "Filter": _FILTER, "Queue": str}],
    "TopicConfigurations": [{"Event": str, "Filter": _FILTER, "Topic": str}],
    "EventBridgeConfiguration": {"EventBridgeEnabled": bool},
}
CORS = {
    "CorsRules": [
        {
            "Id": str,
            "AllowedHeaders": [str],
            "AllowedMethods": [str],
            "AllowedOrigins": [str],
            "ExposedHeaders": [str],
            "MaxAge": int,
        }
    ]
}
LIFECYCLE = {
    "Rules": [
        {
            "Id": str,
            "Status": str,
            "Prefix": str,
            "TagFilters": [{"Key": str, "Value": str}],
            "ExpirationInDays": int,
            "NoncurrentVersionExpiration": {"NoncurrentDays": int},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": int},
            "Transitions": [{"StorageClass": str, "TransitionInDays": int}],
        }
    ]
}
PUBLIC_ACCESS = {
    "BlockPublicAcls": bool,
    "BlockPublicPolicy": bool,
    "IgnorePublicAcls": bool,
    "RestrictPublicBuckets": bool,
}
ENCRYPTION = {
    "ServerSideEncryptionConfiguration": [
        {
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": str, "KMSMasterKeyID": str},
            "BucketKeyEnabled": bool,
        }
    ]
}
# The list in a template, the list in the API, and what each names the target.
_TARGETS = (
    ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
    ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
)


def notifications(wanted: Settings) -> Settings:
    """What PutBucketNotificationConfiguration takes."""
    told: Settings = {
        listed: [_notification(each, target, arn) for each in wanted[name]]
        for name, listed, target, arn in _TARGETS
        if name in wanted
    }
    bridge = wanted.get("EventBridgeConfiguration")
    if bridge is not None and bridge.get("EventBridgeEnabled", True):
        told["EventBridgeConfiguration"] = {}
    return told


def cors(wanted: Settings) -> list[Settings]:
    """What PutBucketCors takes."""
    names = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    return [
        {names.get(name, name): value for name, value in rule.items()}
        for rule in wanted["CorsRules"]
    ]


def lifecycle_rule(rule: Settings) -> Settings:
    """One rule as PutBucketLifecycleConfiguration takes it."""
    same = ("Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
    told = {name: rule[name] for name in same if name in rule}
    if "Id" in rule:
        told["ID"] = rule["Id"]
    if "ExpirationInDays" in rule:
        told["Expiration"] = {"Days": rule["ExpirationInDays"]}
    if "Transitions" in rule:
        told["Transitions"] = [
            {"StorageClass": each["StorageClass"], "Days": each["TransitionInDays"]}
            for each in rule["Transitions"]
        ]
    return {**told, "Filter": _lifecycle_filter(rule)}


def encryption(wanted: Settings) -> Settings:
    """What PutBucketEncryption takes."""
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    return {
        "Rules": [
            {names.get(name, name): value for name, value in rule.items()}
            for rule in wanted["ServerSideEncryptionConfiguration"]
        ]
    }


def _notification(each: Settings, target: str, arn: str) -> Settings:
    told: Settings = {arn: each[target], "Events": [each["Event"]]}
    if "Filter" in each:
        told["Filter"] = {"Key": {"FilterRules": each["Filter"]["S3Key"]["Rules"]}}
    return told


def _lifecycle_filter(rule: Settings) -> Settings:
    prefix, tags = rule.get("Prefix", ""), rule.get("TagFilters", [])
    if not tags:
        return {"Prefix": prefix}
    if len(tags) == 1 and not prefix:
        return {"Tag": tags[0]}
    return {"And": {"Prefix": prefix, "Tags": tags}}
