"""Traces of what really runs: tied across functions, calls and every kind of event."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from small_apps import create_function, proxy_api

from workbook.cloud import LocalCloud
from workbook.cloud.client import Response
from workbook.cloud.traces.trace import Segment, Trace
from workbook.errors import UnknownName

ACCOUNT = "us-east-1:123456789012"
# Does what the body says: [[service, operation, arguments], …], one after the other.
DOES = """
import json
import boto3

clients = {name: boto3.client(name) for name in ("dynamodb", "sqs")}


def handler(event, context):
    for service, operation, arguments in json.loads(event["body"]):
        client = clients.setdefault(service, None) or boto3.client(service)
        clients[service] = client
        try:
            getattr(client, operation)(**arguments)
        except client.exceptions.ClientError as error:
            print(error)
    return {"statusCode": 200, "body": context.aws_request_id}
"""
SEES = """
import json, os


def handler(event, context):
    print("TRACE", os.environ["_X_AMZN_TRACE_ID"], json.dumps(event))
"""
FAILS_ONCE = """
handled = 0


def handler(event, context):
    global handled
    handled += 1
    if handled == 1:
        raise ValueError("not yet")
"""

Step = tuple[str, str, dict[str, Any]]
Do = Callable[..., Response]


@pytest.fixture(scope="module")
def does(cloud: LocalCloud) -> Iterator[Do]:
    """POSTs steps to a function behind an API, which takes them; its answer once all is quiet."""
    proxy_api(cloud, "doer", create_function(cloud, "doer", DOES, Timeout=30, MemorySize=512))
    api = cloud.api("doer")

    def do(*steps: Step) -> Response:
        answer = api.post("/steps", json=steps)
        cloud.settle()
        assert answer.status_code == 200
        return answer

    do()  # from now on it is warm
    yield do
    cloud.client("lambda").delete_function(FunctionName="doer")


@pytest.fixture
def queue(cloud: LocalCloud, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a queue, named after its test."""
    url = cloud.client("sqs").create_queue(QueueName=request.node.name[:60])["QueueUrl"]
    yield url
    cloud.client("sqs").delete_queue(QueueUrl=url)


def queue_arn(url: str) -> str:
    return f"arn:aws:sqs:{ACCOUNT}:{url.rpartition('/')[2]}"


@contextlib.contextmanager
def mapped(cloud: LocalCloud, function: str, source: str, **settings: Any) -> Iterator[str]:
    """A function that polls a queue or a stream."""
    client = cloud.client("lambda")
    made = client.create_event_source_mapping(
        FunctionName=function, EventSourceArn=source, **settings
    )
    yield made["UUID"]
    client.delete_event_source_mapping(UUID=made["UUID"])


def tree(trace: Trace) -> list[str]:
    """The tree, from the function behind the API on."""
    lines = trace.tree(times=False).splitlines()
    assert lines[:3] == ["POST /steps → 200", "└ function doer", "  └ handler"]
    return [line.removeprefix("    ") for line in lines[3:]]


def only(trace: Trace, kind: str) -> list[Segment]:
    return [segment for segment in trace.segments if segment.kind == kind]


def seen(cloud: LocalCloud, function: str) -> list[str]:
    """The trace ids that a function of SEES found in its environment."""
    lines = str(cloud.logs(function)).splitlines()
    return [line.split("Root=")[1].split(";")[0] for line in lines if line.startswith("TRACE")]


# ── one request ─────────────────────────────────────────────────────────────────────────────


def test_a_cold_request_has_its_init_and_what_was_called_there(
    cloud: LocalCloud, served: Callable[..., Any]
) -> None:
    source = "import boto3\nboto3.client('dynamodb').list_tables()\n" + SEES
    api = served("importer", source.replace("print", "return {}; print"))
    trace = cloud.trace(api.get("/tea"))
    assert trace.tree(times=False) == (
        "GET /tea → 200\n"
        "└ function importer, cold\n"
        "  ├ init\n"
        "  │ └ dynamodb ListTables\n"
        "  └ handler"
    )
    gateway, function, init, call, handler = trace.segments
    assert gateway.start_ms <= function.start_ms <= init.start_ms <= call.start_ms
    assert call.start_ms <= init.start_ms + (init.duration_ms or 0) <= handler.start_ms + 1
    assert (function.duration_ms or 0) <= (gateway.duration_ms or 0)


