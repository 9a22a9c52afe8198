"""The row of each chunk of an export that is done."""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.domain.exports import Chunk, ChunkState, Counts
from shared.domain.ids import ExportId, TenantId
from shared.storage.keys import key
from shared.storage.table import Stored, TableStore
from shared.storage.times import from_text, to_text

_FIRST = "0"
"""Other rows of an export sort before the numbers of its chunks."""

_COUNTS = ("created", "updated", "unchanged", "skipped", "failed")


class ChunkStore:
    """Chunks by export, in the order of their numbers."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def put(self, tenant: TenantId, chunks: Iterable[Chunk]) -> None:
        """Keeps chunks of one export, whatever was there."""
        rows: dict[ExportId, list[tuple[str, dict[str, Any]]]] = {}
        for chunk in chunks:
            rows.setdefault(chunk.export, []).append((_row_key(chunk.number), _properties(chunk)))
        for export_id, properties in rows.items():
            if len(properties) == 1:
                self._table.put(key(tenant, export_id), *properties[0])
            else:
                self._table.put_many(key(tenant, export_id), properties)

    def get(self, tenant: TenantId, export_id: ExportId, number: int) -> Stored[Chunk] | None:
        """One chunk, None where none of that number is done."""
        found = self._table.get(key(tenant, export_id), _row_key(number))
        return None if found is None else Stored(_chunk(export_id, number, found.value), found.etag)

    def replace(self, tenant: TenantId, chunk: Chunk, etag: str) -> str:
        """Changes the chunk if it is still as it was read; gives the new tag."""
        return self._table.replace(
            key(tenant, chunk.export), _row_key(chunk.number), _properties(chunk), etag
        )

    def every(self, tenant: TenantId, export_id: ExportId, many: int) -> Iterator[Chunk]:
        """So many chunks of an export, in order. Of one that is not done the number alone is known."""
        done = {chunk.number: chunk for chunk in self.of(tenant, export_id)}
        for number in sorted({*range(1, many + 1), *done}):
            yield done.get(number) or Chunk(export=export_id, number=number, first=0, records=0)

    def of(self, tenant: TenantId, export_id: ExportId) -> Iterator[Chunk]:
        """The chunks of an export that are done, in order. Those of earlier versions have them all."""
        for row in self._table.rows(key(tenant, export_id), first=_FIRST):
            yield _chunk(export_id, int(row.value["RowKey"]), row.value)

    def delete_all(self, tenant: TenantId, export_id: ExportId) -> None:
        """Removes every chunk of an export."""
        self._table.delete_all(key(tenant, export_id))


def _row_key(number: int) -> str:
    return f"{number:06d}"


def _properties(chunk: Chunk) -> dict[str, Any]:
    return {
        "first": chunk.first,
        "records": chunk.records,
        "state": chunk.state.value,
        "leaseUntil": to_text(chunk.lease_until),
        "touchedAt": to_text(chunk.touched_at),
        **{name: getattr(chunk.counts, name) for name in _COUNTS},
    }


def _chunk(export_id: ExportId, number: int, row: dict[str, Any]) -> Chunk:
    return Chunk(
        export=export_id,
        number=number,
        first=row["first"],
        records=row["records"],
        state=ChunkState(row["state"]),
        lease_until=from_text(row.get("leaseUntil")),
        touched_at=from_text(row.get("touchedAt")),
        counts=Counts(**{name: row[name] for name in _COUNTS}),
    )
