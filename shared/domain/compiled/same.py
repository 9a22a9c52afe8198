"""Whether Dynamics holds a value already, as its column's type compares."""

from typing import Any

from shared.domain.compiled.lookups import id_in
from shared.domain.convert import ColumnValue
from shared.domain.fields import Column, ColumnType

PLAIN_TYPES = frozenset(
    {ColumnType.STRING, ColumnType.MEMO, ColumnType.PICKLIST, ColumnType.STATE, ColumnType.STATUS},
)
"""Types whose values are the same only when they are equal."""


def same_value(column: Column, existing: Any, value: ColumnValue) -> bool:
    """Whether Dynamics already holds the value."""
    if existing is None:
        return False
    if column.is_lookup:
        return bool(str(existing).casefold() == id_in(str(value)).casefold())
    if isinstance(existing, str) and column.type in _AS_TEXT:
        return _AS_TEXT[column.type](existing, str(value))
    if isinstance(existing, float) or isinstance(value, float):
        return _close(existing, value, column.precision or 2)
    return bool(existing == value)


def _same_moment(existing: str, value: str) -> bool:
    return existing[: len(value)].rstrip("Z") == value.rstrip("Z")


def _same_choices(existing: str, value: str) -> bool:
    return set(existing.split(",")) == set(value.split(","))


def _close(existing: Any, value: Any, precision: int) -> bool:
    try:
        return bool(abs(float(existing) - float(value)) <= 10.0**-precision / 2)
    except (TypeError, ValueError):
        return False


_AS_TEXT = {ColumnType.DATE_TIME: _same_moment, ColumnType.MULTI_SELECT: _same_choices}
