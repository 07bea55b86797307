"""/_workbook/…: what LocalCloud asks the running cloud, answered in JSON.

    GET  environments · invocations · calls · inventory · logs/{function} · apis · websocket-apis · health
         traces · traces/{id}
    POST settle {"timeout": seconds} · advance {"seconds": …}

It is the project's own interface, not AWS's, and answers nobody but local.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import unquote

from workbook.cloud.answer import Answer, json_answer
from workbook.cloud.calls import CallLog
from workbook.cloud.events.clock import Clock
from workbook.cloud.traces.shaping import Traces


class Watched(Protocol):
    """What an Emulator offers."""

    functions: Any
    calls: CallLog
    clock: Clock

    def settle(self, timeout: float) -> bool: ...
    def traces(self) -> Traces: ...
    def inventory(self) -> list[dict[str, str]]: ...
    def apis(self) -> list[dict[str, Any]]: ...
    def websocket_apis(self) -> list[dict[str, Any]]: ...
    def logs(self, function: str) -> list[dict[str, Any]]: ...
    def roles(self) -> Mapping[str, str]: ...


class Control:
    """Answers requests below /_workbook."""

    def __init__(self, cloud: Watched) -> None:
        self._cloud = cloud
        self._gets: dict[str, Callable[[], Any]] = {
            "health": lambda: {"ready": True},
            "environments": self._environments,
            "invocations": lambda: cloud.functions.invocations(),
            "calls": self._calls,
            "inventory": cloud.inventory,
            "apis": cloud.apis,
            "websocket-apis": cloud.websocket_apis,
            "traces": lambda: cloud.traces().latest(),
        }
        self._posts: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "settle": lambda body: {"quiet": cloud.settle(float(body["timeout"]))},
            "advance": self._advance,
        }

    def answer(self, environ: dict[str, Any]) -> Answer:
        """Answer one request; 404 for what there is not."""
        name = environ["PATH_INFO"].removeprefix("/_workbook/")
        if environ["REQUEST_METHOD"] == "POST" and name in self._posts:
            body = json.loads(environ["wsgi.input"].read() or b"{}")
            return json_answer(self._posts[name](body))
        if environ["REQUEST_METHOD"] == "GET" and name in self._gets:
            return json_answer(self._gets[name]())
        if environ["REQUEST_METHOD"] == "GET" and name.startswith("logs/"):
            return json_answer(self._cloud.logs(unquote(name.removeprefix("logs/"))))
        if environ["REQUEST_METHOD"] == "GET" and name.startswith("traces/"):
            return json_answer(self._trace(unquote(name.removeprefix("traces/"))))
        return json_answer({"message": f"There is no /_workbook/{name}"}, 404)

    def _environments(self) -> list[dict[str, Any]]:
        """Each with whether the last request it took was its first, for which it was started."""
        return [
            {
                **one,
                "cold": not one["provisioned"] and one["served"] + (one["state"] == "busy") <= 1,
            }
            for one in self._cloud.functions.environments()
        ]

    def _calls(self) -> list[dict[str, Any]]:
        roles = self._cloud.roles()
        return [
            {**call, "by": roles.get(call["access_key"], "you" if call["access_key"] else "nobody")}
            for call in self._cloud.calls.entries()
        ]

    def _trace(self, wanted: str) -> dict[str, Any]:
        traces = self._cloud.traces()
        return traces.find(wanted) or {"latest": traces.latest()}

    def _advance(self, body: Mapping[str, Any]) -> dict[str, Any]:
        self._cloud.clock.advance(float(body["seconds"]))
        return {"now": self._cloud.clock.now()}
