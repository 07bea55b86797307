"""Provisioned concurrency through AWS's calls: put, seen, moved with an alias, refused, deleted."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from small_apps import zipped

from workbook.cloud import LocalCloud, lambda_state
from workbook.cloud.calls import AwsCall
from workbook.cloud.functions import Provisioned
from workbook.cloud.provisioned import ProvisionedConcurrency

TELL = "def handler(event, context): return context.function_version"
UNPUBLISHED = "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
INVALID = "InvalidParameterValueException"
Function = Callable[..., str]


def put(cloud: LocalCloud, name: str, qualifier: str, count: int) -> Any:
    return cloud.client("lambda").put_provisioned_concurrency_config(
        FunctionName=name, Qualifier=qualifier, ProvisionedConcurrentExecutions=count
    )


def refusal(call: Callable[..., Any], *given: Any, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(*given, **parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def publish(cloud: LocalCloud, name: str, source: str | None = None) -> str:
    client = cloud.client("lambda")
    if source is not None:
        client.update_function_code(FunctionName=name, ZipFile=zipped(source))
    return str(client.publish_version(FunctionName=name)["Version"])


def alive(cloud: LocalCloud, name: str) -> list[tuple[str, bool]]:
    """Version, and whether provisioned, of the environments that wait."""
    return [
        (one["version"], one["provisioned"])
        for one in cloud.environments()
        if one["function"] == name and one["state"] == "idle"
    ]


def test_a_version_is_ready_before_it_is_called(cloud: LocalCloud, function: Function) -> None:
    client = cloud.client("lambda")
    function("till", TELL)
    publish(cloud, "till")
    told = put(cloud, "till", "1", 2)
    assert (told["ResponseMetadata"]["HTTPStatusCode"], told["Status"]) == (202, "IN_PROGRESS")
    cloud.settle()
    told = client.get_provisioned_concurrency_config(FunctionName="till", Qualifier="1")
    assert (told["Status"], told["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 2)
    board = cloud.environments()
    assert "provisioned" in board.columns
    assert alive(cloud, "till") == [("1", True)] * 2
    assert [one["cold"] for one in board if one["function"] == "till"] == [False, False]
    client.invoke(FunctionName="till", Qualifier="1")
    assert not cloud.invocations()[-1]["cold"]
    (listed,) = client.list_provisioned_concurrency_configs(FunctionName="till")[
        "ProvisionedConcurrencyConfigs"
    ]
    assert listed["FunctionArn"].endswith(":till:1")
    assert listed["RequestedProvisionedConcurrentExecutions"] == 2
    client.delete_provisioned_concurrency_config(FunctionName="till", Qualifier="1")
    assert alive(cloud, "till") == []
    told = refusal(client.get_provisioned_concurrency_config, FunctionName="till", Qualifier="1")
    assert told == (
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function",
    )


def test_an_alias_takes_its_environments_along(cloud: LocalCloud, function: Function) -> None:
    client = cloud.client("lambda")
    function("stall", TELL)
    publish(cloud, "stall")
    publish(cloud, "stall", TELL + "\n")
    client.create_alias(FunctionName="stall", Name="live", FunctionVersion="1")
    put(cloud, "stall", "live", 1)
    cloud.settle()
    assert alive(cloud, "stall") == [("1", True)]
    client.update_alias(FunctionName="stall", Name="live", FunctionVersion="2")
    cloud.settle()
    assert alive(cloud, "stall") == [("2", True)]
    client.invoke(FunctionName="stall", Qualifier="live")
    assert not cloud.invocations()[-1]["cold"]
    conflict = "ResourceConflictException"
    assert refusal(put, cloud, "stall", "2", 1) == (
        conflict,
        "Version is pointed by a Provisioned Concurrency alias",
    )
    client.create_alias(FunctionName="stall", Name="beta", FunctionVersion="1")
    put(cloud, "stall", "1", 1)
    assert refusal(put, cloud, "stall", "beta", 1) == (
        conflict,
        (
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned"
            " version"
        ),
    )
    client.delete_alias(FunctionName="stall", Name="live")
    cloud.settle()
    assert alive(cloud, "stall") == [("1", True)]


def test_what_is_not_published_has_none(cloud: LocalCloud, function: Function) -> None:
    function("draft", TELL)
    cloud.client("lambda").create_alias(
        FunctionName="draft", Name="next", FunctionVersion="$LATEST"
    )
    assert refusal(put, cloud, "draft", "$LATEST", 1) == (INVALID, UNPUBLISHED)
    assert refusal(put, cloud, "draft", "next", 1) == (INVALID, UNPUBLISHED)
    assert refusal(put, cloud, "draft", "7", 1)[0] == "ResourceNotFoundException"
    assert refusal(put, cloud, "nobody", "1", 1)[0] == "ResourceNotFoundException"


def test_it_keeps_within_what_is_reserved_and_the_other_way_round(
    cloud: LocalCloud, function: Function
) -> None:
    client = cloud.client("lambda")
    function("booth", TELL)
    publish(cloud, "booth")
    client.put_function_concurrency(FunctionName="booth", ReservedConcurrentExecutions=2)
    assert refusal(put, cloud, "booth", "1", 3) == (
        INVALID,
        (
            "Requested Provisioned Concurrency should not be greater than the"
            " reservedConcurrentExecution for function"
        ),
    )
    put(cloud, "booth", "1", 2)
    told = refusal(
        client.put_function_concurrency, FunctionName="booth", ReservedConcurrentExecutions=1
    )
    assert told == (
        INVALID,
        (
            " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned"
            " concurrency [2]."
        ),
    )
    # all that is reserved is provisioned, of version 1: nothing is left for $LATEST
    assert refusal(client.invoke, FunctionName="booth")[0] == "TooManyRequestsException"
    cloud.settle()


def test_it_leaves_the_account_something(cloud: LocalCloud, function: Function) -> None:
    function("mall", TELL)
    publish(cloud, "mall")
    code, message = refusal(put, cloud, "mall", "1", 5_000)
    assert (code, "greater than account's unreserved concurrency" in message) == (INVALID, True)
    code, message = refusal(put, cloud, "mall", "1", 950)
    assert (code, message.endswith("below its minimum value of [100].")) == (INVALID, True)


def test_what_functions_reserve_leaves_the_account_something(
    cloud: LocalCloud, function: Function
) -> None:
    client = cloud.client("lambda")
    function("plaza", TELL)
    function("kiosks", TELL)
    reserve = client.put_function_concurrency
    reserve(FunctionName="kiosks", ReservedConcurrentExecutions=500)
    words = (
        "Specified ReservedConcurrentExecutions for function decreases account's"
        " UnreservedConcurrentExecution below its minimum value of [100]."
    )
    for many in (401, 1_001):
        told = refusal(reserve, FunctionName="plaza", ReservedConcurrentExecutions=many)
        assert told == (INVALID, words)
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(
        FunctionName="plaza"
    )
    reserve(FunctionName="kiosks", ReservedConcurrentExecutions=600)  # its own are given back first
    reserve(FunctionName="plaza", ReservedConcurrentExecutions=200)


def test_an_init_that_fails_is_told(cloud: LocalCloud, function: Function) -> None:
    client = cloud.client("lambda")
    function("wreck", "raise OSError('no shelf')")
    publish(cloud, "wreck")
    put(cloud, "wreck", "1", 1)
    cloud.settle()
    told = client.get_provisioned_concurrency_config(FunctionName="wreck", Qualifier="1")
    assert (told["Status"], told["StatusReason"]) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")
    put(cloud, "wreck", "1", 1)  # which tries it once more
    cloud.settle()
    assert [one["state"] for one in cloud.environments() if one["function"] == "wreck"] == [
        "crashed",
        "crashed",
    ]


def test_a_body_that_cannot_be_read_is_the_caller_s_fault(
    cloud: LocalCloud, function: Function
) -> None:
    function("garbled", TELL)
    publish(cloud, "garbled")
    request = urllib.request.Request(
        f"{cloud.endpoint}/2019-09-30/functions/garbled/provisioned-concurrency?Qualifier=1",
        data=b"{",
        method="PUT",
        headers={"Authorization": "Credential=k/20260101/us-east-1/lambda/aws4_request"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400


class Deployed:
    """What functions/ has: nothing at first, as where a disk was full."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def provision(self, arn: str, count: int) -> None:
        self.counts[arn]  # or it is a KeyError
        self.counts[arn] = count

    def provisioned(self, arn: str) -> Provisioned:
        return Provisioned(self.counts[arn], self.counts[arn], failed=False)


