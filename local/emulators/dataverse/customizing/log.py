"""What customizers did to an organization, kept in its SQLite file: definitions, changes, deletions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson

from local.emulators.dataverse.metadata_parts import metadata_id
from local.emulators.dataverse.schema import GlobalChoice, Table
from local.emulators.dataverse.store import Store

SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS "~definitions"
        (kind TEXT, name TEXT, content TEXT, PRIMARY KEY (kind, name));
    CREATE TABLE IF NOT EXISTS "~changes"
        (kind TEXT, id TEXT, version INTEGER, deleted INTEGER, PRIMARY KEY (kind, id));
"""


class ItemKind(StrEnum):
    """The kinds of things whose changes are told apart, with the names of DeletedMetadataFilters."""

    ENTITY = "Entity"
    ATTRIBUTE = "Attribute"
    RELATIONSHIP = "Relationship"
    KEY = "Key"
    OPTION_SET = "OptionSet"
    START = "Start"  # not a thing: since when changes are known


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept definition: a "table", the "changes" of a first description, or a "choice"."""

    kind: str
    name: str
    content: Any


class DefinitionLog:
    """The log of one organization."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._execute = store.connection.execute
        store.connection.executescript(SCHEMA)
        (highest,) = self._execute('SELECT max(version) FROM "~changes"').fetchone()
        if highest is None:
            self._write(ItemKind.START, "", deleted=False)
        else:
            store.continue_after(highest)

    def kept(self) -> list[Kept]:
        """All kept definitions, in the order of their first writing."""
        rows = self._execute('SELECT kind, name, content FROM "~definitions" ORDER BY rowid')
        return [Kept(kind, name, orjson.loads(content)) for kind, name, content in rows]

    def keep(self, one: Kept) -> None:
        """Writes or replaces a definition."""
        self._execute(
            'INSERT INTO "~definitions" VALUES (?, ?, ?)'
            " ON CONFLICT DO UPDATE SET content = excluded.content",
            (one.kind, one.name, orjson.dumps(one.content).decode()),
        )

    def drop(self, kind: str, name: str) -> None:
        """Forgets a definition, if it is kept."""
        self._execute('DELETE FROM "~definitions" WHERE kind = ? AND name = ?', (kind, name))

    def note(self, before: Table | None, after: Table | None) -> None:
        """Notes what has changed between two states of a table; None where it did not or does not exist."""
        old, new = _items(before), _items(after)
        for item, state in new.items():
            if old.get(item) != state:
                self._write(*item, deleted=False)
        for item in old.keys() - new.keys():
            self._write(*item, deleted=True)

    def note_choice(self, choice: GlobalChoice, *, deleted: bool) -> None:
        """Notes a change of a global choice."""
        self._write(ItemKind.OPTION_SET, metadata_id("choice", choice.name), deleted=deleted)

    @property
    def version(self) -> int:
        """The version of the last change."""
        (highest,) = self._execute('SELECT max(version) FROM "~changes"').fetchone()
        return int(highest)

    @property
    def start(self) -> int:
        """The version since which all changes are known."""
        (version,) = self._execute(
            'SELECT version FROM "~changes" WHERE kind = ?', (ItemKind.START,)
        ).fetchone()
        return int(version)

    def changed(self, since: int) -> set[str]:
        """The ids of all that was made or changed after a version."""
        rows = self._execute('SELECT id FROM "~changes" WHERE version > ? AND NOT deleted', (since,))
        return {row[0] for row in rows}

    def deleted(self, since: int, kind: ItemKind) -> list[str]:
        """The ids of what was deleted after a version, in that order."""
        statement = 'SELECT id FROM "~changes" WHERE version > ? AND deleted AND kind = ? ORDER BY version'
        return [row[0] for row in self._execute(statement, (since, kind))]

    def clear(self) -> None:
        """Forgets everything: what clients remember of before is out of date."""
        self._execute('DELETE FROM "~definitions"')
        self._execute('DELETE FROM "~changes"')
        self._write(ItemKind.START, "", deleted=False)

    def _write(self, kind: ItemKind, its_id: str, *, deleted: bool) -> None:
        self._execute(
            'INSERT OR REPLACE INTO "~changes" VALUES (?, ?, ?, ?)',
            (kind, its_id, self._store.next_version(), int(deleted)),
        )


def _items(table: Table | None) -> Mapping[tuple[ItemKind, str], object]:
    """Everything in a table that has an id, with what tells whether it has changed."""
    if table is None:
        return {}
    name = table.logical_name
    found: dict[tuple[ItemKind, str], object] = {(ItemKind.ENTITY, metadata_id(name)): _own(table)}
    for column in table.columns.values():
        found[ItemKind.ATTRIBUTE, metadata_id(name, column.name)] = column
        if column.options and column.global_set is None:
            found[ItemKind.OPTION_SET, metadata_id(name, column.name, "options")] = column.options
    for bind, to in table.navigation.items():
        found[ItemKind.RELATIONSHIP, metadata_id(name, "navigation", bind)] = (
            to,
            table.relationships.get(bind),
        )
    if table.intersect:
        found[ItemKind.RELATIONSHIP, metadata_id(name, "intersect")] = table.intersect
    return found | _keys(table)


def _keys(table: Table) -> dict[tuple[ItemKind, str], object]:
    return {
        (ItemKind.KEY, metadata_id(table.logical_name, "key", key)): columns for key, columns in table.keys
    }


def _own(table: Table) -> Iterable[object]:
    """What the table's own definition shows, without its parts."""
    labels = (table.label, table.collection_label, table.translations, table.collection_translations)
    return (*labels, table.description, table.primary_name, dict(table.settings))
