"""Every feature of the local cloud used once or more, so that all it loads is loaded."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from workbook.cloud import LocalCloud

HANDLER = "def handler(event, context):\n    return {'seen': len(event.get('Records', ()))}\n"
READS_STREAMS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["dynamodb:*", "logs:*"], "Resource": "*"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
TEMPLATE = {
    "Resources": {
        "Stock": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        },
        "Uploads": {"Type": "AWS::S3::Bucket"},
        "Orders": {"Type": "AWS::SQS::Queue"},
        "News": {"Type": "AWS::SNS::Topic"},
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "tea"}},
        "Size": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "5"}},
        "Seller": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "InlineCode": HANDLER,
                "Handler": "index.handler",
                "Runtime": "python3.12",
                "Events": {"Sold": {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}}},
            },
        },
        "Talk": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": "bench-talk",
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": "$request.body.action",
            },
        },
    },
    "Transform": "AWS::Serverless-2016-10-31",
    "Outputs": {"Stream": {"Value": {"Fn::GetAtt": ["Stock", "StreamArn"]}}},
}


def make_sources(cloud: LocalCloud) -> None:
    """What the app's handlers listen to."""
    cloud.client("s3").create_bucket(Bucket="bench-uploads")
    cloud.client("sqs").create_queue(
        QueueName="bench-orders", Attributes={"VisibilityTimeout": "60"}
    )
    cloud.client("sns").create_topic(Name="bench-news")


def use_every_feature(cloud: LocalCloud) -> None:
    """Use them, with the app deployed."""
    client = cloud.client
    api = cloud.api("bench")
    api.get("/")
    api.get("/private", headers={"Authorization": "open"})
    client("s3").put_object(Bucket="bench-uploads", Key="tea.txt", Body=b"x")
    orders = client("sqs").get_queue_url(QueueName="bench-orders")["QueueUrl"]
    client("sqs").send_message(QueueUrl=orders, MessageBody="tea")
    client("sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:bench-news", Message="tea")
    client("events").put_events(Entries=[{"Source": "b", "DetailType": "d", "Detail": "{}"}])
    cloud.advance(minutes=6)
    _stack_and_stream(cloud)
    client("secretsmanager").list_secrets()
    client("ssm").put_parameter(Name="/bench/cups", Value="5", Type="String")
    client("sts").get_caller_identity()
    cloud.settle()
    cloud.logs("bench-dev-tidy")
    for look in (cloud.environments, cloud.invocations, cloud.calls, cloud.inventory):
        look()


def _stack_and_stream(cloud: LocalCloud) -> None:
    formation = cloud.client("cloudformation")
    formation.create_stack(
        StackName="bench",
        TemplateBody=json.dumps(TEMPLATE),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloud.settle()
    [stack] = formation.describe_stacks(StackName="bench")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    lambdas = cloud.client("lambda")
    arn = _function(cloud, lambdas)
    lambdas.create_event_source_mapping(
        FunctionName=arn,
        EventSourceArn=_output(stack, "Stream"),
        StartingPosition="TRIM_HORIZON",
    )
    table = formation.describe_stack_resource(StackName="bench", LogicalResourceId="Stock")
    name = table["StackResourceDetail"]["PhysicalResourceId"]
    cloud.client("dynamodb").put_item(TableName=name, Item={"id": {"S": "tea"}})
    lambdas.invoke(FunctionName=arn, InvocationType="Event", Payload=b"{}")
    lambdas.publish_version(FunctionName=arn)


def _output(stack: Any, name: str) -> Any:
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}[name]


def _function(cloud: LocalCloud, lambdas: Any) -> str:
    iam = cloud.client("iam")
    role = iam.create_role(RoleName="bench-stream", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(
        RoleName="bench-stream", PolicyName="reads", PolicyDocument=json.dumps(READS_STREAMS)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", HANDLER)
    made = lambdas.create_function(
        FunctionName="bench-stream",
        Runtime="python3.12",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": packed.getvalue()},
    )
    return str(made["FunctionArn"])
