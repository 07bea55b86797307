"""A template of AWS SAM written by hand: its events are wired as SAM promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from packages import Stack
from stack_cases.functions import RUNTIME

from workbook.cloud import LocalCloud

SERVERLESS = "AWS::Serverless-2016-10-31"
TELL = """
import json

def handler(event, context):
    print("TOLD", json.dumps(event))
    return {"statusCode": 200, "body": "sold"}
"""


def function(**events: Any) -> dict[str, Any]:
    """A function that writes down what it is told, and what tells it."""
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "InlineCode": TELL,
            "Handler": "index.handler",
            "Runtime": RUNTIME,
            "Policies": ["AWSLambdaSQSQueueExecutionRole", "AWSLambdaDynamoDBExecutionRole"],
            "Events": {
                name: {"Type": kind, "Properties": properties}
                for name, (kind, properties) in events.items()
            },
        },
    }


KEYS: dict[str, Any] = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
}
TEMPLATE: dict[str, Any] = {
    "Transform": SERVERLESS,
    "Globals": {"Function": {"Timeout": 7}},
    "Resources": {
        "Photos": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "sam-photos"}},
        "News": {"Type": "AWS::SNS::Topic"},
        "Orders": {"Type": "AWS::SQS::Queue"},
        "Goods": {"Type": "AWS::DynamoDB::Table", "Properties": KEYS},
        "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}},
        "OnPhoto": function(
            Photo=("S3", {"Bucket": {"Ref": "Photos"}, "Events": "s3:ObjectCreated:*"})
        ),
        "OnNews": function(
            News=("SNS", {"Topic": {"Ref": "News"}, "FilterPolicy": {"about": ["tea"]}})
        ),
        "OnOrder": function(
            Order=(
                "SQS",
                {
                    "Queue": {"Fn::GetAtt": ["Orders", "Arn"]},
                    "BatchSize": 1,
                    "FilterCriteria": {"Filters": [{"Pattern": '{"body": {"tea": [true]}}'}]},
                },
            )
        ),
        "OnGoods": function(
            Goods=(
                "DynamoDB",
                {
                    "Stream": {"Fn::GetAtt": ["Goods", "StreamArn"]},
                    "StartingPosition": "TRIM_HORIZON",
                    "MaximumRetryAttempts": 1,
                    "BisectBatchOnFunctionError": True,
                },
            )
        ),
        "OnClick": function(
            Click=(
                "Kinesis",
                {
                    "Stream": {"Fn::GetAtt": ["Clicks", "Arn"]},
                    "StartingPosition": "TRIM_HORIZON",
                    "BatchSize": 2,
                    "FunctionResponseTypes": ["ReportBatchItemFailures"],
                },
            )
        ),
        "OnClock": function(
            Clock=("Schedule", {"Schedule": "rate(1 hour)", "Input": '{"bell": 1}'})
        ),
        "OnShop": function(Shop=("EventBridgeRule", {"Pattern": {"source": ["sam-shop"]}})),
        "OnSale": function(Sale=("Api", {"Path": "/sale", "Method": "get"})),
    },
}


@pytest.fixture(scope="module")
def shop(cloud: LocalCloud) -> Iterator[Stack]:
    """The template as a stack."""
    stack = Stack(cloud, "sam-shop")
    assert stack.create(TEMPLATE) == "CREATE_COMPLETE", stack.failures()
    yield stack
    cloud.client("s3").delete_object(Bucket="sam-photos", Key="cat.png")
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def told(cloud: LocalCloud, shop: Stack, function: str) -> list[Any]:
    """What a function was told."""
    cloud.settle()
    lines = str(cloud.logs(shop.resource(function))).splitlines()
    return [json.loads(line.removeprefix("TOLD ")) for line in lines if line.startswith("TOLD")]


def test_an_upload(cloud: LocalCloud, shop: Stack) -> None:
    cloud.client("s3").put_object(Bucket="sam-photos", Key="cat.png", Body=b"meow")
    [event] = told(cloud, shop, "OnPhoto")
    assert event["Records"][0]["s3"]["object"]["key"] == "cat.png"


def test_a_message_that_the_filter_policy_lets_through(cloud: LocalCloud, shop: Stack) -> None:
    for about in ("tea", "rain"):
        attribute = {"about": {"DataType": "String", "StringValue": about}}
        cloud.client("sns").publish(
            TopicArn=shop.resource("News"), Message=about, MessageAttributes=attribute
        )
    [event] = told(cloud, shop, "OnNews")
    assert event["Records"][0]["Sns"]["Message"] == "tea"


def test_an_order_that_the_filter_lets_through(cloud: LocalCloud, shop: Stack) -> None:
    for body in ('{"tea": false}', '{"tea": true}'):
        cloud.client("sqs").send_message(QueueUrl=shop.resource("Orders"), MessageBody=body)
    [event] = told(cloud, shop, "OnOrder")
    assert [record["body"] for record in event["Records"]] == ['{"tea": true}']


def test_a_record_of_a_table(cloud: LocalCloud, shop: Stack) -> None:
    item = {"id": {"S": "pot"}}
    cloud.client("dynamodb").put_item(TableName=shop.resource("Goods"), Item=item)
    [event] = told(cloud, shop, "OnGoods")
    assert event["Records"][0]["dynamodb"]["Keys"] == item


def test_records_of_a_stream_in_batches(cloud: LocalCloud, shop: Stack) -> None:
    records = [{"Data": text, "PartitionKey": "k"} for text in (b"a", b"b", b"c")]
    cloud.client("kinesis").put_records(StreamName=shop.resource("Clicks"), Records=records)
    events = told(cloud, shop, "OnClick")
    read = [[each["kinesis"]["data"] for each in event["Records"]] for event in events]
    assert read == [["YQ==", "Yg=="], ["Yw=="]]
    [mapping] = cloud.client("lambda").list_event_source_mappings(
        FunctionName=shop.resource("OnClick")
    )["EventSourceMappings"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_schedule_with_an_input(cloud: LocalCloud, shop: Stack) -> None:
    cloud.advance(hours=1)
    assert told(cloud, shop, "OnClock") == [{"bell": 1}]


def test_a_rule(cloud: LocalCloud, shop: Stack) -> None:
    entry = {"Source": "sam-shop", "DetailType": "Sold", "Detail": '{"item": "tea"}'}
    cloud.client("events").put_events(Entries=[entry])
    [event] = told(cloud, shop, "OnShop")
    assert event["detail"] == {"item": "tea"}


def test_a_route_of_the_api_that_sam_makes_for_it(cloud: LocalCloud, shop: Stack) -> None:
    api = cloud.api(shop.resource("ServerlessRestApi"))
    assert api.url.endswith("/Prod")
    assert api.get("/sale").text == "sold"


def test_an_alias_moves_on_to_each_new_version_and_back_with_a_failed_update(
    cloud: LocalCloud,
) -> None:
    def template(word: str, **more: Any) -> dict[str, Any]:
        seller = function()
        seller["Properties"] |= {
            "FunctionName": "sam-live",
            "AutoPublishAlias": "live",
            "InlineCode": TELL.replace("sold", word),
        }
        return {"Transform": SERVERLESS, "Resources": {"Seller": seller, **more}}

    def sold() -> str:
        answer = cloud.client("lambda").invoke(FunctionName="sam-live", Qualifier="live")
        return str(json.loads(answer["Payload"].read())["body"])

    stack = Stack(cloud, "sam-live")
    assert stack.create(template("one")) == "CREATE_COMPLETE", stack.failures()
    assert sold() == "one"
    assert stack.update(template("two")) == "UPDATE_COMPLETE", stack.failures()
    assert sold() == "two"
    broken = {
        "Type": "AWS::SQS::Queue",
        "Properties": {"Priority": 1},
        "DependsOn": "SellerAliaslive",
    }
    assert stack.update(template("three", Broken=broken)) == "UPDATE_ROLLBACK_COMPLETE"
    assert sold() == "two"
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def test_an_alias_is_provisioned_before_its_stack_is_there_and_when_it_moves(
    cloud: LocalCloud,
) -> None:
    def template(code: str) -> dict[str, Any]:
        seller = function()
        seller["Properties"] |= {
            "FunctionName": "sam-ready",
            "AutoPublishAlias": "live",
            "InlineCode": code,
            "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1},
        }
        return {"Transform": SERVERLESS, "Resources": {"Seller": seller}}

    def cold() -> bool:
        cloud.client("lambda").invoke(FunctionName="sam-ready", Qualifier="live")
        return bool(cloud.invocations()[-1]["cold"])

    stack = Stack(cloud, "sam-ready")
    assert stack.create(template(TELL)) == "CREATE_COMPLETE", stack.failures()
    assert not cold()
    assert stack.update(template(TELL + "# more")) == "UPDATE_COMPLETE", stack.failures()
    assert not cold()
    assert stack.update(template("raise OSError('no shelf')")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "FUNCTION_ERROR_INIT_FAILURE" in stack.failures()["SellerAliaslive"]
    assert not cold()
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def test_what_the_local_cloud_lacks_is_named(cloud: LocalCloud) -> None:
    stack = Stack(cloud, "sam-web")
    template = {
        "Transform": SERVERLESS,
        "Resources": {"Web": function(Sale=("HttpApi", {"Path": "/sale", "Method": "get"}))},
    }
    assert stack.create(template) == "ROLLBACK_COMPLETE"
    [reason] = stack.failures().values()
    assert "Body" in reason
    assert stack.delete() == "DELETE_COMPLETE"
