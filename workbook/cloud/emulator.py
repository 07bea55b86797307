"""The composition of the cloud: moto, the engines beside it, and what ties them together.

The one place that knows all parts. What happens in moto reaches events/ through seams/ and
hooks.py; what is configured there reaches functions/, gateway/ and the pollers through the
mirrors. The process around it is daemon.py's; what is asked of it is front.py's and control.py's.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random
from moto.server import DomainDispatcherApplication, create_backend_app

from workbook.cloud import (
    deliveries,
    function_conflicts,
    function_settings,
    inventory,
    lambda_state,
    seams,
)
from workbook.cloud.answer import Answer
from workbook.cloud.api_callers import ApiCallers
from workbook.cloud.api_mirror import APIS_CHANGE_WITH, ApiMirror
from workbook.cloud.calls import AwsCall, CallLog
from workbook.cloud.cloudformation import CloudFormation
from workbook.cloud.control import Control
from workbook.cloud.events.activity import Activity
from workbook.cloud.events.asynchronous import AsyncInvoker
from workbook.cloud.events.bridge import Bridge
from workbook.cloud.events.clock import Clock
from workbook.cloud.events.mappings import anybody_may
from workbook.cloud.events.outbox import CAPACITY
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.s3 import Notifier
from workbook.cloud.events.schedules import Schedules
from workbook.cloud.events.sns import Fanout
from workbook.cloud.events.targets import Message, Targets
from workbook.cloud.firewall import REGION
from workbook.cloud.front import Front
from workbook.cloud.function_logs import write_log
from workbook.cloud.functions import Functions, Outcome, Throttled
from workbook.cloud.gateway import Gateway, InvokeResult
from workbook.cloud.hooks import MotoHooks
from workbook.cloud.invocation import Invocation, check_upload
from workbook.cloud.lambda_state import ACCOUNT
from workbook.cloud.layers import Layers
from workbook.cloud.metrics import FunctionMetrics
from workbook.cloud.mirror import (
    FUNCTIONS_CHANGE_WITH,
    RULES_CHANGE_WITH,
    FunctionMirror,
    MappingMirror,
    ScheduleMirror,
)
from workbook.cloud.provisioned import ProvisionedConcurrency
from workbook.cloud.role_sessions import credentials
from workbook.cloud.sources import MotoQueue, moto_stream
from workbook.cloud.traces.causes import onward
from workbook.cloud.traces.journal import Journal, came_to, not_run
from workbook.cloud.traces.shaping import Traces
from workbook.cloud.uploads import Uploads
from workbook.cloud.websocket_apis import WEBSOCKETS_CHANGE_WITH, WebSocketApis

if TYPE_CHECKING:
    from workbook.cloud.iam import Judge

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """What one cloud can be told.

    Args:
        seed: makes moto's ids the same from one start to the next.
        account_limit: concurrent executions, of all functions together.
        idle_seconds: how long a warm environment waits for a request before it is reaped, on the
            clock that LocalCloud.advance moves.
        enforce_iam: whether calls are judged under their callers' policies.
        waiting_events: how many asynchronous invocations may wait before more are refused.
        cpu_by_memory: whether functions get the CPU share that their memory buys, and no more.
        pace: how many seconds of AWS's delays (retries, batch windows) pass in one of ours.
    """

    seed: int | None = None
    account_limit: int = 1_000
    idle_seconds: float = 300.0
    enforce_iam: bool = False
    waiting_events: int = CAPACITY
    pace: float = 600.0
    cpu_by_memory: bool = False


class Emulator:
    """Everything behind one endpoint.

    Args:
        endpoint: its URL, which functions call AWS at.
        scratch: an empty folder, for code and for functions' /tmp.
    """

    def __init__(self, *, endpoint: str, scratch: Path, settings: Settings) -> None:
        if settings.seed is not None:
            mock_random.seed(settings.seed)
        uploads = Uploads(scratch / "uploads")
        self._layers = layers = Layers(uploads)
        self.activity = Activity()
        self.clock = Clock(pace=settings.pace)
        self.calls = CallLog()
        self.journal = Journal()
        self._metrics = FunctionMetrics()
        self._metrics.offer()
        self.functions = Functions(
            scratch=scratch,
            endpoint=endpoint,
            write_log=write_log,
            account_limit=settings.account_limit,
            idle_seconds=settings.idle_seconds,
            clock=self.clock.now,
            cpu_by_memory=settings.cpu_by_memory,
        )
        self._provisioned = ProvisionedConcurrency(
            self.functions, account_limit=settings.account_limit, clock=time.time
        )
        self.clock.on_advance(self.functions.reap)
        self.gateway = Gateway(
            invoke=self._invoke_for_gateway,
            account=ACCOUNT,
            region=REGION,
            clock=self.clock.now,
            activity=self.activity,
            callers=ApiCallers(),
            watch=self.journal.message,
        )
        self.clock.on_advance(self.gateway.sockets.expire)
        targets = Targets(
            invoke=lambda arn, payload: self._run_later(arn, payload),
            send=deliveries.send_to_queue,
            publish=deliveries.publish_to_topic,
            put_event=lambda bus, event: self._bridge.put(bus, event),
        )
        shared: dict[str, Any] = {
            "targets": targets,
            "clock": self.clock,
            "activity": self.activity,
        }
        self._bridge = Bridge(rules=deliveries.rules, rule=deliveries.rule, **shared)
        asynchronous = AsyncInvoker(
            invoke=self.run,
            throttled=Throttled,
            config=lambda_state.invoke_config,
            capacity=settings.waiting_events,
            **shared,
        )
        self._run_later = asynchronous.invoke
        judge = _judge() if settings.enforce_iam else None
        self._pollers = Pollers(
            invoke=self.run,
            throttled=Throttled,
            queue=MotoQueue,
            stream=moto_stream,
            execution_role=lambda_state.execution_role,
            may_read=judge.may_read if judge else anybody_may,
            **{**shared, "targets": self._tied(targets)},
        )
        self._schedules = Schedules(fire=self._fire, clock=self.clock, activity=self.activity)
        self._hooks = MotoHooks(
            run=self.run,
            asynchronous=asynchronous,
            notifier=Notifier(**shared),
            fanout=Fanout(**shared),
            bridge=self._bridge,
            pollers=self._pollers,
            clock=self.clock,
            uploads=uploads,
            journal=self.journal,
            layers=layers,
        )
        self._functions_mirror = FunctionMirror(
            self.functions, uploads=uploads, layers=layers, credentials=credentials
        )
        self._schedules_mirror = ScheduleMirror(self._schedules)
        self._mappings_mirror = MappingMirror(self._pollers)
        self._apis_mirror = ApiMirror(self.gateway)
        self._websocket_apis = WebSocketApis(self.gateway.sockets)
        self._stacks = CloudFormation(endpoint)
        seams.lay_seams(self._hooks)
        invocation = Invocation(run=self.run, run_later=asynchronous.invoke)
        self.application = Front(
            moto=DomainDispatcherApplication(create_backend_app),
            gateway=self.gateway,
            invoke=invocation.answer,
            control=Control(self).answer,
            stacks=self._stacks.handle,
            websockets=self._websocket_apis.answer,
            functions=self._about_functions,
            changed=self._changed,
            calls=self.calls,
            journal=self.journal,
            judge=judge.answer if judge else None,
        )

    def close(self) -> None:
        """End every engine, worker and thread; what was under way is dropped."""
        engines = (
            self._pollers,
            self._schedules,
            self._hooks.notifier,
            self._hooks.fanout,
            self._hooks.bridge,
            self._hooks.asynchronous,
            self.gateway,
            self.functions,
        )
        # At the same time: an engine may wait for a function, which ends with its worker.
        closing = [threading.Thread(target=_close, args=(engine,)) for engine in engines]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()

    def settle(self, timeout: float) -> bool:
        """Whether all that was set going came to its end within `timeout` seconds."""
        until = time.monotonic() + timeout
        while self._stacks.wait_until_quiet(max(until - time.monotonic(), 0.0)):
            if not self.functions.wait_until_provisioned(max(until - time.monotonic(), 0.0)):
                return False
            if not self.activity.wait_until_quiet(max(until - time.monotonic(), 0.0)):
                return False
            if not self._stacks.in_flight():
                return True
        return False

    def traces(self) -> Traces:
        """What is remembered of requests, with the names that templates give to resources."""
        return Traces(self.journal.spans(), self._stacks.made_names())

    def inventory(self) -> list[dict[str, str]]:
        """Every resource that exists, stacks and provisioned concurrency too."""
        provisioned = self._provisioned.names()
        return inventory.resources(stacks=self._stacks.names(), provisioned=provisioned)

    def apis(self) -> list[dict[str, Any]]:
        """REST APIs with the stages they are deployed to."""
        return list(self._apis_mirror.served())

    def websocket_apis(self) -> list[dict[str, Any]]:
        """WebSocket APIs with the stages they are deployed to."""
        return list(self._websocket_apis.served())

    def logs(self, function: str) -> list[dict[str, Any]]:
        """What a function wrote, oldest first; empty when it never ran."""
        return list(inventory.log_events(f"/aws/lambda/{function}"))

    def roles(self) -> dict[str, str]:
        """Which function calls AWS by which access key."""
        return self._functions_mirror.access_keys()

    # ── running functions ───────────────────────────────────────────────────────────────────

    def run(self, arn: str, payload: bytes, *, authorizer: bool = False, **options: Any) -> Outcome:
        """Run a function and wait; `settle` waits too."""
        self.activity.begin("functions")
        options["request_id"] = options.get("request_id") or str(uuid.uuid4())
        span = self.journal.invocation(arn, options, authorizer=authorizer)
        try:
            outcome = self.functions.invoke(lambda_state.invoked_arn(arn), payload, **options)
        except BaseException as error:
            not_run(span, error)
            if isinstance(error, Throttled):
                self._metrics.throttled(arn, span.began)
            raise
        else:
            came_to(span, outcome)
            failed = outcome.function_error is not None
            self._metrics.ran(arn, span.began, outcome.duration_ms, failed=failed)
        finally:
            span.ended = time.time()
            self.activity.end("functions")
        return outcome

    def _invoke_for_gateway(self, arn: str, payload: bytes, trace: str) -> InvokeResult:
        # An authorizer's event begins so, and no other; see gateway/lambda_authorizers.
        authorizer = payload.startswith(b'{"type": "')
        outcome = self.run(arn, payload, trace_header=trace, authorizer=authorizer)
        return InvokeResult(outcome.payload, outcome.function_error)

    def _fire(self, rule_arn: str, moment: float) -> None:
        with self.journal.schedule(rule_arn):
            self._bridge.fire(rule_arn, moment)

    def _tied(self, targets: Targets) -> Targets:
        """The same targets, told by a poller of what it gave up."""

        def told(deliver: Callable[[str, Message], object]) -> Callable[[str, Message], None]:
            def tell(arn: str, message: Message) -> None:
                with self.journal.given_up(), onward("destination", "", arn):
                    deliver(arn, message)

            return tell

        return replace(targets, send=told(targets.send), publish=told(targets.publish))

    def _about_functions(self, call: AwsCall, body: bytes) -> Answer | None:
        return (
            check_upload(call, body)
            or _refused(call, body)
            or self._layers.answer(call)
            or self._provisioned.answer(call, body)
        )

    # ── the rest ────────────────────────────────────────────────────────────────────────────

    def _changed(self, service: str) -> None:
        if service in FUNCTIONS_CHANGE_WITH:
            self._functions_mirror.refresh()
            self._provisioned.refresh()
            self._mappings_mirror.refresh()
        if service == "iam":
            self._pollers.wake_all()
        if service in APIS_CHANGE_WITH:
            self._apis_mirror.refresh()
        if service in WEBSOCKETS_CHANGE_WITH:
            self._websocket_apis.refresh()
        if service in RULES_CHANGE_WITH:
            self._schedules_mirror.refresh()


_SETS = re.compile(
    r"/2015-03-31/(event-source-mappings|functions(/[^/]+(/(configuration|(aliases|policy).*))?)?)/?"
)


def _refused(call: AwsCall, body: bytes) -> Answer | None:
    """The answer to a call that Lambda would not take, and moto would."""
    if call.method == "GET" or not _SETS.fullmatch(call.path):
        return None
    try:
        settings = json.loads(body or b"{}")
    except ValueError:  # malformed.py finds the words for it
        return None
    if not isinstance(settings, dict):
        return None
    return function_settings.refused(call, settings) or function_conflicts.refused(call, settings)


def _judge() -> Judge:
    from workbook.cloud import iam, iam_state  # slow to import, and seldom asked for

    callers = iam.Callers(iam_state.MotoDirectory())
    return iam.Judge(callers, iam_state.MotoNames(), account=ACCOUNT, clock=time.time)


def _close(engine: Any) -> None:
    with contextlib.suppress(Exception):  # the others must be closed all the same
        engine.close()
