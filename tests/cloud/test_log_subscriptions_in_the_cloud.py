"""Log subscriptions in a running cloud: what they are sent, and what is refused."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud

TELL = (
    "import base64, gzip\n"
    "def handler(event, context):\n"
    "    packed = base64.b64decode(event['awslogs']['data'])\n"
    "    print('GOT ' + gzip.decompress(packed).decode())\n"
)
NOW = int(time.time() * 1000)  # moto, as AWS, takes nothing from the far future
LINES = [
    "ERROR no tea",
    '{"level": "ERROR", "status": 500}',
    '{"level": "INFO", "status": 200}',
    "GET /items 404 12",
]


@pytest.fixture
def group(cloud: LocalCloud) -> Iterator[str]:
    """A log group with one stream."""
    logs, name = cloud.client("logs"), "subscribed"
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="one")
    yield name
    logs.delete_log_group(logGroupName=name)


def subscribed(cloud: LocalCloud, name: str, group: str, pattern: str, arn: str) -> None:
    cloud.client("logs").put_subscription_filter(
        logGroupName=group, filterName=name, filterPattern=pattern, destinationArn=arn
    )


def written(cloud: LocalCloud, group: str, *lines: str) -> None:
    events = [{"timestamp": NOW, "message": line} for line in lines]
    cloud.client("logs").put_log_events(logGroupName=group, logStreamName="one", logEvents=events)
    cloud.settle()


def got(cloud: LocalCloud, name: str) -> list[dict[str, Any]]:
    lines = cloud.logs(name).splitlines()
    return [json.loads(line[4:]) for line in lines if line.startswith("GOT ")]


def test_a_function_is_sent_what_its_pattern_asks_for(
    cloud: LocalCloud, group: str, function: Callable[..., str]
) -> None:
    subscribed(cloud, "errors", group, "{ $.status >= 500 }", function("reads-logs", TELL))
    assert got(cloud, "reads-logs") == []  # functions are sent no control message
    written(cloud, group, *LINES)
    [data] = got(cloud, "reads-logs")
    [event] = data.pop("logEvents")
    assert data == {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": group,
        "logStream": "one",
        "subscriptionFilters": ["errors"],
    }
    assert (event["message"], event["timestamp"]) == (LINES[1], NOW)
    assert isinstance(event["id"], str)
    assert len(event["id"]) == 56
    written(cloud, group, LINES[2])
    assert len(got(cloud, "reads-logs")) == 1


def test_a_group_has_two_subscriptions_and_each_may_change(
    cloud: LocalCloud, group: str, function: Callable[..., str]
) -> None:
    arn = function("reads-twice", TELL)
    subscribed(cloud, "errors", group, "ERROR", arn)
    subscribed(cloud, "requests", group, "[method, path, status = 4*, size]", arn)
    with pytest.raises(ClientError, match="LimitExceededException.*Resource limit exceeded"):
        subscribed(cloud, "third", group, "", arn)
    subscribed(cloud, "errors", group, "INFO", arn)
    written(cloud, group, *LINES)
    found = {
        data["subscriptionFilters"][0]: [event["message"] for event in data["logEvents"]]
        for data in got(cloud, "reads-twice")
    }
    assert found == {"errors": [LINES[2]], "requests": [LINES[3]]}
    cloud.client("logs").delete_subscription_filter(logGroupName=group, filterName="errors")
    written(cloud, group, LINES[2])
    assert len(got(cloud, "reads-twice")) == 2


def test_what_a_function_writes_reaches_another(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("writes-logs", "def handler(event, context):\n    print('SOLD', event['item'])\n")
    arn = function("watches-logs", TELL)
    cloud.client("logs").create_log_group(logGroupName="/aws/lambda/writes-logs")
    subscribed(cloud, "sold", "/aws/lambda/writes-logs", "SOLD", arn)
    cloud.client("lambda").invoke(FunctionName="writes-logs", Payload=b'{"item": "tea"}')
    cloud.settle()
    [data] = got(cloud, "watches-logs")
    assert [event["message"].strip() for event in data["logEvents"]] == ["SOLD tea"]


def test_functions_that_would_tell_each_other_of_being_told_are_refused(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    logs, names = cloud.client("logs"), ["ring-a", "ring-b", "ring-c"]
    arns = {name: function(name, TELL) for name in names}
    for name in names:
        logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
    subscribed(cloud, "on", "/aws/lambda/ring-a", "GOT", arns["ring-b"])
    subscribed(cloud, "on", "/aws/lambda/ring-b", "GOT", arns["ring-c"])
    with pytest.raises(ClientError) as refused:
        subscribed(cloud, "back", "/aws/lambda/ring-c", "GOT", arns["ring-a"])
    assert refused.value.response["Error"]["Message"].endswith(
        "by way of others: /aws/lambda/ring-c -> /aws/lambda/ring-a -> /aws/lambda/ring-b ->"
        " /aws/lambda/ring-c."
    )
    found = logs.describe_subscription_filters(logGroupName="/aws/lambda/ring-c")
    assert found["subscriptionFilters"] == []
    for name in names:
        logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")


def test_a_stream_is_tried_out_and_then_sent_data(cloud: LocalCloud, group: str) -> None:
    kinesis = cloud.client("kinesis")
    kinesis.create_stream(StreamName="of-logs", ShardCount=1)
    arn = "arn:aws:kinesis:us-east-1:123456789012:stream/of-logs"
    subscribed(cloud, "errors", group, "ERROR -level", arn)
    written(cloud, group, *LINES)
    iterator = kinesis.get_shard_iterator(
        StreamName="of-logs", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = kinesis.get_records(ShardIterator=iterator)["Records"]
    data = [json.loads(gzip.decompress(record["Data"])) for record in records]
    assert [each["messageType"] for each in data] == ["CONTROL_MESSAGE", "DATA_MESSAGE"]
    assert [event["message"] for event in data[1]["logEvents"]] == [LINES[0]]
    kinesis.delete_stream(StreamName="of-logs")


def test_events_are_found_by_the_same_patterns(cloud: LocalCloud, group: str) -> None:
    written(cloud, group, *LINES)
    found = cloud.client("logs").filter_log_events(
        logGroupName=group, filterPattern="{ $.status < 300 }"
    )
    assert [event["message"] for event in found["events"]] == [LINES[2]]


def test_what_is_no_pattern_makes_no_subscription(
    cloud: LocalCloud, group: str, function: Callable[..., str]
) -> None:
    arn = function("unsubscribed", TELL)
    with pytest.raises(ClientError, match="InvalidParameterException.*Invalid filter pattern"):
        subscribed(cloud, "odd", group, "{ status = 1", arn)
    listed = cloud.client("logs").describe_subscription_filters(logGroupName=group)
    assert listed["subscriptionFilters"] == []
