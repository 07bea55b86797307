"""How a request reaches whatever may answer it: an app in this process, a server, a deployed API.

`sender_to(target)` takes the target as a notebook has it and gives a Sender, all of which are used
alike. What keeps an answer from coming is an answer too, with words in place of a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import urllib3
from chalice import Chalice
from chalice.test import Client

from workbook.cloud.client import Api
from workbook.cloud.firewall import LOOPBACK
from workbook.errors import UnknownName

NO_PREFLIGHT = (
    "chalice.test.Client has no answer to a preflight: the gateway gives it, not the app. "
    "Send it to chalice local or to a deployed API."
)


@dataclass(frozen=True)
class Request:
    """What is sent.

    Attributes:
        method: GET, POST and so on, in capitals.
        path: begins with a slash; with its query string.
        headers: by name, as they are sent.
        body: as it is sent.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: the HTTP status; None when there was no HTTP answer.
        headers: as they came; a list where a name came several times.
        body: as it came.
        trouble: why there was no HTTP answer; empty otherwise.
    """

    status: int | None
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""


class Sender(Protocol):
    """Sends requests to one place, which it names in words."""

    @property
    def place(self) -> str:
        """Where the requests go, in a few words."""

    def send(self, request: Request) -> Answer:
        """Send it; never raises for what the app or the network does."""


def sender_to(target: object) -> Sender:
    """The sender for a target.

    Args:
        target: a Chalice app; a running `local_server`; `cloud.api(…)`; or an address on this
            machine, such as "http://127.0.0.1:8000".

    Raises:
        UnknownName: it is none of those.
    """
    if isinstance(target, Chalice):
        return AppSender(target)
    if isinstance(target, Api):
        return HttpSender(target, f"{target.name}, deployed")
    if isinstance(target, str):
        return HttpSender(Api(_on_this_machine(target), target), target)
    if isinstance(port := getattr(target, "port", None), int):
        return HttpSender(Api(f"http://127.0.0.1:{port}", "local"), str(target))
    raise UnknownName(
        f"A request cannot be sent to a value of type {type(target).__name__}.",
        "Give a Chalice app, a running local server, cloud.api(…), or an address on this machine.",
    )


class AppSender:
    """Calls an app in this process, as chalice.test.Client does: no network."""

    def __init__(self, app: Chalice) -> None:
        self._app = app

    @property
    def place(self) -> str:
        """The app's name, and that it is called directly."""
        return f"{self._app.app_name}, called in this process"

    def send(self, request: Request) -> Answer:
        """Hand the request to the app."""
        with Client(self._app) as client:
            try:
                answer = client.http.request(
                    request.method, request.path, headers=dict(request.headers), body=request.body
                )
            except AttributeError as error:
                if request.method == "OPTIONS":
                    return Answer(None, trouble=NO_PREFLIGHT)
                return _broken(error)
            except Exception as error:  # noqa: BLE001  a view's result may fail in any way
                return _broken(error)
        return Answer(answer.status_code, answer.headers, answer.body)


class HttpSender:
    """Sends over HTTP.

    Args:
        api: keeps the connections.
        place: where the requests go, in a few words.
    """

    def __init__(self, api: Api, place: str) -> None:
        self._api = api
        self._place = place

    @property
    def place(self) -> str:
        """As it was given."""
        return self._place

    def send(self, request: Request) -> Answer:
        """Send it over HTTP."""
        try:
            answer = self._api.request(
                request.method, request.path, headers=request.headers, data=request.body or None
            )
        except urllib3.exceptions.ProtocolError:
            return Answer(None, trouble="The server hung up without an answer.")
        except urllib3.exceptions.HTTPError as error:
            return Answer(None, trouble=f"Nobody answers there ({type(error).__name__}).")
        return Answer(answer.status_code, answer.headers, answer.content)


def _broken(error: Exception) -> Answer:
    return Answer(
        None,
        trouble=f"The app broke after the view had returned: {type(error).__name__}: {error}. "
        "On AWS the function fails, and the gateway answers 502.",
    )


def _on_this_machine(address: str) -> str:
    host = urlsplit(address).hostname or ""
    if host in LOOPBACK or host.endswith(".localhost"):
        return address.rstrip("/")
    raise UnknownName(
        f"{address!r} is no address on this machine.",
        'Give one such as "http://127.0.0.1:8000"; nothing here calls beyond this machine.',
    )
