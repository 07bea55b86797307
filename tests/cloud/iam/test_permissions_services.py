"""The other services under enforced IAM, through boto3: an allowed call, a denied action, and the
same action denied on another resource; each refusal in its service's protocol and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from acting import administrator
from policy_texts import allow, arn, deny, refused

from workbook.cloud import LocalCloud

DENIED = "AccessDeniedException"


@pytest.fixture(scope="module")
def queues(strict: LocalCloud) -> Iterator[dict[str, str]]:
    client = administrator(strict, "sqs")
    urls = {
        name: client.create_queue(QueueName=name)["QueueUrl"] for name in ("iam-orders", "iam-rest")
    }
    yield urls
    for url in urls.values():
        client.delete_queue(QueueUrl=url)


@pytest.fixture(scope="module")
def topics(strict: LocalCloud) -> Iterator[dict[str, str]]:
    client = administrator(strict, "sns")
    topics = {name: client.create_topic(Name=name)["TopicArn"] for name in ("iam-news", "iam-rest")}
    yield topics
    for topic in topics.values():
        client.delete_topic(TopicArn=topic)


def test_sqs(under: Callable[..., Any], queues: dict[str, str]) -> None:
    """SQS writes actions in lower case, and its error has its old name."""
    orders, rest = queues.values()
    client = under(allow(["sqs:SendMessage", "sqs:ReceiveMessage"], arn("sqs", "iam-orders")))(
        "sqs"
    )
    client.send_message(QueueUrl=orders, MessageBody="a")
    batch = [{"Id": "1", "MessageBody": "b"}]
    client.send_message_batch(QueueUrl=orders, Entries=batch)
    handle = client.receive_message(QueueUrl=orders)["Messages"][0]["ReceiptHandle"]
    words = f"sqs:deletemessage on resource: {arn('sqs', 'iam-orders')} because no identity-based"
    with refused("AccessDenied", words + " policy allows the sqs:deletemessage action"):
        client.delete_message(QueueUrl=orders, ReceiptHandle=handle)
    with refused("AccessDenied", f"sqs:sendmessage on resource: {arn('sqs', 'iam-rest')}"):
        client.send_message(QueueUrl=rest, MessageBody="a")
    with refused("AccessDenied", f"sqs:sendmessage on resource: {arn('sqs', 'iam-rest')}"):
        client.send_message_batch(QueueUrl=rest, Entries=batch)


def test_sns(under: Callable[..., Any], topics: dict[str, str]) -> None:
    """SNS writes itself in capitals, and has an error of its own."""
    news, rest = topics.values()
    client = under(allow("sns:Publish", news))("sns")
    client.publish(TopicArn=news, Message="a")
    batch = [{"Id": "1", "Message": "b"}]
    client.publish_batch(TopicArn=news, PublishBatchRequestEntries=batch)
    with refused(
        "AuthorizationError",
        f"SNS:Publish on resource: {rest} because no identity-based policy allows the SNS:Publish",
    ):
        client.publish(TopicArn=rest, Message="a")
    with refused("AuthorizationError", f"SNS:Publish on resource: {rest}"):
        client.publish_batch(TopicArn=rest, PublishBatchRequestEntries=batch)
    with refused("AuthorizationError", f"SNS:Subscribe on resource: {news}"):
        client.subscribe(TopicArn=news, Protocol="sqs", Endpoint=arn("sqs", "iam-orders"))


def test_secrets(strict: LocalCloud, under: Callable[..., Any]) -> None:
    """Judged by the whole ARN, and refused by the name that was asked for."""
    admin = administrator(strict, "secretsmanager")
    arns = {
        name: admin.create_secret(Name=name, SecretString="s")["ARN"]
        for name in ("iam/db", "iam/x")
    }
    client = under(
        allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:iam/db-??????"))
    )("secretsmanager")
    assert client.get_secret_value(SecretId="iam/db")["SecretString"] == "s"
    client.get_secret_value(SecretId=arns["iam/db"])
    with refused(DENIED, "secretsmanager:GetSecretValue on resource: iam/x because no"):
        client.get_secret_value(SecretId="iam/x")
    with refused(DENIED, f"secretsmanager:GetSecretValue on resource: {arns['iam/x']} because"):
        client.get_secret_value(SecretId=arns["iam/x"])
    with refused(DENIED, "secretsmanager:PutSecretValue on resource: iam/db because no"):
        client.put_secret_value(SecretId="iam/db", SecretString="t")
    with refused(DENIED, "secretsmanager:GetSecretValue on resource: iam/none because no"):
        client.get_secret_value(SecretId="iam/none")
    with refused(DENIED, "perform: secretsmanager:ListSecrets because no"):
        client.list_secrets()
    for name in arns:
        admin.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_parameters(strict: LocalCloud, under: Callable[..., Any]) -> None:
    admin = administrator(strict, "ssm")
    for name in ("/iam/db", "/other"):
        admin.put_parameter(Name=name, Value="v", Type="String")
    reads = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
    client = under(allow(reads, [arn("ssm", "parameter/iam"), arn("ssm", "parameter/iam/*")]))(
        "ssm"
    )
    client.get_parameter(Name="/iam/db")
    client.get_parameters_by_path(Path="/iam")
    with refused(DENIED, f"ssm:GetParameter on resource: {arn('ssm', 'parameter/other')} because"):
        client.get_parameter(Name="/other")
    with refused(DENIED, f"ssm:GetParameters on resource: {arn('ssm', 'parameter/other')}"):
        client.get_parameters(Names=["/iam/db", "/other"])
    with refused(DENIED, f"ssm:PutParameter on resource: {arn('ssm', 'parameter/iam/db')}"):
        client.put_parameter(Name="/iam/db", Value="w", Overwrite=True)
    with refused(DENIED, f"ssm:DescribeParameters on resource: {arn('ssm', '*')} because"):
        client.describe_parameters()
    admin.delete_parameters(Names=["/iam/db", "/other"])


def test_logs(under: Callable[..., Any]) -> None:
    """A group's policies end in `:*`; without it they speak of nothing that is called here."""
    group = arn("logs", "log-group:iam-shop")
    client = under(allow(["logs:CreateLogGroup", "logs:DeleteLogGroup"], f"{group}:*"))("logs")
    client.create_log_group(logGroupName="iam-shop")
    with refused(DENIED, f"logs:PutRetentionPolicy on resource: {group}:log-stream: because"):
        client.put_retention_policy(logGroupName="iam-shop", retentionInDays=1)
    with refused(DENIED, "log-group:iam-rest:log-stream: because"):
        client.create_log_group(logGroupName="iam-rest")
    with refused(DENIED, f"logs:CreateLogStream on resource: {group}:log-stream:s because"):
        under(allow("logs:*", group))("logs").create_log_stream(
            logGroupName="iam-shop", logStreamName="s"
        )
    client.delete_log_group(logGroupName="iam-shop")


