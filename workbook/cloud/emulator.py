"""The composition of the cloud: moto, the engines beside it, and what ties them together.

The one place that knows all parts. It implements the hooks of seams.py, so what happens in moto
reaches events/, and it keeps functions/ and gateway/ in line with moto through mirror.py. The
process around it is daemon.py's; what is asked of it over HTTP is front.py's and control.py's.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from moto.moto_api._internal import mock_random
from moto.server import DomainDispatcherApplication, create_backend_app

from workbook.cloud import deliveries, inventory, lambda_state, rest_apis, seams
from workbook.cloud.calls import CallLog
from workbook.cloud.control import Control
from workbook.cloud.events.activity import Activity
from workbook.cloud.events.asynchronous import AsyncInvoker
from workbook.cloud.events.clock import Clock
from workbook.cloud.events.mappings import InvalidMapping, Mapping
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.s3 import Notifier
from workbook.cloud.events.s3_configuration import Notifications
from workbook.cloud.events.sns import Fanout
from workbook.cloud.events.targets import Targets
from workbook.cloud.firewall import REGION
from workbook.cloud.front import Front
from workbook.cloud.functions import Functions, Outcome, Throttled
from workbook.cloud.gateway import Gateway, InvokeResult
from workbook.cloud.invocation import Invocation
from workbook.cloud.lambda_state import ACCOUNT
from workbook.cloud.mirror import (
    APIS_CHANGE_WITH,
    FUNCTIONS_CHANGE_WITH,
    ApiMirror,
    FunctionMirror,
    MappingMirror,
)
from workbook.cloud.sources import MotoQueue, MotoStream

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """What one cloud can be told.

    Args:
        seed: makes moto's ids the same from one start to the next.
        account_limit: concurrent executions, of all functions together.
        idle_seconds: how long a warm environment waits for a request before it is reaped.
        pace: how many seconds of AWS's delays (retries, batch windows) pass in one of ours.
    """

    seed: int | None = None
    account_limit: int = 1_000
    idle_seconds: float = 300.0
    pace: float = 600.0


class Emulator:
    """Everything behind one endpoint.

    Args:
        endpoint: its URL, which functions call AWS at.
        scratch: an empty folder, for code and for functions' /tmp.
    """

    def __init__(self, *, endpoint: str, scratch: Path, settings: Settings) -> None:
        if settings.seed is not None:
            mock_random.seed(settings.seed)
        packages = scratch / "uploads"
        packages.mkdir()
        self.activity = Activity()
        self.clock = Clock(pace=settings.pace)
        self.calls = CallLog()
        self.functions = Functions(
            scratch=scratch,
            endpoint=endpoint,
            write_log=_write_log,
            account_limit=settings.account_limit,
            idle_seconds=settings.idle_seconds,
            clock=time.time,
        )
        self.gateway = Gateway(
            invoke=self._invoke_for_gateway, account=ACCOUNT, region=REGION, clock=time.time
        )
        targets = Targets(
            invoke=self.run_later,
            send=deliveries.send_to_queue,
            publish=deliveries.publish_to_topic,
            put_event=self._put_event,
        )
        shared: dict[str, Any] = {
            "targets": targets,
            "clock": self.clock,
            "activity": self.activity,
        }
        self.asynchronous = AsyncInvoker(
            invoke=self.run,
            throttled=Throttled,
            config=lambda_state.invoke_config,
            **shared,
        )
        self._notifier = Notifier(**shared)
        self._fanout = Fanout(**shared)
        self._pollers = Pollers(
            invoke=self.run, throttled=Throttled, queue=MotoQueue, stream=MotoStream, **shared
        )
        self._functions_mirror = FunctionMirror(
            self.functions, packages=packages, credentials=_credentials
        )
        self._mappings_mirror = MappingMirror(self._pollers)
        self._apis_mirror = ApiMirror(self.gateway)
        seams.lay_seams(self)
        invocation = Invocation(run=self.run, run_later=self.asynchronous.invoke)
        self.application = Front(
            moto=DomainDispatcherApplication(create_backend_app),
            gateway=self.gateway,
            invoke=invocation.answer,
            control=Control(self).answer,
            changed=self._changed,
            calls=self.calls,
        )

    def close(self) -> None:
        """End every engine, worker and thread; what was under way is dropped."""
        for engine in (
            self._pollers,
            self._notifier,
            self._fanout,
            self.asynchronous,
            self.gateway,
            self.functions,
        ):
            with contextlib.suppress(Exception):  # the others must be closed all the same
                engine.close()

    def settle(self, timeout: float) -> bool:
        """Whether all that was set going came to its end within `timeout` seconds."""
        return self.activity.wait_until_quiet(timeout)

    def inventory(self) -> list[dict[str, str]]:
        """Every resource that exists."""
        return inventory.resources()

    def apis(self) -> list[dict[str, Any]]:
        """REST APIs with the stages they are deployed to."""
        return list(self._apis_mirror.served())

    def logs(self, function: str) -> list[dict[str, Any]]:
        """What a function wrote, oldest first; empty when it never ran."""
        return list(inventory.log_events(f"/aws/lambda/{function}"))

    def roles(self) -> dict[str, str]:
        """Which function calls AWS by which access key."""
        return self._functions_mirror.access_keys()

    # ── running functions ───────────────────────────────────────────────────────────────────

    def run(self, arn: str, payload: bytes, **options: Any) -> Outcome:
        """Run a function and wait; `settle` waits too."""
        self.activity.begin("functions")
        try:
            return self.functions.invoke(lambda_state.invoked_arn(arn), payload, **options)
        finally:
            self.activity.end("functions")

    def _invoke_for_gateway(self, arn: str, payload: bytes, trace: str) -> InvokeResult:
        outcome = self.run(arn, payload, trace_header=trace)
        return InvokeResult(outcome.payload, outcome.function_error)

    # ── hooks, see seams.Hooks ──────────────────────────────────────────────────────────────

    def run_function(self, arn: str, payload: bytes) -> tuple[bytes, str | None]:
        outcome = self.run(arn, payload)
        return outcome.payload, outcome.function_error

    def run_later(self, arn: str, payload: bytes) -> None:
        self.asynchronous.invoke(arn, payload)

    def object_changed(self, account: str, event: str, moto_bucket: Any, moto_key: Any) -> None:
        configuration = Notifications.parse(deliveries.notification_configuration(moto_bucket))
        change = deliveries.object_change(account, event, moto_bucket, moto_key)
        self._notifier.notify(change, configuration)

    def notifications_put(self, moto_bucket: Any) -> None:
        configuration = Notifications.parse(deliveries.notification_configuration(moto_bucket))
        self._notifier.send_test_events(moto_bucket.name, configuration)

    def message_published(self, moto_topic: Any, message_id: str, message: dict[str, Any]) -> None:
        published = deliveries.notification(moto_topic, message_id, message, self.clock.now())
        self._fanout.publish(published, deliveries.subscriptions(moto_topic))

    def event_put(self, account: str, region: str, bus: str, event: dict[str, Any]) -> None:
        """To be matched with the bus's rules."""

    def queue_changed(self, arn: str) -> None:
        self._pollers.wake(arn)

    def stream_changed(self, arn: str) -> None:
        self._pollers.wake(arn)

    def check_mapping(self, settings: dict[str, Any]) -> None:
        from moto.awslambda.exceptions import InvalidParameterValueException  # loaded by now

        try:
            Mapping.parse(settings)
        except InvalidMapping as invalid:
            raise InvalidParameterValueException(str(invalid)) from invalid

    def import_api(self, backend: Any, api: Any, document: dict[str, Any], mode: str) -> None:
        rest_apis.import_document(backend, api, document, mode)

    # ── the rest ────────────────────────────────────────────────────────────────────────────

    def _changed(self, service: str) -> None:
        if service in FUNCTIONS_CHANGE_WITH:
            self._functions_mirror.refresh()
            self._mappings_mirror.refresh()
        if service in APIS_CHANGE_WITH:
            self._apis_mirror.refresh()

    def _put_event(self, bus: str, event: dict[str, Any]) -> None:
        """To be matched with the bus's rules."""


@cache
def _credentials(role_arn: str, session_name: str) -> Dict[str, str]:
    """Keys of the function's own role, which moto knows by them in every later call."""
    from moto.sts.models import sts_backends  # slow to import

    role = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name=REGION,
        role_session_name=session_name,
        role_arn=role_arn,
        policy="",
        duration=3600,
        external_id="",
    )
    return {
        "AWS_ACCESS_KEY_ID": role.access_key_id,
        "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
        "AWS_SESSION_TOKEN": role.session_token,
    }


_logging = threading.Lock()


def _write_log(group: str, stream: str, events: list[tuple[int, str]]) -> None:
    """Keep a function's output where CloudWatch Logs shows it."""
    from moto.logs.models import logs_backends  # loaded when first needed

    backend = logs_backends[ACCOUNT][REGION]
    with _logging:
        backend.ensure_log_group(group)
        if stream not in backend.groups[group].streams:
            backend.create_log_stream(group, stream)
        backend.put_log_events(
            group, stream, [{"timestamp": moment, "message": text} for moment, text in events]
        )
