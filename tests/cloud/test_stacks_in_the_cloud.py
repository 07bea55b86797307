"""CloudFormation at the cloud's front door: what a stack made is there, works, and goes again."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from workbook.cloud import LocalCloud

TELL = """
def handler(event, context):
    print("ORDERED", *(record["body"] for record in event["Records"]))
"""


def template(function_arn: str) -> str:
    return json.dumps(
        {
            "Resources": {
                "Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "stand-orders"}},
                "Stock": {
                    "Type": "AWS::DynamoDB::Table",
                    "Properties": {
                        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                        "BillingMode": "PAY_PER_REQUEST",
                    },
                },
                "Polling": {
                    "Type": "AWS::Lambda::EventSourceMapping",
                    "Properties": {
                        "EventSourceArn": {"Fn::GetAtt": ["Orders", "Arn"]},
                        "FunctionName": function_arn,
                    },
                },
            },
            "Outputs": {"Table": {"Value": {"Ref": "Stock"}}},
        }
    )


def test_a_stack_works_is_listed_and_is_gone_after_its_deletion(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    arn = function("stand-tell", TELL)
    before = list(cloud.inventory())
    client = cloud.client("cloudformation")
    client.create_stack(StackName="stand", TemplateBody=template(arn))
    cloud.settle()
    [stack] = client.describe_stacks(StackName="stand")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    made = [(row["service"], row["kind"]) for row in cloud.inventory() if row not in before]
    assert made == [
        ("cloudformation", "stack"),
        ("dynamodb", "table"),
        ("lambda", "event source mapping"),
        ("sqs", "queue"),
    ]

    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="stand-orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="tea")
    cloud.settle()
    assert "ORDERED tea" in cloud.logs("stand-tell")

    client.delete_stack(StackName="stand")
    cloud.settle()
    kept = [row for row in cloud.inventory() if row["service"] != "logs"]
    assert kept == [row for row in before if row["service"] != "logs"]


def test_a_type_that_is_not_supported_is_refused_by_its_name(cloud: LocalCloud) -> None:
    client = cloud.client("cloudformation")
    body = json.dumps({"Resources": {"Game": {"Type": "AWS::GameLift::Fleet"}}})
    with pytest.raises(client.exceptions.ClientError, match="AWS::GameLift::Fleet"):
        client.create_stack(StackName="unsupported", TemplateBody=body)
    assert ("stack", "unsupported") not in [(r["kind"], r["name"]) for r in cloud.inventory()]


def test_what_cloudformation_lacks_here_is_501(cloud: LocalCloud) -> None:
    client = cloud.client("cloudformation")
    calls = client.meta.events  # the answer as it comes, without botocore's reading of it
    seen: list[int] = []
    calls.register("after-call", lambda http_response, **_: seen.append(http_response.status_code))
    for call in (client.describe_account_limits, client.list_types):
        try:
            call()
        except client.exceptions.ClientError as refused:
            assert "does not emulate" in refused.response["Error"]["Message"]
    assert seen == [501, 501]
