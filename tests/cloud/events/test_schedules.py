"""Schedules mean what AWS's documentation says, and fire once, in order, as the clock moves."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from chalice.app import CloudWatchEvent

from workbook.cloud.events.clock import Clock
from workbook.cloud.events.cron import InvalidSchedule
from workbook.cloud.events.entries import scheduled_event
from workbook.cloud.events.schedules import Schedules, parse_expression

RULE = "arn:aws:events:us-east-1:123456789012:rule/nightly"
OTHER = "arn:aws:events:us-east-1:123456789012:rule/often"
NOON = 1_767_268_800.0  # Thursday 2026-01-01T12:00:00Z

# The examples of "Cron expressions reference", and the corners of the calendar: the expression,
# and its first firings after noon on Thursday 1 January 2026.
CRONS = [
    ("0 10 * * ? *", ["2026-01-02 10:00", "2026-01-03 10:00"]),
    ("15 12 * * ? *", ["2026-01-01 12:15", "2026-01-02 12:15"]),
    ("0 18 ? * MON-FRI *", ["2026-01-01 18:00", "2026-01-02 18:00", "2026-01-05 18:00"]),
    ("0 8 1 * ? *", ["2026-02-01 08:00", "2026-03-01 08:00"]),
    ("0/15 * * * ? *", ["2026-01-01 12:15", "2026-01-01 12:30"]),
    ("0/10 * ? * MON-FRI *", ["2026-01-01 12:10", "2026-01-01 12:20"]),
    ("0/5 8-17 ? * MON-FRI *", ["2026-01-01 12:05", "2026-01-01 12:10"]),
    ("0/30 20-23,0-2 ? * MON-FRI *", ["2026-01-01 20:00", "2026-01-01 20:30"]),
    ("1/10 12 * * ? *", ["2026-01-01 12:01", "2026-01-01 12:11"]),
    ("0 9 3W * ? *", ["2026-01-02 09:00", "2026-02-03 09:00", "2026-03-03 09:00"]),
    ("0 9 1W 8 ? 2026", ["2026-08-03 09:00"]),  # Saturday the 1st: never the month before
    ("0 9 31W 5 ? 2026", ["2026-05-29 09:00"]),  # Sunday the 31st: never the month after
    ("0 9 31W * ? 2026", ["2026-01-30 09:00", "2026-03-31 09:00"]),
    ("0 9 ? * 3#2 *", ["2026-01-13 09:00", "2026-02-10 09:00"]),
    ("0 9 ? * TUE#5 *", ["2026-03-31 09:00", "2026-06-30 09:00"]),
    ("0 9 L * ? *", ["2026-01-31 09:00", "2026-02-28 09:00"]),
    ("0 9 L 2 ? *", ["2026-02-28 09:00", "2027-02-28 09:00", "2028-02-29 09:00"]),
    ("0 9 ? * L *", ["2026-01-03 09:00", "2026-01-10 09:00"]),
    ("15 10 ? * 6L *", ["2026-01-30 10:15", "2026-02-27 10:15"]),
    ("0 0 29 2 ? *", ["2028-02-29 00:00", "2032-02-29 00:00"]),
    ("0 0 31 * ? *", ["2026-01-31 00:00", "2026-03-31 00:00", "2026-05-31 00:00"]),
    ("0 0 1 JAN,jul ? *", ["2026-07-01 00:00", "2027-01-01 00:00"]),
    ("0 0 1 1 ? 2026-2028/2", ["2028-01-01 00:00"]),
    ("0 0 1 1 ? 2026", []),
    ("59 23 31 12 ? 2199", ["2199-12-31 23:59"]),
    ("0 0 30 2 ? *", []),
]


@pytest.mark.parametrize(("fields", "expected"), CRONS)
def test_when_a_cron_expression_fires(fields: str, expected: list[str]) -> None:
    expression, moment, found = parse_expression(f"cron({fields})", NOON), NOON, []
    for _ in range(max(1, len(expected))):
        following = expression.next_after(moment)
        if following is None:
            break
        moment = following
        found.append(datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M"))
    assert found == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("rate(1 minute)", 60),
        ("rate(5 minutes)", 300),
        ("rate(1 hour)", 3600),
        ("rate(7 days)", 604_800),
    ],
)
def test_a_rate_counts_from_when_the_rule_was_made(text: str, seconds: int) -> None:
    rate = parse_expression(text, NOON)
    assert rate.next_after(NOON) == NOON + seconds
    assert rate.next_after(NOON + seconds) == NOON + 2 * seconds
    assert rate.next_after(NOON + 2.5 * seconds) == NOON + 3 * seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every day",
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(-1 hours)",
        "rate(1.5 hours)",
        "rate(5 seconds)",
        "rate( 5 minutes)",
        "cron(0 10 * * ?)",
        "cron(0 10 * * * *)",
        "cron(0 10 ? * ? *)",
        "cron(0 10 1 * MON *)",
        "cron(60 10 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 0 0 * ? *)",
        "cron(0 0 32 * ? *)",
        "cron(0 0 * 13 ? *)",
        "cron(0 0 ? * 8 *)",
        "cron(0 0 ? * 0 *)",
        "cron(0 0 ? * MOON *)",
        "cron(0 0 ? * 3#6 *)",
        "cron(0 0 ? * 3#1,6#3 *)",
        "cron(0 0 ? * 2/2 *)",
        "cron(0 0 0W * ? *)",
        "cron(0 0 ? W * *)",
        "cron(0 0 * * ? 1969)",
        "cron(0 0 * * ? 2200)",
        "cron(0/0 0 * * ? *)",
        "cron(5-1 0 * * ? *)",
        "cron(a 0 * * ? *)",
        "cron(0/30 20-2 ? * MON-FRI *)",
    ],
)
def test_an_expression_aws_refuses(text: str) -> None:
    with pytest.raises(InvalidSchedule, match=r"^Parameter ScheduleExpression is not valid\.$"):
        parse_expression(text, NOON)


@pytest.fixture
def fired() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def schedules(fired, clock, activity, closing) -> Schedules:
    def fire(arn: str, moment: float) -> None:
        fired.append((arn, round(moment - NOON)))

    return closing(Schedules(fire=fire, clock=clock, activity=activity))


def test_advancing_fires_all_that_was_due_in_order_and_once(schedules, fired, clock) -> None:
    schedules.put(RULE, "rate(2 minutes)")
    schedules.put(OTHER, "cron(1/1 * * * ? *)")
    clock.advance(180)
    assert fired == [(OTHER, 60), (RULE, 120), (OTHER, 120), (OTHER, 180)]
    clock.advance(30)
    assert len(fired) == 4
    clock.advance(30)
    assert fired[4:] == [(RULE, 240), (OTHER, 240)]


def test_many_small_steps_fire_what_one_large_step_does(schedules, fired, clock) -> None:
    schedules.put(RULE, "rate(1 minute)")
    for _ in range(300):
        clock.advance(1)
    assert fired == [(RULE, 60 * n) for n in range(1, 6)]


def test_a_disabled_rule_does_not_fire(schedules, fired, clock) -> None:
    schedules.put(RULE, "rate(1 minute)")
    schedules.put(RULE, "rate(1 minute)", enabled=False)
    clock.advance(600)
    assert fired == []
    schedules.put(RULE, "rate(1 minute)", enabled=True)
    clock.advance(60)
    assert fired == [(RULE, 660)]


def test_a_removed_rule_does_not_fire(schedules, fired, clock) -> None:
    schedules.put(RULE, "rate(1 minute)")
    schedules.remove(RULE)
    clock.advance(600)
    assert fired == []


def test_putting_a_rule_again_does_not_disturb_its_beat(schedules, fired, clock) -> None:
    schedules.put(RULE, "rate(1 minute)")
    clock.advance(40)
    schedules.put(RULE, "rate(1 minute)")
    clock.advance(20)
    assert fired == [(RULE, 60)]


def test_an_invalid_schedule_leaves_the_old_one(schedules, fired, clock) -> None:
    schedules.put(RULE, "rate(1 minute)")
    with pytest.raises(InvalidSchedule):
        schedules.put(RULE, "rate(1 minutes)")
    clock.advance(60)
    assert fired == [(RULE, 60)]


def test_a_rule_that_cannot_be_fired_does_not_stop_the_others(clock, activity, closing) -> None:
    fired = []

    def fire(arn: str, moment: float) -> None:
        if arn == RULE:
            raise KeyError(arn)
        fired.append(arn)

    schedules = closing(Schedules(fire=fire, clock=clock, activity=activity))
    schedules.put(RULE, "rate(1 minute)")
    schedules.put(OTHER, "rate(1 minute)")
    clock.advance(120)
    assert fired == [OTHER, OTHER]
    assert activity.in_flight() == 0


def test_time_that_passes_by_itself_fires_too(activity, closing) -> None:
    fired = threading.Event()
    real = [NOON + 59.95]
    clock = Clock(real=lambda: real[0])
    schedules = closing(
        Schedules(fire=lambda arn, moment: fired.set(), clock=clock, activity=activity)
    )
    schedules.put(RULE, "cron(1/1 * * * ? *)")
    real[0] = NOON + 60
    assert fired.wait(60.0)


def test_upcoming_tells_the_next_firing_of_each_rule(schedules) -> None:
    schedules.put(RULE, "cron(0 0 1 2 ? *)")
    schedules.put(OTHER, "rate(1 hour)")
    assert [arn for _, arn in schedules.upcoming()] == [OTHER, RULE]


def test_closing_ends_the_thread(clock, activity) -> None:
    schedules = Schedules(fire=lambda arn, moment: None, clock=clock, activity=activity)
    schedules.put(RULE, "rate(1 minute)")
    schedules.close()
    assert not [t for t in threading.enumerate() if t.name == "schedules"]
    clock.advance(60)


def test_a_scheduled_event_has_every_field_of_awss_sample(sample, shape) -> None:
    event = scheduled_event(RULE, NOON)
    documented = {"version": "0"} | sample("ScheduledEvent")  # the wheel's sample lacks it
    assert shape(event) == shape(documented)
    assert event["resources"] == [RULE]
    assert event["time"] == "2026-01-01T12:00:00Z"


def test_chalice_reads_a_scheduled_event() -> None:
    read = CloudWatchEvent(scheduled_event(RULE, NOON), None)
    assert (read.source, read.detail_type) == ("aws.events", "Scheduled Event")
    assert (read.account, read.region) == ("123456789012", "us-east-1")
