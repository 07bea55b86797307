"""What describes a resource, as AWS describes it, and limits of what is made: for scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from small_apps import zipped

from workbook.cloud import LocalCloud

ECHO = "def handler(event, context): return event"


def test_a_function_tells_when_it_was_changed(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    client = cloud.client("lambda")
    function("dated", ECHO)
    made = client.get_function_configuration(FunctionName="dated")["LastModified"]
    size = {"Size": 1024}
    changed = client.update_function_configuration(FunctionName="dated", EphemeralStorage=size)
    assert changed["EphemeralStorage"] == size
    moments = [
        datetime.strptime(each, "%Y-%m-%dT%H:%M:%S.%f%z")
        for each in (made, changed["LastModified"])
    ]
    assert moments[0] < moments[1]
    assert re.fullmatch(r".{19}\.\d{3}\+0000", made)


def test_what_has_not_changed_is_not_published_again(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    client = cloud.client("lambda")
    function("published", ECHO)
    client.update_function_configuration(FunctionName="published", Timeout=7)
    versions = [client.publish_version(FunctionName="published")["Version"] for _ in range(3)]
    assert versions == ["1", "1", "1"]
    client.update_function_code(FunctionName="published", ZipFile=zipped(ECHO + "\n"))
    assert client.publish_version(FunctionName="published")["Version"] == "2"


def test_a_websocket_api_answers_at_wss(cloud: LocalCloud) -> None:
    client = cloud.client("apigatewayv2")
    made = client.create_api(
        Name="wss", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )
    found = client.get_api(ApiId=made["ApiId"])["ApiEndpoint"]
    assert found == f"wss://{made['ApiId']}.execute-api.us-east-1.amazonaws.com"
    client.delete_api(ApiId=made["ApiId"])


def test_a_queue_counts_whole_seconds(cloud: LocalCloud) -> None:
    client = cloud.client("sqs")
    url = client.create_queue(QueueName="whole-seconds")["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "1"})
    names = ["CreatedTimestamp", "LastModifiedTimestamp"]
    told = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert all(told[name].isdigit() for name in names)
    client.delete_queue(QueueUrl=url)


@pytest.mark.parametrize(
    "name", ["Photos", "my_photos", "photos-", ".photos", "a..b", "10.0.0.1", "xn--photos"]
)
def test_a_bucket_is_named_as_s3_allows(cloud: LocalCloud, name: str) -> None:
    by_path = Config(s3={"addressing_style": "path"})
    with pytest.raises(ClientError, match="InvalidBucketName"):
        cloud.client("s3", config=by_path).create_bucket(Bucket=name)


def test_dots_and_digits_may_stand_in_a_buckets_name(cloud: LocalCloud) -> None:
    client = cloud.client("s3")
    for name in ("2026.photos-1", "abc"):
        client.create_bucket(Bucket=name)
        client.delete_bucket(Bucket=name)


def test_a_batch_writes_25_items_at_most(cloud: LocalCloud) -> None:
    client = cloud.client("dynamodb")
    client.create_table(
        TableName="batched",
        KeySchema=[{"AttributeName": "item_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "item_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    puts = [{"PutRequest": {"Item": {"item_id": {"S": str(number)}}}} for number in range(26)]
    with pytest.raises(ClientError, match="ValidationException.*Too many items requested"):
        client.batch_write_item(RequestItems={"batched": puts})
    assert client.scan(TableName="batched")["Count"] == 0
    client.batch_write_item(RequestItems={"batched": puts[:25]})
    assert client.scan(TableName="batched")["Count"] == 25
    client.delete_table(TableName="batched")
