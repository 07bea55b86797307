"""S3: buckets and objects, by the actions of AWS's page "Required permissions for Amazon S3 API
operations".

An object that is not there is looked for with s3:ListBucket: without it, S3 does not tell a
missing object from a forbidden one. Bucket policies, ACLs and public access are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote

from workbook.cloud.iam.actions.names import Names
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.requests import Request

# Where the action is not named after the operation.
_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PostObject": "PutObject",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
_CONFIGURATIONS = ("Analytics", "IntelligentTiering", "Inventory", "Metrics")
_OF_VERSIONS = frozenset(
    {
        "DeleteObject",
        "DeleteObjectTagging",
        "GetObject",
        "GetObjectAcl",
        "GetObjectAttributes",
        "GetObjectTagging",
        "PutObjectAcl",
        "PutObjectTagging",
    }
)
_READS = ("GetObject", "HeadObject")
_COPIES = ("CopyObject", "UploadPartCopy")
# What an upload may ask for besides, and what that takes.
_ALONG = {
    "ACL": "PutObjectAcl",
    "ObjectLockLegalHoldStatus": "PutObjectLegalHold",
    "ObjectLockMode": "PutObjectRetention",
    "Tagging": "PutObjectTagging",
}
_UPLOADS = ("PutObject", "CopyObject", "CreateMultipartUpload", "PostObject")
_KEYS = {
    "ACL": "x-amz-acl",
    "CopySource": "x-amz-copy-source",
    "Delimiter": "delimiter",
    "MaxKeys": "max-keys",
    "Prefix": "prefix",
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "StorageClass": "x-amz-storage-class",
    "VersionId": "versionid",
}


def needs(request: Request, names: Names) -> Iterator[Need]:
    """The permissions of one call."""
    operation, key = request.operation, request.text("Key")
    if operation == "DeleteObjects":
        yield from (deletion(request, each) for each in request.parameters["Delete"]["Objects"])
        return
    if operation in _COPIES:
        yield from _source(request, names)
    for action in _actions(operation, version=bool(request.text("VersionId"))):
        yield _need(request, action, f"{request.text('Bucket')}/{key}" if key else None)
    if operation in _UPLOADS:
        for parameter, action in _ALONG.items():
            if request.text(parameter):
                yield _need(request, action, f"{request.text('Bucket')}/{key}")
    if operation in _READS and not names.object_exists(request.text("Bucket"), key):
        yield _need(request, "ListBucket", None)


def deletion(request: Request, entry: dict[str, str]) -> Need:
    """What it takes to delete one of the objects that DeleteObjects lists."""
    action = "DeleteObjectVersion" if entry.get("VersionId") else "DeleteObject"
    return _need(request, action, f"{request.text('Bucket')}/{entry.get('Key', '')}")


def _actions(operation: str, *, version: bool) -> Iterator[str]:
    action = _ACTIONS.get(operation, operation)
    for kind in _CONFIGURATIONS:
        # GetBucketMetricsConfiguration and ListBucketMetricsConfigurations: GetMetricsConfiguration
        if f"Bucket{kind}Configuration" in action:
            action = (
                "Get" if action.startswith(("Get", "List")) else "Put"
            ) + f"{kind}Configuration"
    if operation == "GetObjectAttributes":
        yield "GetObjectVersion" if version else "GetObject"
    if version and action in _OF_VERSIONS:
        action = action.replace("Object", "ObjectVersion", 1)
    yield action


def _need(request: Request, action: str, path: str | None) -> Need:
    """On an object where there is a path, on the bucket otherwise, on all when there is neither."""
    resource = path or request.text("Bucket")
    keys = {f"s3:{key}": (request.text(name),) for name, key in _KEYS.items() if request.text(name)}
    return Need(f"s3:{action}", f"arn:aws:s3:::{resource}" if resource else "*", keys)


def _source(request: Request, names: Names) -> Iterator[Need]:
    """What it takes to read what is copied: "bucket/key", perhaps with ?versionId=…"""
    path, _, query = request.text("CopySource").partition("?")
    path = unquote(path).removeprefix("/")
    version = parse_qs(query).get("versionId")
    yield _need(request, "GetObjectVersion" if version else "GetObject", path)
    bucket, _, key = path.partition("/")
    if not names.object_exists(bucket, key):
        yield _need(request, "ListBucket", bucket)
