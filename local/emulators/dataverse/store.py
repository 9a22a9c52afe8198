"""One organization's SQLite database: transactions that nest, row versions that only grow."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from local.emulators.dataverse.model import FOLDED_SUFFIX, TableModel
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.values import fold

FIRST_VERSION: Final = 1_000_000
# Lookups that nearly every row fills, and that nobody follows back often enough to pay for an index.
ON_EVERY_ROW: Final = frozenset(
    {
        "createdby",
        "createdonbehalfby",
        "modifiedby",
        "modifiedonbehalfby",
        "owningbusinessunit",
        "owningteam",
        "owninguser",
        "transactioncurrencyid",
    }
)
VERSIONS_SKIPPED_AT_START: Final = 1_000  # rows deleted before the stop may have had the highest ones


@cache
def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class Store:
    """The rows of one organization; everything runs on the one thread that opened it."""

    def __init__(self, path: Path | None) -> None:
        self.connection = sqlite3.connect(
            str(path) if path else ":memory:", isolation_level=None, cached_statements=2048
        )
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "temp_store=MEMORY", "cache_size=-262144"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.create_function("fold", 1, fold, deterministic=True)
        self.undone: Callable[[], None] = lambda: None  # called after a transaction was rolled back
        self._depth = 0
        self._version = FIRST_VERSION

    def close(self) -> None:
        """Writes what is left in the log back into the file."""
        self.connection.close()

    def next_version(self) -> int:
        """A number greater than every row's version."""
        self._version += 1
        return self._version

    def continue_after(self, version: int) -> None:
        """Makes all further versions greater than this one."""
        self._version = max(self._version, version + VERSIONS_SKIPPED_AT_START)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another one, a savepoint of it."""
        name = f"level{self._depth}"
        self.connection.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            self.connection.execute(f"ROLLBACK TO {name}" if self._depth else "ROLLBACK")
            self.undone()
            raise
        self._depth -= 1
        self.connection.execute(f"RELEASE {name}" if self._depth else "COMMIT")

    def prepare(self, model: TableModel) -> None:
        """Creates the table, or adds what its description has gained since."""
        columns = dict(model.stored())
        present = set(self._columns(model))
        if not present:
            lines = ", ".join(f"{quoted(name)} {affinity}" for name, affinity in columns.items())
            self.connection.execute(f"CREATE TABLE {quoted(model.name)} ({lines})")
            present = set(columns)
        for name in columns.keys() - present:
            self._add_column(model, name, columns[name])
        self._prepare_indexes(model)
        self._continue_versions(model)

    def drop_column(self, model: TableModel, column: str) -> None:
        """Removes a column with its values from the table that `model` describes without it."""
        kept = dict(model.stored())
        self._prepare_indexes(model)
        for name in self._columns(model):
            if name.partition("~")[0] == column and name not in kept:
                self.connection.execute(f"ALTER TABLE {quoted(model.name)} DROP COLUMN {quoted(name)}")

    def drop_table(self, model: TableModel) -> None:
        """Removes a table with its rows."""
        self.connection.execute(f"DROP TABLE IF EXISTS {quoted(model.name)}")

    def clear(self, model: TableModel) -> None:
        """Removes every row of a table."""
        self.connection.execute(f"DELETE FROM {quoted(model.name)}")

    def _add_column(self, model: TableModel, name: str, affinity: str) -> None:
        table = quoted(model.name)
        self.connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {affinity}")
        if name.endswith(FOLDED_SUFFIX):
            source = quoted(name.removesuffix(FOLDED_SUFFIX))
            self.connection.execute(f"UPDATE {table} SET {quoted(name)} = fold({source})")

    def _columns(self, model: TableModel) -> list[str]:
        return [row[1] for row in self.connection.execute(f"PRAGMA table_info({quoted(model.name)})")]

    def _prepare_indexes(self, model: TableModel) -> None:
        """Creates the indexes that the table is to have, and drops those of keys and columns that went."""
        wanted = indexes(model)
        present = dict(
            self.connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (model.name,)
            ).fetchall()
        )
        for name, statement in present.items():
            if wanted.get(name) != statement:
                self.connection.execute(f"DROP INDEX {quoted(name)}")
        for name, statement in wanted.items():
            if present.get(name) != statement:
                self.connection.execute(statement)

    def _continue_versions(self, model: TableModel) -> None:
        if "versionnumber" not in dict(model.stored()):
            return
        (highest,) = self.connection.execute(
            f"SELECT max(versionnumber) FROM {quoted(model.name)}"
        ).fetchone()
        if highest is not None:
            self.continue_after(highest)


def key_column(model: TableModel, name: str) -> str:
    """The column that carries a key part: texts are unique without regard to case."""
    return name + FOLDED_SUFFIX if name in model.folded else name


def followed(model: TableModel) -> list[str]:
    """The lookups that rows are found by from the row that they point at."""
    lookups = {ColumnType.LOOKUP, ColumnType.CUSTOMER}
    columns = (prop.column for prop in model.properties.values() if prop.column.type in lookups)
    found = {one.name for one in columns if one.name not in ON_EVERY_ROW}
    return sorted(found | set(model.table.intersect.attributes if model.table.intersect else ()))


def indexes(model: TableModel) -> dict[str, str]:
    """The statements that create a table's indexes, by name."""
    table = quoted(model.name)
    wanted = {model.name + "~id": ("UNIQUE INDEX", [model.table.primary_id])}
    for column in sorted(model.folded):
        wanted[f"{model.name}~{column}"] = ("INDEX", [column + FOLDED_SUFFIX])
    found = {
        name: f"CREATE INDEX {quoted(name)} ON {table} ({quoted(column)}) WHERE {quoted(column)} IS NOT NULL"
        for name, column in ((f"{model.name}~to~{column}", column) for column in followed(model))
    }
    for key, columns in model.table.keys:
        wanted[f"{model.name}~key~{key}"] = ("UNIQUE INDEX", [key_column(model, name) for name in columns])
    return found | {
        name: f"CREATE {kind} {quoted(name)} ON {table} ({', '.join(map(quoted, columns))})"
        for name, (kind, columns) in wanted.items()
    }