def test_calls_tell_service_operation_resource_and_how_they_ended(
    cloud: LocalCloud, does: Do
) -> None:
    answer = does(
        ("dynamodb", "put_item", {"TableName": "nowhere", "Item": {"id": {"S": "a"}}}),
        ("s3", "create_bucket", {"Bucket": "shelf"}),
        ("s3", "put_object", {"Bucket": "shelf", "Key": "tea/1.png", "Body": "x" * 10}),
        ("s3", "get_object", {"Bucket": "shelf", "Key": "nothing"}),
        ("sns", "create_topic", {"Name": "news"}),
        ("ssm", "put_parameter", {"Name": "/shop/size", "Value": "1", "Type": "String"}),
        ("lambda", "get_function", {"FunctionName": "doer"}),
        ("dynamodb", "batch_get_item", {"RequestItems": {"b": {"Keys": [{"id": {"S": "a"}}]}}}),
    )
    assert tree(cloud.trace(answer)) == [
        "├ dynamodb PutItem nowhere  ERROR ResourceNotFoundException",
        "├ s3 CreateBucket shelf",
        "├ s3 PutObject shelf",
        "├ s3 GetObject shelf  ERROR NoSuchKey",
        "├ sns CreateTopic news",
        "├ ssm PutParameter /shop/size",
        "├ lambda GetFunction doer",
        "└ dynamodb BatchGetItem b  ERROR ResourceNotFoundException",
    ]
    failed = only(cloud.trace(answer), "call")[0]
    assert failed.detail["status"] == 400 and failed.duration_ms is not None


def test_a_trace_is_found_by_every_id_of_it(cloud: LocalCloud, does: Do, queue: str) -> None:
    answer = does(("sqs", "get_queue_url", {"QueueName": queue.rpartition("/")[2]}))
    by_answer = cloud.trace(answer)
    assert by_answer.id.startswith("1-")
    header = answer.headers["X-Amzn-Trace-Id"]
    for name in (answer.headers["x-amzn-RequestId"], answer.text, by_answer.id, header):
        assert cloud.trace(name) == by_answer


def test_a_call_of_ones_own_is_found_by_boto3s_answer(
    cloud: LocalCloud, function: Callable[..., str], queue: str
) -> None:
    function("taker", SEES)
    with mapped(cloud, "taker", queue_arn(queue)):
        sent = cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="tea")
        cloud.settle()
    lines = cloud.trace(sent).tree(times=False).splitlines()
    assert lines[0].startswith("sqs SendMessage ")
    assert lines[2:4] == ["  └ function taker, cold", "    ├ init"]


def test_an_unknown_id_names_the_latest(cloud: LocalCloud, does: Do) -> None:
    answer = does()
    with pytest.raises(UnknownName) as raised:
        cloud.trace("1-2-3")
    assert "the id '1-2-3' is remembered" in raised.value.problem
    assert answer.headers["x-amzn-RequestId"] in raised.value.fix
    assert cloud.traces()[-1]["request_id"] == answer.headers["x-amzn-RequestId"]


