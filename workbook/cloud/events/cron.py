"""cron(…) expressions of EventBridge: six fields in UTC, and the moments they name.

Minutes, hours, day of month, month, day of week, year; with `,` `-` `*` and `/`, and for days `?`
`L` `W` and `#`. Follows "Cron expressions reference" in the EventBridge user guide. Pure: no clock, no rules, see schedules.py.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if number}
WEEKDAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
FIRST_YEAR, LAST_YEAR = 1970, 2199
NO_NAMES: dict[str, int] = {}

Days = Callable[[int, int], set[int]]  # year, month -> the days of the month that are meant


class InvalidSchedule(Exception):
    """AWS's ValidationException for a ScheduleExpression; the message is AWS's."""

    def __init__(self) -> None:
        super().__init__("Parameter ScheduleExpression is not valid.")


@dataclass(frozen=True)
class Cron:
    """A parsed expression."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: Days
    months: frozenset[int]
    years: frozenset[int]

    @classmethod
    def parse(cls, fields: str) -> Cron:
        """The six fields between the parentheses of cron(…).

        Raises:
            InvalidSchedule: AWS would refuse them.
        """
        parts = fields.upper().split()
        if len(parts) != 6:
            raise InvalidSchedule
        minute, hour, month_day, month, week_day, year = parts
        if (month_day == "?") == (week_day == "?"):  # one kind of day must be given, and only one
            raise InvalidSchedule
        return cls(
            minutes=_values(minute, 0, 59),
            hours=_values(hour, 0, 23),
            days=_days_of_month(month_day) if week_day == "?" else _days_of_week(week_day),
            months=_values(month, 1, 12, MONTHS),
            years=_values(year, FIRST_YEAR, LAST_YEAR),
        )

    def next_after(self, moment: float) -> float | None:
        """The first moment named after this one, in seconds since the epoch; None if there is none."""
        start = datetime.fromtimestamp(moment, UTC).replace(second=0, microsecond=0)
        start += timedelta(minutes=1)
        found = next(self._from(start), None)
        return None if found is None else found.timestamp()

    def _from(self, start: datetime) -> Iterator[datetime]:
        for day in self._dates_from(start):
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    found = day.replace(hour=hour, minute=minute)
                    if found >= start:
                        yield found

    def _dates_from(self, start: datetime) -> Iterator[datetime]:
        first = start.replace(hour=0, minute=0)
        for year in sorted(year for year in self.years if year >= start.year):
            for month in sorted(self.months):
                if (year, month) < (start.year, start.month):
                    continue
                for day in sorted(self.days(year, month)):
                    found = datetime(year, month, day, tzinfo=UTC)
                    if found >= first:
                        yield found


def _values(text: str, least: int, most: int, names: dict[str, int] = NO_NAMES) -> frozenset[int]:
    """What a field of lists, ranges and steps names."""
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step_text = part.partition("/")
        step = _number(step_text, NO_NAMES) if slash else 1
        low, dash, high = span.partition("-")
        if span == "*":
            first, last = least, most
        else:
            first = _number(low, names)
            last = _number(high, names) if dash else (most if slash else first)
        if not (least <= first <= last <= most and step > 0):
            raise InvalidSchedule
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _days_of_month(text: str) -> Days:
    if text == "L":
        return lambda year, month: {_length(year, month)}
    if nearest := re.fullmatch(r"(\d{1,2})W", text):
        wanted = int(nearest[1])
        if not 1 <= wanted <= 31:
            raise InvalidSchedule
        return lambda year, month: _nearest_weekday(year, month, wanted)
    days = _values(text, 1, 31)
    return lambda year, month: {day for day in days if day <= _length(year, month)}


def _days_of_week(text: str) -> Days:
    if text == "L":
        text = "7"  # the last day of the week is Saturday
    if special := re.fullmatch(r"([A-Z]{3}|\d)(?:#(\d)|(L))", text):
        [weekday] = _values(special[1], 1, 7, WEEKDAYS)
        if special[3]:
            return lambda year, month: {max(_on_weekday(year, month, weekday))}
        which = int(special[2])
        if not 1 <= which <= 5:
            raise InvalidSchedule
        return lambda year, month: set(_on_weekday(year, month, weekday)[which - 1 : which])
    if "/" in text:  # the one wildcard that a day of the week has not
        raise InvalidSchedule
    weekdays = _values(text, 1, 7, WEEKDAYS)
    return lambda year, month: {
        day for weekday in weekdays for day in _on_weekday(year, month, weekday)
    }


def _on_weekday(year: int, month: int, weekday: int) -> list[int]:
    """The days of the month that fall on a weekday, 1 being Sunday."""
    first = calendar.weekday(year, month, 1)  # 0 is Monday
    offset = (weekday - 2 - first) % 7
    return list(range(1 + offset, _length(year, month) + 1, 7))


def _nearest_weekday(year: int, month: int, day: int) -> set[int]:
    """The weekday nearest to a day, never in another month."""
    length = _length(year, month)
    if day > length:
        return set()
    weekday = calendar.weekday(year, month, day)
    if weekday == calendar.SATURDAY:
        return {day - 1 if day > 1 else day + 2}
    if weekday == calendar.SUNDAY:
        return {day + 1 if day < length else day - 2}
    return {day}


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise InvalidSchedule
    return int(text)
