"""LocalCloud: the handle by which a notebook, a test or a terminal holds a cloud of its own.

It has the cloud's process started (launch.py), puts up the credential firewall, and asks the cloud
over HTTP what the notebook wants to see. It composes nothing itself.
"""

from __future__ import annotations

import platform
import re
import threading
import weakref
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from workbook.cloud import firewall, launch
from workbook.cloud.client import Api, ControlClient, Response
from workbook.cloud.traces.trace import Trace
from workbook.cloud.views import Table, Text
from workbook.errors import CloudError, UnknownName
from workbook.tether import Tethered

if TYPE_CHECKING:
    from workbook.cloud.websocket_client import WebSocket

SAM_STAGE = "Stage"
SETTLE_SECONDS = 30.0


class LocalCloud:
    """A running cloud; made by `start`, ended by `stop`, by leaving a `with`, or with its parent.

    Attributes:
        endpoint: what AWS clients are pointed at: http://127.0.0.1:PORT.
        pid: the cloud's process.
    """

    def __init__(self, started: launch.Started) -> None:
        self.endpoint = started.endpoint
        self.pid = started.pid
        self._child = started.child
        self._control = ControlClient(started.endpoint)
        self._making = threading.Lock()
        self._session: Any = None  # kept: it has read the models of services
        self._firewall = firewall.Firewall(started.endpoint)
        self._firewall.start()
        # A kernel that restarts a cell loses the name; the cloud must not outlive its handle.
        self._ending = weakref.finalize(self, _end, self._firewall, self._child)

    @classmethod
    def start(
        cls,
        port: int = 0,
        enforce_iam: bool = False,
        seed: int | None = None,
        cpu_by_memory: bool = False,
        **settings: Any,
    ) -> LocalCloud:
        """Start a cloud and point this process's AWS clients at it.

        Args:
            port: 0 takes a free one.
            enforce_iam: whether functions may do only what their roles allow.
            seed: makes generated ids the same each time.
            cpu_by_memory: whether functions get the CPU share that their memory buys (Linux).
            settings: further fields of emulator.Settings.

        Raises:
            CloudError: the port is taken, or the cloud could not start; or this system cannot
                share out CPU time.
        """
        if cpu_by_memory:
            _check_cpu_shares()
        given = {"seed": seed, "enforce_iam": enforce_iam, "cpu_by_memory": cpu_by_memory}
        return cls(launch.start(port, {**given, **settings}))

    def stop(self) -> None:
        """End the cloud and all it runs, and put the environment back. Twice is fine."""
        self._ending()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def alive(self) -> bool:
        """Whether the cloud's process is still there."""
        return self._child.poll() is None

    # ── using it ────────────────────────────────────────────────────────────────────────────

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client for `service`, of this cloud whatever else is running."""
        with self._making:  # a session may make one client at a time
            if self._session is None:
                self._session = _session()
            return self._session.client(service, endpoint_url=self.endpoint, **options)

    def api(self, name: str, stage: str | None = None) -> Api:
        """A client for a deployed REST API.

        Args:
            name: the API's name (for Chalice, the app's) or id.
            stage: needed only where there are several.

        Raises:
            UnknownName: nothing is deployed under that name and stage.
        """
        return Api(self.endpoint + self._deployed("apis", name, stage), name)

    def websocket(self, name: str, stage: str | None = None) -> WebSocket:
        """A client for a deployed WebSocket API.

        Args:
            name: the API's name (for Chalice, the app's) or id.
            stage: needed only where there are several.

        Raises:
            UnknownName: nothing is deployed under that name and stage.
        """
        from workbook.cloud.websocket_client import WebSocket  # slow to import

        path = self._deployed("websocket-apis", name, stage)
        return WebSocket(self.endpoint.replace("http://", "ws://", 1) + path, name)

    def settle(self, timeout: float = SETTLE_SECONDS) -> None:
        """Wait until nothing is in flight: no event under way, no function running.

        Raises:
            CloudError: something still was after `timeout` seconds.
        """
        if not self._control.post_waiting("settle", timeout, timeout=timeout)["quiet"]:
            raise CloudError(
                f"The cloud has not come to rest within {timeout:g} seconds.",
                "Look at cloud.invocations() for what fails again and again.",
            )

    def advance(self, *, minutes: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Move the clock of schedules, retries and idle environments forward."""
        self._control.post("advance", seconds=seconds + 60 * minutes + 3600 * hours)

    def _deployed(self, kind: str, name: str, stage: str | None) -> str:
        deployed = self._control.get(kind)
        found = [
            each
            for each in deployed
            if (name == each["id"] or _is_called(each["name"], name))
            and stage in (None, each["stage"])
        ]
        if len(found) > 1:  # SAM's transform makes a stage beside the one that was asked for
            found = [each for each in found if each["stage"] != SAM_STAGE] or found
        if len(found) != 1:
            raise UnknownName(*_which_api(name, stage, deployed, found))
        return f"/_aws/execute-api/{found[0]['id']}/{found[0]['stage']}"

    # ── looking in ──────────────────────────────────────────────────────────────────────────

    def environments(self) -> Table:
        """Execution environments, those that have ended too; which are provisioned, if any are."""
        rows = self._control.get("environments")
        marked = ("provisioned",) if any(row.get("provisioned") for row in rows) else ()
        columns = ("id", "function", "state", *marked, "cold", "served")
        return Table("Execution environments", columns, rows)

    def invocations(self) -> Table:
        """Invocations, oldest first."""
        columns = (
            "function",
            "version",
            "environment_id",
            "cold",
            "duration_ms",
            "billed_ms",
            "max_memory_mb",
            "function_error",
        )
        return Table("Invocations", columns, self._control.get("invocations"))

    def logs(self, name: str) -> Text:
        """What a function has written to CloudWatch Logs."""
        events = self._control.get(f"logs/{name}")
        return Text("\n".join(event["message"].rstrip("\n") for event in events))

    def calls(self) -> Table:
        """The AWS calls that were made, by this process and by functions."""
        rows = [
            {**call, "at": datetime.fromtimestamp(call["started"]).strftime("%H:%M:%S")}
            for call in self._control.get("calls")
        ]
        return Table("AWS calls", ("service", "operation", "status", "by"), rows)

    def trace(self, of: str | Response | Mapping[str, Any]) -> Trace:
        """All that one request set going: functions, AWS calls, events, and what those reached.

        What is still on its way is shown as far as it has come: `settle` first for the whole.

        Args:
            of: an answer of `api`, boto3's answer to a call, or an id: of a request to an API or
                of an invocation, or an X-Ray trace id.

        Raises:
            UnknownName: nothing of that id is remembered.
        """
        wanted = _request_id(of)
        found = self._control.get(f"traces/{quote(wanted, safe='')}")
        if "segments" not in found:
            raise UnknownName(*_which_trace(wanted, found["latest"]))
        return Trace.of(found)

    def traces(self) -> Table:
        """What began the last traces, newest last: requests, schedules, calls with effects."""
        columns = ("name", "status", "functions", "calls", "ms", "request_id")
        return Table("Traces", columns, self._control.get("traces"))

    def inventory(self) -> Table:
        """Every resource that exists."""
        return Table("Resources", ("service", "kind", "name"), self._control.get("inventory"))

    def exports(self) -> Text:
        """What to paste into a shell, whose AWS clients then reach this cloud and nothing else."""
        return Text(firewall.shell_lines(self.endpoint))

    def __repr__(self) -> str:
        return f"LocalCloud at {self.endpoint}" if self._ending.alive else "LocalCloud, stopped"


