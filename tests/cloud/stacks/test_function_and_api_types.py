"""Resource types of functions and APIs, whose properties show in the cloud that runs them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from api_cases import (
    A2,
    API,
    API_CASES,
    API_NAME,
    D2,
    DEPLOYED,
    LINE,
    ON_AIR,
    ON_LINE,
    S2,
    STAGED,
    TALK,
    TALKING,
    THE_API,
    D,
    R,
    S,
    U,
    document,
    documents,
)
from function_cases import BASE, CODE, FUNCTIONS, OTHER_TAGS, SOURCE, TAGS, F, V, answers, function
from packages import Stack
from stack_cases import Case

from workbook.cloud import LocalCloud


def zipped(source: str) -> bytes:
    """A function's package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", source)
    return packed.getvalue()


CASES = [*FUNCTIONS, *API_CASES]


@pytest.fixture
def case_stack(cloud: LocalCloud) -> Iterator[Stack]:
    """A stack that is gone afterwards, whatever became of it."""
    stack = Stack(cloud, "cases")
    yield stack
    cloud.client("cloudformation").delete_stack(StackName="cases")
    cloud.settle()


@pytest.fixture(scope="module", autouse=True)
def _surroundings(cloud: LocalCloud) -> None:
    """What cases refer to and stacks do not make."""
    for name in ("runs", "runs-too"):
        cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    cloud.client("s3").create_bucket(Bucket="case-documents")
    for key, body in documents().items():
        cloud.client("s3").put_object(Bucket="case-documents", Key=key, Body=body)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_property_shows_when_it_is_set_and_when_it_is_changed(
    case: Case, case_stack: Stack, cloud: LocalCloud
) -> None:
    first, then = case.expected
    template, *changed = case.templates()
    assert case_stack.create(template) == "CREATE_COMPLETE", case_stack.failures()
    assert case.look(cloud.client, case_stack.resource("It")) == first
    for another in changed:
        assert case_stack.update(another) == "UPDATE_COMPLETE", case_stack.failures()
    assert case.look(cloud.client, case_stack.resource("It")) == then
    assert case_stack.delete() == "DELETE_COMPLETE", case_stack.failures()


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name == "Tags"], ids=lambda case: case.type
)
def test_what_can_be_tagged_names_its_stack(
    case: Case, case_stack: Stack, cloud: LocalCloud
) -> None:
    assert case_stack.create(case.templates()[0]) == "CREATE_COMPLETE", case_stack.failures()
    own = case.look(cloud.client, case_stack.resource("It")).own
    assert own.pop("aws:cloudformation:stack-id").startswith("arn:aws:cloudformation:")
    assert own == {
        "aws:cloudformation:stack-name": "cases",
        "aws:cloudformation:logical-id": "It",
    }


UNCHANGEABLE = [
    (F, "Architectures", ["arm64"], ["x86_64"], BASE, {}, "Architectures of a function"),
    (R, "Tags", TAGS, OTHER_TAGS, API_NAME, {}, "Tags of an API"),
    (D, "Description", "first", "second", THE_API, API, "Description of a deployment"),
    (D, "StageName", "open", "shut", THE_API, API, "StageName of a deployment"),
    (D2, "Description", "first", "second", ON_LINE, TALKING, "Description of a deployment"),
    (S2, "Tags", {"a": "1"}, {"a": "2"}, ON_AIR, TALKING, "Tags of a stage"),
]


