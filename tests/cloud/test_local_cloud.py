"""LocalCloud as a notebook uses it: lifecycle, several side by side, looking in."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from small_apps import create_function, root_api

from workbook.cloud import LocalCloud
from workbook.cloud.client import Api
from workbook.cloud.daemon import SCRATCH_PREFIX
from workbook.cloud.functions import cpu_share
from workbook.errors import CloudError, UnknownName
from workbook.scratch import remove_abandoned

SLEEPER = "import time\ndef handler(event, context):\n    time.sleep(60)\n"
ECHO = "def handler(event, context):\n    print('got', event)\n    return event\n"

# A parent that starts a cloud with a busy worker, says which processes there are, and waits.
PARENT = """
import json, sys, threading, psutil
sys.path.insert(0, {here!r})
from small_apps import zipped
from workbook.cloud import LocalCloud
cloud = LocalCloud.start()
iam, functions = cloud.client("iam"), cloud.client("lambda")
role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{{}}")["Role"]["Arn"]
functions.create_function(FunctionName="f", Runtime="python3.12", Handler="app.handler", Role=role,
    Timeout=100, Code={{"ZipFile": zipped({source!r})}})
functions.invoke(FunctionName="f", InvocationType="Event", Payload=b"{{}}")
while not any(row["state"] == "busy" for row in cloud.environments()):
    pass
family = [p.pid for p in psutil.Process().children(recursive=True)]
print(json.dumps({{"cloud": cloud.pid, "family": family}}), flush=True)
sys.stdin.read()
"""


def scratch_of(pid: int) -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}{pid}-*"))


def wait_until_gone(pids: list[int]) -> list[int]:
    """The processes that are still there after ten seconds."""
    processes = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, alive = psutil.wait_procs(processes, timeout=10)
    return [p.pid for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def test_a_cloud_answers_aws_calls_and_stops_without_a_trace() -> None:
    with LocalCloud.start() as cloud:
        cloud.client("sqs").create_queue(QueueName="orders")
        assert cloud.client("sqs").list_queues()["QueueUrls"]
        family = [cloud.pid, *(p.pid for p in psutil.Process(cloud.pid).children(recursive=True))]
        assert scratch_of(cloud.pid)
    assert wait_until_gone(family) == []
    assert scratch_of(cloud.pid) == []


def test_a_cloud_ends_with_its_parent_however_that_ends() -> None:
    """Cloud, supervisor, guard and a worker in the middle of a request all go, and the folder."""
    source = PARENT.format(here=str(Path(__file__).parent), source=SLEEPER)
    parents = {
        number: subprocess.Popen(
            [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for number in (signal.SIGKILL, signal.SIGTERM)
    }
    for number, parent in parents.items():
        with parent:
            assert parent.stdout is not None
            started = json.loads(parent.stdout.readline())
            assert len(started["family"]) >= 3
            parent.send_signal(number)
            parent.wait()
        assert wait_until_gone(started["family"]) == [], number
        assert scratch_of(started["cloud"]) == [], number


def test_an_interrupted_cell_does_not_end_the_cloud(cloud: LocalCloud) -> None:
    os.kill(cloud.pid, signal.SIGINT)
    assert cloud.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert os.getsid(cloud.pid) != os.getsid(0)


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CloudError) as refused:
            LocalCloud.start(port=port)
    assert refused.value.problem == f"Port {port} is taken by another program."


def test_cpu_by_memory_is_refused_in_words_where_the_system_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cpu_share, "supported", lambda: False)
    with pytest.raises(CloudError, match="CPU by memory needs Linux"):
        LocalCloud.start(cpu_by_memory=True)


def test_two_clouds_do_not_meet(cloud: LocalCloud) -> None:
    with LocalCloud.start() as other:
        other.client("s3").create_bucket(Bucket="only-in-the-other")
        assert [row["name"] for row in other.inventory()] == ["only-in-the-other"]
        assert "only-in-the-other" not in {row["name"] for row in cloud.inventory()}
        other.stop()
        other.stop()  # twice is fine
        assert "stopped" in repr(other)


def test_a_seed_makes_ids_the_same_each_time() -> None:
    with LocalCloud.start(seed=7) as one, LocalCloud.start(seed=7) as other:
        ids = [
            seeded.client("apigateway").create_rest_api(name="shop")["id"]
            for seeded in (one, other)
        ]
    assert ids[0] == ids[1]


def test_the_folder_of_a_killed_cloud_is_removed_by_the_next() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    abandoned = Path(tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{ended.pid}-"))
    ours = Path(tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{os.getpid()}-"))
    remove_abandoned(SCRATCH_PREFIX)
    assert (abandoned.exists(), ours.exists()) == (False, True)
    ours.rmdir()


def test_logs_invocations_and_environments_show_what_ran(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("shown", ECHO)
    cloud.client("lambda").invoke(FunctionName="shown", Payload=b'{"n": 1}')
    assert "got {'n': 1}" in cloud.logs("shown")
    assert "REPORT RequestId" in cloud.logs("shown")
    (invocation,) = [row for row in cloud.invocations() if row["function"] == "shown"]
    assert invocation["cold"] is True
    (environment,) = [row for row in cloud.environments() if row["function"] == "shown"]
    assert (environment["state"], environment["served"]) == ("idle", 1)


def test_calls_tell_who_made_them(cloud: LocalCloud, function: Callable[..., str]) -> None:
    cloud.client("s3").create_bucket(Bucket="seen-by-lister")
    function(
        "lister",
        "import boto3\ndef handler(e, c):\n    boto3.client('s3').head_bucket(Bucket='seen-by-lister')\n",
    )
    answer = cloud.client("lambda").invoke(FunctionName="lister")
    assert "FunctionError" not in answer
    made = [(row["operation"], row["by"]) for row in cloud.calls() if row["service"] == "s3"]
    assert ("CreateBucket", "you") in made
    assert ("HeadBucket", "lister") in made


def test_the_inventory_lists_what_exists_and_no_more(cloud: LocalCloud) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="listed")["QueueUrl"]
    row = {"service": "sqs", "kind": "queue", "name": "listed"}
    assert row in cloud.inventory()
    sqs.delete_queue(QueueUrl=url)
    assert row not in cloud.inventory()


def test_settle_waits_for_what_is_in_flight(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    function("slow", "import time\ndef handler(e, c):\n    time.sleep(0.3)\n    print('done')\n")
    cloud.client("lambda").invoke(FunctionName="slow", InvocationType="Event", Payload=b"{}")
    cloud.settle()
    assert "done" in cloud.logs("slow")


def test_settle_says_when_it_gave_up(cloud: LocalCloud, function: Callable[..., str]) -> None:
    function("stuck", SLEEPER, Timeout=1)
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName="stuck", MaximumRetryAttempts=0
    )
    cloud.client("lambda").invoke(FunctionName="stuck", InvocationType="Event", Payload=b"{}")
    with pytest.raises(CloudError, match=r"not come to rest within 0\.1 seconds"):
        cloud.settle(timeout=0.1)
    cloud.settle()


def test_an_unknown_api_is_named_with_what_to_do(cloud: LocalCloud) -> None:
    with pytest.raises(UnknownName, match="No API named 'bakery'"):
        cloud.api("bakery")


STRAY = {  # what a person who works with AWS may have in a shell, each enough to lead elsewhere
    "AWS_PROFILE": "work",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "NO_PROXY": "example.com",
}


@pytest.mark.parametrize("stray", [{}, STRAY], ids=["a bare shell", "a shell that knows AWS"])
def test_exports_point_any_client_at_the_cloud(cloud: LocalCloud, stray: dict[str, str]) -> None:
    """Lines for a shell: with them, another process's boto3 reaches the cloud."""
    ask = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    script = f'set -eu\n{cloud.exports()}\n{sys.executable} -c "{ask}"; echo "$NO_PROXY"'
    told = subprocess.run(
        ["sh", "-c", script],
        env={"PATH": os.environ["PATH"], **stray},
        capture_output=True,
        text=True,
        check=False,
    )
    account, excepted = told.stdout.splitlines()
    assert account == "123456789012", told.stderr
    assert excepted.endswith(",example.com" if stray else "::1")


