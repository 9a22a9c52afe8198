"""Conversion of a vendor's value into what a Dynamics column holds."""

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from shared.domain.dates import to_dataverse_date, to_dataverse_time
from shared.domain.fields import Column, ColumnType

ColumnValue = str | int | float | bool
Convert = Callable[[Any], ColumnValue | None]
"""A column's value, or None when the vendor's value is empty; raises ValueRejected."""

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
_TRUE_WORDS = frozenset({"true", "yes", "y", "1"})
_FALSE_WORDS = frozenset({"false", "no", "n", "0"})
_ITEM_KEYS = ("name", "value", "description", "url", "school", "id")
_DEEPEST = 8
_LEAST_BIG_INT, _GREATEST_BIG_INT = -(2**63), 2**63 - 1


class ValueRejected(Exception):
    """The column cannot hold the value. The sentence names the limit, never the value."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def is_empty(value: object) -> bool:
    """Null, empty text and white space are empty; so is an empty list. 0 and false are values."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (list, dict)) and not value


def utf16_length(text: str) -> int:
    """Length as Dataverse counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def converter(column: Column, factor: int = 1) -> Convert:
    """The conversion for one column. Numbers are multiplied by `factor`, the vendor field's unit."""
    build = _CONVERTERS.get(column.type)
    if build is None:
        raise ValueRejected("columnNotMappable", f"{column.label} cannot be filled by a mapping.")
    return build(column, factor)


def as_text(value: Any) -> str:
    """How a vendor's value reads as text. Lists are joined by a semicolon, objects by what names them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (list, dict)):
        return _joined(value, _DEEPEST)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _joined(value: Any, depth: int) -> str:
    """A list or an object as text; what lies deeper than `depth` is nobody's value."""
    if not isinstance(value, (list, dict)):
        return as_text(value)
    if depth == 0:
        return ""
    if isinstance(value, list):
        return "; ".join(text for item in value if (text := _joined(item, depth - 1).strip()))
    return next((_joined(value[key], depth - 1) for key in _ITEM_KEYS if not is_empty(value.get(key))), "")


def _line(column: Column, _factor: int) -> Convert:
    return _text(column, multiline=False)


def _memo(column: Column, _factor: int) -> Convert:
    return _text(column, multiline=True)


def _text(column: Column, *, multiline: bool) -> Convert:
    limit = column.max_length or (2000 if multiline else 100)

    def convert(value: Any) -> str | None:
        text = (value if type(value) is str else as_text(value)).strip()
        if not text:
            return None
        if not text.isprintable():
            text = _CONTROL.sub("", text)
            if not multiline:
                text = _LINE_BREAKS.sub(" ", text)
            text = text.strip()
        if len(text) * 2 > limit and utf16_length(text) > limit:
            raise ValueRejected("tooLong", f"{column.label} holds {limit} characters; the value is longer.")
        return text or None

    return convert


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


def _whole_number(column: Column, factor: int) -> Convert:
    def convert(value: Any) -> int | None:
        number = _number_of(value, column)
        if number is None:
            return None
        number *= factor
        _check_range(number, column)
        if number != number.to_integral_value() or not _LEAST_BIG_INT <= number <= _GREATEST_BIG_INT:
            raise ValueRejected("notAWholeNumber", f"{column.label} takes whole numbers; the value is none.")
        return int(number)

    return convert


def _decimal(column: Column, factor: int) -> Convert:
    step = Decimal(1).scaleb(-(2 if column.precision is None else column.precision))

    def convert(value: Any) -> float | None:
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


def _boolean(column: Column, _factor: int) -> Convert:
    words = {option.label.strip().casefold(): bool(option.value) for option in column.options}

    def convert(value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        if is_empty(value):
            return None
        word = str(value).strip().casefold()
        if word in words:
            return words[word]
        if word in _TRUE_WORDS or word in _FALSE_WORDS:
            return word in _TRUE_WORDS
        raise ValueRejected("notYesOrNo", f"{column.label} takes yes or no; the value is neither.")

    return convert


def _date(column: Column, _factor: int) -> Convert:
    parse = to_dataverse_date if column.behavior == "DateOnly" else to_dataverse_time

    def convert(value: Any) -> str | None:
        if is_empty(value):
            return None
        text = parse(str(value).strip())
        if text is None:
            raise ValueRejected(
                "notADate",
                f"{column.label} takes a date from 1753 to 9999, for example 2026-01-31; the value is none.",
            )
        return text

    return convert


def _choice(column: Column, _factor: int) -> Convert:
    numbers = {str(option.value): option.value for option in column.options}
    labels = {option.label.strip().casefold(): option.value for option in reversed(column.options)}
    labels |= {option.label.strip(): option.value for option in reversed(column.options)}

    def convert(value: Any) -> int | None:
        text = as_text(value).strip()
        if not text:
            return None
        found = labels.get(text, labels.get(text.casefold(), numbers.get(text)))
        if type(value) is int:
            found = numbers.get(text, found)
        if found is None:
            raise ValueRejected(
                "choiceNotFound", f"{column.label} has no such choice. It has: {_listed(column)}."
            )
        return found

    return convert


def _choices(column: Column, _factor: int) -> Convert:
    one = _choice(column, 1)
    with_comma = {label for option in column.options if "," in (label := option.label.strip().casefold())}

    def convert(value: Any) -> str | None:
        if is_empty(value):
            return None
        items = value if isinstance(value, list) else _split_labels(as_text(value), with_comma)
        numbers = {number for item in items if (number := one(item)) is not None}
        return ",".join(str(number) for number in sorted(numbers)) or None

    return convert


def _split_labels(text: str, with_comma: set[str]) -> list[str]:
    """The labels of a text: between semicolons, or commas where these are no part of a label."""
    parts = [part.strip() for part in text.split(";")]
    return [
        label for part in parts for label in ([part] if part.casefold() in with_comma else part.split(","))
    ]


def _listed(column: Column, limit: int = 8) -> str:
    shown = [f"{option.label} ({option.value})" for option in column.options[:limit]]
    more = len(column.options) - limit
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


_CONVERTERS: dict[ColumnType, Callable[[Column, int], Convert]] = {
    ColumnType.STRING: _line,
    ColumnType.MEMO: _memo,
    ColumnType.INTEGER: _whole_number,
    ColumnType.BIG_INT: _whole_number,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DOUBLE: _decimal,
    ColumnType.MONEY: _decimal,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE_TIME: _date,
    ColumnType.PICKLIST: _choice,
    ColumnType.MULTI_SELECT: _choices,
}
