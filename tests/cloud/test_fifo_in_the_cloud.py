"""FIFO queues and topics in a running cloud: order, groups, deduplication, dead letters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud

TELL = (
    "import json\n"
    "def handler(event, context):\n"
    "    for one in event['Records']:\n"
    "        print('GOT ' + json.dumps(one))\n"
)
# Fails whenever it meets a message called bad; says which messages each batch had.
FAILS = (
    "def handler(event, context):\n"
    "    bodies = [one['body'] for one in event['Records']]\n"
    "    print('BATCH', *bodies)\n"
    "    if 'bad' in bodies:\n"
    "        raise ValueError('bad')\n"
)
# Names what came from the first bad message on as not processed, as AWS advises for FIFO queues.
STOPS = (
    "def handler(event, context):\n"
    "    bodies = [one['body'] for one in event['Records']]\n"
    "    print('BATCH', *bodies)\n"
    "    left = event['Records'][bodies.index('bad'):] if 'bad' in bodies else []\n"
    "    return {'batchItemFailures': [{'itemIdentifier': one['messageId']} for one in left]}\n"
)
# Each of two invocations marks that it has begun, and waits until the other has.
MEETS = (
    "import os, time\n"
    "import boto3\n"
    "def handler(event, context):\n"
    "    s3 = boto3.client('s3')\n"
    "    group = event['Records'][0]['attributes']['MessageGroupId']\n"
    "    s3.put_object(Bucket='meeting', Key=group)\n"
    "    for _ in range(20000):\n"
    "        if len(s3.list_objects_v2(Bucket='meeting').get('Contents', [])) == 2:\n"
    "            print('MET', group)\n"
    "            return\n"
    "        time.sleep(0.005)\n"
)
ACCOUNT = "123456789012"


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"


@pytest.fixture
def queue(cloud: LocalCloud) -> Iterator[Callable[..., Callable[..., Any]]]:
    """Makes a FIFO queue; returns what sends to it: a group, and bodies."""
    sqs, made = cloud.client("sqs"), []

    def make(name: str, **attributes: str) -> Callable[..., Any]:
        settings = {"FifoQueue": "true", "ContentBasedDeduplication": "true", **attributes}
        url = sqs.create_queue(QueueName=name, Attributes=settings)["QueueUrl"]
        made.append(url)

        def send(group: str, *bodies: str, **more: str) -> list[dict[str, Any]]:
            where = {"QueueUrl": url, "MessageGroupId": group}
            return [sqs.send_message(MessageBody=body, **where, **more) for body in bodies]

        return send

    yield make
    for url in made:
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def mapped(cloud: LocalCloud) -> Iterator[Callable[..., str]]:
    """Maps a queue to a function."""
    client, made = cloud.client("lambda"), []

    def make(function: str, queue: str, **settings: Any) -> str:
        uuid = client.create_event_source_mapping(
            FunctionName=function, EventSourceArn=queue_arn(queue), **settings
        )["UUID"]
        made.append(uuid)
        return str(uuid)

    yield make
    for uuid in made:
        client.delete_event_source_mapping(UUID=uuid)


def lines(cloud: LocalCloud, name: str, first: str) -> list[str]:
    found = [line.partition(" ") for line in cloud.logs(name).splitlines()]
    return [rest for word, _, rest in found if word == first]


def messages(cloud: LocalCloud, name: str) -> list[dict[str, Any]]:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
    return list(answer.get("Messages", []))


def test_a_record_tells_its_group_its_number_and_its_deduplication_id(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str], mapped: Any
) -> None:
    send = queue("told.fifo")
    sent = send("shop", "tea", "mug")
    function("told-by-fifo", TELL)
    mapped("told-by-fifo", "told.fifo")
    cloud.settle()
    records = [json.loads(line) for line in lines(cloud, "told-by-fifo", "GOT")]
    assert [record["body"] for record in records] == ["tea", "mug"]
    numbers = [record["attributes"]["SequenceNumber"] for record in records]
    assert numbers == sorted(numbers) == [one["SequenceNumber"] for one in sent]
    assert {len(number) for number in numbers} == {20}
    assert {record["attributes"]["MessageGroupId"] for record in records} == {"shop"}
    assert len({record["attributes"]["MessageDeduplicationId"] for record in records}) == 2


def test_a_failing_batch_holds_its_group_up_and_no_other(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str], mapped: Any
) -> None:
    queue("in-order-dead.fifo")
    redrive = {"deadLetterTargetArn": queue_arn("in-order-dead.fifo"), "maxReceiveCount": 2}
    send = queue("in-order.fifo", RedrivePolicy=json.dumps(redrive))
    send("shop", "one", "bad", "two", "three")
    send("yard", "rake")
    function("in-order", FAILS)
    mapped("in-order", "in-order.fifo", BatchSize=1)
    cloud.settle()
    batches = lines(cloud, "in-order", "BATCH")
    assert [each for each in batches if each != "rake"] == ["one", "bad", "bad", "two", "three"]
    assert batches.count("rake") == 1
    [dead] = messages(cloud, "in-order-dead.fifo")
    assert (dead["Body"], dead["Attributes"]["MessageGroupId"]) == ("bad", "shop")


def test_what_a_function_names_comes_back_before_the_rest_of_its_group(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str], mapped: Any
) -> None:
    queue("stops-dead.fifo")
    redrive = {"deadLetterTargetArn": queue_arn("stops-dead.fifo"), "maxReceiveCount": 2}
    send = queue("stops.fifo", RedrivePolicy=json.dumps(redrive))
    send("shop", "one", "bad", "two", "three", "four")
    function("stops", STOPS)
    mapped("stops", "stops.fifo", BatchSize=3, FunctionResponseTypes=["ReportBatchItemFailures"])
    cloud.settle()
    assert lines(cloud, "stops", "BATCH")[:2] == ["one bad two", "bad two three"]
    done = " ".join(lines(cloud, "stops", "BATCH")).split()
    assert done.index("three") < done.index("four")
    assert "bad" in [message["Body"] for message in messages(cloud, "stops-dead.fifo")]


def test_groups_are_handled_side_by_side(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str], mapped: Any
) -> None:
    cloud.client("s3").create_bucket(Bucket="meeting")
    send = queue("groups.fifo")
    send("shop", "a")
    send("yard", "b")
    function("meets", MEETS, Timeout=30)
    mapped("meets", "groups.fifo", BatchSize=1)
    cloud.settle()
    assert sorted(lines(cloud, "meets", "MET")) == ["shop", "yard"]


def test_a_message_is_known_for_five_minutes_even_when_it_was_handled(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str], mapped: Any
) -> None:
    send = queue("known.fifo")
    function("known", TELL)
    mapped("known", "known.fifo")
    [first] = send("shop", "tea")
    cloud.settle()
    [again] = send("shop", "tea")
    cloud.settle()
    assert len(lines(cloud, "known", "GOT")) == 1
    assert again["MessageId"] == first["MessageId"]
    assert again["SequenceNumber"] == first["SequenceNumber"]
    send("shop", "tea", MessageDeduplicationId="of my own")
    cloud.settle()
    assert len(lines(cloud, "known", "GOT")) == 2
    cloud.advance(minutes=5)
    send("shop", "tea")
    cloud.settle()
    assert len(lines(cloud, "known", "GOT")) == 3


def test_a_queue_may_know_messages_by_their_group(
    cloud: LocalCloud, queue: Callable[..., Any]
) -> None:
    by_group = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    send = queue("by-group.fifo", **by_group)
    send("shop", "tea", "tea")
    send("yard", "tea")
    assert len(messages(cloud, "by-group.fifo")) == 2


def test_what_lambda_refuses_of_fifo_queues_is_refused(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str]
) -> None:
    queue("refused.fifo")
    function("refused", TELL)
    window = {"MaximumBatchingWindowInSeconds": 5}
    for settings, told in ((window, "Batching window is not supported"), ({"BatchSize": 11}, "11")):
        with pytest.raises(ClientError, match=told):
            cloud.client("lambda").create_event_source_mapping(
                FunctionName="refused", EventSourceArn=queue_arn("refused.fifo"), **settings
            )


def test_a_fifo_topic_reaches_a_fifo_queue_in_order_and_no_function(
    cloud: LocalCloud, queue: Callable[..., Any], function: Callable[..., str]
) -> None:
    queue("news.fifo", ContentBasedDeduplication="false")
    sns = cloud.client("sns")
    settings = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    topic = sns.create_topic(Name="news.fifo", Attributes=settings)["TopicArn"]
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue_arn("news.fifo"),
        Attributes={"RawMessageDelivery": "true"},
    )
    for text in ("1", "2", "2", "3"):
        sns.publish(TopicArn=topic, Message=text, MessageGroupId="shop")
    cloud.settle()
    found = messages(cloud, "news.fifo")
    assert [message["Body"] for message in found] == ["1", "2", "3"]
    assert {message["Attributes"]["MessageGroupId"] for message in found} == {"shop"}
    with pytest.raises(ClientError, match="Invalid parameter: Invalid protocol type: lambda"):
        sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function("unheard", TELL))
    sns.delete_topic(TopicArn=topic)
