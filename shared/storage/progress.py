"""The row that says how far an export has come."""

import json
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from shared.domain.exports import Counts
from shared.domain.ids import ExportId, TenantId
from shared.domain.progress import Lane, Progress
from shared.storage.keys import key
from shared.storage.table import AlreadyExists, Changed, Stored, TableStore
from shared.storage.times import required, to_text

ROW = "-progress"
"""Sorts before the numbers of the chunks, beside which it lies."""

_COUNTS = ("created", "updated", "unchanged", "skipped", "failed")
_REMEMBERED = 64
_UNKNOWN = ""
"""The ETag of a row whose change was not answered yet."""

T = TypeVar("T")


class ProgressStore:
    """One row an export, in the table of chunks. Safe to share between threads.

    It is changed once a chunk by each lane. What this process wrote last is remembered, so that a change
    reads the row only where another process was quicker.
    """

    def __init__(self, table: TableStore) -> None:
        self._table = table
        self._seen: OrderedDict[str, Stored[Progress]] = OrderedDict()
        self._locks: OrderedDict[str, Lock] = OrderedDict()
        self._lock = Lock()

    def get(self, tenant: TenantId, export_id: ExportId) -> Progress | None:
        """How far the export has come; None before it is cut, and for those of earlier versions."""
        stored = self._read(key(tenant, export_id))
        return None if stored is None else stored.value

    def is_all_taken(self, tenant: TenantId, export_id: ExportId) -> bool:
        """Whether every chunk is done or under way, as far as this process knows without asking."""
        seen = self._seen.get(key(tenant, export_id))
        return seen is not None and seen.value.whole and not seen.value.waits

    def add(self, tenant: TenantId, export_id: ExportId, progress: Progress) -> Progress:
        """Keeps the first row; gives the one that is there where somebody else was quicker."""
        partition = key(tenant, export_id)
        try:
            etag = self._table.insert(partition, ROW, _properties(progress))
        except AlreadyExists:
            there = self._read(partition)
            return progress if there is None else there.value
        self._remember(partition, Stored(progress, etag))
        return progress

    def change(
        self, tenant: TenantId, export_id: ExportId, step: Callable[[Progress], tuple[Progress, T]]
    ) -> T | None:
        """Takes the step from what the row is now, anew when somebody else changed it; gives its result.

        None where there is no row. The step may be taken twice when the answer to a write gets lost.
        """
        partition = key(tenant, export_id)
        with self._lock_of(partition):
            stored = self._seen.get(partition)
            is_fresh = stored is None or stored.etag == _UNKNOWN
            stored = self._read(partition) if is_fresh else stored
            while stored is not None:
                changed, result = step(stored.value)
                if changed != stored.value and self._write(partition, changed, stored.etag):
                    return result
                if changed == stored.value and is_fresh:
                    return result
                stored, is_fresh = self._read(partition), True
            return None

    def _write(self, partition: str, progress: Progress, etag: str) -> bool:
        self._remember(partition, Stored(progress, _UNKNOWN))  # until the answer is there
        try:
            new = self._table.replace(partition, ROW, _properties(progress), etag)
        except Changed:
            return False
        self._remember(partition, Stored(progress, new))
        return True

    def _read(self, partition: str) -> Stored[Progress] | None:
        found = self._table.get(partition, ROW)
        return None if found is None else Stored(_progress(found.value), found.etag)

    def _remember(self, partition: str, stored: Stored[Progress]) -> None:
        with self._lock:
            if stored.value.ended:
                self._seen.pop(partition, None)
                return
            self._seen[partition] = stored
            self._seen.move_to_end(partition)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)

    def _lock_of(self, partition: str) -> Lock:
        """One change of an export at a time, in this process. A lock dropped early costs a read."""
        with self._lock:
            lock = self._locks.setdefault(partition, Lock())
            self._locks.move_to_end(partition)
            while len(self._locks) > _REMEMBERED:
                self._locks.popitem(last=False)
            return lock


def _properties(progress: Progress) -> dict[str, Any]:
    lanes = {
        str(number): [lane.chunk, to_text(lane.due), lane.holder, lane.begun, lane.tries]
        for number, lane in progress.lanes.items()
    }
    return {
        "chunkSize": progress.chunk_size,
        "touchedAt": to_text(progress.touched_at),
        "cut": progress.cut,
        "records": progress.records,
        "whole": progress.whole,
        "taken": progress.taken,
        "loose": json.dumps({str(number): begun for number, begun in progress.loose.items()}),
        "lanes": json.dumps(lanes),
        "refusal": progress.refusal,
        **{name: getattr(progress.counts, name) for name in _COUNTS},
    }


def _progress(row: dict[str, Any]) -> Progress:
    return Progress(
        chunk_size=row["chunkSize"],
        touched_at=required(row["touchedAt"]),
        cut=row["cut"],
        records=row.get("records", 0),
        whole=row["whole"],
        taken=row["taken"],
        loose={int(number): begun for number, begun in json.loads(row["loose"]).items()},
        lanes={
            int(number): Lane(chunk=chunk, due=required(due), holder=holder, begun=begun, tries=tries)
            for number, (chunk, due, holder, begun, tries, *_) in json.loads(row["lanes"]).items()
        },
        counts=Counts(**{name: row[name] for name in _COUNTS}),
        refusal=row.get("refusal"),
    )
