"""The cloud under load: nothing is lost, nothing hangs, nothing grows without end."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import pytest
from small_apps import zipped

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api

pytestmark = pytest.mark.slow

VERSION = """
import time
def handler(event, context):
    time.sleep(0.01)
    return {{"statusCode": 200, "body": "{}"}}
"""
# Reports every fifth message as failed, whenever it comes.
PICKY = """
import json
def handler(event, context):
    failed = []
    for record in event["Records"]:
        number = int(record["body"])
        if number % 5 == 0:
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            print("DONE", number)
    return {"batchItemFailures": failed}
"""


def in_parallel(clients: int, requests: int, work: Callable[[int], str]) -> list[str]:
    """What came of each request."""
    with ThreadPoolExecutor(clients) as threads:
        return list(threads.map(work, range(requests)))


def test_a_redeploy_under_load_answers_every_request_by_one_version_or_the_other(
    cloud: LocalCloud, served: Callable[..., Api]
) -> None:
    """A thousand requests over fifty connections."""
    api = served("relay", VERSION.format("one"))
    halfway = threading.Semaphore(0)

    def call(_: int) -> str:
        answer = api.get("/x")
        halfway.release()
        return f"{answer.status_code} {answer.text}"

    def redeploy() -> None:
        for _ in range(400):
            halfway.acquire()
        client = cloud.client("lambda")
        client.update_function_code(FunctionName="relay", ZipFile=zipped(VERSION.format("two")))
        cloud.client("apigateway").create_deployment(restApiId=api_id, stageName="v1")

    api_id = api.url.split("/")[-2]
    changing = threading.Thread(target=redeploy)
    changing.start()
    answers = Counter(in_parallel(50, 1_000, call))
    changing.join()
    assert set(answers) == {"200 one", "200 two"}
    assert answers.total() == 1_000
    assert call(0) == "200 two"


def test_workers_killed_at_random_cost_one_502_each_and_never_a_hang(
    cloud: LocalCloud, served: Callable[..., Api]
) -> None:
    api = served("fragile", VERSION.format("fine"))
    chance = random.Random(11)
    due, over = threading.Semaphore(0), threading.Event()
    killed: list[int] = []

    def call(_: int) -> str:
        answer = api.get("/x")
        due.release()
        return f"{answer.status_code} {answer.text}"

    def kill_now_and_then() -> None:
        while not over.is_set():
            for _ in range(25):
                due.acquire()
            alive = [
                one["pid"]
                for one in cloud.environments()
                if one["function"] == "fragile" and one["state"] in ("busy", "idle")
            ]
            if alive and not over.is_set():
                killed.append(chance.choice(alive))
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    answers = Counter(in_parallel(20, 500, call))
    over.set()
    due.release(25)
    killer.join()
    lost = answers.pop('502 {"message": "Internal server error"}', 0)
    assert set(answers) == {"200 fine"}
    assert len(killed) > 5
    assert lost <= len(killed)
    assert answers.total() + lost == 500
    assert call(0) == "200 fine"


def test_of_five_hundred_messages_each_is_processed_or_in_the_dead_letter_queue(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    sqs = cloud.client("sqs")
    dead = sqs.create_queue(QueueName="picky-dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(cloud, dead), "maxReceiveCount": 2}
    url = sqs.create_queue(
        QueueName="picky",
        Attributes={"VisibilityTimeout": "1", "RedrivePolicy": json.dumps(redrive)},
    )["QueueUrl"]
    cloud.client("lambda").create_event_source_mapping(
        FunctionName=function("picky", PICKY, Timeout=1),
        EventSourceArn=_arn(cloud, url),
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    for first in range(0, 500, 10):
        entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(first, first + 10)]
        assert not sqs.send_message_batch(QueueUrl=url, Entries=entries).get("Failed")
    cloud.settle(timeout=120)
    done = [int(line.split()[1]) for line in _said(cloud, "picky") if line.startswith("DONE")]
    assert Counter(done) == Counter(n for n in range(500) if n % 5)
    assert sorted(_drain(cloud, dead)) == [n for n in range(500) if n % 5 == 0]
    assert _drain(cloud, url) == []
    for each in (url, dead):
        sqs.delete_queue(QueueUrl=each)


def test_memory_after_ten_thousand_invocations_does_not_keep_growing(
    served: Callable[..., Api], cloud: LocalCloud
) -> None:
    """One client, so one environment, whose log stream is full before the first half ends."""
    api = served("steady", VERSION.format("ok").replace("time.sleep(0.01)", "pass"))
    address = urlsplit(api.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=60)

    def status() -> int:
        connection.request("GET", f"{address.path}/x")
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def after_five_thousand() -> int:
        assert {status() for _ in range(5_000)} == {200}
        return int(psutil.Process(cloud.pid).memory_info().rss)

    first, second = after_five_thousand(), after_five_thousand()
    assert second - first < 2_000_000


def _arn(cloud: LocalCloud, url: str) -> str:
    client = cloud.client("sqs")
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])


def _drain(cloud: LocalCloud, url: str) -> list[int]:
    client, found = cloud.client("sqs"), []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [int(message["Body"]) for message in messages]
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _said(cloud: LocalCloud, function: str) -> list[str]:
    return cloud.logs(function).splitlines()
