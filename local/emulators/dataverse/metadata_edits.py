"""Changes of a table while the emulator runs, as customizers make them in a real organization."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from local.emulators.dataverse.schema import (
    LOOKUPS,
    Column,
    ColumnType,
    Option,
    RequiredLevel,
    Table,
)

FIELDS = frozenset(one.name for one in fields(Column))


class ColumnEditError(ValueError):
    """A change of a table that cannot be made; the message says why and what to do."""


def metadata_version(tables: Mapping[str, Table]) -> str:
    """The globalmetadataversion: another number after any change, the same one for the same tables."""
    return str(zlib.crc32(repr(sorted(tables.items())).encode()))


def with_column(table: Table, column_spec: Mapping[str, Any]) -> Table:
    """The table with one more column: `{"schema_name": "new_Id", "type": "String", ...}`, fields of Column.

    `options` is a mapping from value to label; a lookup's bind name is its schema name.
    """
    column = _column(column_spec)
    if column.name in table.columns:
        raise ColumnEditError(
            f"{table.logical_name} has a column {column.name} already: change it, or choose another name."
        )
    return replace(
        table,
        columns=table.columns | {column.name: column},
        navigation=table.navigation | _bind_names(column),
    )


def without_column(table: Table, name: str) -> Table:
    """The table without the column, the columns that belong to it, its bind names and its keys."""
    column = _existing(table, name)
    if column.required == RequiredLevel.SYSTEM:
        raise ColumnEditError(f"{table.logical_name}.{name} is a system column: it cannot be removed.")
    gone = {one.name for one in table.columns.values() if name in {one.name, one.attribute_of}}
    return replace(
        table,
        columns={one: column for one, column in table.columns.items() if one not in gone},
        navigation={bind: to for bind, to in table.navigation.items() if to[0] not in gone},
        keys=tuple(key for key in table.keys if gone.isdisjoint(key[1])),
    )


def with_changed_column(table: Table, name: str, changes: Mapping[str, Any]) -> Table:
    """The table with other values of some fields of one column, such as `{"max_length": 50}`."""
    column = replace(_existing(table, name), **_values(changes))
    return replace(table, columns=table.columns | {name: column})


def with_key(table: Table, key_name: str, columns: tuple[str, ...]) -> Table:
    """The table with one more alternate key over existing columns."""
    for name in columns:
        _existing(table, name)
    return replace(table, keys=(*table.keys, (key_name, columns)))


def _existing(table: Table, name: str) -> Column:
    if name not in table.columns:
        raise ColumnEditError(f"{table.logical_name} has no column {name}: use its logical name.")
    return table.columns[name]


def _column(column_spec: Mapping[str, Any]) -> Column:
    missing = {"schema_name", "type"} - column_spec.keys()
    if missing:
        raise ColumnEditError(f"a new column needs {' and '.join(sorted(missing))}.")
    defaults: dict[str, Any] = {"name": str(column_spec["schema_name"]).lower(), "custom": True}
    return Column(**(defaults | _values(column_spec)))


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    unknown = given.keys() - FIELDS
    if unknown:
        raise ColumnEditError(
            f"a column has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(FIELDS))}."
        )
    try:
        return {name: _READERS[name](value) if name in _READERS else value for name, value in given.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise ColumnEditError(f"a column's value is not understood: {error}.") from error


def _options(given: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(int(value), text) for value, text in given.items())


_READERS: dict[str, Callable[[Any], object]] = {
    "type": ColumnType,
    "required": RequiredLevel,
    "options": _options,
    "targets": tuple,
}


def _bind_names(column: Column) -> dict[str, tuple[str, str]]:
    if column.type not in LOOKUPS:
        return {}
    if len(column.targets) == 1:
        return {column.schema_name: (column.name, column.targets[0])}
    return {f"{column.schema_name}_{target}": (column.name, target) for target in column.targets}
