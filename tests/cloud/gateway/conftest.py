"""A gateway whose functions are Python callables, a clock that stands still, and a client."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from workbook.cloud.answer import Answer as WholeAnswer
from workbook.cloud.gateway import (
    Gateway,
    InvokeResult,
    RestApi,
    UserPool,
    from_calls,
    signatures,
)
from workbook.cloud.gateway.request import ORIGINAL_HEADERS, Request
from workbook.cloud.gateway.sockets import from_calls as websocket_api
from workbook.cloud.server import TAKE_OVER, Server
from workbook.cloud.websocket_client import Conversation, WebSocket

ACCOUNT, REGION = "123456789012", "us-east-1"
KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
API_ID, STAGE = "a1b2c3d4e5", "api"
APRIL_9 = 1_428_582_896.0  # 09/Apr/2015:12:34:56 +0000, as in AWS's sample


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def invocation_uri(name: str) -> str:
    path = f"path/2015-03-31/functions/{function_arn(name)}/invocations"
    return f"arn:aws:apigateway:{REGION}:lambda:{path}"


@dataclass
class StillClock:
    now: float = APRIL_9

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class FunctionError(Exception):
    """Raised by a test's function: reported as Lambda reports an exception."""


@dataclass
class Functions:
    """Lambda, in process: handlers by function name, and the events they were given."""

    handlers: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def invoke(self, arn: str, payload: bytes, trace: str) -> InvokeResult:
        name = arn.rpartition(":")[2]
        handler = self.handlers[name]  # KeyError: no such function, as from functions.Functions
        event = json.loads(payload)
        self.events.append(event)
        self.called.append(name)
        self.traces.append(trace)
        try:
            output = handler(event)
        except FunctionError as error:
            failed = {"errorMessage": str(error), "errorType": "Exception", "stackTrace": []}
            return InvokeResult(json.dumps(failed).encode(), "Unhandled")
        if isinstance(output, InvokeResult):
            return output
        payload = output if isinstance(output, bytes) else json.dumps(output).encode()
        return InvokeResult(payload, None)


@dataclass
class Account:
    """Who calls: one signer, whose requests are checked and not judged, and user pools by ARN."""

    clock: StillClock
    pools: dict[str, UserPool] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def signer(self, request: Request, arn: str) -> Mapping[str, str | None]:
        key = signatures.verify(request, {KEY_ID: SECRET}.get, self.clock())
        self.asked.append(arn)
        return {"accessKey": key, "userArn": "arn:aws:iam::123456789012:user/ada"}

    def user_pool(self, arn: str) -> UserPool | None:
        return self.pools.get(arn)

    def token_time(self) -> float:
        return self.clock()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Served:
    """One stage of one API, and a client that calls it."""

    gateway: Gateway
    functions: Functions
    clock: StillClock

    @property
    def callers(self) -> Account:
        """Who is known."""
        return self.gateway._callers  # type: ignore[return-value]

    @property
    def event(self) -> Any:
        """What a function received last."""
        return self.functions.events[-1]

    def deploy(self, api: RestApi, *, stage: str = STAGE, **options: Any) -> Served:
        variables = options.pop("variables", {})
        self.gateway.deploy(API_ID, stage, api, variables, **options)
        return self

    def call(self, method: str, target: str = "/", **options: Any) -> Answer:
        stage = options.pop("stage", STAGE)
        answer = self.gateway.handle(API_ID, stage, environ(method, target, stage, **options))
        return Answer(*answer)

    def get(self, target: str = "/", **options: Any) -> Answer:
        return self.call("GET", target, **options)


def environ(
    method: str,
    target: str,
    stage: str = STAGE,
    *,
    headers: Mapping[str, str] | list[tuple[str, str]] = (),  # type: ignore[assignment]
    body: bytes = b"",
    chunked: bool = False,
    **overrides: Any,
) -> dict[str, Any]:
    """What cheroot makes of a request, with the headers as they were sent."""
    root = f"/_aws/execute-api/{API_ID}/{stage}"
    sent = list(headers.items() if isinstance(headers, Mapping) else headers)
    if not any(name.lower() == "host" for name, _ in sent):
        sent.append(("Host", "127.0.0.1:4566"))
    path, _, query = target.partition("?")
    made = {
        "REQUEST_METHOD": method,
        "REQUEST_URI": root + target,
        "SCRIPT_NAME": root,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "4566",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": chunked,
        ORIGINAL_HEADERS: sent,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent},
    }
    if body and not chunked:
        made["CONTENT_LENGTH"] = str(len(body))
    return made | overrides


def proxy_method(function: str = "shop", **method: Any) -> dict[str, Any]:
    """A method in front of a function, as GetResources describes it."""
    integration = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": invocation_uri(function)}
    return {"methodIntegration": integration | method.pop("integration", {}), **method}


