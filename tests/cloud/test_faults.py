"""What goes wrong around the cloud never takes it down."""

from __future__ import annotations

import io
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from small_apps import create_function, proxy_api, zipped

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.errors import CloudError

FINE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "fine"}\n'
LARGE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "x" * 5_000_000}\n'
ONCE = Config(retries={"total_max_attempts": 1})
ARN = "arn:aws:{}:us-east-1:123456789012:{}"


# ── packages and disks ──────────────────────────────────────────────────────────────────────


def file_for_a_folder() -> bytes:
    """A zip that no file system can hold."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("app.py", "data", "data/one.txt"):
            archive.writestr(name, FINE)
    return packed.getvalue()


def damaged() -> bytes:
    """A zip whose directory is whole and whose content is not."""
    content = bytearray(zipped(FINE * 50))
    at = content.index(b"app.py") + 40
    content[at : at + 8] = b"\xff" * 8
    return bytes(content)


BROKEN = {"no-zip": b"not a zip", "damaged": damaged(), "impossible": file_for_a_folder()}


@pytest.mark.parametrize("package", BROKEN.values(), ids=BROKEN)
def test_a_function_of_a_broken_zip_is_not_made(cloud: LocalCloud, package: bytes) -> None:
    client = cloud.client("lambda")
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="unzip") as refused:
        create_function(cloud, f"stillborn-{len(package)}", FINE, Code={"ZipFile": package})
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function(FunctionName=f"stillborn-{len(package)}")


@pytest.mark.parametrize("code", [{}, {"S3Key": "app.zip"}, {"S3Bucket": "shelf"}], ids=str)
def test_a_function_without_code_is_not_made_and_the_others_go_on(
    cloud: LocalCloud, served: Callable[..., Api], code: dict[str, str]
) -> None:
    client, name = cloud.client("lambda"), f"hollow-{'-'.join(code)}"
    refused = client.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match="provide a source for function code"):
        create_function(cloud, name, FINE, Code=code)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function(FunctionName=name)
    api = served(f"whole-{len(name)}", FINE)
    with pytest.raises(refused, match="provide a source for function code"):
        client.update_function_code(FunctionName=f"whole-{len(name)}", **code)
    assert api.get("/x").text == "fine"
    with pytest.raises(refused, match="source for layer content|Missing Content"):
        client.publish_layer_version(LayerName=name, Content=code)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"Runtime": "cobol85"}, "Value cobol85 at 'runtime' failed to satisfy constraint"),
        ({"Runtime": "python2.7"}, "Value python2.7 at 'runtime' failed to satisfy constraint"),
        ({"Runtime": ""}, "Runtime and Handler are mandatory parameters"),
        ({"Handler": ""}, "Runtime and Handler are mandatory parameters"),
    ],
    ids=str,
)
def test_a_runtime_that_lambda_does_not_know_is_refused_in_its_words(
    cloud: LocalCloud, settings: dict[str, str], message: str
) -> None:
    """One that it knows and that is not Python's is a 501: see test_unimplemented.py."""
    client, name = cloud.client("lambda"), f"odd-{'-'.join([*settings, *settings.values()])}"
    with pytest.raises(client.exceptions.InvalidParameterValueException, match=message) as refused:
        create_function(cloud, name.replace(".", ""), FINE, **settings)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_function_keeps_its_runtime_when_another_is_refused(
    cloud: LocalCloud, served: Callable[..., Api]
) -> None:
    api, client = served("constant", FINE), cloud.client("lambda")
    with pytest.raises(client.exceptions.InvalidParameterValueException):
        client.update_function_configuration(FunctionName="constant", Runtime="cobol85")
    assert client.get_function(FunctionName="constant")["Configuration"]["Runtime"] == "python3.12"
    assert api.get("/x").text == "fine"


