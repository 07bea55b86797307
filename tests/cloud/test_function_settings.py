"""What Lambda refuses of a function's settings: so that what deploys here deploys on AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud
from workbook.cloud.answer import Answer
from workbook.cloud.calls import AwsCall
from workbook.cloud.function_settings import refused

CREATE = ("POST", "/2015-03-31/functions")
UPDATE = ("PUT", "/2015-03-31/functions/shop/configuration")
UNABLE = "Lambda was unable to configure your environment variables because the environment"


def asked(where: tuple[str, str], **settings: Any) -> Answer | None:
    """The answer to a call with these settings."""
    call = AwsCall("lambda", "", *where, query="", region="us-east-1", access_key="")
    return refused(call, settings)


def told(answer: Answer | None) -> tuple[str, str]:
    """The code and the message of a refusal."""
    assert answer is not None
    return dict(answer.headers)["x-amzn-ErrorType"], json.loads(answer.body)["Message"]


@pytest.mark.parametrize("where", [CREATE, UPDATE])
@pytest.mark.parametrize(
    ("name", "at", "fits", "value", "bound"),
    [
        ("Timeout", "timeout", 900, 901, "less than or equal to 900"),
        ("Timeout", "timeout", 1, 0, "greater than or equal to 1"),
        ("MemorySize", "memorySize", 10_240, 10_241, "less than or equal to 10240"),
        ("MemorySize", "memorySize", 128, 127, "greater than or equal to 128"),
    ],
)
def test_numbers_have_bounds(
    where: tuple[str, str], name: str, at: str, fits: int, value: int, bound: str
) -> None:
    assert asked(where, **{name: fits}) is None
    constraint = f"failed to satisfy constraint: Member must have value {bound}"
    message = f"1 validation error detected: Value '{value}' at '{at}' {constraint}"
    assert told(asked(where, **{name: value})) == ("ValidationException", message)


@pytest.mark.parametrize(
    ("where", "settings", "constraint"),
    [
        (CREATE, {"FunctionName": "x" * 65}, "length less than or equal to 64"),
        (CREATE, {"Handler": "app handler"}, r"pattern: [^\s]+"),
        (UPDATE, {"Handler": "a" * 129}, "length less than or equal to 128"),
        (UPDATE, {"Description": "d" * 257}, "length less than or equal to 256"),
        (UPDATE, {"EphemeralStorage": {"Size": 511}}, "greater than or equal to 512"),
        (UPDATE, {"Environment": {"Variables": {"9LIVES": "cat"}}}, "[a-zA-Z]([a-zA-Z0-9_])+]"),
        (UPDATE, {"Environment": {"Variables": {"A": "too short a name"}}}, "Map keys must"),
        (
            ("POST", "/2015-03-31/functions/shop/aliases"),
            {"Name": "22"},
            "pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
        ),
        (("POST", "/2015-03-31/functions/shop/policy"), {"StatementId": "a b"}, "'statementId'"),
    ],
)
def test_texts_have_lengths_and_patterns(
    where: tuple[str, str], settings: dict[str, Any], constraint: str
) -> None:
    code, message = told(asked(where, **settings))
    assert code == "ValidationException"
    assert constraint in message


def test_all_faults_are_told_at_once() -> None:
    _, message = told(asked(CREATE, Timeout=0, MemorySize=1))
    assert message.startswith("2 validation errors detected: Value '0' at 'timeout'")
    assert "; Value '1' at 'memorySize'" in message


def test_what_lambda_sets_itself_is_reserved() -> None:
    variables = {"AWS_REGION": "eu-west-1", "STAGE": "dev", "LAMBDA_TASK_ROOT": "/"}
    code, message = told(asked(UPDATE, Environment={"Variables": variables}))
    assert code == "InvalidParameterValueException"
    assert message.startswith(f"{UNABLE} variables you have provided contains reserved keys")
    assert message.endswith("Reserved keys used in this request: AWS_REGION, LAMBDA_TASK_ROOT")
    for free in ("PYTHONPATH", "PATH", "AWS_LAMBDA_EXEC_WRAPPER", "AWS_ENDPOINT_URL"):
        assert asked(UPDATE, Environment={"Variables": {free: "/opt"}}) is None


def test_an_environment_has_4_kb() -> None:
    room = 4_096 - len('{"BIG":""}')
    assert asked(CREATE, Environment={"Variables": {"BIG": "x" * room}}) is None
    code, message = told(asked(CREATE, Environment={"Variables": {"BIG": "x" * (room + 1)}}))
    assert code == "InvalidParameterValueException"
    assert message.startswith(
        f"{UNABLE} variables you have provided exceeded the 4KB limit. String"
    )


def test_a_refused_change_changes_nothing(cloud: LocalCloud, function: Callable[..., str]) -> None:
    function("bounded", "def handler(e, c): pass", Timeout=5)
    client = cloud.client("lambda", config=Config(parameter_validation=False))
    with pytest.raises(ClientError, match="ValidationException.*'901' at 'timeout'"):
        client.update_function_configuration(FunctionName="bounded", Timeout=901, MemorySize=256)
    found = client.get_function_configuration(FunctionName="bounded")
    assert (found["Timeout"], found["MemorySize"]) == (5, 128)
