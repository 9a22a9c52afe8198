"""Conversion into date columns: in the row's own format, else as the vendors write dates."""

from typing import Any

from shared.domain.convert.values import Convert, ValueRejected, is_empty
from shared.domain.dates import date_format, to_dataverse_date, to_dataverse_time
from shared.domain.fields import Column
from shared.domain.mapping import RowOptions


def date_or_time(column: Column, options: RowOptions) -> Convert:
    """A day, or a moment in UTC, as the column's behavior asks for."""
    parse = to_dataverse_date if column.behavior == "DateOnly" else to_dataverse_time
    try:
        own = None if options.date_format is None else date_format(options.date_format)
    except ValueError as error:
        return _refuse_all(f"{column.label} cannot be read: {error}.")
    example = "2026-01-31" if options.date_format is None else options.date_format

    def convert(value: Any) -> str | None:
        if type(value) is not str and is_empty(value):
            return None
        written = str(value).strip()
        if not written:
            return None
        text = parse(written, own)
        if text is None:
            raise ValueRejected(
                "notADate",
                f"{column.label} takes a date from 1753 to 9999, for example {example}; the value is none.",
            )
        return text

    return convert


def _refuse_all(sentence: str) -> Convert:
    """A format that nobody verified refuses its values, not its mapping."""

    def convert(value: Any) -> str | None:
        if is_empty(value):
            return None
        raise ValueRejected("dateFormatInvalid", sentence)

    return convert
