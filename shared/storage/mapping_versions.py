"""The history of each mapping: the last versions, newest first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.domain.ids import ObjectType, TenantId, UserId
from shared.domain.mapping import Mapping
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.mapping_rows import pack_rows, unpack_rows
from shared.storage.table import AlreadyExists, Stored, TableStore
from shared.storage.times import from_text, to_text

KEPT = 50
_LATEST = 10**9 - 1
_WITHOUT_ROWS = ("updatedBy", "updatedAt", "isDefault", "rowCount", "restored", "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionNote:
    """Who made a version and when, without its rows.

    `is_default`: the default mapping came back. `restored`: the version whose rows came back, if any did.
    `tag` names the state of the mapping's own row, None where it had none.
    """

    version: int
    rows: int
    updated_by: UserId | None
    updated_at: str | None
    is_default: bool = False
    restored: int | None = None
    tag: str | None = None


class MappingVersionStore:
    """The last 50 versions of each mapping of a tenant."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def add(
        self,
        tenant: TenantId,
        mapping: Mapping,
        *,
        is_default: bool = False,
        restored: int | None = None,
        tag: str | None = None,
    ) -> int:
        """Keeps a version under its number, or the next free one, and drops the oldest; gives the number."""
        version, partition = mapping.version, key(tenant, mapping.object_type)
        while True:
            try:
                self._table.insert(
                    partition,
                    _row_key(version),
                    {
                        "updatedBy": mapping.updated_by,
                        "updatedAt": to_text(mapping.updated_at),
                        "isDefault": is_default,
                        "rowCount": len(mapping.rows),
                        "restored": restored,
                        "tag": tag,
                        **split_text("rows", json.dumps(pack_rows(mapping.rows))),
                    },
                )
            except AlreadyExists:
                version += 1
                continue
            self._drop_oldest(partition)
            return version

    def notes(self, tenant: TenantId, object_type: ObjectType) -> list[VersionNote]:
        """Who changed the mapping and when, newest first."""
        return list(self._notes(key(tenant, object_type)))

    def get(self, tenant: TenantId, object_type: ObjectType, version: int) -> Mapping | None:
        """The mapping as it was, None where that version is not kept or never was."""
        found = self._table.get(key(tenant, object_type), _row_key(version))
        return None if found is None else _mapping(object_type, version, found.value)

    def _notes(self, partition: str) -> Iterator[VersionNote]:
        for row in self._table.rows(partition, select=_WITHOUT_ROWS):
            yield _note(row)

    def _drop_oldest(self, partition: str) -> None:
        for note in list(self._notes(partition))[KEPT:]:
            self._table.delete(partition, _row_key(note.version))


def _row_key(version: int) -> str:
    """Newest first as text."""
    return f"{_LATEST - version:09d}"


def _note(row: Stored[dict[str, Any]]) -> VersionNote:
    kept = row.value
    updated_by = kept.get("updatedBy")
    return VersionNote(
        version=_LATEST - int(kept["RowKey"]),
        rows=kept["rowCount"],
        updated_by=UserId(updated_by) if updated_by else None,
        updated_at=kept.get("updatedAt"),
        is_default=bool(kept.get("isDefault")),
        restored=kept.get("restored"),
        tag=kept.get("tag"),
    )


def _mapping(object_type: ObjectType, version: int, kept: dict[str, Any]) -> Mapping:
    updated_by = kept.get("updatedBy")
    return Mapping(
        object_type=object_type,
        rows=unpack_rows(json.loads(join_text("rows", kept))),
        version=version,
        updated_by=UserId(updated_by) if updated_by else None,
        updated_at=from_text(kept.get("updatedAt")),
    )
