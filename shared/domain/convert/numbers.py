"""Conversion into number columns, within the column's limits and in its precision."""

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from shared.domain.convert.values import Convert, ValueRejected, is_empty
from shared.domain.fields import Column

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_LEAST_BIG_INT, _GREATEST_BIG_INT = -(2**63), 2**63 - 1
_GREATEST_EXACT = 2**53
"""Every whole number up to here is a float of its own."""


def whole_number(column: Column, factor: int) -> Convert:
    """A whole number, multiplied by the vendor's unit."""
    low, high = _limits(column, _LEAST_BIG_INT, _GREATEST_BIG_INT)

    def convert(value: Any) -> int | None:
        if type(value) is int and low <= (whole := value * factor) <= high:
            return whole
        number = _number_of(value, column)
        if number is None:
            return None
        number *= factor
        _check_range(number, column)
        if number != number.to_integral_value() or not _LEAST_BIG_INT <= number <= _GREATEST_BIG_INT:
            raise ValueRejected("notAWholeNumber", f"{column.label} takes whole numbers; the value is none.")
        return int(number)

    return convert


def decimal(column: Column, factor: int) -> Convert:
    """A number with as many decimals as the column has, multiplied by the vendor's unit."""
    step = Decimal(1).scaleb(-(2 if column.precision is None else column.precision))
    low, high = _limits(column, -_GREATEST_EXACT, _GREATEST_EXACT)

    def convert(value: Any) -> float | None:
        if type(value) is int and low <= (whole := value * factor) <= high:
            return float(whole)
        number = _number_of(value, column)
        if number is None:
            return None
        try:
            rounded = (number * factor).quantize(step, ROUND_HALF_EVEN)
        except InvalidOperation as error:
            raise ValueRejected("outOfRange", f"{column.label} cannot hold so large a number.") from error
        _check_range(rounded, column)
        return float(rounded)

    return convert


def _limits(column: Column, low: int, high: int) -> tuple[float, float]:
    """Within these a whole number needs no further look."""
    least = low if column.minimum is None else max(column.minimum, low)
    return least, high if column.maximum is None else min(column.maximum, high)


def _number_of(value: Any, column: Column) -> Decimal | None:
    if is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _not_a_number(column)
    if isinstance(value, float) and not math.isfinite(value):
        raise _not_a_number(column)
    text = str(value).strip()
    if isinstance(value, str):
        if not _NUMBER.fullmatch(text):
            raise _not_a_number(column)
        text = text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise _not_a_number(column) from error


def _not_a_number(column: Column) -> ValueRejected:
    return ValueRejected("notANumber", f"{column.label} takes a number; the value is none.")


def _check_range(number: Decimal, column: Column) -> None:
    if column.minimum is not None and number < (least := Decimal(str(column.minimum))):
        raise ValueRejected("outOfRange", f"{column.label} begins at {_shown(least)}; the value is lower.")
    if column.maximum is not None and number > (most := Decimal(str(column.maximum))):
        raise ValueRejected("outOfRange", f"{column.label} ends at {_shown(most)}; the value is higher.")


def _shown(limit: Decimal) -> str:
    return f"{limit:,f}".removesuffix(".0")
