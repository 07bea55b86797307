"""A clock that stands still until advanced, the shared activity, and targets that remember."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from invocations import Throttled

from workbook.cloud.events.activity import Activity
from workbook.cloud.events.clock import Clock
from workbook.cloud.events.mappings import Mapping
from workbook.cloud.events.pollers import Pollers
from workbook.cloud.events.targets import Message, Targets

PATIENCE = 60.0  # seconds; only a test that fails waits so long
SAMPLES = Path(__file__).parents[1] / "samples" / "events"
NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z


class SteppedClock(Clock):
    """Stands still at NOON until advanced, and knows until when its sleepers sleep."""

    def __init__(self) -> None:
        super().__init__(real=lambda: NOON)
        self._asleep = threading.Condition()
        self._wakings: set[int] = set()

    def wait(self, condition: threading.Condition, until: float | None = None) -> None:
        if until is not None:
            with self._asleep:
                self._wakings.add(round(until - NOON))
                self._asleep.notify_all()
        super().wait(condition, until)

    def await_sleeper(self, seconds: int) -> None:
        """Wait until something sleeps until this moment, in seconds after NOON."""
        with self._asleep:
            assert self._asleep.wait_for(lambda: seconds in self._wakings, PATIENCE), self._wakings

    def advance_to(self, seconds: int) -> None:
        """Once something sleeps until this moment, make it now."""
        self.await_sleeper(seconds)
        self.advance(NOON + seconds - self.now())


class Received:
    """What arrived at targets, in order, as (arn, thing) pairs."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._things: list[tuple[str, Any]] = []

    def add(self, arn: str, thing: Any) -> None:
        with self._changed:
            self._things.append((arn, thing))
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[tuple[str, Any]]:
        with self._changed:
            self._changed.wait_for(lambda: len(self._things) >= count, PATIENCE)
            assert len(self._things) == count, self._things
            return list(self._things)

    def __len__(self) -> int:
        with self._changed:
            return len(self._things)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def activity() -> Activity:
    return Activity()


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
def targets(received: Received) -> Targets:
    def deliver(arn: str, message: Message) -> None:
        received.add(arn, message)

    return Targets(
        invoke=lambda arn, payload: received.add(arn, json.loads(payload)),
        send=deliver,
        publish=deliver,
        put_event=received.add,
    )


@pytest.fixture
def settle(activity: Activity) -> Callable[[], None]:
    def settled() -> None:
        assert activity.wait_until_quiet(PATIENCE), "events are still in flight"

    return settled


@pytest.fixture
def closing() -> Iterator[Callable[[Any], Any]]:
    """Registers an engine to be closed when the test ends."""
    engines: list[Any] = []

    def register(engine: Any) -> Any:
        engines.append(engine)
        return engine

    yield register
    for engine in engines:
        engine.close()


@pytest.fixture
def poll(handler, targets, activity, closing) -> Callable[..., Pollers]:
    """Starts pollers that hand what one mapping brings to the test's `handler`."""

    def polled(
        mapping: Mapping, clock: Clock, *, queue: Any = None, stream: Any = None, **more: Any
    ) -> Pollers:
        pollers = closing(
            Pollers(
                invoke=handler,
                throttled=Throttled,
                queue=lambda arn: queue or pytest.fail("no queue is read here"),
                stream=lambda arn: stream or pytest.fail("no stream is read here"),
                targets=targets,
                clock=clock,
                activity=activity,
                **more,
            )
        )
        pollers.put(mapping)
        return pollers

    return polled


@pytest.fixture
def sample() -> Callable[[str], Any]:
    """One of AWS's published sample events, by file name without .json."""
    return lambda name: json.loads((SAMPLES / f"{name}.json").read_text())


@pytest.fixture
def shape() -> Callable[[Any], Any]:
    """An event with each value replaced by its JSON type, so that two can be compared."""

    def shaped(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shaped(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [shaped(inner) for inner in value]
        return "number" if isinstance(value, int | float) else type(value).__name__

    return shaped
