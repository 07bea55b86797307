"""Kinesis streams in a running cloud: `chalice deploy` of their readers, resharding, IAM."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalice_projects import Project
from small_apps import ROLE_TRUST, zipped

from workbook.cloud import LocalCloud

APP = """
from chalice import Chalice

app = Chalice(app_name="turnstile")


@app.on_kinesis_record(stream="turns", batch_size=2, starting_position="TRIM_HORIZON")
def counted(event):
    print("COUNTED", *(f"{record.partition_key}={record.data.decode()}" for record in event))
"""
TELL = (
    "import base64, json\n"
    "def handler(event, context):\n"
    "    for one in event['Records']:\n"
    "        print('GOT ' + json.dumps(one))\n"
)
ACCOUNT = "123456789012"


def stream_arn(name: str) -> str:
    return f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/{name}"


@pytest.fixture
def stream(cloud: LocalCloud) -> Iterator[Callable[..., Any]]:
    """Makes a stream; returns what puts text into it under a key."""
    client, made = cloud.client("kinesis"), []

    def make(name: str, shards: int = 1) -> Callable[..., Any]:
        client.create_stream(StreamName=name, ShardCount=shards)
        made.append(name)

        def put(key: str, *texts: str) -> None:
            records = [{"Data": text.encode(), "PartitionKey": key} for text in texts]
            client.put_records(StreamName=name, Records=records)

        return put

    yield make
    for name in made:
        client.delete_stream(StreamName=name)


def mapped(cloud: LocalCloud, function: str, stream: str, **settings: Any) -> str:
    answer = cloud.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=stream_arn(stream),
        **{"StartingPosition": "TRIM_HORIZON", **settings},
    )
    return str(answer["UUID"])


def got(cloud: LocalCloud, name: str) -> list[dict[str, Any]]:
    lines = cloud.logs(name).splitlines()
    return [json.loads(line[4:]) for line in lines if line.startswith("GOT ")]


def told(cloud: LocalCloud) -> list[str]:
    lines = cloud.logs("turnstile-dev-counted").splitlines()
    return [line for line in lines if line.startswith("COUNTED")]


def test_chalice_deploys_a_reader_again_and_deletes_it(
    cloud: LocalCloud, stream: Callable[..., Any], tmp_path: Path
) -> None:
    put = stream("turns")
    project = Project(tmp_path / "turnstile", "turnstile", cloud)
    project.write(APP)
    project.configure()
    put("gate", "1", "2", "3")
    project.chalice("deploy")
    cloud.settle()
    assert told(cloud) == ["COUNTED gate=1 gate=2", "COUNTED gate=3"]
    cloud.client("kinesis").put_record(StreamName="turns", Data=b"4", PartitionKey="door")
    cloud.settle()
    assert told(cloud)[2:] == ["COUNTED door=4"]

    project.write(APP.replace("batch_size=2", "batch_size=3"))
    project.chalice("deploy")
    put("gate", "5", "6", "7")
    cloud.settle()
    assert told(cloud)[3:] == ["COUNTED gate=5 gate=6 gate=7"]

    project.chalice("delete")
    put("gate", "8")
    cloud.settle()
    assert len(told(cloud)) == 4
    mappings = cloud.client("lambda").list_event_source_mappings(EventSourceArn=stream_arn("turns"))
    assert mappings["EventSourceMappings"] == []


def test_a_record_names_its_shard_its_stream_and_the_role(
    cloud: LocalCloud, stream: Callable[..., Any], function: Callable[..., str]
) -> None:
    put = stream("named")
    function("names", TELL)
    put("gate", "1")
    mapped(cloud, "names", "named")
    cloud.settle()
    [record] = got(cloud, "names")
    number = record["kinesis"]["sequenceNumber"]
    assert len(number) == 56
    assert record["eventID"] == f"shardId-000000000000:{number}"
    assert record["eventSourceARN"] == stream_arn("named")
    assert record["invokeIdentityArn"] == f"arn:aws:iam::{ACCOUNT}:role/names-role"


def test_a_trace_leads_from_a_record_to_its_reader(
    cloud: LocalCloud, stream: Callable[..., Any], function: Callable[..., str]
) -> None:
    stream("traced-stream")
    function("traced-reader", TELL)
    mapped(cloud, "traced-reader", "traced-stream")
    answer = cloud.client("kinesis").put_record(
        StreamName="traced-stream", Data=b"tea", PartitionKey="k"
    )
    cloud.settle()
    assert "traced-reader" in cloud.trace(answer).tree(times=False)


def test_a_key_keeps_its_order_through_a_split_and_a_merge(
    cloud: LocalCloud, stream: Callable[..., Any], function: Callable[..., str]
) -> None:
    put, kinesis = stream("resharded"), cloud.client("kinesis")
    function("follows", TELL)
    put("gate", "1", "2")
    kinesis.split_shard(
        StreamName="resharded",
        ShardToSplit="shardId-000000000000",
        NewStartingHashKey=str(2**127),
    )
    put("gate", "3")
    kinesis.merge_shards(
        StreamName="resharded",
        ShardToMerge="shardId-000000000002",
        AdjacentShardToMerge="shardId-000000000001",
    )
    put("gate", "4")
    mapped(cloud, "follows", "resharded", BatchSize=1)
    cloud.settle()
    put("gate", "5")
    kinesis.update_shard_count(
        StreamName="resharded", TargetShardCount=2, ScalingType="UNIFORM_SCALING"
    )
    put("gate", "6")
    cloud.settle()
    records = got(cloud, "follows")
    assert [record["kinesis"]["data"] for record in records] == [
        "MQ==", "Mg==", "Mw==", "NA==", "NQ==", "Ng=="
    ]  # fmt: skip
    numbers = [int(record["kinesis"]["sequenceNumber"]) for record in records]
    assert numbers == sorted(set(numbers))
    with pytest.raises(ClientError, match="already been merged or split"):
        kinesis.merge_shards(
            StreamName="resharded",
            ShardToMerge="shardId-000000000001",
            AdjacentShardToMerge="shardId-000000000002",
        )


def test_a_mapping_may_begin_at_a_moment_be_switched_off_and_go_on_where_it_was(
    cloud: LocalCloud, stream: Callable[..., Any], function: Callable[..., str]
) -> None:
    put, client = stream("moments"), cloud.client("lambda")
    function("moments", TELL)
    put("gate", "1")
    reader = cloud.client("kinesis")
    iterator = reader.get_shard_iterator(
        StreamName="moments", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    [first] = reader.get_records(ShardIterator=iterator)["Records"]
    moment = datetime.now(UTC)
    assert first["ApproximateArrivalTimestamp"] <= moment
    put("gate", "2")
    uuid = mapped(
        cloud,
        "moments",
        "moments",
        StartingPosition="AT_TIMESTAMP",
        StartingPositionTimestamp=moment,
    )
    cloud.settle()
    assert client.get_event_source_mapping(UUID=uuid)["StartingPositionTimestamp"]
    client.update_event_source_mapping(UUID=uuid, Enabled=False)
    put("gate", "3")
    cloud.settle()
    assert [record["kinesis"]["data"] for record in got(cloud, "moments")] == ["Mg=="]
    client.update_event_source_mapping(UUID=uuid, Enabled=True)
    cloud.settle()
    assert [record["kinesis"]["data"] for record in got(cloud, "moments")] == ["Mg==", "Mw=="]


def test_a_stream_made_again_under_its_name_is_another_to_an_old_mapping(
    cloud: LocalCloud, stream: Callable[..., Any], function: Callable[..., str]
) -> None:
    put = stream("reborn")
    function("faithful", TELL)
    mapped(cloud, "faithful", "reborn")
    cloud.client("kinesis").delete_stream(StreamName="reborn")
    cloud.client("kinesis").create_stream(StreamName="reborn", ShardCount=1)
    put("gate", "1")
    cloud.settle()
    assert got(cloud, "faithful") == []


def test_a_function_reads_a_stream_only_while_its_role_may(strict: LocalCloud) -> None:
    kinesis, client, iam = (strict.client(name) for name in ("kinesis", "lambda", "iam"))
    kinesis.create_stream(StreamName="guarded", ShardCount=1)
    iam.create_role(RoleName="sees", AssumeRolePolicyDocument=ROLE_TRUST)
    client.create_function(
        FunctionName="sees",
        Runtime="python3.12",
        Handler="app.handler",
        Role=f"arn:aws:iam::{ACCOUNT}:role/sees",
        Code={"ZipFile": zipped(TELL)},
    )

    def allow(*actions: str) -> None:
        statement = {"Effect": "Allow", "Action": actions, "Resource": stream_arn("guarded")}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName="sees", PolicyName="reads", PolicyDocument=document)

    allow("kinesis:GetRecords")
    with pytest.raises(ClientError, match="Cannot access stream .*GetShardIterator"):
        mapped(strict, "sees", "guarded")
    allow("kinesis:*")
    mapped(strict, "sees", "guarded")
    allow("kinesis:ListStreams")
    kinesis.put_record(StreamName="guarded", Data=b"tea", PartitionKey="k")
    strict.settle()
    assert got(strict, "sees") == []
    allow("kinesis:*")
    strict.settle()
    assert [record["kinesis"]["partitionKey"] for record in got(strict, "sees")] == ["k"]
