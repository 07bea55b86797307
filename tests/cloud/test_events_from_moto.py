"""What happens in moto reaches events/, and what AWS refuses is refused in AWS's words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud

PRINT = "import json\ndef handler(event, context):\n    print('GOT ' + json.dumps(event))\n"
FAIL = "def handler(event, context):\n    raise ValueError('no')\n"


def got(cloud: LocalCloud, name: str) -> list[dict]:  # type: ignore[type-arg]
    """The events a function has printed."""
    lines = cloud.logs(name).splitlines()
    return [json.loads(line[4:]) for line in lines if line.startswith("GOT ")]


def test_a_tables_changes_reach_a_function_in_order(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    table = cloud.client("dynamodb")
    stream = table.create_table(
        TableName="stock",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    function("changes", PRINT)
    cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName="changes", StartingPosition="TRIM_HORIZON"
    )
    table.put_item(TableName="stock", Item={"id": {"S": "tea"}, "n": {"N": "1"}})
    table.put_item(TableName="stock", Item={"id": {"S": "tea"}, "n": {"N": "2"}})
    table.delete_item(TableName="stock", Key={"id": {"S": "tea"}})
    cloud.settle()
    records = [record for event in got(cloud, "changes") for record in event["Records"]]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert records[1]["dynamodb"]["OldImage"]["n"] == {"N": "1"}
    assert {record["eventSourceARN"] for record in records} == {stream}


def test_what_a_function_cannot_handle_ends_in_the_dead_letter_queue(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    sqs = cloud.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = {
        "deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead",
        "maxReceiveCount": "2",
    }
    url = sqs.create_queue(QueueName="living", Attributes={"RedrivePolicy": json.dumps(redrive)})[
        "QueueUrl"
    ]
    function("failing", FAIL)
    cloud.client("lambda").create_event_source_mapping(
        EventSourceArn="arn:aws:sqs:us-east-1:123456789012:living", FunctionName="failing"
    )
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    cloud.settle()
    (message,) = sqs.receive_message(QueueUrl=dead)["Messages"]
    assert message["Body"] == "poison"


def test_a_function_that_keeps_failing_is_retried_twice_and_reported(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="failures")["QueueUrl"]
    function("hopeless", FAIL)
    destination = {"Destination": "arn:aws:sqs:us-east-1:123456789012:failures"}
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName="hopeless", DestinationConfig={"OnFailure": destination}
    )
    cloud.client("lambda").invoke(
        FunctionName="hopeless", InvocationType="Event", Payload=b'{"n": 1}'
    )
    cloud.settle()
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    report = json.loads(message["Body"])
    assert report["requestContext"]["condition"] == "RetriesExhausted"
    assert report["requestContext"]["approximateInvokeCount"] == 3
    assert report["requestPayload"] == {"n": 1}


def test_s3_events_reach_eventbridge_and_the_switch_survives_reading_and_putting_back(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    s3, events = cloud.client("s3"), cloud.client("events")
    s3.create_bucket(Bucket="bridged")
    s3.put_bucket_notification_configuration(
        Bucket="bridged", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    read = s3.get_bucket_notification_configuration(Bucket="bridged")
    read.pop("ResponseMetadata")
    assert read["EventBridgeConfiguration"] == {}
    s3.put_bucket_notification_configuration(Bucket="bridged", NotificationConfiguration=read)
    arn = function("bridge-end", PRINT)
    events.put_rule(Name="uploads", EventPattern='{"source": ["aws.s3"]}')
    events.put_targets(Rule="uploads", Targets=[{"Id": "1", "Arn": arn}])
    s3.put_object(Bucket="bridged", Key="a.txt", Body=b"x")
    cloud.settle()
    (event,) = got(cloud, "bridge-end")
    assert event["detail-type"] == "Object Created"
    assert event["detail"]["object"]["key"] == "a.txt"
    events.remove_targets(Rule="uploads", Ids=["1"])
    events.delete_rule(Name="uploads")


def test_tags_and_acls_are_told_of_when_they_change_by_themselves(cloud: LocalCloud) -> None:
    s3, sqs, events = cloud.client("s3"), cloud.client("sqs"), cloud.client("events")
    arn = "arn:aws:sqs:us-east-1:123456789012:{}"
    bridged = sqs.create_queue(QueueName="beside-bridged")["QueueUrl"]
    noted = sqs.create_queue(QueueName="beside-noted")["QueueUrl"]
    s3.create_bucket(Bucket="beside")
    asked = ["s3:ObjectTagging:*", "s3:ObjectAcl:Put"]
    s3.put_bucket_notification_configuration(
        Bucket="beside",
        NotificationConfiguration={
            "EventBridgeConfiguration": {},
            "QueueConfigurations": [{"QueueArn": arn.format("beside-noted"), "Events": asked}],
        },
    )
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["beside"]}}}
    events.put_rule(Name="beside", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="beside", Targets=[{"Id": "1", "Arn": arn.format("beside-bridged")}])
    where = {"Bucket": "beside", "Key": "a.txt"}
    s3.put_object(**where, Body=b"x", Tagging="a=b", ACL="public-read")
    s3.put_object_acl(**where, ACL="private")
    s3.put_object_acl(**where, ACL="private")  # changes nothing, and S3 says nothing
    s3.put_object_tagging(**where, Tagging={"TagSet": [{"Key": "c", "Value": "d"}]})
    s3.delete_object_tagging(**where)
    cloud.settle()

    def received(url: str) -> list[dict]:  # type: ignore[type-arg]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        return [json.loads(message["Body"]) for message in messages]

    assert sorted(event["detail-type"] for event in received(bridged)) == [
        "Object ACL Updated",
        "Object Created",
        "Object Tags Added",
        "Object Tags Deleted",
    ]
    records = [body["Records"][0] for body in received(noted) if "Records" in body]
    assert sorted(record["eventName"] for record in records) == [
        "ObjectAcl:Put",
        "ObjectTagging:Delete",
        "ObjectTagging:Put",
    ]
    events.remove_targets(Rule="beside", Ids=["1"])
    events.delete_rule(Name="beside")


def test_a_topic_reaches_a_queue_in_an_envelope(cloud: LocalCloud) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="news")["TopicArn"]
    url = sqs.create_queue(QueueName="readers")["QueueUrl"]
    queue = "arn:aws:sqs:us-east-1:123456789012:readers"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    published = sns.publish(TopicArn=topic, Message="tea")["MessageId"]
    cloud.settle()
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    envelope = json.loads(message["Body"])
    assert (envelope["MessageId"], envelope["TopicArn"]) == (published, topic)


def test_a_log_subscription_delivers_later(cloud: LocalCloud, function: Callable[..., str]) -> None:
    logs = cloud.client("logs")
    arn = function("log-reader", PRINT)
    logs.create_log_group(logGroupName="shop")
    logs.create_log_stream(logGroupName="shop", logStreamName="one")
    logs.put_subscription_filter(
        logGroupName="shop", filterName="all", filterPattern="", destinationArn=arn
    )
    event = {"timestamp": int(time.time() * 1000), "message": "sold tea"}
    logs.put_log_events(logGroupName="shop", logStreamName="one", logEvents=[event])
    cloud.settle()
    (delivered,) = got(cloud, "log-reader")
    assert set(delivered) == {"awslogs"}


@pytest.mark.parametrize("expression", ["rate(0 minutes)", "rate(1 minutes)", "cron(* * * * *)"])
def test_a_schedule_that_aws_refuses_is_refused(cloud: LocalCloud, expression: str) -> None:
    with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid"):
        cloud.client("events").put_rule(Name="odd", ScheduleExpression=expression)


def test_a_mapping_that_aws_refuses_is_refused_and_not_kept(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    cloud.client("sqs").create_queue(QueueName="big-batches")
    function("mapped", PRINT)
    client = cloud.client("lambda")
    with pytest.raises(ClientError, match="Maximum batch window in seconds must be greater"):
        client.create_event_source_mapping(
            EventSourceArn="arn:aws:sqs:us-east-1:123456789012:big-batches",
            FunctionName="mapped",
            BatchSize=100,
        )
    assert client.list_event_source_mappings(FunctionName="mapped")["EventSourceMappings"] == []


@pytest.mark.parametrize("asked", ["worker", "123456789012:function:worker", None])
def test_a_mapping_is_found_by_every_form_of_its_functions_name(
    cloud: LocalCloud, function: Callable[..., str], asked: str | None
) -> None:
    """Chalice makes a mapping by the function's ARN; people ask for it by its name."""
    kind = {"worker": "name", None: "arn"}.get(asked, "partial-arn")
    name = f"worker-{kind}"
    asked = asked and asked.replace("worker", name)
    arn, queue = function(name, PRINT), f"work-by-{kind}"
    client = cloud.client("lambda")
    cloud.client("sqs").create_queue(QueueName=queue)
    made = client.create_event_source_mapping(
        EventSourceArn=f"arn:aws:sqs:us-east-1:123456789012:{queue}", FunctionName=arn
    )
    found = client.list_event_source_mappings(FunctionName=asked or arn)["EventSourceMappings"]
    assert made["UUID"] in [each["UUID"] for each in found]
    assert client.list_event_source_mappings(FunctionName="work")["EventSourceMappings"] == []


def test_overlapping_notifications_are_refused(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    cloud.client("s3").create_bucket(Bucket="ambiguous")
    arn = function("twice", PRINT)
    one = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    with pytest.raises(ClientError, match="ambiguously defined"):
        cloud.client("s3").put_bucket_notification_configuration(
            Bucket="ambiguous",
            NotificationConfiguration={"LambdaFunctionConfigurations": [one, dict(one)]},
        )
