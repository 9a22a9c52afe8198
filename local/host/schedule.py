"""Reads NCRONTAB expressions, seconds first, and tells when they come round next."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.host.settings import parse_time_span

_MONTHS = [name.lower() for name in calendar.month_name[1:]]
_DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
# A day that comes at all comes within these: 29 February on a given weekday needs up to 40 years.
_HORIZON = timedelta(days=366 * 41)
_RANGE = re.compile(r"(\*|[a-z]+|\d+)(?:-([a-z]+|\d+))?(?:/(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class CronSchedule:
    """The six fields as the values that each allows; a day must satisfy both its fields, as in NCrontab."""

    seconds: Sequence[int]
    minutes: Sequence[int]
    hours: Sequence[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def next(self, after: datetime) -> datetime:
        """The first time strictly later than `after`."""
        moment = after.replace(microsecond=0) + timedelta(seconds=1)
        day = moment
        while day - moment < _HORIZON:
            if self._has_day(day):
                found = self._time_on(day)
                if found is not None:
                    return found
            day = (day + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        raise ValueError("the schedule names a day that never comes")

    def _has_day(self, day: datetime) -> bool:
        weekday = (day.weekday() + 1) % 7
        return day.month in self.months and day.day in self.days and weekday in self.weekdays

    def _time_on(self, earliest: datetime) -> datetime | None:
        for hour in _from(self.hours, earliest.hour):
            first_hour = hour == earliest.hour
            for minute in _from(self.minutes, earliest.minute if first_hour else 0):
                first_minute = first_hour and minute == earliest.minute
                for second in _from(self.seconds, earliest.second if first_minute else 0):
                    return earliest.replace(hour=hour, minute=minute, second=second)
        return None


@dataclass(frozen=True, slots=True)
class ConstantSchedule:
    """A fixed time from one run to the next."""

    interval: timedelta

    def next(self, after: datetime) -> datetime:
        """`after` plus the interval."""
        return after + self.interval


Schedule = CronSchedule | ConstantSchedule


def parse_schedule(text: str) -> Schedule:
    """The schedule in a timer trigger: six cron fields, or five without seconds, or a time span.

    ValueError says what is wrong.
    """
    span = parse_time_span(text)
    if span:
        return ConstantSchedule(span)
    fields = text.lower().split()
    if len(fields) == 5:
        fields = ["0", *fields]
    if len(fields) != 6:
        raise ValueError(
            f"the schedule {text!r} has {len(fields)} fields: it needs second, minute, hour, day, month, "
            "weekday"
        )
    schedule = CronSchedule(
        seconds=sorted(_values(fields[0], range(60))),
        minutes=sorted(_values(fields[1], range(60))),
        hours=sorted(_values(fields[2], range(24))),
        days=_values(fields[3], range(1, 32)),
        months=_values(fields[4], range(1, 13), _MONTHS),
        weekdays=_values(fields[5], range(7), _DAYS),
    )
    schedule.next(datetime(2000, 1, 1))  # noqa: DTZ001 - only asks whether the schedule ever comes round
    return schedule


def _from(values: Sequence[int], least: int) -> Sequence[int]:
    return [value for value in values if value >= least]


def _values(text: str, allowed: range, names: Sequence[str] = ()) -> frozenset[int]:
    return frozenset(value for part in text.split(",") for value in _part(part, allowed, names))


def _part(text: str, allowed: range, names: Sequence[str]) -> range:
    match = _RANGE.fullmatch(text)
    if not match:
        raise ValueError(
            f"{text!r} is no part of a schedule: write *, a number, a range a-b, or either with /n"
        )
    first, last, step = match.groups()
    if step is not None and int(step) == 0:
        raise ValueError(f"the step in {text!r} must be at least 1")
    start = allowed[0] if first == "*" else _number(first, allowed, names)
    if last is not None:
        stop = _number(last, allowed, names)
    elif first == "*" or step is not None:
        stop = allowed[-1]
    else:
        stop = start
    return range(min(start, stop), max(start, stop) + 1, int(step or 1))


def _number(text: str, allowed: range, names: Sequence[str]) -> int:
    if text.isdecimal():
        number = int(text)
    else:
        number = next(
            (allowed[n] for n, name in enumerate(names) if name.startswith(text[:3]) and len(text) > 2), -1
        )
    if number not in allowed:
        raise ValueError(f"{text!r} is not one of {allowed[0]} to {allowed[-1]}")
    return number
