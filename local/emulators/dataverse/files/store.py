"""The files and images of rows, kept in the organization's SQLite database."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from local.emulators.dataverse.store import Store

SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS "~files"
        (id TEXT PRIMARY KEY, "table" TEXT, row TEXT, "column" TEXT, name TEXT, mime TEXT, content BLOB);
    CREATE UNIQUE INDEX IF NOT EXISTS "~files~place" ON "~files" ("table", row, "column");
"""
COLUMNS: Final = 'id, "table", row, "column", name, mime, content'


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: a column of a row."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class File:
    """One file with its content."""

    id: str
    place: Place
    name: str
    mime: str
    content: bytes


class FileStore:
    """The files of one organization."""

    def __init__(self, store: Store) -> None:
        self._execute = store.connection.execute
        store.connection.executescript(SCHEMA)

    def put(self, place: Place, name: str, mime: str, content: bytes) -> File:
        """Keeps a file in the place of an earlier one, under a new id."""
        self.remove(place)
        file = File(str(uuid4()), place, name, mime, content)
        self._execute(
            f'INSERT INTO "~files" ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)',
            (file.id, place.table, place.row, place.column, name, mime, content),
        )
        return file

    def at(self, place: Place) -> File | None:
        """The file of a column of a row."""
        return self._one('"table" = ? AND row = ? AND "column" = ?', place.table, place.row, place.column)

    def by_id(self, file_id: str) -> File | None:
        """The file with an id."""
        return self._one("id = ?", file_id.lower())

    def remove(self, place: Place) -> None:
        """Forgets the file of a column of a row."""
        self._execute(
            'DELETE FROM "~files" WHERE "table" = ? AND row = ? AND "column" = ?',
            (place.table, place.row, place.column),
        )

    def remove_row(self, table: str, row: str) -> None:
        """Forgets the files of a row."""
        self._execute('DELETE FROM "~files" WHERE "table" = ? AND row = ?', (table, row))

    def remove_column(self, table: str, column: str) -> None:
        """Forgets the files of a column."""
        self._execute('DELETE FROM "~files" WHERE "table" = ? AND "column" = ?', (table, column))

    def remove_table(self, table: str) -> None:
        """Forgets the files of a table."""
        self._execute('DELETE FROM "~files" WHERE "table" = ?', (table,))

    def clear(self) -> None:
        """Forgets everything."""
        self._execute('DELETE FROM "~files"')

    def _one(self, condition: str, *values: str) -> File | None:
        found = self._execute(f'SELECT {COLUMNS} FROM "~files" WHERE {condition}', values).fetchone()
        if found is None:
            return None
        its_id, table, row, column, name, mime, content = found
        return File(its_id, Place(table, row, column), name, mime, content)
