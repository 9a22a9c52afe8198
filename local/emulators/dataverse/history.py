"""What was changed in rows, by whom and when: kept beside the rows, within their transactions.

Creations leave nothing here (createdon and createdby tell them), so that bulk writes cost the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from local.emulators.dataverse.store import Store

Change = tuple[str, Any, Any]  # column, old and new value as they are kept

CREATE: Final = (
    'CREATE TABLE IF NOT EXISTS "~history" '
    '(id INTEGER PRIMARY KEY, "table" TEXT, row TEXT, at TEXT, by TEXT, changes BLOB)'
)
INDEX: Final = 'CREATE INDEX IF NOT EXISTS "~history~row" ON "~history" (row)'
INSERT: Final = 'INSERT INTO "~history" ("table", row, at, by, changes) VALUES (?, ?, ?, ?, ?)'
LONGEST_TEXT: Final = 2_000
TRIMMED_PART: Final = 100  # forgetting waits until a hundredth of the limit has come


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes something, by systemuser id, and when."""

    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a row, column by column; without columns it is the row's deletion."""

    stamp: Stamp
    changes: tuple[Change, ...]


class History:
    """The changes of all rows of one organization, the oldest ones forgotten over a limit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since_trim = 0
        store.connection.execute(CREATE)
        store.connection.execute(INDEX)

    def add(
        self, table: str, revisions: Iterable[tuple[str, Sequence[Change]]], stamp: Stamp, *, limit: int
    ) -> None:
        """Notes changes by row id, at most `limit` in all; the caller's transaction holds them too."""
        lines = [(table, row_id, stamp.at, stamp.by, orjson.dumps(changes)) for row_id, changes in revisions]
        if limit <= 0 or not lines:
            return
        self._store.connection.executemany(INSERT, lines)
        self._since_trim += len(lines)
        if self._since_trim > limit // TRIMMED_PART:
            self._since_trim = 0
            statement = 'DELETE FROM "~history" WHERE id <= (SELECT max(id) FROM "~history") - ?'
            self._store.connection.execute(statement, (limit,))

    def of_row(self, table: str, row_id: str) -> list[Revision]:
        """The changes of a row, latest first."""
        statement = 'SELECT at, by, changes FROM "~history" WHERE row = ? AND "table" = ? ORDER BY id DESC'
        return [
            Revision(Stamp(at, by), tuple(tuple(one) for one in orjson.loads(changes)))
            for at, by, changes in self._store.connection.execute(statement, (row_id, table))
        ]

    def forget(self, table: str) -> None:
        """Forgets a table's changes."""
        self._store.connection.execute('DELETE FROM "~history" WHERE "table" = ?', (table,))


def differences(before: Mapping[str, Any], values: Mapping[str, Any]) -> list[Change]:
    """The columns that get another value, among those whose old value is known."""
    return [
        (name, _shortened(before[name]), _shortened(value))
        for name, value in values.items()
        if name in before and before[name] != value
    ]


def _shortened(value: Any) -> Any:
    """A value as the history keeps it: the beginning of a long text is enough to recognize it."""
    return value[:LONGEST_TEXT] + "…" if isinstance(value, str) and len(value) > LONGEST_TEXT else value
