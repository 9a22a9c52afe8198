"""The operators on dates, from Today to InFiscalPeriodAndYear."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Build, Operand, Sql, negated
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.conditions.windows import (
    DAY,
    STEPS,
    Window,
    add_months,
    calendar,
    following,
    last,
    midnight,
    older,
)
from local.emulators.dataverse.model import Kind
from local.emulators.dataverse.schema import ZONELESS
from local.emulators.dataverse.values import parse_moment, write_moment

DAY_LENGTH: Final = len("2026-01-31")
MOST: Final = 99_999  # beyond it the calendar ends


def _within(operand: Operand, window: Window) -> Sql:
    """The condition that a date lies in a window; a day without a time counts as a whole."""
    if operand.prop.kind not in {Kind.MOMENT, Kind.DATE}:
        raise errors.query_refused(f"'{operand.prop.column.name}' is no date: the operator needs one.")
    days = operand.prop.kind is Kind.DATE
    parts: list[str] = []
    parameters: list[Any] = []
    for edge, symbol in ((window.start, ">="), (window.end, "<")):
        if edge is not None:
            whole = days and edge != midnight(edge)
            parts.append(f"{operand.sql} {'<=' if whole and symbol == '<' else symbol} ?")
            parameters.append(_kept(operand, edge))
    return f"({' AND '.join(parts)})", parameters


def _kept(operand: Operand, edge: datetime) -> str:
    """An edge in the caller's time zone as the column keeps times: UTC, clock times, days."""
    if operand.prop.kind is Kind.DATE:
        return write_moment(edge)[:10]
    return write_moment(edge if operand.prop.column.behavior == ZONELESS else edge.astimezone(UTC))


def _number(operand: Operand, text: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or not 0 < int(text) <= MOST:
        raise errors.query_refused(f"'{text}' is no whole number above 0 that '{operand.name}' can take.")
    return int(text)


def _day(operand: Operand, text: str, zone: tzinfo | None) -> datetime:
    found = parse_moment(text)
    if found is None:
        raise errors.query_refused(f"The value '{text}' of '{operand.name}' cannot be read as a date.")
    return midnight(found.replace(tzinfo=zone) if len(text.strip()) == DAY_LENGTH else found.astimezone(zone))


def _fixed(window: Callable[[datetime], Window]) -> Build:
    def build(operand: Operand, _values: tuple[str, ...], around: Surroundings) -> Sql:
        return _within(operand, window(around.now))

    return build


def _counted(window: Callable[[str, int, datetime], Window], unit: str) -> Build:
    def build(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
        return _within(operand, window(unit, _number(operand, values[0]), around.now))

    return build


def _by_day(window: Callable[[datetime], Window]) -> Build:
    def build(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
        return _within(operand, window(_day(operand, values[0], around.now.tzinfo)))

    return build


def _fiscal_year(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
    start = around.now.replace(year=_year_of(operand, values[0]), month=1, day=1)
    return _within(operand, calendar("FiscalYear", 0)(start))


def _fiscal_period(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
    period = _number(operand, values[0])
    quarter = f"(CAST(substr({operand.sql}, 6, 2) AS INTEGER) + 2) / 3"
    return f"{quarter} = ?", [period]


def _period_start(operand: Operand, values: tuple[str, ...], now: datetime) -> datetime:
    period, year = _number(operand, values[0]), _year_of(operand, values[1])
    return add_months(midnight(now).replace(year=year, month=1, day=1), (period - 1) * 3)


def _year_of(operand: Operand, text: str) -> int:
    return min(max(_number(operand, text), 1), 9998)


def _in_period_and_year(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
    start = _period_start(operand, values, around.now)
    return _within(operand, Window(start, add_months(start, 3)))


def _from_period_and_year(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
    return _within(operand, Window(start=_period_start(operand, values, around.now)))


def _until_period_and_year(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
    return _within(operand, Window(end=add_months(_period_start(operand, values, around.now), 3)))


def _on(day: datetime) -> Window:
    return Window(day, day + DAY)


def _whole_units() -> dict[str, tuple[Build, int]]:
    found: dict[str, tuple[Build, int]] = {}
    for unit in ("Week", "Month", "Year", "FiscalPeriod", "FiscalYear"):
        for word, offset in (("Last", -1), ("This", 0), ("Next", 1)):
            found[word + unit] = (_fixed(calendar(unit, offset)), 0)
    for word, offset in (("Yesterday", -1), ("Today", 0), ("Tomorrow", 1)):
        found[word] = (_fixed(calendar("Day", offset)), 0)
    found["Last7Days"] = (_fixed(lambda now: last("Days", 7, now)), 0)
    found["Next7Days"] = (_fixed(lambda now: following("Days", 7, now)), 0)
    return found


def _counted_units() -> dict[str, tuple[Build, int]]:
    found: dict[str, tuple[Build, int]] = {}
    for unit in STEPS:
        if unit != "Minutes":
            found["LastX" + unit] = (_counted(last, unit), 1)
            found["NextX" + unit] = (_counted(following, unit), 1)
        if not unit.startswith("Fiscal"):
            found["OlderThanX" + unit] = (_counted(older, unit), 1)
    return found


DATE_OPERATORS: Final[dict[str, tuple[Build, int]]] = {
    **_whole_units(),
    **_counted_units(),
    "On": (_by_day(_on), 1),
    "NotOn": (negated(_by_day(_on)), 1),
    "OnOrAfter": (_by_day(lambda day: Window(start=day)), 1),
    "OnOrBefore": (_by_day(lambda day: Window(end=day + DAY)), 1),
    "InFiscalYear": (_fiscal_year, 1),
    "InFiscalPeriod": (_fiscal_period, 1),
    "InFiscalPeriodAndYear": (_in_period_and_year, 2),
    "InOrAfterFiscalPeriodAndYear": (_from_period_and_year, 2),
    "InOrBeforeFiscalPeriodAndYear": (_until_period_and_year, 2),
}
