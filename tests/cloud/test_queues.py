"""moto's queues, as they are under many threads and with many messages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from workbook.cloud import LocalCloud
from workbook.cloud.seams import SEAMS
from workbook.cloud.seams.sqs import QUEUES
from workbook.cloud.sources import MotoQueue


def replaced(target: str, original: Any) -> Any:
    """What a seam puts in the place of a function of moto's."""
    (seam,) = (seam for seam in SEAMS if seam.target == target)
    return seam.build(original, Mock())


def standard() -> Mock:
    """A queue that is no FIFO queue, or a backend of such queues."""
    return Mock(fifo_queue=False, **{"get_queue.return_value.fifo_queue": False})


def free() -> bool:
    """Whether another thread could change a queue now."""
    found: list[bool] = []

    def try_it() -> None:
        if QUEUES.acquire(blocking=False):
            QUEUES.release()
            found.append(True)

    other = threading.Thread(target=try_it)
    other.start()
    other.join()
    return bool(found)


@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ("Queue.add_message", ("message",)),
        ("Queue.delete_message", ("handle",)),
        ("SQSBackend.receive_message", ("orders", 10, 0, 30)),
    ],
)
def test_one_thread_at_a_time_changes_a_queue(target: str, arguments: tuple[Any, ...]) -> None:
    free_meanwhile: list[bool] = []
    replaced(target, lambda *_: free_meanwhile.append(free()) or ["found"])(standard(), *arguments)
    assert free_meanwhile == [False]
    assert free()


def test_who_waits_for_a_message_keeps_nobody_from_sending_it() -> None:
    answers = [[], ["message"]]
    free_while_waiting: list[bool] = []
    queue = SimpleNamespace(
        fifo_queue=False, wait_for_messages=lambda _: free_while_waiting.append(free())
    )
    receive = replaced("SQSBackend.receive_message", lambda *_: answers.pop(0))
    assert receive(Mock(get_queue=lambda _: queue), "orders", 10, 20, 30) == ["message"]
    assert free_while_waiting == [True]


def test_who_waits_in_vain_is_told_so_when_time_is_up() -> None:
    receive = replaced("SQSBackend.receive_message", lambda *_: [])
    assert receive(standard(), "orders", 10, 0, 30) == []


def test_the_age_of_a_message_is_told_without_counting_its_queue() -> None:
    class Queue:
        message_retention_period = 60

        @property
        def attributes(self) -> dict[str, Any]:
            raise AssertionError("this goes over all messages, for each one received")

    valid = replaced("SQSBackend.is_message_valid_based_on_retention_period", None)
    backend = Mock(get_queue=lambda _: Queue())
    now = time.time() * 1000
    assert valid(backend, "orders", SimpleNamespace(sent_timestamp=now - 59_000))
    assert not valid(backend, "orders", SimpleNamespace(sent_timestamp=now - 61_000))


def test_nobody_looks_for_a_message_that_waits_for_its_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a poller would look again and again, for as long as the function runs."""
    hidden_until = (time.time() + 30) * 1000
    handled = SimpleNamespace(
        visible=False, group_id="shop", visible_at=hidden_until, delayed_until=0
    )
    behind = SimpleNamespace(visible=True, group_id="shop", visible_at=0, delayed_until=0)
    other = SimpleNamespace(visible=True, group_id="yard", visible_at=0, delayed_until=0)
    kept = SimpleNamespace(fifo_queue=True, _messages=[handled, behind])
    queue = MotoQueue("arn:aws:sqs:us-east-1:123456789012:orders.fifo")
    monkeypatch.setattr(queue, "_backend", lambda: Mock(get_queue=lambda _: kept))
    assert (queue.hidden_for() or 0) > 20
    kept._messages.append(other)
    assert queue.hidden_for() == 0


def test_a_queue_is_mapped_to_a_function_once(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    sqs, client = cloud.client("sqs"), cloud.client("lambda")
    source = "arn:aws:sqs:us-east-1:123456789012:counter"
    sqs.create_queue(QueueName="counter")
    arn = function("teller", "def handler(event, context): pass")
    function("other-teller", "def handler(event, context): pass")
    first = client.create_event_source_mapping(FunctionName="teller", EventSourceArn=source)
    for name in ("teller", arn):
        with pytest.raises(client.exceptions.ResourceConflictException) as refused:
            client.create_event_source_mapping(FunctionName=name, EventSourceArn=source)
        assert refused.value.response["Error"]["Message"] == (
            f'An event source mapping with SQS arn (" {source} ") and function (" teller ") already'
            f" exists. Please update or delete the existing mapping with UUID {first['UUID']}"
        )
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    second = client.create_event_source_mapping(FunctionName="other-teller", EventSourceArn=source)
    told = client.list_event_source_mappings(EventSourceArn=source)["EventSourceMappings"]
    assert {one["UUID"] for one in told} == {first["UUID"], second["UUID"]}
    for one in told:
        client.delete_event_source_mapping(UUID=one["UUID"])


def test_a_table_s_stream_is_mapped_to_a_function_once(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    client = cloud.client("lambda")
    table = cloud.client("dynamodb").create_table(
        TableName="tills",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    source = table["TableDescription"]["LatestStreamArn"]
    function("auditor", "def handler(event, context): pass")
    given = {"FunctionName": "auditor", "EventSourceArn": source, "StartingPosition": "LATEST"}
    first = client.create_event_source_mapping(**given)
    with pytest.raises(client.exceptions.ResourceConflictException, match="provided mapping"):
        client.create_event_source_mapping(**given)
    client.delete_event_source_mapping(UUID=first["UUID"])
    again = client.create_event_source_mapping(**given)
    client.delete_event_source_mapping(UUID=again["UUID"])


def test_a_long_poll_ends_when_a_message_comes(cloud: LocalCloud) -> None:
    client = cloud.client("sqs")
    url = client.create_queue(QueueName="patient-readers")["QueueUrl"]
    found: list[str] = []

    def read() -> None:
        answer = client.receive_message(QueueUrl=url, WaitTimeSeconds=20)
        found.extend(message["Body"] for message in answer["Messages"])

    reader = threading.Thread(target=read)
    reader.start()
    client.send_message(QueueUrl=url, MessageBody="tea")
    reader.join(15)
    assert found == ["tea"]