@pytest.mark.parametrize("package", BROKEN.values(), ids=BROKEN)
def test_a_broken_zip_is_refused_and_the_function_stays_as_it_was(
    cloud: LocalCloud, served: Callable[..., Api], package: bytes
) -> None:
    name = f"robust-{len(package)}"
    api = served(name, FINE)
    client = cloud.client("lambda")
    before = client.get_function(FunctionName=name)["Configuration"]
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="unzip"):
        client.update_function_code(FunctionName=name, ZipFile=package)
    after = client.get_function(FunctionName=name)["Configuration"]
    assert after["CodeSha256"] == before["CodeSha256"]
    assert api.get("/x").text == "fine"


@contextmanager
def no_file_above(pid: int, size: int) -> Iterator[None]:
    """As on a full disk, a process can write no file larger than this."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process by prlimit")
def test_a_full_disk_is_named_and_what_runs_goes_on(
    cloud: LocalCloud, served: Callable[..., Api]
) -> None:
    api = served("roomy", FINE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", FINE)
        archive.writestr("data.bin", os.urandom(400_000))
    client = cloud.client("lambda")
    with no_file_above(cloud.pid, 200_000), pytest.raises(ClientError) as refused:
        client.update_function_code(FunctionName="roomy", ZipFile=packed.getvalue())
    assert refused.value.response["Error"]["Code"] == "CodeStorageExceededException"
    assert "No space left" in refused.value.response["Error"]["Message"]
    assert api.get("/x").text == "fine"
    client.update_function_code(FunctionName="roomy", ZipFile=packed.getvalue())
    assert api.get("/x").text == "fine"


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process by prlimit")
def test_an_object_that_the_disk_has_no_room_for_is_refused_and_the_last_one_stays(
    cloud: LocalCloud,
) -> None:
    s3 = cloud.client("s3", config=ONCE)
    s3.create_bucket(Bucket="attic")
    s3.put_object(Bucket="attic", Key="trunk", Body=b"coats")
    with no_file_above(cloud.pid, 200_000), pytest.raises(ClientError) as refused:
        s3.put_object(Bucket="attic", Key="trunk", Body=bytes(30_000_000))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 507
    assert refused.value.response["Error"]["Code"] == "InsufficientStorage"
    assert refused.value.response["Error"]["Message"].startswith("No space left in ")
    assert s3.get_object(Bucket="attic", Key="trunk")["Body"].read() == b"coats"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCloud, Path]]:
    """A cloud on a disk of 4 MB, which takes two waiting events, and the disk."""
    disk = tmp_path_factory.mktemp("small")
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a disk takes an administrator on Linux")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TMPDIR", str(disk))
        running = LocalCloud.start(waiting_events=2, pace=1)
    with running:
        yield running, disk
    subprocess.run(["umount", str(disk)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """The disk without a byte left."""
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4_096))
    yield
    filling.unlink()


def made(cloud: LocalCloud, name: str) -> Api:
    proxy_api(cloud, name, create_function(cloud, name, FINE))
    return cloud.api(name)


def test_a_full_disk_refuses_new_code_and_what_runs_goes_on(small: tuple[LocalCloud, Path]) -> None:
    cloud, disk = small
    api, client = made(cloud, "settled"), cloud.client("lambda", config=ONCE)
    create_function(cloud, "never-run", FINE)
    s3 = cloud.client("s3", config=ONCE)
    s3.create_bucket(Bucket="large-things")
    with full(disk):
        for refused in (
            lambda: create_function(cloud, "too-late", FINE.replace("fine", "late")),
            lambda: client.update_function_code(
                FunctionName="settled", ZipFile=zipped(FINE.replace("fine", "other"))
            ),
        ):
            with pytest.raises(client.exceptions.CodeStorageExceededException) as answer:
                refused()
            assert answer.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
            assert "No space left" in answer.value.response["Error"]["Message"]
        with pytest.raises(ClientError, match="No space left"):
            s3.put_object(Bucket="large-things", Key="k", Body=bytes(30_000_000))
        assert {answer.text for answer in api.at_once(3, "GET", "/x")} == {"fine"}
        cold = client.invoke(FunctionName="never-run")  # folders and processes need no room
        assert json.load(cold["Payload"])["body"] == "fine"
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function(FunctionName="too-late")
    client.update_function_code(
        FunctionName="settled", ZipFile=zipped(FINE.replace("fine", "other"))
    )
    assert api.get("/x").text == "other"


def test_code_that_fits_only_packed_is_refused_and_nothing_is_left(
    small: tuple[LocalCloud, Path],
) -> None:
    cloud, _ = small
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.py", FINE)
        archive.writestr("zeros.bin", bytes(6_000_000))
    client = cloud.client("lambda", config=ONCE)
    with pytest.raises(client.exceptions.CodeStorageExceededException):
        create_function(cloud, "swollen", FINE, Code={"ZipFile": packed.getvalue()})
    names = {each["FunctionName"] for each in client.list_functions()["Functions"]}
    assert "swollen" not in names


def test_more_events_than_may_wait_are_refused_and_none_that_was_accepted_is_lost(
    small: tuple[LocalCloud, Path],
) -> None:
    """Each that fails waits a minute for its retry, so the third or so finds no room."""
    cloud, _ = small
    client = cloud.client("lambda", config=ONCE)
    create_function(cloud, "hopeless", "def handler(event, context):\n    raise ValueError\n")
    accepted = 0
    with pytest.raises(client.exceptions.TooManyRequestsException) as refused:
        while accepted < 1_000:
            client.invoke(FunctionName="hopeless", InvocationType="Event")
            accepted += 1
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert refused.value.response["Reason"] == "CallerRateLimitExceeded"
    assert client.invoke(FunctionName="hopeless")["FunctionError"] == "Unhandled"
    for _ in range(100):  # a retry is asked for when the attempt before it has failed
        cloud.advance(minutes=2)
        with suppress(CloudError):
            cloud.settle(timeout=0.1)
            break
    ran = [row for row in cloud.invocations() if row["function"] == "hopeless"]
    assert len(ran) == 1 + 3 * accepted


# ── clients that hang up ────────────────────────────────────────────────────────────────────


def connected(cloud: LocalCloud) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(cloud.endpoint.rpartition(":")[2])), 30)


def threads(cloud: LocalCloud) -> int:
    return psutil.Process(cloud.pid).num_threads()


def test_clients_that_hang_up_in_mid_request_cost_nothing(
    cloud: LocalCloud, served: Callable[..., Api]
) -> None:
    api = served("patient", FINE)
    path = api.url.removeprefix(cloud.endpoint) + "/x"
    head = f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n"
    api.at_once(20, "GET", "/x")  # makes the environments, which have threads of their own
    before = threads(cloud)
    for cut in (head[:5], head, head + "\r\n", head + "\r\n" + "x" * 500):
        for _ in range(10):
            caller = connected(cloud)
            caller.sendall(cut.encode())
            caller.close()
    assert [answer.text for answer in api.at_once(20, "GET", "/x")] == ["fine"] * 20
    assert threads(cloud) < before + 60


def test_clients_that_hang_up_in_mid_response_cost_nothing(
    cloud: LocalCloud, served: Callable[..., Api]
) -> None:
    api = served("generous", LARGE, MemorySize=512)
    path = api.url.removeprefix(cloud.endpoint) + "/x"
    for _ in range(10):
        caller = connected(cloud)
        caller.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        assert caller.recv(100).startswith(b"HTTP/1.1 200")
        caller.close()
    assert len(api.get("/x").content) == 5_000_000


# ── what is not there ───────────────────────────────────────────────────────────────────────

GONE: list[tuple[str, str, dict[str, Any], str, int]] = [
    ("lambda", "delete_function", {"FunctionName": "no"}, "ResourceNotFoundException", 404),
    (
        "lambda",
        "delete_event_source_mapping",
        {"UUID": "12345678-1234-1234-1234-123456789012"},
        "ResourceNotFoundException",
        404,
    ),
    (
        "lambda",
        "remove_permission",
        {"FunctionName": "no", "StatementId": "no"},
        "ResourceNotFoundException",
        404,
    ),
    (
        "lambda",
        "delete_function_concurrency",
        {"FunctionName": "no"},
        "ResourceNotFoundException",
        404,
    ),
    ("apigateway", "delete_rest_api", {"restApiId": "no"}, "NotFoundException", 404),
    (
        "apigateway",
        "delete_stage",
        {"restApiId": "no", "stageName": "no"},
        "NotFoundException",
        404,
    ),
    (
        "apigateway",
        "delete_usage_plan_key",
        {"usagePlanId": "no", "keyId": "no"},
        "NotFoundException",
        404,
    ),
    ("apigateway", "delete_usage_plan", {"usagePlanId": "no"}, "NotFoundException", 404),
    ("apigateway", "delete_api_key", {"apiKey": "no"}, "NotFoundException", 404),
    ("s3", "delete_bucket", {"Bucket": "there-is-no-such-bucket"}, "NoSuchBucket", 404),
    ("iam", "delete_role", {"RoleName": "no"}, "NoSuchEntity", 404),
    (
        "iam",
        "delete_role_policy",
        {"RoleName": "no", "PolicyName": "no"},
        "NoSuchEntity",
        404,
    ),
    ("dynamodb", "delete_table", {"TableName": "nothing"}, "ResourceNotFoundException", 400),
    (
        "sqs",
        "delete_queue",
        {"QueueUrl": "http://127.0.0.1/123456789012/no"},
        "AWS.SimpleQueueService.NonExistentQueue",
        400,
    ),
    (
        "secretsmanager",
        "delete_secret",
        {"SecretId": "no"},
        "ResourceNotFoundException",
        404,  # moto's; AWS's is 400, but clients go by the code
    ),
    ("ssm", "delete_parameter", {"Name": "no"}, "ParameterNotFound", 400),
    ("logs", "delete_log_group", {"logGroupName": "no"}, "ResourceNotFoundException", 400),
]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "status"),
    GONE,
    ids=[f"{each[0]}-{each[1]}" for each in GONE],
)
def test_deleting_what_does_not_exist_is_awss_own_error(
    cloud: LocalCloud,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    code: str,
    status: int,
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(cloud.client(service), operation)(**parameters)
    answer = refused.value.response
    assert answer["Error"]["Code"] == code
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("sns", "delete_topic", {"TopicArn": ARN.format("sns", "no")}),
        ("events", "delete_rule", {"Name": "no"}),
        ("cloudformation", "delete_stack", {"StackName": "no"}),
        ("s3", "delete_object", {"Bucket": "still-here", "Key": "no"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_deleting_twice_is_fine_where_it_is_on_aws(
    cloud: LocalCloud, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    if "Bucket" in parameters:
        cloud.client("s3").create_bucket(Bucket=parameters["Bucket"])
    getattr(cloud.client(service), operation)(**parameters)


# ── side by side ────────────────────────────────────────────────────────────────────────────


def test_several_clouds_at_work_side_by_side_do_not_meet(
    cloud: LocalCloud, strict: LocalCloud
) -> None:
    with LocalCloud.start() as third:
        clouds = [cloud, strict, third]

        def use(number: int) -> list[str]:
            cloud, client = clouds[number], clouds[number].client("lambda")
            source = FINE.replace("fine", f"cloud {number}")
            role = cloud.client("iam").create_role(RoleName="same", AssumeRolePolicyDocument="{}")
            made = client.create_function(
                FunctionName="same",
                Runtime="python3.12",
                Handler="app.handler",
                Role=role["Role"]["Arn"],
                Code={"ZipFile": zipped(source)},
            )
            proxy_api(cloud, "same", made["FunctionArn"])
            api = cloud.api("same")
            return [api.get("/x").text for _ in range(30)]

        with ThreadPoolExecutor(3) as together:
            answers = list(together.map(use, range(3)))
        assert answers == [[f"cloud {number}"] * 30 for number in range(3)]
        assert len({cloud.pid for cloud in clouds}) == 3
        assert not threading.main_thread().daemon
