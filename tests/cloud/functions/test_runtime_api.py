"""The Runtime API over HTTP, as a runtime of one's own would use it."""

from __future__ import annotations

import http.client
import json
import os
import queue
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from workbook.cloud.functions.runtime_api import Invocation, RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"
EVENT = Invocation(
    request_id="8476a536",
    payload=b'{"a": 1}',
    deadline_ms=1_542_409_706_888,
    function_arn="arn:aws:lambda:us-east-2:123456789012:function:shop",
    trace_header="Root=1-5bef4de7",
    client_context='{"custom": {"word": "K\u00e4se"}}',
)


class Told(queue.SimpleQueue[tuple[str, Any]]):
    """A listener that remembers what it was told, in order; it can be held up at `ready`."""

    def __init__(self) -> None:
        super().__init__()
        self.hold = threading.Event()
        self.hold.set()

    def wrote(self, data: bytes) -> None:
        self.put(("wrote", data))

    def ready(self) -> None:
        self.put(("ready", None))
        self.hold.wait(5)

    def responded(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.put(("responded", body))

    def failed(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.put(("failed", body))

    def response_too_large(self, size: int) -> None:
        self.put(("too large", size))

    def init_failed(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.put(("init failed", body))


class Bed:
    """An endpoint, a pipe for output, and a connection."""

    def __init__(self) -> None:
        self.told = Told()
        read_end, self.output = os.pipe()
        self.api = RuntimeApi(self.told, read_end, "bed")
        self.connection = http.client.HTTPConnection(self.api.address, timeout=5)

    def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        self.connection.request(method, path, body)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def post(self, what: str, body: bytes = b"{}") -> tuple[int, Any]:
        return self.call("POST", f"/2018-06-01/runtime/{what}", body)

    def next(self) -> http.client.HTTPResponse:
        self.connection.request("GET", NEXT)
        response = self.connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        return response


@pytest.fixture
def bed() -> Iterator[Bed]:
    made = Bed()
    yield made
    made.connection.close()
    os.close(made.output)
    made.api.close()


def test_next_hands_out_the_event_with_the_documented_headers(bed: Bed) -> None:
    bed.api.offer(EVENT, 5.0)
    response = bed.next()
    assert response.status == 200
    assert response.body == b'{"a": 1}'  # type: ignore[attr-defined]
    headers = {k: v for k, v in response.getheaders() if k.startswith("Lambda-")}
    assert headers == {
        "Lambda-Runtime-Aws-Request-Id": "8476a536",
        "Lambda-Runtime-Deadline-Ms": "1542409706888",
        "Lambda-Runtime-Invoked-Function-Arn": EVENT.function_arn,
        "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7",
        "Lambda-Runtime-Client-Context": '{"custom": {"word": "K\\u00e4se"}}',
    }


def test_next_waits_for_an_event(bed: Bed) -> None:
    def offer_when_asked() -> None:
        assert bed.told.get(timeout=5) == ("ready", None)
        bed.api.offer(EVENT, 5.0)

    offer = threading.Thread(target=offer_when_asked, daemon=True)
    offer.start()
    assert bed.next().status == 200
    offer.join()


def test_a_response_and_an_error_are_accepted_and_told(bed: Bed) -> None:
    for what, name in (("response", "responded"), ("error", "failed")):
        bed.api.offer(EVENT, 5.0)
        bed.next()
        assert bed.told.get(timeout=5) == ("ready", None)
        assert bed.post(f"invocation/8476a536/{what}", b'"x"') == (202, {"status": "OK"})
        assert bed.told.get(timeout=5) == (name, b'"x"')


def test_what_was_written_before_a_response_is_told_before_it(bed: Bed) -> None:
    bed.api.offer(EVENT, 5.0)
    bed.next()
    os.write(bed.output, b"printed\n")
    bed.post("invocation/8476a536/response")
    told = [bed.told.get(timeout=5) for _ in range(3)]
    assert told == [("ready", None), ("wrote", b"printed\n"), ("responded", b"{}")]


def test_output_is_read_before_a_response_that_was_noticed_first(bed: Bed) -> None:
    runtime = http.client.HTTPConnection(bed.api.address, timeout=5)
    runtime.request("POST", "/2018-06-01/runtime/invocation/other/response", b"")
    runtime.getresponse().read()  # so the endpoint knows this connection
    bed.told.hold.clear()
    bed.api.offer(EVENT, 5.0)
    bed.connection.request("GET", NEXT)
    assert bed.told.get(timeout=5) == ("ready", None)  # and there the endpoint's thread waits
    runtime.request("POST", "/2018-06-01/runtime/invocation/8476a536/response", b"{}")
    os.write(bed.output, b"printed\n")
    bed.told.hold.set()
    told = [bed.told.get(timeout=5) for _ in range(2)]
    assert told == [("wrote", b"printed\n"), ("responded", b"{}")]
    runtime.close()


def test_an_init_error_is_accepted_once_and_before_the_first_event_alone(bed: Bed) -> None:
    assert bed.post("init/error", b'{"errorType": "X"}') == (202, {"status": "OK"})
    assert bed.told.get(timeout=5) == ("init failed", b'{"errorType": "X"}')
    status, refusal = bed.post("init/error")
    assert (status, refusal["errorType"]) == (403, "InvalidStateTransition")
    status, refusal = bed.call("GET", NEXT)
    assert status == 403
    assert refusal == {
        "errorMessage": "State transition from InitError to Ready failed for runtime."
        " Error: State transition is not allowed",
        "errorType": "InvalidStateTransition",
    }


def test_next_is_refused_while_an_event_is_unanswered(bed: Bed) -> None:
    bed.api.offer(EVENT, 5.0)
    bed.next()
    status, refusal = bed.call("GET", NEXT)
    assert (status, refusal["errorType"]) == (403, "InvalidStateTransition")


@pytest.mark.parametrize("path", ["invocation/other/response", "invocation/other/error"])
def test_an_answer_to_another_request_is_refused(bed: Bed, path: str) -> None:
    refusal = {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}
    assert bed.post(path) == (400, refusal)
    bed.api.offer(EVENT, 5.0)
    bed.next()
    assert bed.post(path) == (400, refusal)
    bed.post("invocation/8476a536/response")
    assert bed.post("invocation/8476a536/response") == (400, refusal)


def test_a_response_beyond_aws_limit_is_refused_and_told(bed: Bed) -> None:
    bed.api.offer(EVENT, 5.0)
    bed.next()
    assert bed.post("invocation/8476a536/response", b"x" * 6_291_557) == (
        413,
        {
            "errorMessage": "Exceeded maximum allowed payload size (6291556 bytes).",
            "errorType": "RequestEntityTooLarge",
        },
    )
    assert [bed.told.get(timeout=5) for _ in range(2)][1] == ("too large", 6_291_557)


def test_a_response_of_exactly_aws_limit_is_taken(bed: Bed) -> None:
    bed.api.offer(EVENT, 5.0)
    bed.next()
    assert bed.post("invocation/8476a536/response", b"x" * 6_291_556)[0] == 202


def test_what_is_not_emulated_says_so(bed: Bed) -> None:
    status, refusal = bed.call("GET", "/2018-06-01/runtime/restore/next")
    assert status == 501
    assert "/2018-06-01/runtime/restore/next" in refusal["errorMessage"]


def test_a_waiting_runtime_that_hangs_up_counts_as_dead_until_one_asks_again(bed: Bed) -> None:
    host, port = bed.api.address.split(":")
    with socket.create_connection((host, int(port))) as runtime:
        runtime.sendall(f"GET {NEXT} HTTP/1.1\r\n\r\n".encode())
        assert bed.told.get(timeout=5) == ("ready", None)
        assert not bed.api.waiting_runtime_died()
    assert bed.api.waiting_runtime_died()


def test_no_http_is_hung_up_on(bed: Bed) -> None:
    host, port = bed.api.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as runtime:
        runtime.sendall(b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n")
        assert runtime.recv(1) == b""
    bed.api.offer(EVENT, 5.0)
    assert bed.next().status == 200
