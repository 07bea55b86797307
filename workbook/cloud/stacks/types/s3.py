"""AWS::S3::Bucket; what may be done with it is BucketPolicy's, in policies.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from ..errors import AlreadyExists
from . import s3_configuration as configuration
from .protocol import Context, ResourceType
from .schema import Properties, Schema, differs
from .shapes import TAGS

Settings = dict[str, Any]


class Bucket(ResourceType):
    """See "AWS::S3::Bucket" in AWS's template reference."""

    schema = Schema(
        type="AWS::S3::Bucket",
        properties={
            "BucketName": str,
            "VersioningConfiguration": {"Status": str},
            "NotificationConfiguration": configuration.NOTIFICATIONS,
            "CorsConfiguration": configuration.CORS,
            "LifecycleConfiguration": configuration.LIFECYCLE,
            "PublicAccessBlockConfiguration": configuration.PUBLIC_ACCESS,
            "BucketEncryption": configuration.ENCRYPTION,
            "Tags": TAGS,
        },
        replaces={"BucketName"},
        attributes={"Arn", "DomainName", "DualStackDomainName", "RegionalDomainName"},
        name_property="BucketName",
        tag_form="list",
        takes_own_tags=False,
        missing={"NoSuchBucket"},
    )

    def create(self, context: Context, properties: Properties) -> str:
        name: str = properties.get("BucketName") or context.name(63, lower=True)
        self._check_free(context, name)
        # us-east-1 is the one region that may not be named as a location.
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
        context.client("s3").create_bucket(
            Bucket=name, **({} if context.region == "us-east-1" else elsewhere)
        )
        context.exists(name)
        self.update(context, name, properties, {})
        return name

    def update(
        self, context: Context, physical_id: str, properties: Properties, old: Properties
    ) -> None:
        for name, configure in _CONFIGURE.items():
            if differs(name, properties, old):
                configure(context.client("s3"), physical_id, properties.get(name))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("s3").delete_bucket(Bucket=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> dict[str, str]:
        return {
            "Arn": f"arn:aws:s3:::{physical_id}",
            "DomainName": f"{physical_id}.s3.amazonaws.com",
            "DualStackDomainName": f"{physical_id}.s3.dualstack.{context.region}.amazonaws.com",
            "RegionalDomainName": f"{physical_id}.s3.{context.region}.amazonaws.com",
        }

    def _check_free(self, context: Context, name: str) -> None:
        # In us-east-1, CreateBucket gives an owner the bucket that is there.
        try:
            context.client("s3").head_bucket(Bucket=name)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "404":
                raise
            return
        raise AlreadyExists(self.schema.type, name)


def _versioning(s3: Any, bucket: str, wanted: Settings | None) -> None:
    # A bucket that had versions once can only suspend them.
    s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration=wanted or {"Status": "Suspended"}
    )


def _notifications(s3: Any, bucket: str, wanted: Settings | None) -> None:
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=configuration.notifications(wanted or {})
    )


def _cors(s3: Any, bucket: str, wanted: Settings | None) -> None:
    if wanted is None:
        s3.delete_bucket_cors(Bucket=bucket)
        return
    rules = configuration.cors(wanted)
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})


def _lifecycle(s3: Any, bucket: str, wanted: Settings | None) -> None:
    if wanted is None:
        s3.delete_bucket_lifecycle(Bucket=bucket)
        return
    rules = [configuration.lifecycle_rule(rule) for rule in wanted["Rules"]]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _public_access(s3: Any, bucket: str, wanted: Settings | None) -> None:
    if wanted is None:
        s3.delete_public_access_block(Bucket=bucket)
        return
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=wanted)


def _encryption(s3: Any, bucket: str, wanted: Settings | None) -> None:
    if wanted is None:
        s3.delete_bucket_encryption(Bucket=bucket)
        return
    s3.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration=configuration.encryption(wanted)
    )


def _tags(s3: Any, bucket: str, wanted: list[dict[str, str]] | None) -> None:
    if wanted:
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": wanted})
    else:
        s3.delete_bucket_tagging(Bucket=bucket)


_CONFIGURE: dict[str, Callable[[Any, str, Any], None]] = {
    "VersioningConfiguration": _versioning,
    "CorsConfiguration": _cors,
    "LifecycleConfiguration": _lifecycle,
    "PublicAccessBlockConfiguration": _public_access,
    "BucketEncryption": _encryption,
    "Tags": _tags,
    "NotificationConfiguration": _notifications,
}
