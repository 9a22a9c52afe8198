"""The row of each export, and the history of a tenant."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from shared.domain.errors import Problem
from shared.domain.exports import Counts, Export, ExportState
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.storage.active import ActiveTenants
from shared.storage.expiries import ContentsIndex, EndedOn
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.remembered import Remembered
from shared.storage.table import Changed, Stored, TableStore
from shared.storage.times import from_text, to_text

_MOST_AT_ONCE = 1000
_MOST_WARNINGS = 50
_REMEMBERED = 64
_COUNTS = ("created", "updated", "unchanged", "skipped", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which exports of a tenant are asked for; None: all. `since`: made at that moment or later."""

    user: UserId | None = None
    state: ExportState | None = None
    object_type: ObjectType | None = None
    since: datetime | None = None

    def filter(self) -> Filter | None:
        """The condition on the rows; None where every export is wanted."""
        asked: list[tuple[str, str, str]] = [
            (f"{name} {how} @{name}", name, value)
            for name, how, value in (
                ("requestedBy", "eq", self.user),
                ("state", "eq", self.state),
                ("object", "eq", self.object_type),
                ("createdAt", "ge", to_text(self.since)),
            )
            if value is not None
        ]
        if not asked:
            return None
        return Filter(
            " and ".join(text for text, _, _ in asked), {name: str(value) for _, name, value in asked}
        )


ALL = Wanted()


class ExportStore:
    """Exports by tenant, newest first.

    `active` and `contents` are the indexes of the sweep and of retention; None for whoever only reads.
    """

    def __init__(
        self, table: TableStore, active: ActiveTenants | None = None, contents: ContentsIndex | None = None
    ) -> None:
        self._table = table
        self._active = active
        self._contents = contents
        self._seen: Remembered[Stored[Export]] = Remembered(_REMEMBERED)

    def add(self, export: Export) -> None:
        """Keeps a new export; AlreadyExists when its id is taken."""
        if self._active is not None:
            self._active.note(export.tenant)
        self._note_end(export)
        etag = self._table.insert(key(export.tenant), export.id, _properties(export))
        self._seen.put(key(export.tenant, export.id), Stored(export, etag))

    def get(self, tenant: TenantId, export_id: ExportId) -> Stored[Export] | None:
        """The export, None when the tenant has none of that id."""
        found = self._table.get(key(tenant), export_id)
        if found is None:
            return None
        stored = Stored(_export(tenant, export_id, found.value), found.etag)
        self._seen.put(key(tenant, export_id), stored)
        return stored

    def replace(self, export: Export, etag: str) -> str:
        """Changes the export if it is still as it was read; gives the new tag."""
        self._note_end(export)
        self._seen.take(key(export.tenant, export.id))  # unknown until the answer is there
        new = self._table.replace(key(export.tenant), export.id, _properties(export), etag)
        self._seen.put(key(export.tenant, export.id), Stored(export, new))
        return new

    def change(
        self, tenant: TenantId, export_id: ExportId, change: Callable[[Export], Export | None]
    ) -> tuple[Export, Export] | None:
        """Changes the export as it is now, anew when somebody else was quicker; gives it before and after.

        None where there is none, or where `change` gives None: it is to stay as it is. What this process read
        or wrote last is tried first; under its ETag nothing comes of it where it is out of date.
        """
        seen = self._seen.take(key(tenant, export_id))
        stored, is_fresh = (self.get(tenant, export_id), True) if seen is None else (seen, False)
        while stored is not None:
            changed = change(stored.value)
            if changed is None and is_fresh:
                return None
            if changed is not None:
                with suppress(Changed):
                    self.replace(changed, stored.etag)
                    return stored.value, changed
            stored, is_fresh = self.get(tenant, export_id), True
        return None

    def page(
        self,
        tenant: TenantId,
        size: int,
        token: str | None,
        wanted: Wanted = ALL,
    ) -> tuple[list[Export], str | None]:
        """At most `size` of the wanted exports, newest first, and the token of the next page."""
        rows, more = self._table.page(key(tenant), size, token, wanted.filter())
        return [_export(tenant, ExportId(row.value["RowKey"]), row.value) for row in rows], more

    def under_way(self) -> Iterator[Export]:
        """The exports of all tenants that have records without an outcome: for the sweep alone.

        It reads those of the tenants that have started something lately, and once a day every export there
        is: what a release started that knew no index, and whatever else an index may lack.
        """
        if self._active is None or self._active.scan_is_due():
            yield from self._unfinished()
            return
        for tenant in self._active.every():
            exports = self.unfinished_of(tenant.value)
            if not exports:
                self._active.forget(tenant)
            yield from exports

    def _unfinished(self) -> Iterator[Export]:
        """Looks at every export, and puts into the index what it lacks."""
        for row in self._table.everywhere(Filter("ended eq @no", {"no": False})):
            export = _export(TenantId(row.value["tenant"]), ExportId(row.value["RowKey"]), row.value)
            if self._active is not None:
                self._active.note(export.tenant)
            yield export
        if self._active is not None:
            self._active.note_scan()

    def with_contents_ended_before(self, moment: datetime) -> Iterator[Export]:
        """The exports of all tenants that ended earlier and still have contents: for retention alone.

        It reads those of the days that are over. What a release ended that knew no index is put into it
        before its time comes.
        """
        if self._contents is None:
            yield from self._kept_everywhere(moment)
            return
        if self._contents.scan_is_due():
            for export in self._kept_everywhere():
                self._note_end(export)
            self._contents.note_scan()
        for ended in self._contents.until(moment.astimezone(UTC).date()):
            kept = self._kept_of(ended, moment)
            if not kept and ended.day < moment.astimezone(UTC).date():
                self._contents.forget(ended)
            yield from kept

    def _note_end(self, export: Export) -> None:
        if self._contents is not None and export.ended_at is not None and not export.contents_deleted:
            self._contents.note(EndedOn(export.tenant, export.ended_at.astimezone(UTC).date()))

    def _kept_everywhere(self, moment: datetime | None = None) -> Iterator[Export]:
        for row in self._table.everywhere(_with_contents(None, moment)):
            yield _export(TenantId(row.value["tenant"]), ExportId(row.value["RowKey"]), row.value)

    def _kept_of(self, ended: EndedOn, moment: datetime) -> list[Export]:
        """The exports of a tenant that ended on a day, before the moment, and still have contents."""
        first = datetime.combine(ended.day, time(), UTC)
        where = _with_contents(first, min(moment, first + timedelta(days=1)))
        found: list[Export] = []
        token: str | None = None
        while True:
            rows, token = self._table.page(key(ended.tenant), _MOST_AT_ONCE, token, where)
            found += [_export(ended.tenant, ExportId(row.value["RowKey"]), row.value) for row in rows]
            if token is None:
                return found

    def unfinished_of(self, tenant: TenantId) -> list[Export]:
        """The same of one tenant, at most a thousand."""
        rows, _ = self._table.page(key(tenant), _MOST_AT_ONCE, None, Filter("ended eq @no", {"no": False}))
        return [_export(tenant, ExportId(row.value["RowKey"]), row.value) for row in rows]

    def delete(self, tenant: TenantId, export_id: ExportId) -> None:
        """Removes the export's row; fine when there is none."""
        self._table.delete(key(tenant), export_id)


