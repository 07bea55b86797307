"""Functions act under their own roles, and event sources must be readable to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from acting import administrator, clients_with
from policy_texts import allow, arn, document, refused
from small_apps import zipped

from workbook.cloud import LocalCloud

WRITER = """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    table = boto3.client("dynamodb")
    said = {}
    for name in ("role-orders", "role-items"):
        try:
            table.put_item(TableName=name, Item={"id": {"S": "1"}})
            said[name] = "written"
        except ClientError as error:
            said[name] = error.response["Error"]
    return said
"""
KEYS = """
import os

def handler(event, context):
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return [os.environ[name] for name in names]
"""
IGNORES = "def handler(event, context):\n    print('read', len(event['Records']))\n"


@pytest.fixture(scope="module", autouse=True)
def tables(strict: LocalCloud) -> Iterator[dict[str, str]]:
    client = administrator(strict, "dynamodb")
    streams = {}
    for name in ("role-orders", "role-items"):
        made = client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        streams[name] = made["TableDescription"]["LatestStreamArn"]
    yield streams
    for name in streams:
        client.delete_table(TableName=name)


@pytest.fixture
def function(strict: LocalCloud) -> Iterator[Callable[..., Any]]:
    client, made = administrator(strict, "lambda"), set()

    def make(name: str, source: str, role_arn: str) -> Any:
        client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="app.handler",
            Role=role_arn,
            Code={"ZipFile": zipped(source)},
        )
        made.add(name)

        def invoke() -> Any:
            answer = client.invoke(FunctionName=name)
            assert "FunctionError" not in answer, answer["Payload"].read()
            return json.loads(answer["Payload"].read())

        return invoke

    yield make
    for name in made:
        client.delete_function(FunctionName=name)


def may_write(strict: LocalCloud, keys: list[str]) -> list[bool]:
    """Which of the tables somebody with these keys can write to: orders, items."""
    table, can = clients_with(strict, *keys)("dynamodb"), []
    for name in ("role-orders", "role-items"):
        try:
            table.put_item(TableName=name, Item={"id": {"S": "1"}})
            can.append(True)
        except table.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDeniedException"
            can.append(False)
    return can


def test_a_function_can_do_what_its_role_can_and_no_more(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    orders = arn("dynamodb", "table/role-orders")
    mine = role(allow("dynamodb:PutItem", orders), name="writer-role")
    said = function("writer", WRITER, mine)()
    assert said["role-orders"] == "written"
    assert said["role-items"]["Code"] == "AccessDeniedException"
    assert said["role-items"]["Message"] == (
        "User: arn:aws:sts::123456789012:assumed-role/writer-role/writer is not authorized to "
        f"perform: dynamodb:PutItem on resource: {arn('dynamodb', 'table/role-items')} because no "
        "identity-based policy allows the dynamodb:PutItem action"
    )


def test_a_new_permission_reaches_a_warm_function(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    invoke = function("late", WRITER, role(name="late-role"))
    assert invoke()["role-orders"]["Code"] == "AccessDeniedException"
    administrator(strict, "iam").put_role_policy(
        RoleName="late-role", PolicyName="late", PolicyDocument=document(allow("dynamodb:*"))
    )
    assert invoke() == {"role-orders": "written", "role-items": "written"}
    (environment,) = [row for row in strict.environments() if row["function"] == "late"]
    assert environment["served"] == 2


def test_two_functions_with_one_role_are_told_apart(
    role: Callable[..., str], function: Callable[..., Any]
) -> None:
    shared = role(name="shared-role")
    for name in ("first", "second"):
        said = function(name, WRITER, shared)()
        assert f"assumed-role/shared-role/{name} is not" in said["role-orders"]["Message"]


def test_invoking_a_function_needs_leave(
    under: Callable[..., Any], role: Callable[..., str], function: Callable[..., Any]
) -> None:
    function("asked", WRITER, role())
    function("unasked", WRITER, role())
    client = under(allow("lambda:InvokeFunction", arn("lambda", "function:asked")))("lambda")
    assert client.invoke(FunctionName="asked")["StatusCode"] == 200
    words = f"lambda:InvokeFunction on resource: {arn('lambda', 'function:unasked')} because no"
    for kind in ("RequestResponse", "Event", "DryRun"):
        with refused("AccessDeniedException", words):
            client.invoke(FunctionName="unasked", InvocationType=kind)
    with refused("AccessDeniedException", "lambda:GetFunction on resource:"):
        client.get_function(FunctionName="asked")


@pytest.mark.parametrize(
    ("actions", "missing"),
    [
        ([], "ReceiveMessage"),
        (["sqs:ReceiveMessage"], "DeleteMessage"),
        (["sqs:ReceiveMessage", "sqs:DeleteMessage"], "GetQueueAttributes"),
    ],
)
def test_a_queue_must_be_readable_to_the_functions_role(
    strict: LocalCloud,
    role: Callable[..., str],
    function: Callable[..., Any],
    actions: list[str],
    missing: str,
) -> None:
    """Whoever makes the mapping: here it is the administrator."""
    administrator(strict, "sqs").create_queue(QueueName="role-queue")
    statements = [allow(actions, arn("sqs", "role-queue"))] if actions else []
    function("reader", IGNORES, role(*statements))
    words = f"The function execution role does not have permissions to call {missing} on SQS"
    with refused("InvalidParameterValueException", words):
        administrator(strict, "lambda").create_event_source_mapping(
            FunctionName="reader", EventSourceArn=arn("sqs", "role-queue")
        )
    assert administrator(strict, "lambda").list_event_source_mappings()["EventSourceMappings"] == []


def test_a_readable_queue_is_read(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    queue = administrator(strict, "sqs").create_queue(QueueName="role-queue")["QueueUrl"]
    function("reads", IGNORES, role(allow("sqs:*", arn("sqs", "role-queue"))))
    client = administrator(strict, "lambda")
    mapping = client.create_event_source_mapping(
        FunctionName="reads", EventSourceArn=arn("sqs", "role-queue")
    )
    administrator(strict, "sqs").send_message(QueueUrl=queue, MessageBody="a")
    strict.settle()
    assert "read 1" in strict.logs("reads")
    client.delete_event_source_mapping(UUID=mapping["UUID"])


def test_a_queue_that_is_no_longer_readable_keeps_its_messages_until_it_is(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    sqs, iam = administrator(strict, "sqs"), administrator(strict, "iam")
    client = administrator(strict, "lambda")
    queue = sqs.create_queue(QueueName="revoked")["QueueUrl"]
    reading = allow("sqs:*", arn("sqs", "revoked"))
    function("revocable", IGNORES, role(reading, name="revocable-role"))
    mapping = client.create_event_source_mapping(
        FunctionName="revocable", EventSourceArn=arn("sqs", "revoked")
    )
    iam.delete_role_policy(RoleName="revocable-role", PolicyName="inline")
    sqs.send_message(QueueUrl=queue, MessageBody="a")
    strict.settle()
    assert strict.logs("revocable") == ""
    counts = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == "1"
    iam.put_role_policy(
        RoleName="revocable-role", PolicyName="again", PolicyDocument=document(reading)
    )
    strict.settle()
    assert "read 1" in strict.logs("revocable")
    client.delete_event_source_mapping(UUID=mapping["UUID"])


def test_a_stream_that_is_no_longer_readable_keeps_its_records_until_it_is(
    strict: LocalCloud,
    role: Callable[..., str],
    function: Callable[..., Any],
    tables: dict[str, str],
) -> None:
    iam, client = administrator(strict, "iam"), administrator(strict, "lambda")
    function("forgetful", IGNORES, role(allow("dynamodb:*"), name="forgetful-role"))
    mapping = client.create_event_source_mapping(
        FunctionName="forgetful",
        EventSourceArn=tables["role-items"],
        StartingPosition="LATEST",
    )
    denied = {"Effect": "Deny", "Action": "dynamodb:GetRecords", "Resource": "*"}
    iam.put_role_policy(RoleName="forgetful-role", PolicyName="no", PolicyDocument=document(denied))
    administrator(strict, "dynamodb").put_item(TableName="role-items", Item={"id": {"S": "9"}})
    strict.settle()
    assert strict.logs("forgetful") == ""
    iam.delete_role_policy(RoleName="forgetful-role", PolicyName="no")
    strict.settle()
    assert "read 1" in strict.logs("forgetful")
    client.delete_event_source_mapping(UUID=mapping["UUID"])


def test_a_role_that_is_made_again_gives_its_functions_keys_of_its_own(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    """Its id is another one, though its name and its ARN are the same."""
    tells = "import os\ndef handler(event, context):\n    return os.environ['AWS_ACCESS_KEY_ID']\n"
    invoke = function("renewed", tells, role(name="renewed-role"))
    before = invoke()
    assert invoke() == before
    administrator(strict, "iam").delete_role(RoleName="renewed-role")
    role(name="renewed-role")
    assert invoke() != before


def test_a_function_made_again_under_its_name_acts_under_its_new_role_alone(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    """Whatever is kept of the former one, by its name or in its environments."""
    client = administrator(strict, "lambda")
    first = role(allow("dynamodb:PutItem", arn("dynamodb", "table/role-orders")))
    second = role(allow("dynamodb:PutItem", arn("dynamodb", "table/role-items")))
    for mine, expected in ((first, [True, False]), (second, [False, True]), (first, [True, False])):
        assert may_write(strict, function("twice", KEYS, mine)()) == expected
        client.delete_function(FunctionName="twice")
    function("twice", KEYS, second)  # for the fixture to delete


def test_a_function_acts_under_the_role_that_it_is_given_later(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    first = role(allow("dynamodb:PutItem", arn("dynamodb", "table/role-orders")))
    second = role(allow("dynamodb:PutItem", arn("dynamodb", "table/role-items")))
    invoke = function("promoted", KEYS, first)
    assert may_write(strict, invoke()) == [True, False]
    client = administrator(strict, "lambda")
    published = client.publish_version(FunctionName="promoted")["Version"]
    client.update_function_configuration(FunctionName="promoted", Role=second)
    assert may_write(strict, invoke()) == [False, True]
    answer = client.invoke(FunctionName="promoted", Qualifier=published)
    assert may_write(strict, json.loads(answer["Payload"].read())) == [True, False]


def test_keys_of_a_role_that_is_gone_are_not_those_of_one_made_since_under_its_name(
    strict: LocalCloud, role: Callable[..., str], function: Callable[..., Any]
) -> None:
    iam = administrator(strict, "iam")
    allowed = allow("dynamodb:PutItem", arn("dynamodb", "table/role-orders"))
    invoke = function("orphaned", KEYS, role(allowed, name="reborn-role"))
    old = invoke()
    assert may_write(strict, old) == [True, False]
    iam.delete_role_policy(RoleName="reborn-role", PolicyName="inline")
    iam.delete_role(RoleName="reborn-role")
    assert may_write(strict, old) == [False, False]
    role(allowed, name="reborn-role")
    assert may_write(strict, old) == [False, False]
    assert may_write(strict, invoke()) == [True, False]


def test_a_stream_must_be_readable_to_the_functions_role(
    strict: LocalCloud,
    role: Callable[..., str],
    function: Callable[..., Any],
    tables: dict[str, str],
) -> None:
    other, stream = tables["role-items"], tables["role-orders"]
    function("streams", IGNORES, role(allow("dynamodb:*", other)))
    client = administrator(strict, "lambda")
    mapping = {"FunctionName": "streams", "StartingPosition": "TRIM_HORIZON"}
    words = f"Cannot access stream {stream}. Please ensure the role can perform the GetRecords"
    with refused("InvalidParameterValueException", words):
        client.create_event_source_mapping(**mapping, EventSourceArn=stream)
    made = client.create_event_source_mapping(**mapping, EventSourceArn=other)
    client.delete_event_source_mapping(UUID=made["UUID"])