@pytest.mark.parametrize("of", ["", {"Buckets": []}, None, 5])
def test_what_has_no_id_is_not_looked_for(cloud: LocalCloud, does: Do, of: Any) -> None:
    does()
    with pytest.raises(UnknownName):
        cloud.trace(of)


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("def handler(e, c): raise ValueError('no tea\\nat all')", 502, "ValueError: no tea"),
        ("import os\ndef handler(e, c): os._exit(3)", 502, "Runtime.ExitError: "),
        ("def handler(e, c):\n  while True: pass", 502, "Sandbox.Timedout: "),
        ("import nothing\n", 502, "Runtime.ImportModuleError: "),
    ],
    ids=["raises", "crashes", "times-out", "does-not-import"],
)
def test_a_function_that_fails_has_an_end_and_says_why(
    cloud: LocalCloud, served: Callable[..., Any], source: str, status: int, said: str
) -> None:
    name = f"fails-by-{said.split(':')[0].replace('.', '-')}"
    trace = cloud.trace(served(name, source, Timeout=1).get("/x"))
    gateway, function, *_, handler = trace.segments
    assert gateway.detail["status"] == status and gateway.status == "error"
    assert function.status == handler.status == "error"
    assert function.duration_ms is not None and handler.duration_ms is not None
    assert function.detail["error"].startswith(said)


def test_a_throttled_request_says_so(cloud: LocalCloud, served: Callable[..., Any]) -> None:
    api = served("narrow", SEES)
    cloud.client("lambda").put_function_concurrency(
        FunctionName="narrow", ReservedConcurrentExecutions=0
    )
    last = cloud.trace(api.get("/x")).tree(times=False).splitlines()[-1]
    assert last == "└ function narrow  THROTTLED ReservedFunctionConcurrentInvocationLimitExceeded"


def test_requests_at_the_same_time_do_not_mix(
    cloud: LocalCloud, served: Callable[..., Any]
) -> None:
    source = """
import boto3
from concurrent.futures import ThreadPoolExecutor
db = boto3.client("dynamodb")
def handler(event, context):
    name = event["pathParameters"]["rest"]
    def look(n):
        try: db.describe_table(TableName=f"{name}-{n}")
        except db.exceptions.ResourceNotFoundException: pass
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(look, range(3)))
    return {"statusCode": 200}
"""
    api = served("looks-in-threads", source, Timeout=30)
    under_way = [api.begin(1, "GET", f"/t{n}") for n in range(6)]
    for n, request in enumerate(under_way):
        (answer,) = request.answers()
        calls = only(cloud.trace(answer), "call")
        assert sorted(call.detail["resource"] for call in calls) == [f"t{n}-{m}" for m in range(3)]


# ── events ──────────────────────────────────────────────────────────────────────────────────


def test_a_topic_leads_to_functions_and_queues_in_the_same_x_ray_trace(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function("notify", SEES))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(queue))
    trace = cloud.trace(does(("sns", "publish", {"TopicArn": topic, "Message": "low"})))
    name = queue.rpartition("/")[2]
    assert tree(trace) == [
        "└ sns Publish alerts",
        "  ├ topic alerts → function notify",
        "  │ └ function notify, cold",
        "  │   ├ init",
        "  │   └ handler",
        f"  └ topic alerts → queue {name}",
        f"    └ queue {name}  nobody has taken it",
    ]
    assert seen(cloud, "notify") == [trace.id]
    sns.delete_topic(TopicArn=topic)