def _with_contents(first: datetime | None, before: datetime | None) -> Filter:
    """The condition on exports that have ended, at `first` or later and `before`, and still have contents."""
    text, values = "ended eq @yes and contentsDeleted eq @no", {"yes": True, "no": False}
    bounds = [("endedAt ge @first", "first", first), ("endedAt lt @before", "before", before)]
    asked = [(condition, name, str(to_text(moment))) for condition, name, moment in bounds if moment]
    return Filter(
        " and ".join((text, *(condition for condition, _, _ in asked))),
        {**values, **{name: moment for _, name, moment in asked}},
    )


def _properties(export: Export) -> dict[str, Any]:
    return {
        "tenant": export.tenant,
        "object": export.object_type.value,
        "state": export.state.value,
        "requestedBy": export.requested_by,
        "createdAt": to_text(export.created_at),
        "startedAt": to_text(export.started_at),
        "endedAt": to_text(export.ended_at),
        "ended": export.ended_at is not None,
        "dryRun": export.dry_run,
        "mediaType": export.media_type,
        "mappingVersion": export.mapping_version,
        "retryOf": export.retry_of,
        "undoOf": export.undo_of,
        "undoneBy": export.undone_by,
        "paused": export.paused,
        "goingSince": to_text(export.going_since),
        "doneBefore": export.done_before,
        "chunks": export.chunks,
        "total": export.total,
        "window": export.window,
        "problem": export.problem,
        "warnings": json.dumps([asdict(warning) for warning in export.warnings[:_MOST_WARNINGS]]),
        "contentsDeleted": export.contents_deleted,
        **{name: getattr(export.counts, name) for name in _COUNTS},
    }


def _export(tenant: TenantId, export_id: ExportId, row: dict[str, Any]) -> Export:
    return Export(
        id=export_id,
        tenant=tenant,
        object_type=ObjectType(row["object"]),
        state=ExportState(row["state"]),
        requested_by=UserId(row["requestedBy"]),
        created_at=_required(row["createdAt"]),
        started_at=from_text(row.get("startedAt")),
        ended_at=from_text(row.get("endedAt")),
        dry_run=row["dryRun"],
        media_type=row["mediaType"],
        mapping_version=row["mappingVersion"],
        retry_of=_export_id(row.get("retryOf")),
        undo_of=_export_id(row.get("undoOf")),
        undone_by=_export_id(row.get("undoneBy")),
        paused=row.get("paused", False),
        going_since=from_text(row.get("goingSince")),
        done_before=row.get("doneBefore", 0),
        chunks=row["chunks"],
        total=row["total"],
        window=row["window"],
        counts=Counts(**{name: row[name] for name in _COUNTS}),
        problem=row.get("problem"),
        warnings=tuple(Problem(**warning) for warning in json.loads(row.get("warnings", "[]"))),
        contents_deleted=row.get("contentsDeleted", False),
    )


def _export_id(text: str | None) -> ExportId | None:
    return ExportId(text) if text else None


def _required(text: str) -> datetime:
    moment = from_text(text)
    if moment is None:
        raise ValueError("an export's row has no createdAt")
    return moment
