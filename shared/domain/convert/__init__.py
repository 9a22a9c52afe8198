"""Conversion of a vendor's value into what a Dynamics column holds."""

from collections.abc import Callable

from shared.domain.convert.choices import choice, choices
from shared.domain.convert.moments import date_or_time
from shared.domain.convert.numbers import decimal, whole_number
from shared.domain.convert.text import line, memo, utf16_length
from shared.domain.convert.values import ColumnValue, Convert, ValueRejected, as_text, is_empty
from shared.domain.convert.yes_no import yes_or_no
from shared.domain.fields import STATE_TYPES, Column, ColumnType
from shared.domain.mapping import NO_OPTIONS, RowOptions

__all__ = ["ColumnValue", "Convert", "ValueRejected", "as_text", "converter", "is_empty", "utf16_length"]


def converter(column: Column, factor: int = 1, options: RowOptions = NO_OPTIONS) -> Convert:
    """The conversion for one column. Numbers are multiplied by `factor`, the vendor field's unit."""
    if (build := _CONVERTERS.get(column.type)) is not None:
        return build(column, options)
    if (build_number := _OF_NUMBERS.get(column.type)) is not None:
        return build_number(column, factor)
    if column.type in STATE_TYPES and column.options:
        return choice(column, options)
    raise ValueRejected("columnNotMappable", f"{column.label} cannot be filled by a mapping.")


_CONVERTERS: dict[ColumnType, Callable[[Column, RowOptions], Convert]] = {
    ColumnType.STRING: line,
    ColumnType.MEMO: memo,
    ColumnType.BOOLEAN: yes_or_no,
    ColumnType.DATE_TIME: date_or_time,
    ColumnType.PICKLIST: choice,
    ColumnType.MULTI_SELECT: choices,
}

_OF_NUMBERS: dict[ColumnType, Callable[[Column, int], Convert]] = {
    ColumnType.INTEGER: whole_number,
    ColumnType.BIG_INT: whole_number,
    ColumnType.DECIMAL: decimal,
    ColumnType.DOUBLE: decimal,
    ColumnType.MONEY: decimal,
}