@pytest.mark.parametrize(
    ("kind", "name", "first", "then", "base", "beside", "what"),
    UNCHANGEABLE,
    ids=[f"{each[0].removeprefix('AWS::')} {each[1]}" for each in UNCHANGEABLE],
)
def test_what_cannot_be_changed_here_is_refused_by_its_name(
    kind: str,
    name: str,
    first: Any,
    then: Any,
    base: dict[str, Any],
    beside: dict[str, Any],
    what: str,
    case_stack: Stack,
) -> None:
    template, changed = Case(kind, name, first, then, bool, base=base, beside=beside).templates()
    assert case_stack.create(template) == "CREATE_COMPLETE", case_stack.failures()
    assert case_stack.update(changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert case_stack.failures() == {"It": f"The local cloud cannot change {what} that is there"}


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
        return {"Resources": {"It": {"Type": F, "Properties": {**BASE, "Code": code}}}}

    assert case_stack.create(template(place)) == "CREATE_COMPLETE", case_stack.failures()
    assert answers("says")(cloud.client, case_stack.resource("It")) == "second"
    older = {**place, "S3ObjectVersion": first["VersionId"]}
    assert case_stack.update(template(older)) == "UPDATE_COMPLETE", case_stack.failures()
    assert answers("says")(cloud.client, case_stack.resource("It")) == "first"


def test_a_second_version_of_the_same_code_is_refused_as_aws_does(case_stack: Stack) -> None:
    version = {"Type": V, "Properties": {"FunctionName": {"Ref": "Seller"}}}
    seller = {"Seller": function("case-seller"), "One": version}
    assert case_stack.create({"Resources": seller}) == "CREATE_COMPLETE", case_stack.failures()
    both = {"Resources": {**seller, "Two": {**version, "DependsOn": "One"}}}
    assert case_stack.update(both) == "UPDATE_ROLLBACK_COMPLETE"
    assert case_stack.failures() == {
        "Two": "A version for this Lambda function exists ( 1 ). "
        "Modify the function to create a new version."
    }


@pytest.mark.parametrize(
    ("kind", "properties", "named"),
    [
        (F, {**BASE, "VpcConfig": {"SubnetIds": ["s"]}}, "unsupported property VpcConfig"),
        (F, {**BASE, "Code": {"ImageUri": "i"}}, "unsupported property Code.ImageUri"),
        (R, {**API_NAME, "Policy": {}}, "unsupported property Policy"),
        (A2, {"Name": "web", "ProtocolType": "HTTP"}, "HTTP APIs"),
    ],
)
def test_what_is_not_supported_fails_the_stack_by_its_name(
    kind: str, properties: dict[str, Any], named: str, case_stack: Stack, cloud: LocalCloud
) -> None:
    before = [row for row in cloud.inventory() if row["kind"] != "bucket"]
    it = {"Type": kind, "Properties": properties}
    assert case_stack.create({"Resources": {"It": it}}) == "ROLLBACK_COMPLETE"
    [reason] = case_stack.failures().values()
    assert named in reason
    case_stack.delete()
    assert [row for row in cloud.inventory() if row["kind"] != "bucket"] == before


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
    it = {"Type": F, "Properties": {**BASE, "FunctionName": "case-whole"}}
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
    it = {"Type": F, "Properties": {**BASE, "FunctionName": "case-never", **properties}}
    assert case_stack.create({"Resources": {"It": it}}) == "ROLLBACK_COMPLETE"
    assert reason in case_stack.failures()["It"]
    names = [each["FunctionName"] for each in cloud.client("lambda").list_functions()["Functions"]]
    assert "case-never" not in names


DOCUMENT = document("/one")
API_STAGE = {"ApiId": {"Ref": "Api"}}
LIMITED = {"ResourcePath": "/*", "ThrottlingRateLimit": 1}
MISTAKES = [
    (R, {"Description": "x"}, {}, "required key [Name] not found"),
    (R, {"Name": "x", "Body": [1]}, {}, "Body must be of type Object"),
    (R, {"Body": {**DOCUMENT, "swagger": None}}, {}, "takes no Body but Swagger 2.0"),
    (R, {"Body": {**DOCUMENT, "info": "shop"}}, {}, "info must be of type Object"),
    (R, {"Body": {**DOCUMENT, "paths": [1]}}, {}, "paths must be of type Object"),
    (R, {"Body": DOCUMENT, "Mode": "add"}, {}, "Mode must be overwrite or merge, not add"),
    (R, {"Name": "x", "EndpointConfiguration": {"Types": []}}, {}, "must have one element"),
    (S, {**THE_API, "StageName": "s"}, API, "Invalid Deployment identifier specified"),
    (S, {**STAGED, "MethodSettings": [LIMITED]}, DEPLOYED, "must have ResourcePath and HttpMethod"),
    (U, {"ApiStages": [{**API_STAGE, "Stage": "none"}]}, API, "Invalid stage identifier specified"),
    (U, {"ApiStages": [API_STAGE]}, API, "must have ApiId and Stage"),
    (D2, ON_LINE, LINE, "At least one route is required"),
    (A2, {**TALK, "Tags": [{"Key": "a"}]}, {}, "Value of property Tags must be of type Object"),
]


@pytest.mark.parametrize(
    ("kind", "properties", "beside", "reason"), MISTAKES, ids=[each[3] for each in MISTAKES]
)
def test_a_mistake_is_named_and_taken_back(
    kind: str,
    properties: dict[str, Any],
    beside: dict[str, Any],
    reason: str,
    case_stack: Stack,
    cloud: LocalCloud,
) -> None:
    it = {"Type": kind, "Properties": properties}
    assert case_stack.create({"Resources": {**beside, "It": it}}) == "ROLLBACK_COMPLETE"
    assert reason in case_stack.failures()["It"]
    left = [row["kind"] for row in cloud.inventory() if row["name"].startswith(("cases", "talk"))]
    assert left == ["stack"]


def test_another_document_leaves_what_the_properties_say_beside_it(
    case_stack: Stack, cloud: LocalCloud
) -> None:
    beside = {
        "BinaryMediaTypes": ["image/png"],
        "MinimumCompressionSize": 10,
        "ApiKeySourceType": "AUTHORIZER",
        "Description": "of the shop",
    }

    def template(path: str) -> dict[str, Any]:
        it = {"Type": R, "Properties": {**beside, "Body": document(path, title="cases")}}
        return {"Resources": {"It": it}}

    assert case_stack.create(template("/one")) == "CREATE_COMPLETE", case_stack.failures()
    first = cloud.client("apigateway").get_rest_api(restApiId=case_stack.resource("It"))
    assert case_stack.update(template("/two")) == "UPDATE_COMPLETE", case_stack.failures()
    then = cloud.client("apigateway").get_rest_api(restApiId=case_stack.resource("It"))
    told = ("name", "description", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource")
    assert [then[name] for name in told] == [first[name] for name in told]
    assert first["binaryMediaTypes"] == ["image/png"]
