"""WebSockets: which stages and which connections there are.

A handshake arrives as a WSGI environ with a way to take its socket over; a refusal goes back as a
plain HTTP response. Ids are made here; what a stage does with an event is stage's matter.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from workbook.cloud.gateway import request
from workbook.cloud.gateway.admission import Account, NoAccount
from workbook.cloud.gateway.event import new_id
from workbook.cloud.gateway.lambda_calls import LambdaCalls
from workbook.cloud.gateway.responses import (
    BAD_REQUEST,
    FORBIDDEN,
    Refused,
    Response,
    not_emulated,
)
from workbook.cloud.gateway.sockets.closing import Code, Gone
from workbook.cloud.gateway.sockets.connection import Connection, InTurn
from workbook.cloud.gateway.sockets.event import Client, Occasion
from workbook.cloud.gateway.sockets.model import DISCONNECT, WebSocketApi, check_deployable
from workbook.cloud.gateway.sockets.stage import RefusedByFunction, SocketStage
from workbook.cloud.missing import NotEmulated

TakeOver = Callable[[], tuple[socket.socket, bytes]]
"""Gives the socket of a request, and what was read from it beyond the request."""

_LOG = logging.getLogger(__name__)
_THREADS = 1_000  # for messages under way; started as they are needed
_ENGINE = "websockets"


class Activity(Protocol):
    """Counts what is on its way, for `settle`."""

    def begin(self, engine: str) -> None: ...
    def end(self, engine: str) -> None: ...


class Uncounted:
    """An Activity that nobody asks."""

    def begin(self, engine: str) -> None:
        """Nothing."""

    def end(self, engine: str) -> None:
        """Nothing."""


class Watch(Protocol):
    """Told of each event of a connection while it is handled: its ids, its route, its API."""

    def __call__(
        self, trace: str, request_id: str, route: str, api_id: str
    ) -> contextlib.AbstractContextManager[object]: ...


def unwatched(
    trace: str, request_id: str, route: str, api_id: str
) -> contextlib.AbstractContextManager[object]:
    """A Watch that looks away."""
    return contextlib.nullcontext()


class WebSockets:
    """WebSocket APIs of one account and region.

    Args:
        calls: functions.
        clock: seconds since 1970, which may be set forward; call `expire` when it was.
        activity: told of each message, and of each connection that comes or ends.
        callers: knows those who sign handshakes.
        watch: told of each message and of each end.
    """

    def __init__(
        self,
        *,
        calls: LambdaCalls,
        account: str,
        region: str,
        clock: Callable[[], float],
        activity: Activity | None = None,
        callers: Account | None = None,
        watch: Watch = unwatched,
    ) -> None:
        self._calls = calls
        self._account = account
        self._region = region
        self._clock = clock
        self._activity = activity or Uncounted()
        self._callers = callers or NoAccount()
        self._watch = watch
        self._stages: dict[tuple[str, str], SocketStage] = {}
        self._connections: dict[str, Connection] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="websocket-message")

    def deploy(
        self, api_id: str, stage: str, api: WebSocketApi, variables: Mapping[str, str]
    ) -> None:
        """Let a stage answer with this snapshot, also the clients that are connected already.

        Raises:
            InvalidApi: as CreateDeployment's BadRequestException.
        """
        check_deployable(api)
        deployed = SocketStage(
            api,
            variables=dict(variables),
            region=self._region,
            calls=self._calls,
            account=self._callers,
            clock=self._clock,
        )
        with self._lock:
            self._stages[api_id, stage] = deployed

    def undeploy(self, api_id: str, stage: str) -> None:
        """Take a stage away, and cut its clients off; it need not exist."""
        with self._lock:
            self._stages.pop((api_id, stage), None)
        for connection in self._of(api_id, stage):
            connection.close(Code.GOING_AWAY, "Going away")

    def serve(
        self, api_id: str, stage: str, environ: Mapping[str, Any], take_over: TakeOver
    ) -> Response | None:
        """Accept a client, whose connection then lives on a thread of its own; or say why not.

        Args:
            environ: of the handshake; its SCRIPT_NAME ends with the stage.
            take_over: called once the client is accepted.
        """
        self._activity.begin(_ENGINE)
        try:
            self._accept(api_id, stage, environ, take_over)
        except Refused as refused:
            return refused.answer.response()
        except RefusedByFunction as refused:
            return refused.response
        except NotEmulated as missing:
            return not_emulated(missing).response()
        finally:
            self._activity.end(_ENGINE)
        return None

    def connection(self, api_id: str, stage: str, connection_id: str) -> Connection | None:
        """An open connection of a stage."""
        found = self._connections.get(connection_id)
        return found if found is not None and found in self._of(api_id, stage) else None

    def deployed(self, api_id: str, stage: str) -> bool:
        """Whether there is such a stage."""
        return (api_id, stage) in self._stages

    def expire(self) -> None:
        """Close the connections whose time is up; for when the clock was set forward."""
        for connection in list(self._connections.values()):
            connection.expire()

    def close(self) -> None:
        """Cut everybody off; no function is told any more."""
        with self._lock:
            self._stages.clear()
        for connection in list(self._connections.values()):
            connection.close(Code.GOING_AWAY, "Going away")
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _of(self, api_id: str, stage: str) -> list[Connection]:
        return [
            each
            for each in list(self._connections.values())
            if (each.client.api_id, each.client.stage) == (api_id, stage)
        ]

    def _accept(
        self, api_id: str, stage_name: str, environ: Mapping[str, Any], take_over: TakeOver
    ) -> None:
        # The protocol's library is slow to import, and most clouds never see a handshake.
        from workbook.cloud.gateway.sockets.channel import Handshake

        stage = self._stages.get((api_id, stage_name))
        if stage is None:
            raise Refused(FORBIDDEN)
        handshake = Handshake(environ["REQUEST_URI"], environ[request.ORIGINAL_HEADERS])
        if not handshake.valid:
            raise Refused(BAD_REQUEST)
        now = self._clock()
        client = Client(
            account=self._account,
            api_id=api_id,
            stage=stage_name,
            connection_id=new_id(),
            connected_at=now,
            request=request.read(environ),
            variables=stage.variables,
        )
        occasion = Occasion.at(now, environ.get("HTTP_X_AMZN_TRACE_ID"))
        client, subprotocol = stage.connect(client, occasion)
        channel = handshake.accept(
            *take_over(), subprotocol, on_closing=partial(self._activity.begin, _ENGINE)
        )
        connection = Connection(client, channel, self._clock)
        self._connections[client.connection_id] = connection
        threading.Thread(
            target=self._see_through,
            args=(connection,),
            name=f"websocket-{client.connection_id}",
            daemon=True,
        ).start()

    def _see_through(self, connection: Connection) -> None:
        turns = InTurn(self._pool)

        def on_message(text: str) -> None:
            self._activity.begin(_ENGINE)
            turns.do(partial(self._handle, connection, text))

        try:
            connection.messages(on_message)
        finally:
            del self._connections[connection.client.connection_id]
            with contextlib.suppress(RuntimeError):  # the cloud ends
                turns.do(partial(self._disconnect, connection))

    def _handle(self, connection: Connection, text: str) -> None:
        try:
            answer = self._answer(connection.client, text)
            if answer is not None:
                with contextlib.suppress(Gone):
                    connection.send(answer)
        finally:
            self._activity.end(_ENGINE)

    def _answer(self, client: Client, text: str) -> str | None:
        occasion = Occasion.at(self._clock())
        stage = self._stage_of(client)
        if stage is None:
            return None
        try:
            with self._watched(occasion, stage.route_of(text), client):
                return stage.message(client, occasion, text)
        except Refused as refused:
            return _error(json.loads(refused.answer.body)["message"], client, occasion)
        except NotEmulated as missing:
            return _error(str(missing), client, occasion)

    def _disconnect(self, connection: Connection) -> None:
        client = connection.client
        try:
            stage = self._stage_of(client)
            if stage is not None:
                occasion = Occasion.at(self._clock())
                with self._watched(occasion, DISCONNECT, client):
                    stage.disconnect(client, occasion, connection.end)
        except (Refused, NotEmulated) as failure:  # nobody is left to be told
            _LOG.warning("$disconnect of %s failed: %r", client.connection_id, failure)
        finally:
            self._activity.end(_ENGINE)

    def _watched(
        self, occasion: Occasion, route: str, client: Client
    ) -> contextlib.AbstractContextManager[object]:
        return self._watch(occasion.trace, occasion.request_id, route, client.api_id)

    def _stage_of(self, client: Client) -> SocketStage | None:
        return self._stages.get((client.api_id, client.stage))


def _error(message: str, client: Client, occasion: Occasion) -> str:
    """What a client is sent instead of an answer, spaced as AWS does."""
    return (
        f'{{"message": {json.dumps(message)}, "connectionId":"{client.connection_id}", '
        f'"requestId":"{occasion.request_id}"}}'
    )
