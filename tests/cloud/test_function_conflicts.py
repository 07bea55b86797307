"""Changes of functions that AWS refuses for the sake of something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud

SOURCE = "def handler(event, context): return event"


@pytest.fixture
def client(cloud: LocalCloud) -> Any:
    """Lambda's client."""
    return cloud.client("lambda")


@pytest.fixture
def name(function: Callable[..., str], request: pytest.FixtureRequest) -> str:
    """A function that may take ten seconds."""
    name = request.node.name.removeprefix("test_")[:50]
    function(name, SOURCE, Timeout=10)
    return name


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, int, str]:
    """Code, status and message of the error that a call answers."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response
    status = error["ResponseMetadata"]["HTTPStatusCode"]
    return error["Error"]["Code"], status, error["Error"]["Message"]


def test_a_queue_hides_its_messages_as_long_as_the_function_may_take(
    cloud: LocalCloud, client: Any, name: str
) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="impatient", Attributes={"VisibilityTimeout": "9"})["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:impatient"
    code, status, message = refusal(
        client.create_event_source_mapping, FunctionName=name, EventSourceArn=arn
    )
    assert (code, status) == ("InvalidParameterValueException", 400)
    assert message == (
        "Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds"
    )
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "10"})
    made = client.create_event_source_mapping(FunctionName=name, EventSourceArn=arn)
    client.delete_event_source_mapping(UUID=made["UUID"])
    sqs.delete_queue(QueueUrl=url)


def test_a_queue_that_is_not_there_is_named_as_sqs_would(client: Any, name: str) -> None:
    arn = "arn:aws:sqs:us-east-1:123456789012:nowhere"
    code, status, message = refusal(
        client.create_event_source_mapping, FunctionName=name, EventSourceArn=arn
    )
    assert (code, status) == ("InvalidParameterValueException", 400)
    assert "AWS.SimpleQueueService.NonExistentQueue" in message


def test_a_statement_is_added_once_and_removed_by_its_name(client: Any, name: str) -> None:
    given = {
        "StatementId": "s3",
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
    }
    client.add_permission(FunctionName=name, **given)
    code, status, message = refusal(client.add_permission, FunctionName=name, **given)
    assert (code, status) == ("ResourceConflictException", 409)
    assert message.startswith("The statement id (s3) provided already exists.")
    assert refusal(client.remove_permission, FunctionName=name, StatementId="sns") == (
        "ResourceNotFoundException",
        404,
        "Statement sns is not found in resource policy.",
    )
    client.remove_permission(FunctionName=name, StatementId="s3")
    client.add_permission(FunctionName=name, **given)


def test_each_alias_has_statements_of_its_own(client: Any, name: str) -> None:
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    given = {
        "FunctionName": name,
        "StatementId": "api",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
    }
    client.add_permission(**given)
    client.add_permission(**given, Qualifier="live")


def test_a_version_stays_while_an_alias_points_to_it(client: Any, name: str) -> None:
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    assert refusal(client.delete_function, FunctionName=name, Qualifier="1") == (
        "ResourceConflictException",
        409,
        "Unable to delete version because the following aliases reference it: [live]",
    )
    client.delete_alias(FunctionName=name, Name="live")
    client.delete_function(FunctionName=name, Qualifier="1")
    code, *_ = refusal(client.delete_function, FunctionName=name, Qualifier="$LATEST")
    assert code == "InvalidParameterValueException"
