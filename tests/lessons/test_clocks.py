"""A clock that strikes while a test looks at it, and real again afterwards."""

from __future__ import annotations

import datetime as module
from datetime import date, datetime, timedelta

import pytest

from workbook.lessons.clocks import striking_clock

LOOKS = {
    "datetime.now": lambda: datetime.now().date(),
    "datetime.now with a zone": lambda: datetime.now(module.UTC).date(),
    "datetime.today": lambda: datetime.today().date(),  # noqa: DTZ002  learners write it
    "date.today": lambda: date.today(),
    "the module": lambda: module.datetime.now().date(),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_after_midnight_it_is_tomorrow_and_afterwards_today(look):
    with striking_clock(look) as clock:
        today = look()
        clock.strike()
        assert look() - today == timedelta(days=1)
        assert clock.asked
    assert look() - today < timedelta(days=1)
    assert datetime is module.datetime


def test_a_moment_made_by_hand_stays_what_it_is():
    def make():
        return datetime(2026, 3, 2), date(2026, 3, 2)

    with striking_clock(make) as clock:
        clock.strike()
        assert make() == (module.datetime(2026, 3, 2), module.date(2026, 3, 2))
        assert not clock.asked


def test_what_has_no_names_of_its_own_is_left_alone():
    with striking_clock(print) as clock:
        assert not clock.asked
