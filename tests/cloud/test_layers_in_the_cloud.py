"""Layers through AWS's calls: published, listed, referred to, deleted, and refused in AWS's words."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from small_apps import packed, zipped

from workbook.cloud import LocalCloud, layers
from workbook.cloud.layers import InvalidLayers, Layers
from workbook.cloud.uploads import Uploads

REGION = "us-east-1"
ARN = f"arn:aws:lambda:{REGION}:123456789012:layer"
TELL = "import tea\ndef handler(event, context): return tea.KIND"


def tea(kind: str) -> dict[str, bytes]:
    return {"ZipFile": packed({"python/tea.py": f"KIND = {kind!r}"})}


@pytest.fixture
def publish(cloud: LocalCloud) -> Iterator[Callable[..., dict[str, Any]]]:
    """Publishes a version of a layer; all are deleted in the end."""
    client, made = cloud.client("lambda"), []

    def make(name: str, content: dict[str, Any], **more: Any) -> dict[str, Any]:
        made.append(client.publish_layer_version(LayerName=name, Content=content, **more))
        return made[-1]  # type: ignore[no-any-return]

    yield make
    for each in made:
        name = each["LayerArn"].rpartition(":")[2]
        client.delete_layer_version(LayerName=name, VersionNumber=each["Version"])


def answer(cloud: LocalCloud, name: str) -> Any:
    return json.loads(cloud.client("lambda").invoke(FunctionName=name)["Payload"].read())


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


Publish = Callable[..., dict[str, Any]]


def test_a_function_runs_with_its_layer_and_with_the_next_version_once_it_is_told(
    cloud: LocalCloud, function: Callable[..., str], publish: Publish
) -> None:
    green, black = (publish("leaves", tea(kind))["LayerVersionArn"] for kind in ("green", "black"))
    function("pot", TELL, Layers=[green])
    assert answer(cloud, "pot") == "green"
    client = cloud.client("lambda")
    told = client.update_function_configuration(FunctionName="pot", Layers=[black])
    assert [layer["Arn"] for layer in told["Layers"]] == [black]
    assert answer(cloud, "pot") == "black"
    client.update_function_configuration(FunctionName="pot", Layers=[])
    assert "No module named 'tea'" in answer(cloud, "pot")["errorMessage"]


def test_content_may_come_from_a_bucket(
    cloud: LocalCloud, function: Callable[..., str], publish: Publish
) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="warehouse")
    s3.put_object(Bucket="warehouse", Key="tea.zip", Body=tea("oolong")["ZipFile"])
    arn = publish("stored", {"S3Bucket": "warehouse", "S3Key": "tea.zip"})["LayerVersionArn"]
    function("stored", TELL, Layers=[arn])
    assert answer(cloud, "stored") == "oolong"


def test_a_deleted_version_goes_on_serving_the_functions_that_have_it(
    cloud: LocalCloud, function: Callable[..., str], publish: Publish
) -> None:
    client = cloud.client("lambda")
    arn = publish("fleeting", tea("white"))["LayerVersionArn"]
    function("keeper", TELL, Layers=[arn])
    client.delete_layer_version(LayerName="fleeting", VersionNumber=1)
    assert answer(cloud, "keeper") == "white"
    client.update_function_configuration(FunctionName="keeper", Timeout=20)  # made anew
    assert answer(cloud, "keeper") == "white"
    assert refusal(client.get_layer_version_by_arn, Arn=arn)[0] == "ResourceNotFoundException"
    assert publish("fleeting", tea("red"))["Version"] == 2  # numbers are never used again
    client.delete_layer_version(LayerName="fleeting", VersionNumber=9)  # not there: no error


def test_a_version_is_found_by_number_and_by_arn(cloud: LocalCloud, publish: Publish) -> None:
    client = cloud.client("lambda")
    made = publish("found", tea("green"), Description="first", CompatibleRuntimes=["python3.12"])
    by_number = client.get_layer_version(LayerName="found", VersionNumber=1)
    by_name_arn = client.get_layer_version(LayerName=f"{ARN}:found", VersionNumber=1)
    by_arn = client.get_layer_version_by_arn(Arn=made["LayerVersionArn"])
    for told in (by_number, by_name_arn, by_arn):
        assert told["Content"]["CodeSha256"] == made["Content"]["CodeSha256"]
        assert (told["Description"], told["CompatibleRuntimes"]) == ("first", ["python3.12"])


def test_lists_go_by_runtime_newest_first_and_in_pages(cloud: LocalCloud, publish: Publish) -> None:
    client = cloud.client("lambda")
    for runtime in ("python3.11", "python3.12", "python3.12"):
        publish("listed", tea(runtime), CompatibleRuntimes=[runtime])

    def numbers(**more: Any) -> list[int]:
        told = client.list_layer_versions(LayerName="listed", **more)
        return [each["Version"] for each in told["LayerVersions"]]

    assert numbers() == [3, 2, 1]
    assert numbers(CompatibleRuntime="python3.11") == [1]
    assert numbers(MaxItems=2) == [3, 2]
    pages = client.get_paginator("list_layer_versions").paginate(
        LayerName="listed", PaginationConfig={"PageSize": 2}
    )
    assert [[one["Version"] for one in page["LayerVersions"]] for page in pages] == [[3, 2], [1]]
    latest = {
        each["LayerName"]: each["LatestMatchingVersion"]["Version"]
        for each in client.list_layers(CompatibleRuntime="python3.11")["Layers"]
    }
    assert latest == {"listed": 1}
    assert {"service": "lambda", "kind": "layer", "name": "listed:3"} in cloud.inventory()


def test_references_that_aws_refuses_leave_the_function_as_it_was(
    cloud: LocalCloud, function: Callable[..., str], publish: Publish
) -> None:
    client = cloud.client("lambda")
    first, second = (publish("twice", tea(kind))["LayerVersionArn"] for kind in ("a", "b"))
    function("strict", TELL, Layers=[first])
    invalid = "InvalidParameterValueException"
    for refused, message in {
        (f"{ARN}:nowhere:1",): f"Layer version {ARN}:nowhere:1 does not exist.",
        (f"{ARN}:twice:77",): f"Layer version {ARN}:twice:77 does not exist.",
        (f"{ARN}:twice",): f"Layer version {ARN}:twice does not exist.",
        (first.replace(REGION, "eu-west-1"),): (
            "Layers are not in the same region as the function. Layers are expected to be in"
            f" region {REGION}."
        ),
        (first, second): (
            "Two different versions of the same layer are not allowed to be referenced in the same"
            f" function. {first} and {second} are versions of the same layer."
        ),
        tuple([first] * 6): "Cannot reference more than 5 layers.",
    }.items():
        told = refusal(
            client.update_function_configuration,
            FunctionName="strict",
            Timeout=99,
            Layers=[*refused],
        )
        assert told == (invalid, message)
    configured = client.get_function_configuration(FunctionName="strict")
    assert ([layer["Arn"] for layer in configured["Layers"]], configured["Timeout"]) == ([first], 3)


def test_a_function_with_an_unknown_layer_is_not_created(cloud: LocalCloud) -> None:
    role = cloud.client("iam").create_role(RoleName="unborn", AssumeRolePolicyDocument="{}")
    create = cloud.client("lambda").create_function
    told = refusal(
        create,
        FunctionName="unborn",
        Role=role["Role"]["Arn"],
        Runtime="python3.12",
        Handler="app.handler",
        Code={"ZipFile": zipped(TELL)},
        Layers=[f"{ARN}:nowhere:1"],
    )
    assert told == (
        "InvalidParameterValueException",
        f"Layer version {ARN}:nowhere:1 does not exist.",
    )
    named = [one["FunctionName"] for one in cloud.client("lambda").list_functions()["Functions"]]
    assert "unborn" not in named


def test_content_that_is_no_zip_is_refused_and_takes_no_number(
    cloud: LocalCloud, publish: Publish
) -> None:
    call = cloud.client("lambda").publish_layer_version
    told = refusal(call, LayerName="torn", Content={"ZipFile": b"no zip"})
    assert told == (
        "InvalidParameterValueException",
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
    )
    told = refusal(call, LayerName="torn", Content={"S3Bucket": "nowhere", "S3Key": "x"})
    assert told[0] == "InvalidParameterValueException"
    assert publish("torn", tea("whole"))["Version"] == 1


def test_content_beyond_50_mb_is_refused_as_it_comes(cloud: LocalCloud) -> None:
    scope = "Credential=k/20260101/us-east-1/lambda/aws4_request"
    request = urllib.request.Request(
        f"{cloud.endpoint}/2018-10-31/layers/heavy/versions",
        data=bytes(70_167_211),
        headers={"Authorization": f"AWS4-HMAC-SHA256 {scope}"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert (refused.value.code, json.load(refused.value)["Message"]) == (
        413,
        "Request must be smaller than 70167211 bytes for the PublishLayerVersion operation",
    )


@pytest.mark.parametrize("asked", ["MaxItems=0", "MaxItems=51", "MaxItems=all", "Marker=next"])
def test_a_page_that_cannot_be_is_refused(cloud: LocalCloud, asked: str) -> None:
    # boto3 would send none of these but the 51
    request = urllib.request.Request(
        f"{cloud.endpoint}/2018-10-31/layers?{asked}",
        headers={"Authorization": "Credential=k/20260101/us-east-1/lambda/aws4_request"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400


def test_content_that_is_not_in_its_bucket_is_refused_by_name(cloud: LocalCloud) -> None:
    client = cloud.client("lambda")
    cloud.client("s3").create_bucket(Bucket="empty-shelf")
    content = {"S3Bucket": "empty-shelf", "S3Key": "none.zip"}
    code, told = refusal(client.publish_layer_version, LayerName="none", Content=content)
    assert (code, "NoSuchKey" in told) == ("InvalidParameterValueException", True)
    told = refusal(
        client.publish_layer_version, LayerName="none", Content={**content, "S3Bucket": "no-shelf"}
    )[1]
    assert "NoSuchBucket" in told


def test_a_number_below_one_is_refused(cloud: LocalCloud) -> None:
    client = cloud.client("lambda")
    for call in (client.get_layer_version, client.delete_layer_version):
        told = refusal(call, LayerName="found", VersionNumber=0)
        assert told == ("InvalidParameterValueException", "Layer Version Cannot be less than 1")


def test_layers_and_code_share_250_mb(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = Uploads(tmp_path / "uploads")
    known = Layers(uploads)
    uploads.keep("code", packed({"app.py": "x" * 40}))
    for name in ("one", "two"):
        uploads.keep(name, packed({"python/tea.py": "x" * 30}))
        known.published(name, name)
    for limit, refused in {
        100: None,
        99: (
            "Function code combined with layers exceeds the maximum allowed size of 99 bytes. The"
            " actual size is 100 bytes."
        ),
        59: "Layers consume more than the available size of 59 bytes",
    }.items():
        monkeypatch.setattr(layers, "MAX_UNZIPPED_BYTES", limit)
        told = None
        try:
            known.check_size(["one", "two"], "code")
        except InvalidLayers as invalid:
            told = str(invalid)
        assert told == refused