def test_a_message_carries_its_senders_header_and_its_worker_begins_a_trace(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    function("worker", SEES)
    with mapped(cloud, "worker", queue_arn(queue)):
        trace = cloud.trace(does(("sqs", "send_message", {"QueueUrl": queue, "MessageBody": "x"})))
    assert [segment.kind for segment in trace.segments][3:] == [
        "call", "event", "function", "init", "handler"
    ]  # fmt: skip
    assert only(trace, "function")[1].detail["trace_id"] == seen(cloud, "worker")[0] != trace.id
    line = next(each for each in str(cloud.logs("worker")).splitlines() if "TRACE" in each)
    doer = only(trace, "function")[0]
    assert f'"AWSTraceHeader": "Root={trace.id};Parent={doer.id};Sampled=0"' in line


def test_a_batch_of_several_requests_is_in_the_trace_of_each(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    function("batches", SEES)
    with mapped(cloud, "batches", queue_arn(queue), Enabled=False) as uuid:
        send = ("sqs", "send_message", {"QueueUrl": queue, "MessageBody": "x"})
        answers = [does(send), does(send, send), does(send)]
        cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)
        cloud.settle()
    traces = [cloud.trace(answer) for answer in answers]
    (batch,) = {only(trace, "function")[1].detail["request_id"] for trace in traces}
    assert only(traces[0], "function")[1].detail["batch"] == 4
    assert tree(traces[1])[-1].endswith("function batches: the same batch as above")
    assert [len(only(cloud.trace(batch), kind)) for kind in ("gateway", "call")] == [3, 4]


def test_messages_sent_together_and_handled_together_are_one_line(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    function("together", SEES)
    entries = [{"Id": str(n), "MessageBody": "x"} for n in range(3)]
    send = ("sqs", "send_message_batch", {"QueueUrl": queue, "Entries": entries})
    with mapped(cloud, "together", queue_arn(queue), Enabled=False) as uuid:
        answer = does(send)
        cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)
        cloud.settle()
    lines = tree(cloud.trace(answer))
    assert lines[1:3] == [
        f"  └ queue {queue.rpartition('/')[2]}, 3 times",
        "    └ function together, cold",
    ]


def test_a_redelivered_message_has_a_second_handling_and_then_its_dead_letters(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    sqs = cloud.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": queue_arn(dead), "maxReceiveCount": 2}
    attributes = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "60"}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=attributes)
    function("stumbles", "def handler(e, c): raise ValueError('never')")
    with mapped(cloud, "stumbles", queue_arn(queue)):
        trace = cloud.trace(does(("sqs", "send_message", {"QueueUrl": queue, "MessageBody": "x"})))
    assert [line.strip(" │├└") for line in tree(trace)[2:]] == [
        "function stumbles, cold  ERROR ValueError: never",
        "init",
        "handler  ERROR",
        "function stumbles, attempt 2  ERROR ValueError: never",
        "handler  ERROR",
        "dead-letter queue dead  nobody has taken it",
    ]
    sqs.delete_queue(QueueUrl=dead)


