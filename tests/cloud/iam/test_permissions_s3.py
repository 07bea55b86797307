"""S3 under enforced IAM, through boto3 and through signed URLs and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from acting import administrator
from botocore.config import Config  # type: ignore[import-untyped]
from policy_texts import allow, deny, refused

from workbook.cloud import LocalCloud

SHELF, STORE = "arn:aws:s3:::iam-shelf", "arn:aws:s3:::iam-store"
DENIED = "AccessDenied"


@pytest.fixture(scope="module", autouse=True)
def buckets(strict: LocalCloud) -> Iterator[None]:
    client = administrator(strict, "s3")
    for name in ("iam-shelf", "iam-store"):
        client.create_bucket(Bucket=name)
    yield
    for name in ("iam-shelf", "iam-store"):
        for each in client.list_objects_v2(Bucket=name).get("Contents", ()):
            client.delete_object(Bucket=name, Key=each["Key"])
        client.delete_bucket(Bucket=name)


@pytest.fixture(autouse=True)
def objects(strict: LocalCloud) -> None:
    for bucket, key in (("iam-shelf", "a"), ("iam-shelf", "home/ann/b"), ("iam-store", "a")):
        administrator(strict, "s3").put_object(Bucket=bucket, Key=key, Body=b"x")


def test_an_object_needs_its_action_on_its_arn(under: Callable[..., Any]) -> None:
    client = under(allow("s3:GetObject", f"{SHELF}/*"))("s3")
    assert client.get_object(Bucket="iam-shelf", Key="a")["Body"].read() == b"x"
    with refused(DENIED, f's3:GetObject on resource: "{STORE}/a" because no identity-based'):
        client.get_object(Bucket="iam-store", Key="a")
    with refused(DENIED, f's3:PutObject on resource: "{SHELF}/a" because no identity-based'):
        client.put_object(Bucket="iam-shelf", Key="a", Body=b"y")


def test_a_bucket_is_not_its_objects(under: Callable[..., Any]) -> None:
    """What policies most often get wrong: listing is about the bucket, reading about objects."""
    with refused(DENIED, f's3:ListBucket on resource: "{SHELF}" because'):
        under(allow("s3:*", f"{SHELF}/*"))("s3").list_objects_v2(Bucket="iam-shelf")
    client = under(allow("s3:*", SHELF))("s3")
    assert client.list_objects_v2(Bucket="iam-shelf")["KeyCount"] == 2
    with refused(DENIED, f's3:GetObject on resource: "{SHELF}/a" because'):
        client.get_object(Bucket="iam-shelf", Key="a")


def test_a_missing_object_is_forbidden_to_those_who_may_not_list(
    under: Callable[..., Any],
) -> None:
    client = under(allow("s3:GetObject", f"{SHELF}/*"))("s3")
    with refused(DENIED, f's3:ListBucket on resource: "{SHELF}" because'):
        client.get_object(Bucket="iam-shelf", Key="missing")
    with refused("403"):
        client.head_object(Bucket="iam-shelf", Key="missing")
    lister = under(allow("s3:GetObject", f"{SHELF}/*"), allow("s3:ListBucket", SHELF))("s3")
    with refused("NoSuchKey"):
        lister.get_object(Bucket="iam-shelf", Key="missing")


def test_prefixes_narrow_a_listing(under: Callable[..., Any]) -> None:
    own = {"StringLike": {"s3:prefix": "home/ann/*"}}
    client = under(allow("s3:ListBucket", SHELF, Condition=own))("s3")
    client.list_objects_v2(Bucket="iam-shelf", Prefix="home/ann/")
    with refused(DENIED, "s3:ListBucket"):
        client.list_objects_v2(Bucket="iam-shelf")


def test_a_copy_reads_here_and_writes_there(under: Callable[..., Any]) -> None:
    copy = {"Bucket": "iam-store", "Key": "b", "CopySource": {"Bucket": "iam-shelf", "Key": "a"}}
    with refused(DENIED, f's3:PutObject on resource: "{STORE}/b"'):
        under(allow("s3:GetObject", f"{SHELF}/*"))("s3").copy_object(**copy)
    with refused(DENIED, f's3:GetObject on resource: "{SHELF}/a"'):
        under(allow("s3:PutObject", f"{STORE}/*"))("s3").copy_object(**copy)
    both = under(allow("s3:GetObject", f"{SHELF}/*"), allow("s3:PutObject", f"{STORE}/*"))
    both("s3").copy_object(**copy)


def test_a_multipart_upload_is_a_put(under: Callable[..., Any]) -> None:
    client = under(allow("s3:PutObject", f"{SHELF}/*"))("s3")
    upload = {"Bucket": "iam-shelf", "Key": "big"}
    upload["UploadId"] = client.create_multipart_upload(**upload)["UploadId"]
    part = client.upload_part(**upload, PartNumber=1, Body=b"x")
    with refused(DENIED, f's3:ListMultipartUploadParts on resource: "{SHELF}/big"'):
        client.list_parts(**upload)
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


def test_a_deletion_of_many_tells_which_were_denied(
    strict: LocalCloud, under: Callable[..., Any]
) -> None:
    client = under(allow("s3:DeleteObject", f"{SHELF}/home/*"))("s3")
    keys = [{"Key": key} for key in ("a", "home/ann/b")]
    answer = client.delete_objects(Bucket="iam-shelf", Delete={"Objects": keys})
    assert [each["Key"] for each in answer["Deleted"]] == ["home/ann/b"]
    (error,) = answer["Errors"]
    assert (error["Key"], error["Code"]) == ("a", "AccessDenied")
    assert f's3:DeleteObject on resource: "{SHELF}/a"' in error["Message"]
    left = administrator(strict, "s3").list_objects_v2(Bucket="iam-shelf")["Contents"]
    assert {each["Key"] for each in left} >= {"a"} and "home/ann/b" not in {
        each["Key"] for each in left
    }
    nothing = client.delete_objects(Bucket="iam-shelf", Delete={"Objects": keys[:1]})
    assert "Deleted" not in nothing and len(nothing["Errors"]) == 1


def test_listing_all_buckets(under: Callable[..., Any]) -> None:
    with refused(DENIED, "s3:ListAllMyBuckets because no identity-based"):
        under(allow("s3:*", SHELF))("s3").list_buckets()
    under(allow("s3:ListAllMyBuckets"))("s3").list_buckets()


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_can_do_what_its_signer_can(
    under: Callable[..., Any], version: str
) -> None:
    signing = Config(signature_version=version)
    client = under(allow("s3:GetObject", f"{SHELF}/*"))("s3", config=signing)

    def get(bucket: str) -> int:
        url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
        return int(urllib3.request("GET", url).status)

    assert get("iam-shelf") == 200
    assert get("iam-store") == 403


def test_a_posted_form_can_do_what_its_signer_can(under: Callable[..., Any]) -> None:
    client = under(allow("s3:PutObject", f"{SHELF}/*"))("s3")

    def post(bucket: str) -> urllib3.BaseHTTPResponse:
        form = client.generate_presigned_post(bucket, "posted")
        fields = {**form["fields"], "file": ("a.txt", b"hello")}
        return urllib3.request("POST", form["url"], fields=fields)

    assert post("iam-shelf").status in (200, 204)
    answer = post("iam-store")
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.data


def test_nobody_may_do_nothing(strict: LocalCloud) -> None:
    for method in ("GET", "PUT"):
        answer = urllib3.request(method, f"{strict.endpoint}/iam-shelf/a")
        assert answer.status == 403
        assert b"<Code>AccessDenied</Code><Message>Access Denied</Message>" in answer.data
    assert urllib3.request("HEAD", f"{strict.endpoint}/iam-shelf/a").data == b""


def test_an_explicit_deny(under: Callable[..., Any]) -> None:
    client = under(allow("s3:*"), deny("s3:GetObject", f"{SHELF}/home/*"))("s3")
    client.get_object(Bucket="iam-shelf", Key="a")
    words = f'"{SHELF}/home/ann/b" with an explicit deny in an identity-based policy'
    with refused(DENIED, words):
        client.get_object(Bucket="iam-shelf", Key="home/ann/b")
