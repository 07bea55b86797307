"""What gives a check fresh state: an empty AWS of its own, and a client that explains a 500.

Every check runs inside `fresh_aws`. Checks of HTTP apps use `client`, whose answers carry the
exception that Chalice turned into a 500, so that a failed check can show the learner's line.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from botocore.httpsession import URLLib3Session
from chalice import Chalice
from chalice.test import Client
from moto import mock_aws
from moto.core.models import MockAWS

from workbook.check import expect
from workbook.check.blame import in_words, learner_line
from workbook.errors import WorkbookError

DUMMY = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def fresh_aws() -> Iterator[None]:
    """An empty AWS in this process, with dummy keys, whatever the environment says.

    AWS_ENDPOINT_URL and its like are taken out for the time: botocore would send calls to that
    address past the mock. moto does not empty a mock that is already active, so none may be.

    Raises:
        WorkbookError: a mock_aws of the learner's is active.
    """
    if MockAWS._mocks_active:
        raise WorkbookError(
            "A mock_aws of this notebook is still active, so the check has no fresh AWS.",
            "Stop it (its stop() method, or leave its with-block), then check again.",
        )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with mock.patch.dict(os.environ, {**kept, **DUMMY}, clear=True), mock_aws():
        yield


def aws_is_mocked() -> bool:
    """Whether a mock_aws of this process is active."""
    return bool(MockAWS._mocks_active)


@contextmanager
def without_mock() -> Iterator[None]:
    """Lift the check's own mock, for an answer that brings one; nothing leaves this process.

    What an answer sends while no mock is active is refused, and a mock that it left running is
    ended. Afterwards the check's is back, empty.
    """
    MockAWS().stop()
    try:
        with mock.patch.object(URLLib3Session, "send", _refuse):
            yield
    finally:
        while aws_is_mocked():
            MockAWS().stop()
        MockAWS().start()


def _refuse(session: URLLib3Session, request: Any) -> None:
    raise WorkbookError(
        f"A call to {request.url} would have left this process: no mock answered it.",
        "Make clients inside the mock, and with no AWS_ENDPOINT_URL in the environment.",
    )


@contextmanager
def environment_with(variables: Mapping[str, str]) -> Iterator[Callable[[], list[str]]]:
    """These variables as well, for the time; gives a function that names what changed since."""
    with mock.patch.dict(os.environ, variables):
        before = dict(os.environ)
        yield lambda: sorted(
            name for name in {*before, *os.environ} if before.get(name) != os.environ.get(name)
        )


@dataclass(frozen=True)
class Answer:
    """What an app answered.

    Attributes:
        status: the HTTP status code.
        body: the body, decoded from JSON where it is JSON; else text, or bytes.
        headers: as the app set them.
        error: the exception that became a 500, in words; empty otherwise.
        line: the learner's line that raised it; empty otherwise.
        logged: what the app wrote into its log meanwhile, without tracebacks.
    """

    status: int
    body: Any
    headers: Mapping[str, str]
    error: str = ""
    line: str = ""
    logged: str = ""

    @property
    def got(self) -> str:
        """The answer in a few words, for a verdict: ``500 (KeyError: 'item_9')``."""
        return f"{self.status} ({self.error})" if self.error else f"{self.status} {self.body!r}"


class AppClient:
    """Calls an app's routes in this process, as Chalice's own test client does."""

    def __init__(self, app: Chalice, http: Client, watcher: _Watcher) -> None:
        self.app = app
        self._http = http.http
        self._watcher = watcher

    def request(
        self,
        method: str,
        path: str,
        *,
        json_body: Any = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send one request.

        Args:
            method: GET, PUT and so on.
            path: with its query string.
            json_body: sent as JSON, with that content type.
            headers, body: sent as they are.
        """
        sent = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body).encode()
            sent.setdefault("Content-Type", "application/json")
        self._watcher.forget()
        response = self._http.request(method, path, headers=sent, body=body)
        error = self._watcher.raised[-1] if self._watcher.raised else None
        return Answer(
            response.status_code,
            _decoded(response.body),
            response.headers,
            in_words(error) if error else "",
            learner_line(error) if error else "",
            "\n".join(self._watcher.said),
        )

    def get(self, path: str, **options: Any) -> Answer:
        """Send a GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        """Send a POST."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Answer:
        """Send a PUT."""
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        """Send a DELETE."""
        return self.request("DELETE", path, **options)


@contextmanager
def client(app: object) -> Iterator[AppClient]:
    """A client for the learner's app, silent, and with an eye on what its views raise.

    Raises:
        Failed: what was handed over is no Chalice app.
    """
    expect.that(
        isinstance(app, Chalice),
        called="check(…, app)",
        expected="a Chalice app, as in app = Chalice(app_name=…)",
        got=f"a value of type {type(app).__name__}",
    )
    assert isinstance(app, Chalice)  # for the type checker: expect.that has raised otherwise
    watcher = _Watcher()
    handlers, app.log.handlers = app.log.handlers, [watcher]
    try:
        with Client(app) as http:
            yield AppClient(app, http, watcher)
    finally:
        app.log.handlers = handlers


class _Watcher(logging.Handler):
    """Keeps an app's log, and what Chalice puts there when a view raises; nothing is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.raised: list[BaseException] = []
        self.said: list[str] = []

    def forget(self) -> None:
        """Begin anew, for the next request."""
        self.raised.clear()
        self.said.clear()

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
        if record.exc_info and record.exc_info[1]:
            self.raised.append(record.exc_info[1])


def _decoded(body: bytes) -> Any:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    try:
        return json.loads(text)
    except ValueError:
        return text
