"""Lambda's Invoke over HTTP: its kinds, its answers, its refusals."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from small_apps import zipped

from workbook.cloud import LocalCloud

ECHO = "def handler(event, context):\n    print('hello')\n    return event\n"


def test_a_synchronous_invocation_returns_the_result(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("back", ECHO)
    answer = cloud.client("lambda").invoke(FunctionName="back", Payload=b'{"a": 1}', LogType="Tail")
    assert answer["StatusCode"] == 200
    assert json.load(answer["Payload"]) == {"a": 1}
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "hello" in base64.b64decode(answer["LogResult"]).decode()


def test_the_log_is_sent_only_when_asked_for(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("quiet", ECHO)
    assert "LogResult" not in cloud.client("lambda").invoke(FunctionName="quiet")


def test_a_dry_run_runs_nothing(cloud: LocalCloud, function: Callable[..., str]) -> None:
    function("dry", ECHO)
    answer = cloud.client("lambda").invoke(FunctionName="dry", InvocationType="DryRun")
    assert answer["StatusCode"] == 204
    assert "dry" not in {row["function"] for row in cloud.invocations()}


def test_an_asynchronous_invocation_is_accepted_at_once(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("later", ECHO)
    answer = cloud.client("lambda").invoke(FunctionName="later", InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    cloud.settle()
    assert "hello" in cloud.logs("later")


def test_names_arns_versions_and_aliases_find_their_code(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    client = cloud.client("lambda")
    arn = function("many-names", "def handler(e, c):\n    return 1\n")
    client.publish_version(FunctionName="many-names")
    client.update_function_code(
        FunctionName="many-names", ZipFile=zipped("def handler(e, c):\n    return 2\n")
    )
    client.create_alias(FunctionName="many-names", Name="live", FunctionVersion="1")

    def ran(name: str, **more: str) -> tuple[str, str]:
        answer = client.invoke(FunctionName=name, **more)
        return answer["Payload"].read().decode(), answer["ExecutedVersion"]

    assert ran("many-names") == ran(arn) == ("2", "$LATEST")
    assert ran("many-names", Qualifier="$LATEST") == ("2", "$LATEST")
    assert ran("123456789012:function:many-names") == ("2", "$LATEST")
    assert ran(f"{arn}:1") == ran("many-names:1") == ("1", "1")
    assert ran("many-names", Qualifier="live") == ran(f"{arn}:live") == ("1", "1")


def test_a_function_that_does_not_exist_is_awss_404(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError) as missing:
        cloud.client("lambda").invoke(FunctionName="nobody")
    error = missing.value.response["Error"]
    assert error["Code"] == "ResourceNotFoundException"
    arn = "arn:aws:lambda:us-east-1:123456789012:function:nobody"
    assert error["Message"] == f"Function not found: {arn}"


def test_a_payload_that_is_no_json_is_refused(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("json-only", ECHO)
    with pytest.raises(ClientError, match="Could not parse request body into json"):
        cloud.client("lambda").invoke(FunctionName="json-only", Payload=b"{")


def test_an_error_of_the_function_is_a_200_that_says_so(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("raiser", "def handler(e, c):\n    raise ValueError('no tea')\n")
    answer = cloud.client("lambda").invoke(FunctionName="raiser")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    error = json.load(answer["Payload"])
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no tea")


def test_no_reserved_concurrency_left_is_a_429(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("none-at-all", ECHO)
    client = cloud.client("lambda")
    client.put_function_concurrency(FunctionName="none-at-all", ReservedConcurrentExecutions=0)
    quick = cloud.client(
        "lambda",
        config=__import__("botocore.config").config.Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(ClientError) as throttled:
        quick.invoke(FunctionName="none-at-all")
    answer = throttled.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert answer["Error"]["Code"] == "TooManyRequestsException"
    assert answer["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_a_new_description_keeps_environments_and_a_new_variable_does_not(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    client = cloud.client("lambda")
    function("described", ECHO)

    def cold(**changed: object) -> bool:
        client.update_function_configuration(FunctionName="described", **changed)
        client.invoke(FunctionName="described")
        return bool(cloud.invocations()[-1]["cold"])

    assert cold(Timeout=10)
    assert not cold(Description="says it again")
    assert cold(Environment={"Variables": {"ANY": "1"}})
