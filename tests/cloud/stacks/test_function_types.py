"""Functions of a stack: where their code comes from, and what they cannot be without."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from packages import Stack
from stack_cases.function_versions import VERSION
from stack_cases.functions import BASE, CODE, FUNCTION, SOURCE, answers, function

from workbook.cloud import LocalCloud


def zipped(source: str) -> bytes:
    """A function's package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", source)
    return packed.getvalue()


def test_code_comes_from_a_bucket_and_may_be_a_version_of_an_object(
    case_stack: Stack, cloud: LocalCloud
) -> None:
    s3, bucket = cloud.client("s3"), "case-code"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first, _ = (
        s3.put_object(Bucket=bucket, Key="code", Body=zipped(SOURCE.replace('"one"', says)))
        for says in ('"first"', '"second"')
    )
    place = {"S3Bucket": bucket, "S3Key": "code"}

    def template(code: dict[str, str]) -> dict[str, Any]:
        return {"Resources": {"It": {"Type": FUNCTION, "Properties": {**BASE, "Code": code}}}}

    assert case_stack.create(template(place)) == "CREATE_COMPLETE", case_stack.failures()
    assert answers("says")(cloud.client, case_stack.resource("It")) == "second"
    older = {**place, "S3ObjectVersion": first["VersionId"]}
    assert case_stack.update(template(older)) == "UPDATE_COMPLETE", case_stack.failures()
    assert answers("says")(cloud.client, case_stack.resource("It")) == "first"


def test_a_second_version_of_the_same_code_is_refused_as_aws_does(case_stack: Stack) -> None:
    version = {"Type": VERSION, "Properties": {"FunctionName": {"Ref": "Seller"}}}
    seller = {"Seller": function("case-seller"), "One": version}
    assert case_stack.create({"Resources": seller}) == "CREATE_COMPLETE", case_stack.failures()
    both = {"Resources": {**seller, "Two": {**version, "DependsOn": "One"}}}
    assert case_stack.update(both) == "UPDATE_ROLLBACK_COMPLETE"
    assert case_stack.failures() == {
        "Two": "A version for this Lambda function exists ( 1 ). "
        "Modify the function to create a new version."
    }


@pytest.mark.parametrize(
    ("taken_away", "reason"),
    [
        ("Handler", "Runtime and Handler are mandatory parameters"),
        ("Runtime", "Runtime and Handler are mandatory parameters"),
        ("Code", "provide a source for function code"),
    ],
)
def test_a_function_keeps_what_it_cannot_be_without(
    taken_away: str, reason: str, case_stack: Stack, cloud: LocalCloud
) -> None:
    it = {"Type": FUNCTION, "Properties": {**BASE, "FunctionName": "case-whole"}}
    assert case_stack.create({"Resources": {"It": it}}) == "CREATE_COMPLETE"
    less: dict[str, Any] = {**it["Properties"], "Code": {}}
    if taken_away != "Code":
        less = {name: value for name, value in it["Properties"].items() if name != taken_away}
    changed = {"Resources": {"It": {**it, "Properties": less}}}
    assert case_stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert reason in case_stack.failures()["It"]
    assert answers("says")(cloud.client, "case-whole") == "one"


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        (
            {"Code": {"S3Bucket": "case-documents", "S3Key": "nothing"}},
            "S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
        ),
        (
            {"Code": {"S3Bucket": "case-nowhere", "S3Key": "nothing"}},
            "S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist",
        ),
        ({"Code": {"S3Bucket": "case-documents", "S3Key": "one"}}, "unzip"),
        ({"Code": {**CODE, "S3Key": "one"}}, "other FunctionCode parameters with ZipFile"),
        (
            {"Environment": {"Variables": {"PRICES": [1]}}},
            "Value of property Environment.Variables.PRICES must be of type String",
        ),
        (
            {"Environment": {"Variables": ["PRICE"]}},
            "Value of property Environment.Variables must be of type Object",
        ),
    ],
)
def test_a_function_that_cannot_be_made_says_why_and_leaves_nothing(
    properties: dict[str, Any], reason: str, case_stack: Stack, cloud: LocalCloud
) -> None:
    it = {"Type": FUNCTION, "Properties": {**BASE, "FunctionName": "case-never", **properties}}
    assert case_stack.create({"Resources": {"It": it}}) == "ROLLBACK_COMPLETE"
    assert reason in case_stack.failures()["It"]
    names = [each["FunctionName"] for each in cloud.client("lambda").list_functions()["Functions"]]
    assert "case-never" not in names
