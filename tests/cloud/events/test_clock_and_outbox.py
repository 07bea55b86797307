"""What every engine stands on: the clock, the outbox, the bell, and the count of what is on its way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from workbook.cloud.events.activity import Activity
from workbook.cloud.events.bell import Bell
from workbook.cloud.events.clock import Clock, iso_milliseconds, iso_seconds
from workbook.cloud.events.outbox import Outbox, OutboxFull
from workbook.cloud.events.targets import Arn, target_service
from workbook.cloud.missing import NotEmulated

PATIENCE = 60.0


def test_the_clock_is_real_time_plus_what_it_was_advanced() -> None:
    real = [100.0]
    clock = Clock(real=lambda: real[0])
    clock.advance(50)
    real[0] = 110.0
    assert clock.now() == 160.0


def test_the_clock_knows_what_it_showed_at_a_moment_of_real_time() -> None:
    real = [100.0]
    clock = Clock(real=lambda: real[0])
    for moment, seconds in ((110.0, 50), (120.0, 7)):
        real[0] = moment
        clock.advance(seconds)
    assert [clock.shown_at(moment) for moment in (105.0, 115.0, 125.0)] == [105.0, 165.0, 182.0]


def test_a_pace_shortens_delays_and_not_the_time() -> None:
    clock = Clock(pace=60, real=lambda: 1000.0)
    assert clock.now() == 1000.0
    assert clock.after(60) == 1001.0


def test_time_cannot_be_turned_back() -> None:
    with pytest.raises(ValueError, match="-1"):
        Clock().advance(-1)


def test_listeners_run_before_advance_returns_until_forgotten() -> None:
    clock, heard = Clock(real=lambda: 0.0), []

    def listener() -> None:
        heard.append(clock.now())

    clock.on_advance(listener)
    clock.advance(5)
    clock.forget(listener)
    clock.advance(5)
    assert heard == [5.0]


def test_times_are_written_as_aws_writes_them() -> None:
    moment = datetime(2026, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC).timestamp()
    assert iso_milliseconds(moment) == "2026-01-31T12:00:00.250Z"
    assert iso_seconds(moment) == "2026-01-31T12:00:00Z"


def test_an_arn_has_six_parts() -> None:
    arn = Arn.parse("arn:aws:lambda:eu-west-1:123456789012:function:a:live")
    assert (arn.service, arn.region, arn.resource) == ("lambda", "eu-west-1", "function:a:live")
    with pytest.raises(ValueError, match="'queue' is not an ARN"):
        Arn.parse("queue")
    with pytest.raises(NotEmulated, match="targets other than .*: arn:aws:kinesis"):
        target_service("arn:aws:kinesis:eu-west-1:123456789012:stream/s")


def test_quiet_is_when_every_engine_has_given_its_tokens_back() -> None:
    activity = Activity()
    activity.begin("s3")
    activity.begin("sns", 2)
    assert (activity.in_flight(), activity.in_flight("sns")) == (3, 2)
    assert not activity.wait_until_quiet(0.0)
    threading.Thread(target=lambda: (activity.end("s3"), activity.end("sns", 2))).start()
    assert activity.wait_until_quiet(PATIENCE)


@pytest.fixture
def outbox(clock, activity, closing) -> Outbox:
    return closing(Outbox("tests", clock=clock, activity=activity, workers=2, capacity=3))


def test_jobs_run_when_they_are_due_and_in_the_order_they_came(outbox, clock, settle) -> None:
    done: list[str] = []
    outbox.put(lambda: done.append("later"), due=clock.now() + 10)
    clock.await_sleeper(10)
    outbox.put(lambda: done.append("now"))
    clock.advance_to(10)
    settle()
    assert done == ["now", "later"]


def test_a_failing_job_takes_nothing_down(outbox, settle) -> None:
    done = threading.Event()
    outbox.put(lambda: 1 / 0)
    settle()
    outbox.put(done.set)
    assert done.wait(PATIENCE)


def test_a_job_that_hangs_does_not_hold_up_one_that_becomes_due(outbox, clock) -> None:
    hanging, may_end, done = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        hanging.set()
        may_end.wait(2 * PATIENCE)

    outbox.put(done.set, due=clock.now() + 10)
    clock.await_sleeper(10)
    outbox.put(hang)
    assert hanging.wait(PATIENCE)
    clock.advance(10)
    assert done.wait(PATIENCE)
    may_end.set()


def test_a_full_outbox_says_so_rather_than_grow(outbox, clock) -> None:
    for _ in range(3):
        outbox.put(lambda: None, due=clock.now() + 10)
    with pytest.raises(OutboxFull, match="3 events of tests"):
        outbox.put(lambda: None)
    assert outbox.in_flight() == 3


def test_closing_drops_what_waits_and_ends_the_threads(clock, activity) -> None:
    outbox = Outbox("closed", clock=clock, activity=activity)
    outbox.put(lambda: None, due=clock.now() + 10)
    clock.await_sleeper(10)
    outbox.close()
    outbox.put(lambda: None)
    assert activity.in_flight() == 0
    assert not [t for t in threading.enumerate() if t.name.startswith("closed-")]


def test_a_bell_holds_its_token_until_there_is_nothing_to_expect(clock, activity) -> None:
    bell = Bell("tests", clock=clock, activity=activity)
    bell.ring()
    bell.ring()
    assert activity.in_flight() == 1
    assert bell.listen()
    bell.rest(clock.now() + 10)
    assert activity.in_flight() == 1
    bell.rest(None)
    assert activity.in_flight() == 0


def test_a_ring_while_resting_is_not_lost(clock, activity) -> None:
    bell = Bell("tests", clock=clock, activity=activity)
    bell.ring()
    bell.listen()
    bell.ring()
    bell.rest(None)
    assert activity.in_flight() == 1
    assert bell.listen()


def test_a_closed_bell_stops_listeners_and_ignores_rings(clock, activity) -> None:
    bell = Bell("tests", clock=clock, activity=activity)
    answers: list[bool] = []
    listener = threading.Thread(target=lambda: answers.append(bell.listen()))
    listener.start()
    bell.close()
    listener.join(PATIENCE)
    bell.ring()
    assert answers == [False]
    assert activity.in_flight() == 0