def test_a_version_that_could_not_be_deployed_yet_is_provisioned_once_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = SimpleNamespace(
        function_name="late",
        function_arn="late:1",
        version="1",
        region="us-east-1",
        reserved_concurrency=None,
    )
    monkeypatch.setattr(lambda_state, "find", lambda *_, **__: version)
    monkeypatch.setattr(lambda_state, "reserved_concurrency", lambda _: {})
    functions = Deployed()
    subject = ProvisionedConcurrency(functions, account_limit=1000, clock=time.time)
    path = "/2019-09-30/functions/late/provisioned-concurrency"
    asked = AwsCall("lambda", "", "PUT", path, "Qualifier=1", "us-east-1", "")

    def status(method: str, body: bytes = b"") -> Any:
        answer = subject.answer(replace(asked, method=method), body)
        assert answer is not None
        return json.loads(answer.body)["Status"]

    assert status("PUT", b'{"ProvisionedConcurrentExecutions": 2}') == "IN_PROGRESS"
    assert status("GET") == "IN_PROGRESS"
    functions.counts["late:1"] = 0
    subject.refresh()
    assert functions.counts == {"late:1": 2}
    assert status("GET") == "READY"


def test_a_deleted_function_takes_its_configuration_along(
    cloud: LocalCloud, function: Function
) -> None:
    client = cloud.client("lambda")
    function("kiosk", TELL)
    publish(cloud, "kiosk")
    put(cloud, "kiosk", "1", 1)
    cloud.settle()
    paid_for = {"service": "lambda", "kind": "provisioned concurrency", "name": "kiosk:1"}
    assert paid_for in cloud.inventory()
    role = client.get_function_configuration(FunctionName="kiosk")["Role"]
    client.delete_function(FunctionName="kiosk")
    assert alive(cloud, "kiosk") == []
    assert paid_for not in cloud.inventory()
    client.create_function(  # for the fixture to delete
        FunctionName="kiosk",
        Role=role,
        Runtime="python3.12",
        Handler="app.handler",
        Code={"ZipFile": zipped(TELL)},
    )
    publish(cloud, "kiosk")
    told = client.list_provisioned_concurrency_configs(FunctionName="kiosk")
    assert told["ProvisionedConcurrencyConfigs"] == []
