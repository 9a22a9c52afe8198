"""A row's history as a page shows it: labels, formatted values, names instead of ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.emulators.dataverse.annotations import RowsOf
from local.emulators.dataverse.history import Change, Revision
from local.emulators.dataverse.model import TYPE_SUFFIX
from local.emulators.dataverse.pages_values import FORMATTED, LOOKUP_TABLE, Cell, cell, moment_text
from local.emulators.dataverse.schema import LOOKUPS, Column, ColumnType, Table


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One column's old and new value."""

    label: str
    name: str
    old: Cell
    new: Cell


@dataclass(frozen=True, slots=True)
class ShownRevision:
    """Who changed what and when; without changes it is the creation or the deletion that `verb` says."""

    at: str
    by: Cell
    verb: str
    changes: tuple[ShownChange, ...] = ()


class HistoryReader:
    """Turns kept changes into shown ones."""

    def __init__(self, table: Table, rows_of: RowsOf) -> None:
        self._table = table
        self._rows_of = rows_of

    def shown(self, revision: Revision) -> ShownRevision:
        """One revision."""
        types = {name: (old, new) for name, old, new in revision.changes if name.endswith(TYPE_SUFFIX)}
        changes = tuple(self._change(change, types) for change in revision.changes if "~" not in change[0])
        verb = "changed" if revision.changes else "deleted"
        return ShownRevision(moment_text(revision.stamp.at), self.person(revision.stamp.by), verb, changes)

    def person(self, user_id: str) -> Cell:
        """A user by name, with a link."""
        return Cell(self._name("systemuser", user_id) or user_id, f"/view/systemuser/{user_id}")

    def _change(self, change: Change, types: Mapping[str, tuple[str | None, str | None]]) -> ShownChange:
        name, old, new = change
        column = self._table.columns.get(name)
        if column is None:
            return ShownChange(name, name, Cell(str(old or "")), Cell(str(new or "")))
        before, after = types.get(name + TYPE_SUFFIX, (None, None))
        label = column.label or name
        return ShownChange(label, name, self._cell(column, old, before), self._cell(column, new, after))

    def _cell(self, column: Column, value: Any, target: str | None) -> Cell:
        if column.type is ColumnType.IMAGE:
            return Cell("(an image)" if value else "")
        row = {column.wire_name: value}
        if value is not None and column.type in LOOKUPS:
            for table in _candidates(column, target):
                named = self._name(table, value)
                if named:
                    row |= {f"{column.wire_name}@{FORMATTED}": named}
                    row |= {f"{column.wire_name}@{LOOKUP_TABLE}": table}
                    break
        return cell(column, row)

    def _name(self, table: str, row_id: str) -> str | None:
        rows = self._rows_of(table)
        primary = rows.model.table.primary_name if rows else None
        known = rows.fetch([row_id], [primary]).get(row_id, {}) if rows and primary else {}
        return known.get(primary) if primary else None


def _candidates(column: Column, target: str | None) -> Iterator[str]:
    for table in [target] if target else column.targets or ("owner",):
        yield from ("systemuser", "team") if table == "owner" else (table,)