def test_events(strict: LocalCloud, under: Callable[..., Any]) -> None:
    administrator(strict, "events").create_event_bus(Name="iam-bus")
    default = arn("events", "event-bus/default")
    client = under(allow("events:PutEvents", default))("events")
    event = {"Source": "shop", "DetailType": "sold", "Detail": "{}"}
    client.put_events(Entries=[event])
    with refused(DENIED, f"events:PutEvents on resource: {arn('events', 'event-bus/iam-bus')}"):
        client.put_events(Entries=[event, {**event, "EventBusName": "iam-bus"}])
    with refused(DENIED, f"events:PutRule on resource: {arn('events', 'rule/daily')} because"):
        client.put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    only = {"StringEquals": {"events:source": "shop"}}
    own = under(allow("events:PutEvents", default, Condition=only))("events")
    own.put_events(Entries=[event])
    with refused(DENIED, "events:PutEvents"):
        own.put_events(Entries=[{**event, "Source": "aws.ec2"}])
    administrator(strict, "events").delete_event_bus(Name="iam-bus")


def test_api_gateway(under: Callable[..., Any]) -> None:
    apis = "arn:aws:apigateway:us-east-1::/restapis"
    client = under(allow("apigateway:GET", apis))("apigateway")
    client.get_rest_apis()
    with refused(DENIED, f"apigateway:POST on resource: {apis} because no"):
        client.create_rest_api(name="shop")
    with refused(DENIED, "apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis/x"):
        client.get_rest_api(restApiId="x")


def test_any_other_service_needs_its_operation_on_everything(under: Callable[..., Any]) -> None:
    with refused(DENIED, "perform: cloudwatch:ListMetrics because no identity-based"):
        under(allow("cloudwatch:ListMetrics", "arn:aws:cloudwatch:*"))("cloudwatch").list_metrics()
    under(allow("cloudwatch:List*"))("cloudwatch").list_metrics()
    with refused("AccessDenied", "perform: cloudformation:ListStacks because no"):
        under()("cloudformation").list_stacks()


def test_who_am_i_is_always_allowed(under: Callable[..., Any]) -> None:
    identity = under(deny("*"))("sts").get_caller_identity()
    assert identity["Arn"].endswith("/shop")


def test_an_unsigned_call_has_no_token(strict: LocalCloud) -> None:
    answer = urllib3.request(
        "POST",
        strict.endpoint,
        headers={"X-Amz-Target": "DynamoDB_20120810.ListTables"},
        body=b"{}",
    )
    assert answer.status == 403
    assert b"Request is missing Authentication Token" in answer.data


def test_a_browser_s_preflight_needs_no_signature(strict: LocalCloud) -> None:
    client = administrator(strict, "s3")
    client.create_bucket(Bucket="preflown")
    rule = {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://shop.example"]}
    client.put_bucket_cors(Bucket="preflown", CORSConfiguration={"CORSRules": [rule]})
    asks = {"Origin": "https://shop.example", "Access-Control-Request-Method": "PUT"}
    answer = urllib3.request("OPTIONS", f"{strict.endpoint}/preflown/photo.jpg", headers=asks)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_a_request_of_any_shape_has_an_answer(strict: LocalCloud, role: Callable[..., str]) -> None:
    session = administrator(strict, "sts").assume_role(RoleArn=role(), RoleSessionName="odd")
    credential = f"{session['Credentials']['AccessKeyId']}/20261002/us-east-1/dynamodb/aws4_request"
    answer = urllib3.request(
        "POST",
        strict.endpoint,
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, Signature=0",
            "X-Amz-Target": "DynamoDB_20120810.BatchGetItem",
        },
        body=b'{"RequestItems": 1}',
    )
    assert (answer.status, answer.json()["__type"]) == (400, "SerializationException")
