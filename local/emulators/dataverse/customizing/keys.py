"""Alternate keys as customizers describe them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.labels import read_label
from local.emulators.dataverse.customizing.names import schema_name
from local.emulators.dataverse.schema import Column, ColumnType, Table

# "Define alternate keys for a table": the types, and the most of everything.
FITTING: Final = frozenset(
    {
        ColumnType.DECIMAL,
        ColumnType.INTEGER,
        ColumnType.STRING,
        ColumnType.DATE_TIME,
        ColumnType.LOOKUP,
        ColumnType.PICKLIST,
    }
)
MOST_KEYS: Final = 10
MOST_COLUMNS: Final = 16
MOST_BYTES: Final = 900
WIDTHS: Final = {ColumnType.LOOKUP: 16, ColumnType.DECIMAL: 13, ColumnType.DATE_TIME: 8}


def with_new_key(table: Table, body: Mapping[str, Any]) -> Table:
    """The table with one more alternate key."""
    name = schema_name(body.get("SchemaName"), "EntityKey")
    given = body.get("KeyAttributes")
    if not isinstance(given, list) or not given:
        raise refusals.invalid("KeyAttributes has to be a list of logical names.")
    columns = tuple(_fitting(table, one) for one in given)
    _refuse_too_much(table, columns)
    names = tuple(one.name for one in columns)
    for key, present in table.keys:
        if key.lower() == name.lower():
            raise refusals.key_taken(name, table.logical_name)
        if set(present) == set(names):
            raise refusals.key_columns_taken()
    texts = read_label(body, "DisplayName")
    labels = table.key_labels | ({name: texts.english} if texts else {})
    return replace(table, keys=(*table.keys, (name, names)), key_labels=labels)


def without_key(table: Table, name: str) -> Table:
    """The table without the key."""
    return replace(
        table,
        keys=tuple(key for key in table.keys if key[0] != name),
        key_labels={key: text for key, text in table.key_labels.items() if key != name},
    )


def _fitting(table: Table, name: object) -> Column:
    column = table.columns.get(name) if isinstance(name, str) else None
    if column is None:
        raise refusals.column_missing(table.logical_name, str(name))
    if column.type not in FITTING or column.attribute_of:
        raise refusals.key_impossible(f"a column of the type {column.type} cannot be part of a key ({name}).")
    return column


def _refuse_too_much(table: Table, columns: tuple[Column, ...]) -> None:
    if len(table.keys) >= MOST_KEYS:
        raise refusals.key_impossible(f"{table.logical_name} has {MOST_KEYS} keys, and cannot have more.")
    if len(columns) > MOST_COLUMNS:
        raise refusals.key_impossible(f"a key has {MOST_COLUMNS} columns at most, not {len(columns)}.")
    width = sum(WIDTHS.get(one.type, 2 * one.max_length if one.max_length else 4) for one in columns)
    if width > MOST_BYTES:
        raise refusals.key_impossible(f"a key has {MOST_BYTES} bytes at most, not {width}.")
