"""WebSocket APIs: who gets in, where a message goes, how a connection ends."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from chalice.app import WebsocketEvent

from workbook.cloud.gateway import InvalidApi
from workbook.cloud.gateway.sockets import management
from workbook.cloud.websocket_client import Closed, Refused

SAMPLES = Path(__file__).parents[1] / "samples" / "gateway"
ALL = {"$connect": "chat", "$default": "chat", "$disconnect": "chat"}
API, STAGE = "a1b2c3d4e5", "api"
SECONDS = 20


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text())


def managed(line: Any, method: str, connection: str, body: bytes = b"") -> Any:
    return management.answer(line.sockets, API, STAGE, connection, method, body)


def only_connection(line: Any) -> str:
    return str(line.events("CONNECT")[-1]["requestContext"]["connectionId"])


def kinds(value: Any) -> Any:
    """The fields of a document and the JSON kinds of their values."""
    if isinstance(value, dict):
        return {key: kinds(each) for key, each in value.items()}
    return [kinds(each) for each in value] if isinstance(value, list) else type(value).__name__


# ── events ──────────────────────────────────────────────────────────────────────────────────


def test_a_message_is_what_the_published_sample_shows(line: Any) -> None:
    line.deploy(ALL, answering=("$default",))
    line.functions.handlers["chat"] = lambda event: {"body": "heard"}
    with line.connect(headers={"User-Agent": "Mozilla/5.0"}) as client:
        client.send('{"a": 1}')
        client.receive()
    assert kinds(line.events("MESSAGE")[0]) == kinds(sample("WebSocketMessage.json"))


def test_an_end_is_what_the_published_sample_shows(line: Any) -> None:
    line.deploy(ALL)
    with line.connect(headers={"User-Agent": "Mozilla/5.0"}) as client:
        client.close(1001)
    assert line.ended.acquire(timeout=SECONDS)
    ours, published = line.events("DISCONNECT")[0], sample("WebSocketDisconnect.json")
    assert kinds(ours) == kinds(published)
    assert ours["requestContext"]["disconnectStatusCode"] == 1001
    assert ours["requestContext"]["disconnectReason"] == ""


def test_only_the_connect_event_has_headers_and_query(line: Any) -> None:
    line.deploy(ALL, answering=("$default",), variables={"color": "blue"})
    line.functions.handlers["chat"] = lambda event: {"body": "heard"}
    with line.connect("?name=ada&name=bob", headers={"X-Team": "tea"}) as client:
        client.send("hello")
        client.receive()
    connected, said = line.functions.events[:2]
    assert connected["headers"]["X-Team"] == "tea"
    assert connected["headers"]["Sec-WebSocket-Version"] == "13"
    assert "Upgrade" not in connected["headers"]
    assert connected["queryStringParameters"] == {"name": "bob"}
    assert connected["multiValueQueryStringParameters"] == {"name": ["ada", "bob"]}
    assert "body" not in connected
    assert said.keys() == {"requestContext", "body", "isBase64Encoded", "stageVariables"}
    assert said["stageVariables"] == {"color": "blue"}


def test_chalice_reads_every_event(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        client.send('{"action": "x"}')
    assert line.ended.acquire(timeout=SECONDS)
    read = [WebsocketEvent(event, None) for event in line.functions.events]
    assert len({(each.connection_id, each.domain_name, each.stage) for each in read}) == 1
    assert read[0].domain_name.startswith(f"{API}.execute-api.localhost:")
    assert [each.body for each in read] == ["None", '{"action": "x"}', "None"]
    assert read[1].json_body == {"action": "x"}


# ── who gets in ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_function_that_answers_no_is_what_the_client_hears(line: Any, status: int) -> None:
    line.deploy(ALL)
    line.functions.handlers["chat"] = lambda event: {"statusCode": status}
    with pytest.raises(Refused) as refused:
        line.connect()
    assert refused.value.status_code == status
    assert line.events("DISCONNECT") == []


def test_a_function_that_fails_keeps_the_client_out(line: Any, build: Any) -> None:
    line.deploy(ALL)

    def fail(event: Any) -> None:
        raise build.error("broken")

    line.functions.handlers["chat"] = fail
    with pytest.raises(Refused) as refused:
        line.connect()
    assert refused.value.status_code == 502


def test_a_stage_that_is_not_there_is_forbidden(line: Any) -> None:
    with pytest.raises(Refused) as refused:
        line.connect()
    assert (refused.value.status_code, refused.value.text) == (403, '{"message":"Forbidden"}')


def test_what_is_no_handshake_is_a_bad_request(line: Any) -> None:
    line.deploy(ALL)
    host, port = line.client.url.removeprefix("ws://").partition("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert line.functions.events == []


def test_the_subprotocol_is_the_one_that_the_function_chose(line: Any) -> None:
    line.deploy(ALL)
    chosen = {"Sec-WebSocket-Protocol": "second"}
    line.functions.handlers["chat"] = lambda event: {"headers": chosen}
    with line.connect(subprotocols=["first", "second"]) as client:
        assert client.subprotocol == "second"


def test_routes_without_functions_for_connect_and_disconnect_are_fine(line: Any) -> None:
    line.deploy({"$default": "chat"}, answering=("$default",))
    line.functions.handlers["chat"] = lambda event: {"body": "heard"}
    with line.connect() as client:
        client.send("hello")
        assert client.receive() == "heard"


def test_an_api_without_routes_cannot_be_deployed(line: Any) -> None:
    with pytest.raises(InvalidApi, match="At least one route"):
        line.deploy({})


# ── where a message goes ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("selection", "message", "route"),
    [
        ("$request.body.action", '{"action": "join"}', "join"),
        ("${request.body.action}", '{"action": "join"}', "join"),
        ("$request.body.do.what", '{"do": {"what": "join"}}', "join"),
        ("${request.body.a}-${request.body.b}", '{"a": "jo", "b": 1}', "jo-1"),
        ("$request.body.action", '{"action": "unknown"}', "$default"),
        ("$request.body.action", '{"action": null}', "$default"),
        ("$request.body.action", '{"action": "$connect"}', "$default"),
        ("$request.body.action", "[1]", "$default"),
        ("$request.body.action", "plain words", "$default"),
        (r"\$default", '{"action": "join"}', "$default"),
    ],
)
def test_a_message_selects_its_route(line: Any, selection: str, message: str, route: str) -> None:
    routes = {"join": "chat", "jo-1": "chat", "$default": "chat"}
    line.deploy(routes, selection=selection, answering=tuple(routes))
    line.functions.handlers["chat"] = lambda event: {"body": event["requestContext"]["routeKey"]}
    with line.connect() as client:
        client.send(message)
        assert client.receive() == route


def test_a_message_without_a_route_is_forbidden(line: Any) -> None:
    line.deploy({"join": "chat"})
    with line.connect() as client:
        client.send({"action": "leave"})
        error = client.receive()
    told = json.loads(error)
    assert told.keys() == {"message", "connectionId", "requestId"}
    assert error.startswith('{"message": "Forbidden", "connectionId":"')


def test_a_function_that_fails_on_a_message_is_told_to_its_sender(line: Any, build: Any) -> None:
    line.deploy({"$default": "chat"})

    def fail(event: Any) -> None:
        raise build.error("broken")

    line.functions.handlers["chat"] = fail
    with line.connect() as client:
        client.send("hello")
        assert client.receive_json()["message"] == "Internal server error"


def test_a_body_goes_back_only_where_the_route_has_a_response(line: Any) -> None:
    line.deploy({"ask": "chat", "tell": "chat"}, answering=("ask",))
    line.functions.handlers["chat"] = lambda event: {
        "body": event["requestContext"]["routeKey"],
        "statusCode": 500,
    }
    with line.connect() as client:
        client.send({"action": "tell"})
        client.send({"action": "ask"})
        assert client.receive() == "ask"


def test_messages_of_one_connection_are_handled_in_turn(line: Any) -> None:
    line.deploy({"$default": "chat"}, answering=("$default",))
    line.functions.handlers["chat"] = lambda event: {"body": event["body"]}
    with line.connect() as client:
        for number in range(20):
            client.send(str(number))
        assert [client.receive() for _ in range(20)] == [str(number) for number in range(20)]


def test_a_ping_is_answered_while_a_function_works(line: Any) -> None:
    line.deploy({"$default": "chat"}, answering=("$default",))

    def wait(event: Any) -> Any:
        assert line.functions.release.wait(SECONDS)
        return {"body": "done"}

    line.functions.handlers["chat"] = wait
    with line.connect() as client:
        client.send("work")
        assert client.ping(SECONDS)
        line.functions.release.set()
        assert client.receive() == "done"


def test_a_new_deployment_serves_who_is_connected_already(line: Any) -> None:
    line.functions.handlers["other"] = lambda event: {"body": "other"}
    line.functions.handlers["chat"] = lambda event: {"body": "chat"}
    line.deploy({"$default": "chat"}, answering=("$default",))
    with line.connect() as client:
        client.send("hello")
        assert client.receive() == "chat"
        line.deploy({"$default": "other"}, answering=("$default",))
        client.send("hello")
        assert client.receive() == "other"


# ── limits, and the end ─────────────────────────────────────────────────────────────────────


def test_a_frame_above_32_kb_ends_the_connection(line: Any) -> None:
    line.deploy(ALL)
    client = line.connect()
    client.send("x" * (32 * 1024 + 1))
    with pytest.raises(Closed) as closed:
        client.receive()
    assert closed.value.code == 1009
    assert line.events("MESSAGE") == []
    assert line.ended.acquire(timeout=SECONDS)


def test_a_message_of_128_kb_in_frames_passes_and_a_longer_one_does_not(line: Any) -> None:
    line.deploy({"$default": "chat"}, answering=("$default",))
    line.functions.handlers["chat"] = lambda event: {"body": str(len(event["body"]))}
    parts = ["x" * 32 * 1024] * 4
    with line.connect() as client:
        client.send(iter(parts))
        assert client.receive() == str(128 * 1024)
        with pytest.raises(Closed) as closed:  # it may be told while it is still sending
            client.send(iter([*parts, "x"]))
            client.receive()
    assert closed.value.code == 1009


def test_binary_messages_end_the_connection(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        client.send(b"\x00")
        with pytest.raises(Closed) as closed:
            client.receive()
    assert closed.value.code == 1003


def test_ten_idle_minutes_end_a_connection_and_a_message_begins_them_anew(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        line.clock.advance(599)
        managed(line, "POST", only_connection(line), b"still here?")
        assert client.receive() == "still here?"
        line.clock.advance(599)
        line.sockets.expire()
        assert client.ping(SECONDS)
        line.clock.advance(1)
        line.sockets.expire()
        with pytest.raises(Closed) as closed:
            client.receive()
    assert (closed.value.code, closed.value.reason) == (1001, "Going away")
    assert line.ended.acquire(timeout=SECONDS)


def test_two_hours_end_a_connection_however_busy_it_is(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        for _ in range(13):
            line.clock.advance(9 * 60)
            managed(line, "POST", only_connection(line), b"hello")
            client.receive()
        line.clock.advance(3 * 60)
        line.sockets.expire()
        with pytest.raises(Closed):
            client.receive()


def test_a_client_that_vanishes_is_noticed(line: Any) -> None:
    line.deploy(ALL)
    client = line.connect()
    client._connection.socket.shutdown(socket.SHUT_RDWR)
    assert line.ended.acquire(timeout=SECONDS)
    end = line.events("DISCONNECT")[0]["requestContext"]
    assert end["disconnectStatusCode"] == 1006


def test_a_close_without_a_code_is_told_as_such(line: Any) -> None:
    line.deploy(ALL)
    line.connect().close(None)
    assert line.ended.acquire(timeout=SECONDS)
    end = line.events("DISCONNECT")[0]["requestContext"]
    assert end["disconnectStatusCode"] == 1005
    assert end["disconnectReason"] == "Client-side close frame status not set"


def test_a_stage_that_goes_takes_its_clients_along(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        line.sockets.undeploy(API, STAGE)
        with pytest.raises(Closed) as closed:
            client.receive()
    assert closed.value.code == 1001


# ── @connections ────────────────────────────────────────────────────────────────────────────


def test_a_post_reaches_the_client_in_frames_of_32_kb(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        assert managed(line, "POST", only_connection(line), b"y" * 100_000).status == 200
        frames = [len(frame) for frame in client._connection.recv_streaming()]
    assert frames == [32_768, 32_768, 32_768, 1_696]


def test_a_post_above_128_kb_is_refused(line: Any) -> None:
    line.deploy(ALL)
    with line.connect():
        answer = managed(line, "POST", only_connection(line), b"y" * (128 * 1024 + 1))
    assert answer.status == 413
    assert ("x-amzn-ErrorType", "PayloadTooLargeException") in answer.headers


def test_a_connection_tells_of_itself(line: Any) -> None:
    line.deploy(ALL)
    with line.connect(headers={"User-Agent": "tea/1"}):
        line.clock.advance(5)
        managed(line, "POST", only_connection(line), b"hello")
        answer = managed(line, "GET", only_connection(line))
    assert json.loads(answer.body) == {
        "connectedAt": "2015-04-09T12:34:56.000Z",
        "identity": {"sourceIp": "127.0.0.1", "userAgent": "tea/1"},
        "lastActiveAt": "2015-04-09T12:35:01.000Z",
    }


def test_a_connection_can_be_cut_off(line: Any) -> None:
    line.deploy(ALL)
    with line.connect() as client:
        assert managed(line, "DELETE", only_connection(line)).status == 204
        with pytest.raises(Closed) as closed:
            client.receive()
    assert closed.value.code == 1000
    assert line.ended.acquire(timeout=SECONDS)
    assert managed(line, "POST", only_connection(line), b"x").status == 410


def test_a_connection_that_is_being_made_is_gone_still(line: Any) -> None:
    line.deploy(ALL)
    answers = []

    def chat(event: Any) -> Any:
        connection = event["requestContext"]["connectionId"]
        answers.append(managed(line, "POST", connection, b"welcome").status)
        return {"statusCode": 200}

    line.functions.handlers["chat"] = chat
    with line.connect():
        pass
    assert answers[0] == 410


def test_what_is_no_connection_s_id_is_a_bad_request(line: Any) -> None:
    line.deploy(ALL)
    answer = managed(line, "POST", "nobody", b"x")
    assert answer.status == 400
    assert json.loads(answer.body)["message"] == "Invalid connectionId: nobody"


def test_another_stage_s_connection_is_not_to_be_reached(line: Any) -> None:
    line.deploy(ALL)
    with line.connect():
        answer = management.answer(line.sockets, API, "other", only_connection(line), "POST", b"x")
    assert answer.status == 403


def test_what_is_under_way_is_counted_until_the_end_is_told(line: Any) -> None:
    counted: list[int] = []
    lock = threading.Lock()

    class Activity:
        held = 0

        def begin(self, engine: str) -> None:
            with lock:
                self.held += 1

        def end(self, engine: str) -> None:
            with lock:
                self.held -= 1

    activity = Activity()
    line.sockets._activity = activity
    line.deploy(ALL, answering=("$default",))

    def chat(event: Any) -> Any:
        counted.append(activity.held)
        if event["requestContext"]["eventType"] == "DISCONNECT":
            line.ended.release()
        return {"body": "heard"}

    line.functions.handlers["chat"] = chat
    with line.connect() as client:
        client.send("hello")
        client.receive()
    assert line.ended.acquire(timeout=SECONDS)
    assert all(counted)
    line.sockets._pool.shutdown(wait=True)
    assert activity.held == 0