def test_a_stream_leads_on_though_no_header_goes_with_a_record(
    cloud: LocalCloud, does: Do, function: Callable[..., str]
) -> None:
    table = cloud.client("dynamodb").create_table(
        TableName="watched",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    function("stock", SEES)
    put = ("dynamodb", "put_item", {"TableName": "watched", "Item": {"id": {"S": "tea"}}})
    with mapped(cloud, "stock", table["LatestStreamArn"], StartingPosition="LATEST"):
        trace = cloud.trace(does(put))
    assert tree(trace)[:3] == [
        "└ dynamodb PutItem watched",
        "  └ stream of watched",
        "    └ function stock, cold",
    ]
    assert seen(cloud, "stock") != [trace.id]
    cloud.client("dynamodb").delete_table(TableName="watched")


def test_records_that_are_given_up_lead_to_their_destination(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    table = cloud.client("dynamodb").create_table(
        TableName="given-up",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )["TableDescription"]
    function("gives-up", "def handler(e, c): raise ValueError('never')")
    put = ("dynamodb", "put_item", {"TableName": "given-up", "Item": {"id": {"S": "tea"}}})
    with mapped(
        cloud,
        "gives-up",
        table["LatestStreamArn"],
        StartingPosition="LATEST",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": queue_arn(queue)}},
    ):
        lines = tree(cloud.trace(does(put)))
    name = queue.rpartition("/")[2]
    assert lines[2] == "    ├ function gives-up, cold  ERROR ValueError: never"
    assert lines[-2:] == [
        f"    └ destination → queue {name}",
        f"      └ queue {name}  nobody has taken it",
    ]
    cloud.client("dynamodb").delete_table(TableName="given-up")


def test_a_rule_leads_to_its_targets(
    cloud: LocalCloud, does: Do, function: Callable[..., str]
) -> None:
    events = cloud.client("events")
    events.put_rule(Name="placed", EventPattern='{"source": ["shop"]}')
    target = {"Id": "1", "Arn": function("ruled", FAILS_ONCE)}
    events.put_targets(Rule="placed", Targets=[target])
    entry = {"Source": "shop", "DetailType": "placed", "Detail": "{}"}
    trace = cloud.trace(does(("events", "put_events", {"Entries": [entry]})))
    assert tree(trace) == [
        "└ events PutEvents default",
        "  └ rule placed → function ruled",
        "    ├ function ruled, cold  ERROR ValueError: not yet",
        "    │ ├ init",
        "    │ └ handler  ERROR",
        "    └ function ruled, attempt 2",
        "      └ handler",
    ]
    assert {each.detail["trace_id"] for each in only(trace, "function")} == {trace.id}
    events.remove_targets(Rule="placed", Ids=["1"])
    events.delete_rule(Name="placed")


def test_an_upload_leads_to_its_function(
    cloud: LocalCloud, does: Do, function: Callable[..., str]
) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="photos")
    wants = {"LambdaFunctionArn": function("resize", SEES), "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="photos", NotificationConfiguration={"LambdaFunctionConfigurations": [wants]}
    )
    put = ("s3", "put_object", {"Bucket": "photos", "Key": "a.png", "Body": "x"})
    trace = cloud.trace(does(put))
    assert tree(trace)[:3] == [
        "└ s3 PutObject photos",
        "  └ bucket photos → function resize",
        "    └ function resize, cold",
    ]
    assert seen(cloud, "resize") == [trace.id]


def test_functions_call_functions_now_and_later(
    cloud: LocalCloud, does: Do, function: Callable[..., str], queue: str
) -> None:
    function("called", SEES)
    destination = {"OnSuccess": {"Destination": queue_arn(queue)}}
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName="called", DestinationConfig=destination
    )
    later = {"FunctionName": "called", "InvocationType": "Event"}
    trace = cloud.trace(
        does(("lambda", "invoke", {"FunctionName": "called"}), ("lambda", "invoke", later))
    )
    name = queue.rpartition("/")[2]
    assert tree(trace) == [
        "├ lambda Invoke called",
        "│ └ function called, cold",
        "│   ├ init",
        "│   └ handler",
        "└ lambda Invoke called",
        "  └ asynchronous queue of called",
        "    ├ function called",
        "    │ └ handler",
        f"    └ destination of called → queue {name}",
        f"      └ queue {name}  nobody has taken it",
    ]
    assert seen(cloud, "called") == [trace.id, trace.id]


def test_a_duplicate_in_a_fifo_queue_is_told(cloud: LocalCloud, does: Do) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="in-order.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    message = {"MessageGroupId": "1", "MessageDeduplicationId": "1", "MessageBody": "x"}
    send = ("sqs", "send_message", {"QueueUrl": url, **message})
    lines = tree(cloud.trace(does(send, send)))
    assert lines == [
        "├ sqs SendMessage in-order.fifo",
        "│ └ queue in-order.fifo  nobody has taken it",
        "└ sqs SendMessage in-order.fifo",
        "  └ queue in-order.fifo  dropped as a duplicate",
    ]
    sqs.delete_queue(QueueUrl=url)


def test_a_schedule_begins_a_trace(cloud: LocalCloud, function: Callable[..., str]) -> None:
    events = cloud.client("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": function("report", SEES)}])
    cloud.advance(minutes=61)
    cloud.settle()
    trace = cloud.trace(seen(cloud, "report")[0])
    assert trace.tree(times=False).splitlines()[:3] == [
        "schedule nightly",
        "└ rule nightly → function report",
        "  └ function report, cold",
    ]
    assert cloud.traces()[-1]["name"] == "schedule nightly"
    events.remove_targets(Rule="nightly", Ids=["1"])
    events.delete_rule(Name="nightly")
