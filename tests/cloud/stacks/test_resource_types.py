"""Resource types: every property that one accepts shows in the service, first and after a change.

The cases are those of stack_cases/ that a plain moto shows; functions and APIs are tested where
they run, by test_function_and_api_types.py.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from stack_cases import ON_MOTO, dynamodb, events, s3, sqs
from stack_cases.given import POLICY

from workbook.cloud.stacks.types import TYPES


@pytest.fixture
def people(aws: Callable[[str], Any], fresh: None) -> None:
    """What cases refer to and stacks cannot make."""
    aws("iam").create_user(UserName="ann")
    aws("iam").create_group(GroupName="staff")
    for name in ("reads", "writes"):
        aws("iam").create_policy(PolicyName=name, PolicyDocument=json.dumps(POLICY))


@pytest.fixture
def functions(aws: Callable[[str], Any], fresh: None) -> None:
    """Two functions, seller and buyer, and a bucket of code for layers."""
    role_arn = aws("iam").create_role(RoleName="runs", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...")
    for name in ("seller", "buyer"):
        aws("lambda").create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=role_arn,
            Handler="app.handler",
            Code={"ZipFile": code.getvalue()},
        )
    aws("s3").create_bucket(Bucket="layers")
    for length, key in enumerate(("one.zip", "two.zip"), 1):
        aws("s3").put_object(Bucket="layers", Key=key, Body=b"x" * length)


@pytest.mark.parametrize("case", ON_MOTO, ids=[case.id for case in ON_MOTO])
def test_a_property_shows_when_it_is_set_and_when_it_is_changed(shop, aws, request, case):
    request.getfixturevalue("functions" if "Lambda" in case.type else "people")
    may = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    first, then = case.expected

    template, *changed = case.templates()
    assert shop.create(template, **may)["StackStatus"] == "CREATE_COMPLETE", shop.failures()
    assert case.look(aws, shop.resource("It")) == first
    for another in changed:
        assert shop.update(another, **may)["StackStatus"] == "UPDATE_COMPLETE", shop.failures()
    assert case.look(aws, shop.resource("It")) == then
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    "case",
    [case for case in ON_MOTO if case.name == "Tags" and TYPES[case.type].schema.takes_own_tags],
    ids=lambda case: case.type,
)
def test_what_can_be_tagged_names_its_stack(shop, aws, case, people):
    stack = shop.create(case.templates()[0], Capabilities=["CAPABILITY_NAMED_IAM"])
    assert case.look(aws, shop.resource("It")).own == {
        "aws:cloudformation:stack-name": "shop",
        "aws:cloudformation:stack-id": stack["StackId"],
        "aws:cloudformation:logical-id": "It",
    }


def test_a_bucket_tells_eventbridge_what_happens_in_it(shop, aws):
    shop.create(
        {
            "Resources": {
                "Inbox": {"Type": sqs.QUEUE},
                "Rule": {
                    "Type": events.RULE,
                    "Properties": {
                        "EventPattern": {"source": ["aws.s3"]},
                        "Targets": [{"Id": "inbox", "Arn": {"Fn::GetAtt": ["Inbox", "Arn"]}}],
                    },
                },
                "Photos": {
                    "Type": s3.BUCKET,
                    "Properties": {
                        "NotificationConfiguration": {
                            "EventBridgeConfiguration": {"EventBridgeEnabled": True}
                        }
                    },
                },
            }
        }
    )
    aws("s3").put_object(Bucket=shop.resource("Photos"), Key="cat.png", Body=b"meow")
    [message] = aws("sqs").receive_message(QueueUrl=shop.resource("Inbox"))["Messages"]
    assert json.loads(message["Body"])["detail"]["object"]["key"] == "cat.png"


ENCRYPTED = {"SSEEnabled": True, "SSEType": "KMS"}


def test_a_table_is_made_with_encryption(shop, aws):
    shop.create(
        {
            "Resources": {
                "It": {
                    "Type": dynamodb.TABLE,
                    "Properties": {**dynamodb.KEYS, "SSESpecification": ENCRYPTED},
                }
            }
        }
    )
    assert dynamodb.table("SSEDescription")(aws, shop.resource("It"))["Status"] == "ENABLED"


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("SSESpecification", ENCRYPTED, {"SSEEnabled": False}),
        ("StreamSpecification", {"StreamViewType": "KEYS_ONLY"}, {"StreamViewType": "NEW_IMAGE"}),
    ],
)
def test_what_cannot_be_changed_here_is_refused_by_name_and_nothing_is_lost(
    shop, aws, name, first, then
):
    def made(value):
        return {
            "Resources": {
                "It": {"Type": dynamodb.TABLE, "Properties": {**dynamodb.KEYS, name: value}}
            }
        }

    shop.create(made(first))
    before = aws("dynamodb").describe_table(TableName=shop.resource("It"))["Table"]
    assert shop.update(made(then))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert shop.failures()["It"] == f"The local cloud cannot change {name} of a table that is there"
    assert aws("dynamodb").describe_table(TableName=shop.resource("It"))["Table"] == before
