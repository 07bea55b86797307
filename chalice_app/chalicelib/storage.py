"""Photos and reports in S3: what is uploaded, kept, quarantined and written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.clients import client
from chalicelib.domain.photos import MAX_BYTES
from chalicelib.logs import correlation_id
from chalicelib.settings import settings

UPLOAD_SECONDS = 300
_CORRELATION = "correlation-id"  # of an object's metadata


@dataclass(frozen=True)
class Upload:
    """An uploaded object, read no further than one byte past what a photo may have."""

    key: str
    content: bytes
    uploaded_at: str
    correlation_id: str | None


def presigned_upload(key: str) -> dict[str, Any]:
    """A form that uploads one object under that key, of a photo's size at most.

    S3 itself refuses what is larger, which an URL signed for PUT cannot make it do: see
    "POST Policy" in the S3 API reference.
    """
    field = f"x-amz-meta-{_CORRELATION}"
    traced = {field: correlation_id()}
    form: dict[str, Any] = client("s3").generate_presigned_post(
        settings().uploads_bucket,
        key,
        Fields=traced,
        Conditions=[["content-length-range", 1, MAX_BYTES], traced],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return form


def read_upload(key: str) -> Upload | None:
    """The uploaded object; None if it is gone, which a second delivery of its event meets."""
    try:
        found = client("s3").get_object(
            Bucket=settings().uploads_bucket, Key=key, Range=f"bytes=0-{MAX_BYTES}"
        )
    except ClientError as error:
        # 416: an empty object has no first byte.
        if error.response["Error"]["Code"] == "InvalidRange":
            return Upload(key, b"", "", None)
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return Upload(
        key,
        found["Body"].read(),
        found["LastModified"].isoformat(),
        found["Metadata"].get(_CORRELATION),
    )


def quarantine(key: str) -> None:
    """Move an upload to where nobody takes it for a photo."""
    source = {"Bucket": settings().uploads_bucket, "Key": key}
    client("s3").copy_object(Bucket=settings().quarantine_bucket, Key=key, CopySource=source)
    forget_upload(key)


def forget_upload(key: str) -> None:
    """Delete an upload; nothing happens if it is gone."""
    client("s3").delete_object(Bucket=settings().uploads_bucket, Key=key)


def write_report(key: str, report: dict[str, object]) -> None:
    """Write a report; one of the same key is replaced."""
    client("s3").put_object(
        Bucket=settings().reports_bucket,
        Key=key,
        Body=json.dumps(report, indent=2).encode(),
        ContentType="application/json",
    )
