"""Rows in and out of SQLite: inserts grouped by the columns they fill, updates, deletes, look-ups by id."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import TableModel
from local.emulators.dataverse.store import Store, key_column, quoted

IDS_AT_ONCE: Final = 500
Row = dict[str, Any]


class Rows:
    """The rows of one table."""

    def __init__(self, store: Store, model: TableModel) -> None:
        self.store = store
        self.model = model
        self._name = quoted(model.name)
        self._id = quoted(model.table.primary_id)
        self._inserts: dict[tuple[str, ...], str] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def insert(self, rows: Iterable[Row]) -> None:
        """Adds the rows, each with its primary key; refuses a taken key in Dataverse's words."""
        groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for row in rows:
            groups.setdefault(tuple(row), []).append(tuple(row.values()))
        try:
            for columns, values in groups.items():
                self.store.connection.executemany(self._insert_statement(columns), values)
        except sqlite3.IntegrityError as error:
            raise self._conflict(error) from error

    def update(self, row_id: str, changes: Row) -> None:
        """Sets columns of one row."""
        columns = ", ".join(f"{quoted(name)} = ?" for name in changes)
        statement = f"UPDATE {self._name} SET {columns} WHERE {self._id} = ?"
        try:
            self.store.connection.execute(statement, (*changes.values(), row_id))
        except sqlite3.IntegrityError as error:
            raise self._conflict(error) from error

    def delete(self, row_id: str) -> bool:
        """Removes one row; False where there was none."""
        statement = f"DELETE FROM {self._name} WHERE {self._id} = ?"
        return self.store.connection.execute(statement, (row_id,)).rowcount > 0

    def exists(self, row_id: str) -> bool:
        """Whether a row has this primary key."""
        statement = f"SELECT 1 FROM {self._name} WHERE {self._id} = ?"
        return self.store.connection.execute(statement, (row_id,)).fetchone() is not None

    def fetch(self, ids: Sequence[str], columns: Sequence[str]) -> dict[str, Row]:
        """The asked columns of the rows that exist, by primary key."""
        names = self._listed(tuple(columns))
        found: dict[str, Row] = {}
        for start in range(0, len(ids), IDS_AT_ONCE):
            part = ids[start : start + IDS_AT_ONCE]
            marks = ",".join("?" * len(part))
            statement = f"SELECT {names} FROM {self._name} WHERE {self._id} IN ({marks})"
            for row_id, *values in self.store.connection.execute(statement, part):
                found[row_id] = dict(zip(columns, values, strict=True))
        return found

    def find(self, key: Mapping[str, Any]) -> str | None:
        """The primary key of the row with these kept values, texts already folded by the caller."""
        conditions = " AND ".join(f"{quoted(key_column(self.model, name))} = ?" for name in key)
        statement = f"SELECT {self._id} FROM {self._name} WHERE {conditions} LIMIT 1"
        found = self.store.connection.execute(statement, tuple(key.values())).fetchone()
        return found[0] if found else None

    def count(self) -> int:
        """How many rows there are."""
        (number,) = self.store.connection.execute(f"SELECT count(*) FROM {self._name}").fetchone()
        return int(number)

    def _listed(self, columns: tuple[str, ...]) -> str:
        """The primary key and these columns as a SELECT lists them."""
        names = self._lists.get(columns)
        if names is None:
            names = self._lists[columns] = ", ".join([self._id, *map(quoted, columns)])
        return names

    def _insert_statement(self, columns: tuple[str, ...]) -> str:
        statement = self._inserts.get(columns)
        if statement is None:
            given = set(columns)
            defaults = {name: value for name, value in self.model.defaults.items() if name not in given}
            names = ", ".join(map(quoted, [*columns, *defaults]))
            values = ", ".join(["?"] * len(columns) + [str(value) for value in defaults.values()])
            statement = f"INSERT INTO {self._name} ({names}) VALUES ({values})"
            self._inserts[columns] = statement
        return statement

    def _conflict(self, error: sqlite3.IntegrityError) -> errors.DataverseError:
        taken = {part.strip().rpartition(".")[2] for part in str(error).partition(":")[2].split(",")}
        for key, columns in self.model.table.keys:
            if taken == {key_column(self.model, name) for name in columns}:
                return errors.alternate_key_taken(key, columns)
        return errors.key_exists()