def test_at_once_sends_all_before_any_has_answered(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    api = deployed(cloud, "crowd", function("crowd", PROXY))
    answers = api.at_once(4, "GET", "/")
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["environment"] for answer in answers}) == 4


PROXY = """
import json, os, time
def handler(event, context):
    time.sleep(0.2)
    return {"statusCode": 200, "body": json.dumps({"environment": os.getpid()})}
"""


def deployed(cloud: LocalCloud, name: str, arn: str) -> Api:
    """A client of an API with one method in front of a function."""
    root_api(cloud, name, arn)
    return cloud.api(name)


def test_a_client_that_hangs_up_does_not_disturb_the_cloud(cloud: LocalCloud) -> None:
    port = int(cloud.endpoint.rpartition(":")[2])
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as rude:
            rude.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\npart")
    assert cloud.client("sts").get_caller_identity()


def test_more_waiting_requests_than_threads_do_not_lock_up(
    cloud: LocalCloud, function: Callable[..., str]
) -> None:
    """Functions that call AWS while the server is full of requests waiting for functions."""
    function(
        "caller",
        "import boto3, time\n"
        "def handler(e, c):\n"
        "    time.sleep(0.5)\n"
        "    return boto3.client('sts').get_caller_identity()['Account']\n",
        Timeout=30,
    )
    client = cloud.client("lambda")
    answers: list[bytes] = []

    def invoke() -> None:
        answers.append(client.invoke(FunctionName="caller")["Payload"].read())

    threads = [threading.Thread(target=invoke) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [b'"123456789012"'] * 12


def test_requests_that_were_begun_are_counted_as_they_are_answered(
    cloud: LocalCloud, function: Callable[..., str], tmp_path: Path
) -> None:
    """A function that waits for a named pipe to be opened answers when the test says so."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    source = (
        "def handler(event, context):\n"
        f"    open({str(gate)!r}).read()\n"
        '    return {"statusCode": 200, "body": "{}"}\n'
    )
    begun = deployed(cloud, "waiting", function("waiting", source)).begin(1, "GET", "/")
    assert begun.answered(within=0.2) == 0
    gate.write_text("go on")
    assert [answer.status_code for answer in begun.answers()] == [200]
    assert (begun.answered(), repr(begun)) == (1, "1 of 1 requests answered")


def test_moving_the_clock_reaps_idle_environments_and_the_next_request_is_cold() -> None:
    with LocalCloud.start(idle_seconds=3_600) as own:
        create_function(own, "echo", ECHO)
        invoke = own.client("lambda").invoke
        invoke(FunctionName="echo", Payload=b"{}")
        own.advance(minutes=59)
        assert [row["state"] for row in own.environments()] == ["idle"]
        own.advance(minutes=2)
        assert [row["state"] for row in own.environments()] == ["reaped"]
        invoke(FunctionName="echo", Payload=b"{}")
        assert [row["cold"] for row in own.invocations()] == [True, True]