def _check_cpu_shares() -> None:
    from workbook.cloud.functions.cpu_share import supported  # slow, and seldom asked for

    if not supported():
        raise CloudError(
            f"CPU by memory needs Linux, and this is {platform.system()}.",
            "Leave out --cpu-by-memory (in Python: cpu_by_memory): functions run at full speed.",
        )


def _session() -> Any:
    """A boto3 session that nobody's environment or files have a say in."""
    import boto3  # 0.1 s, and not everybody needs it

    return boto3.session.Session(
        region_name=firewall.REGION,
        aws_access_key_id=firewall.ACCESS_KEY_ID,
        aws_secret_access_key=firewall.SECRET_ACCESS_KEY,
        aws_session_token=firewall.SESSION_TOKEN,
    )


def _which_api(
    name: str, stage: str | None, deployed: list[dict[str, str]], found: list[dict[str, str]]
) -> tuple[str, str]:
    if found:
        stages = ", ".join(sorted(each["stage"] for each in found))
        return f"{name!r} is deployed more than once: {stages}.", "Name one: api(name, stage=…)."
    there = ", ".join(sorted({f"{each['name']} ({each['stage']})" for each in deployed}))
    of_stage = f" with a stage {stage!r}" if stage else ""
    return (
        f"No API named {name!r}{of_stage} is deployed here.",
        f"Deployed: {there}." if there else "Nothing is deployed yet: run chalice deploy first.",
    )


def _request_id(of: str | Response | Mapping[str, Any]) -> str:
    if isinstance(of, str):
        return of.removeprefix("Root=").partition(";")[0]
    if isinstance(of, Mapping):
        told = of.get("ResponseMetadata", {}).get("RequestId")
    else:
        told = getattr(of, "headers", {}).get("x-amzn-RequestId")
    if not told:
        raise UnknownName(
            f"A trace is found by a request's id, and this answer has none: {of!r:.80}",
            "Give an answer of cloud.api(…), boto3's answer to a call, or the id itself.",
        )
    return str(told)


def _which_trace(wanted: str, latest: list[dict[str, Any]]) -> tuple[str, str]:
    there = ", ".join(f"{each['name']} ({each['request_id']})" for each in latest[-3:])
    return (
        f"No request, invocation or trace with the id {wanted!r} is remembered here.",
        f"The latest: {there}." if there else "Nothing has been traced yet: call a function first.",
    )


def _is_called(api: str, name: str) -> bool:
    """Whether an API's name is the one asked for, or what Chalice makes of an app's."""
    return api == name or bool(re.fullmatch(rf"{re.escape(name)}-[^-]+-websocket-api", api))


def _end(wall: firewall.Firewall, child: Tethered) -> None:
    wall.stop()
    child.stop()