def rest_api(
    resources: Mapping[str, Mapping[str, Any]], authorizers: list[Any] | None = None, **api: Any
) -> RestApi:
    """A RestApi from methods by name, by path."""
    described = [
        {"id": f"r{index}", "path": path, "resourceMethods": methods}
        for index, (path, methods) in enumerate(resources.items())
    ]
    return from_calls({"name": "shop", **api}, described, authorizers or [])


@pytest.fixture
def build() -> Any:
    """Builds APIs: build.api(resources, …), build.method(function, …), build.uri(function)."""

    class Build:
        api = staticmethod(rest_api)
        method = staticmethod(proxy_method)
        uri = staticmethod(invocation_uri)
        arn = staticmethod(function_arn)
        environ = staticmethod(environ)
        error = FunctionError

    return Build


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def functions() -> Iterator[Functions]:
    made = Functions(handlers={"shop": lambda event: {"body": "ok"}})
    yield made
    made.release.set()


@pytest.fixture
def served(functions: Functions, clock: StillClock) -> Iterator[Served]:
    """A gateway with nothing deployed yet."""
    gateway = Gateway(
        invoke=functions.invoke, account=ACCOUNT, region=REGION, clock=clock, callers=Account(clock)
    )
    yield Served(gateway, functions, clock)
    gateway.close()


@pytest.fixture
def shop(served: Served) -> Served:
    """A function behind every path and method: / and /{proxy+}."""
    methods = {"ANY": proxy_method()}
    return served.deploy(rest_api({"/": methods, "/{proxy+}": methods}))


@dataclass
class Line:
    """One stage of one WebSocket API, really listening, and a client that connects to it."""

    gateway: Gateway
    functions: Functions
    clock: StillClock
    client: WebSocket
    ended: threading.Semaphore  # released by each $disconnect

    @property
    def sockets(self) -> Any:
        return self.gateway.sockets

    def deploy(
        self,
        routes: Mapping[str, str],
        *,
        selection: str = "$request.body.action",
        variables: Mapping[str, str] | None = None,
        authorizers: list[Any] | None = None,
        answering: tuple[str, ...] = (),
        **connect: Any,
    ) -> Line:
        """Deploy routes to functions; what else is given is $connect's alone."""
        described = [
            {
                "routeId": f"r{key}",
                "routeKey": key,
                "target": f"integrations/{function}",
                "routeResponseSelectionExpression": "$default",
                **(connect if key == "$connect" else {}),
            }
            for key, function in routes.items()
        ]
        integrations = [
            {
                "integrationId": name,
                "integrationType": "AWS_PROXY",
                "integrationUri": invocation_uri(name),
            }
            for name in set(routes.values())
        ]
        api = websocket_api(
            {"name": "chat", "routeSelectionExpression": selection},
            described,
            integrations,
            authorizers or [],
            [f"r{key}" for key in answering],
        )
        self.sockets.deploy(API_ID, STAGE, api, variables or {})
        return self

    def connect(self, *args: Any, **options: Any) -> Conversation:
        return self.client.connect(*args, **options)

    def events(self, kind: str) -> list[Any]:
        """What functions received, of one eventType."""
        return [
            event
            for event in self.functions.events
            if event.get("requestContext", {}).get("eventType") == kind
        ]


@pytest.fixture(scope="session")
def listening() -> Iterator[tuple[str, dict[str, Gateway]]]:
    """A server for handshakes, and a place for the gateway that answers them."""
    answering: dict[str, Gateway] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        environ["SCRIPT_NAME"] = f"/_aws/execute-api/{API_ID}/{STAGE}"
        sockets = answering["now"].sockets
        refused = sockets.serve(API_ID, STAGE, environ, environ[TAKE_OVER])
        if refused is None:
            return []
        return WholeAnswer(refused.status, refused.body, refused.headers).send(start_response)

    server = Server(0, application)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield f"ws://127.0.0.1:{server.port}/_aws/execute-api/{API_ID}/{STAGE}", answering
    server.stop()
    thread.join()


@pytest.fixture
def line(
    served: Served, listening: tuple[str, dict[str, Gateway]], clock: StillClock
) -> Iterator[Line]:
    """A WebSocket API whose routes all lead to one function, `chat`, and nothing deployed yet."""
    url, answering = listening
    answering["now"] = served.gateway
    ended = threading.Semaphore(0)
    made = Line(served.gateway, served.functions, clock, WebSocket(url, "chat"), ended)

    def chat(event: Any) -> Any:
        if event["requestContext"]["eventType"] == "DISCONNECT":
            ended.release()
        return {"statusCode": 200}

    served.functions.handlers["chat"] = chat
    yield made
