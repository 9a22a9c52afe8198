"""Stretches of time that the date operators mean, in UTC; organizations keep the calendar's fiscal year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MONTHS_OF_PERIOD: Final = 3  # fiscal periods are quarters, which is how organizations start
DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)  # moments are kept to the second, and now is one of the past


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` on, until just before `end`; None leaves a side open."""

    start: datetime | None = None
    end: datetime | None = None


def midnight(moment: datetime) -> datetime:
    """The beginning of the day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def add_months(moment: datetime, months: int) -> datetime:
    """The same day some months later, or the last one of a shorter month. OverflowError out of all years."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year}")
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _week(now: datetime) -> datetime:
    """The Sunday that the week began with."""
    return midnight(now) - DAY * ((now.weekday() + 1) % 7)


def _month(now: datetime) -> datetime:
    return midnight(now).replace(day=1)


def _year(now: datetime) -> datetime:
    return _month(now).replace(month=1)


def _period(now: datetime) -> datetime:
    return _month(now).replace(month=(now.month - 1) // MONTHS_OF_PERIOD * MONTHS_OF_PERIOD + 1)


Step = Callable[[datetime, int], datetime]

STEPS: Final[dict[str, Step]] = {
    "Minutes": lambda moment, number: moment + timedelta(minutes=number),
    "Hours": lambda moment, number: moment + timedelta(hours=number),
    "Days": lambda moment, number: moment + DAY * number,
    "Weeks": lambda moment, number: moment + DAY * 7 * number,
    "Months": add_months,
    "Years": lambda moment, number: add_months(moment, 12 * number),
    "FiscalPeriods": lambda moment, number: add_months(moment, MONTHS_OF_PERIOD * number),
    "FiscalYears": lambda moment, number: add_months(moment, 12 * number),
}
BEGINNINGS: Final[dict[str, Callable[[datetime], datetime]]] = {
    "Day": midnight,
    "Week": _week,
    "Month": _month,
    "Year": _year,
    "FiscalPeriod": _period,
    "FiscalYear": _year,
}


def calendar(unit: str, offset: int) -> Callable[[datetime], Window]:
    """The whole day, week, month, year or fiscal period that lies `offset` of them away."""
    begin, step = BEGINNINGS[unit], STEPS[unit + "s"]

    def window(now: datetime) -> Window:
        return Window(step(begin(now), offset), step(begin(now), offset + 1))

    return window


def last(unit: str, number: int, now: datetime) -> Window:
    """The number of units that end now; those of days and longer begin with the day."""
    if unit.startswith("Fiscal"):
        begin = BEGINNINGS[unit.removesuffix("s")](now)
        return Window(STEPS[unit](begin, -number), begin)
    start = STEPS[unit](now, -number)
    return Window(start if unit == "Hours" else midnight(start), now + SECOND)


def following(unit: str, number: int, now: datetime) -> Window:
    """The number of units that begin now; those of days and longer end with the day."""
    if unit.startswith("Fiscal"):
        begin = STEPS[unit](BEGINNINGS[unit.removesuffix("s")](now), 1)
        return Window(begin, STEPS[unit](begin, number))
    end = STEPS[unit](now, number)
    return Window(now, end if unit == "Hours" else midnight(end) + DAY)


def older(unit: str, number: int, now: datetime) -> Window:
    """Everything before the number of units ago."""
    end = STEPS[unit](now, -number)
    return Window(end=end if unit in {"Minutes", "Hours"} else midnight(end))
