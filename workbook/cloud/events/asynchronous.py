"""Asynchronous invocation (InvocationType=Event): accepted at once, run later, retried.

A function error is retried twice, after one minute and after two; a throttle is retried with a
growing delay for as long as the event may live. What still failed goes to the dead-letter queue
and to the failure destination, what succeeded to the success destination. Running the function
is another package's job; `config` is asked afresh for each attempt, as settings may change.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from workbook.cloud.traces.causes import onward

from . import destinations
from .activity import Activity
from .clock import Clock
from .destinations import Attempt, InvokeConfig
from .outbox import CAPACITY, Outbox
from .targets import Message, Targets

logger = logging.getLogger(__name__)

MAX_PAYLOAD_BYTES = 1_048_576
RETRY_DELAYS = (60.0, 120.0)  # "one minute before the second attempt, two before the third"
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 300.0


class Outcome(Protocol):
    """What an invocation came to."""

    @property
    def payload(self) -> bytes: ...
    @property
    def function_error(self) -> str | None: ...
    @property
    def executed_version(self) -> str: ...


class Invoke(Protocol):
    """Runs a function and waits for it; KeyError when there is no such function."""

    def __call__(
        self,
        arn: str,
        payload: bytes,
        *,
        request_id: str | None = None,
        trace_header: str | None = None,
        client_context: str | None = None,
    ) -> Outcome: ...


class PayloadTooLarge(Exception):
    """AWS's RequestEntityTooLargeException; the message is AWS's."""


@dataclass(frozen=True)
class Event:
    """One accepted invocation and what has become of it so far.

    `aged` is what the clock's pace has saved us of AWS's delays; the event's age counts it.
    """

    arn: str
    payload: bytes
    request_id: str
    trace_header: str | None
    client_context: str | None
    accepted: float
    aged: float = 0.0
    attempts: int = 0
    errors: int = 0
    throttles: int = 0


class AsyncInvoker:
    """Accepts events for functions and sees each through.

    Args:
        invoke: runs the function, synchronously.
        throttled: the exceptions by which `invoke` says "too many at once".
        config: a function ARN's InvokeConfig, as it is now.
        targets: where destinations and dead letters go.
        workers: the most events that run at the same time.
        capacity: the most that wait; more are refused.
    """

    def __init__(
        self,
        *,
        invoke: Invoke,
        throttled: type[Exception] | tuple[type[Exception], ...],
        config: Callable[[str], InvokeConfig],
        targets: Targets,
        clock: Clock,
        activity: Activity,
        workers: int = 16,
        capacity: int = CAPACITY,
    ) -> None:
        self._invoke = invoke
        self._throttled = throttled
        self._config = config
        self._targets = targets
        self._clock = clock
        self._outbox = Outbox(
            "asynchronous", clock=clock, activity=activity, workers=workers, capacity=capacity
        )

    def invoke(
        self,
        arn: str,
        payload: bytes,
        *,
        request_id: str | None = None,
        trace_header: str | None = None,
        client_context: str | None = None,
    ) -> str:
        """Accept an event and return its request id, without waiting for anything.

        Raises:
            PayloadTooLarge: AWS takes 1 MB at most.
            OutboxFull: too many events wait already.
        """
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLarge(
                f"{len(payload)} byte payload is too large for the Event invocation type "
                f"(limit {MAX_PAYLOAD_BYTES} bytes)"
            )
        identity = request_id or str(uuid.uuid4())
        accepted = self._clock.now()
        event = Event(arn, payload, identity, trace_header, client_context, accepted)
        self._outbox.put(lambda: self._attempt(event))
        return identity

    def in_flight(self) -> int:
        """Events that wait, run, or will be retried."""
        return self._outbox.in_flight()

    def close(self) -> None:
        """Drop what waits and end the threads."""
        self._outbox.close()

    def _attempt(self, event: Event) -> None:
        config = self._config(event.arn)
        if config.reserved_concurrency == 0:
            self._give_up(event, config, "ZeroReservedConcurrency", None)
            return
        event = replace(event, attempts=event.attempts + 1)
        try:
            outcome = self._invoke(
                event.arn,
                event.payload,
                request_id=event.request_id,
                trace_header=event.trace_header,
                client_context=event.client_context,
            )
        except self._throttled:
            self._throttle(event, config)
        except KeyError:
            logger.warning("The function %s is gone, and with it %s", event.arn, event.request_id)
        except Exception as error:  # our fault, not the function's; the event must not be lost
            logger.exception("The function %s could not be invoked", event.arn)
            self._conclude(event, config, _not_run(error))
        else:
            attempt = Attempt(outcome.payload, outcome.function_error, outcome.executed_version)
            self._conclude(event, config, attempt)

    def _conclude(self, event: Event, config: InvokeConfig, attempt: Attempt) -> None:
        if attempt.function_error is None:
            if config.on_success:
                self._send(event, config.on_success, "Success", attempt)
            return
        if event.errors >= config.maximum_retry_attempts:
            self._give_up(event, config, "RetriesExhausted", attempt)
            return
        delay = RETRY_DELAYS[min(event.errors, len(RETRY_DELAYS) - 1)]
        self._retry(replace(event, errors=event.errors + 1), delay, config, attempt)

    def _throttle(self, event: Event, config: InvokeConfig) -> None:
        delay = min(FIRST_BACKOFF * 2**event.throttles, LONGEST_BACKOFF)
        self._retry(replace(event, throttles=event.throttles + 1), delay, config, None)

    def _retry(
        self, event: Event, delay: float, config: InvokeConfig, attempt: Attempt | None
    ) -> None:
        age = self._clock.now() - event.accepted + event.aged
        if age + delay > config.maximum_event_age_seconds:
            self._give_up(event, config, "EventAgeExceeded", attempt)
            return
        due = self._clock.after(delay)
        later = replace(event, aged=event.aged + delay - delay / self._clock.pace)
        self._outbox.put(lambda: self._attempt(later), due=due, accepted=True)

    def _give_up(
        self, event: Event, config: InvokeConfig, condition: str, attempt: Attempt | None
    ) -> None:
        if config.dead_letter:
            letter = destinations.dead_letter(event.request_id, event.payload, attempt)
            self._deliver(event, config.dead_letter, letter)
        if config.on_failure:
            self._send(event, config.on_failure, condition, attempt)

    def _send(
        self, event: Event, destination: str, condition: str, attempt: Attempt | None
    ) -> None:
        record = destinations.record(
            function_arn=event.arn,
            request_id=event.request_id,
            payload=event.payload,
            condition=condition,
            invoke_count=event.attempts,
            attempt=attempt,
            moment=self._clock.now(),
        )
        with onward("destination", event.arn, destination):
            self._outbox.put(
                lambda: destinations.send(self._targets, destination, record, self._clock.now()),
                accepted=True,
            )

    def _deliver(self, event: Event, arn: str, message: Message) -> None:
        with onward("destination", event.arn, arn):
            self._outbox.put(lambda: self._targets.deliver(arn, message), accepted=True)


def _not_run(error: Exception) -> Attempt:
    answer = {"errorMessage": str(error), "errorType": type(error).__name__}
    return Attempt(json.dumps(answer).encode(), "Unhandled", "$LATEST")
