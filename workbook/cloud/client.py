"""What LocalCloud hands out to call with: the control interface, and a deployed API's client.

Both keep their connections. `Api` has the methods that people know from requests and httpx, and
two which those lack: `at_once`, several requests that leave in the same moment, and `begin`, the
same without waiting for the answers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import urllib3

TIMEOUT_SECONDS = 35.0  # above API Gateway's own 29
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Response:
    """An HTTP response; `elapsed` is from the first byte sent to the last received."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    elapsed: timedelta = field(compare=False)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """The body, parsed.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.content)

    def __repr__(self) -> str:
        shown = self.text if len(self.content) <= 200 else self.text[:200] + "…"
        return f"{self.status_code} {shown}"


class UnderWay:
    """Requests that have been sent and may be answered already; made by `Api.begin`."""

    def __init__(self, requests: Sequence[Future[Response]]) -> None:
        self._requests = requests

    def answers(self) -> list[Response]:
        """The responses, in any order sent; waits for the last.

        Raises:
            urllib3.exceptions.HTTPError: nobody answered one of them.
        """
        return [request.result() for request in self._requests]

    def answered(self, within: float = 0.0) -> int:
        """How many have been answered; waits for all of them, at most `within` seconds."""
        return len(wait(self._requests, within).done)

    def __repr__(self) -> str:
        return f"{self.answered()} of {len(self._requests)} requests answered"


class Api:
    """One stage of a deployed REST API.

    Args:
        url: the stage's address.
        name: what the API is called.
    """

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self.name = name
        self._connections = urllib3.PoolManager(
            maxsize=MOST_AT_ONCE, timeout=TIMEOUT_SECONDS, retries=False
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        data: bytes | str | None = None,
        params: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call a route.

        Args:
            json: a body to be sent as JSON.
            data: a body to be sent as it is.
            params: the query; a sequence of pairs may repeat a name.
        """
        body, sent = _body(json, data, headers or {})
        query = f"?{urlencode(params, doseq=True)}" if params else ""
        began = perf_counter()
        answer = self._connections.request(
            method, self.url + "/" + path.lstrip("/") + query, body=body, headers=sent
        )
        elapsed = timedelta(seconds=perf_counter() - began)
        return Response(answer.status, answer.headers, answer.data, elapsed)

    def get(self, path: str, **options: Any) -> Response:
        """GET; the options are `request`'s."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Response:
        """POST; the options are `request`'s."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Response:
        """PUT; the options are `request`'s."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Response:
        """PATCH; the options are `request`'s."""
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Response:
        """DELETE; the options are `request`'s."""
        return self.request("DELETE", path, **options)

    def options(self, path: str, **options: Any) -> Response:
        """OPTIONS; the options are `request`'s."""
        return self.request("OPTIONS", path, **options)

    def at_once(self, n: int, method: str, path: str, **options: Any) -> list[Response]:
        """`n` requests that all leave in the same moment; their responses, in any order sent.

        Raises:
            ValueError: n is not between 1 and 200.
        """
        return self.begin(n, method, path, **options).answers()

    def begin(self, n: int, method: str, path: str, **options: Any) -> UnderWay:
        """As `at_once`, but comes back when the requests are leaving.

        Raises:
            ValueError: n is not between 1 and 200.
        """
        if not 1 <= n <= MOST_AT_ONCE:
            raise ValueError(f"at_once and begin send 1 to {MOST_AT_ONCE} requests, not {n}.")
        ready = threading.Barrier(n)

        def call() -> Response:
            ready.wait()
            return self.request(method, path, **options)

        threads = ThreadPoolExecutor(n, thread_name_prefix="request")
        under_way = UnderWay([threads.submit(call) for _ in range(n)])
        threads.shutdown(wait=False)
        return under_way

    def __repr__(self) -> str:
        return f"{self.name} at {self.url}"


def _body(
    json_value: Any, data: bytes | str | None, headers: Mapping[str, str]
) -> tuple[bytes | None, dict[str, str]]:
    if json_value is not None:
        return json.dumps(json_value).encode(), {"Content-Type": "application/json", **headers}
    return data.encode() if isinstance(data, str) else data, dict(headers)


class ControlClient:
    """Asks a running cloud about itself; see control.py."""

    def __init__(self, endpoint: str) -> None:
        self._api = Api(f"{endpoint}/_workbook", "control")

    def get(self, name: str) -> Any:
        """What the cloud says of `name`."""
        return self._api.get(name).json()

    def post(self, name: str, **body: Any) -> Any:
        """What came of asking the cloud to do `name`."""
        return self._api.request("POST", name, json=body).json()

    def post_waiting(self, name: str, seconds: float, **body: Any) -> Any:
        """As `post`, for what may take up to `seconds`."""
        waiting = urllib3.PoolManager(timeout=seconds + 5, retries=False)
        answer = waiting.request("POST", f"{self._api.url}/{name}", json=body)
        return json.loads(answer.data)
