"""One chunk of an undo: what is there now, what is to be done, and only what nobody changed since."""

from collections.abc import Callable, Mapping, Sequence

from functions.export.prepared import PreparedExport
from functions.export.settling import settled
from functions.export.stores import ExportStores
from functions.export.undo.sending import send_undo
from shared.dataverse.children import Child, find_parents, read_children
from shared.dataverse.messages import query
from shared.dataverse.odata import in_filters
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import ACCESS_DENIED, PRIVILEGE_MISSING, ChangedMeanwhile, RecordGone
from shared.domain.compiled.payload import payloads_of
from shared.domain.errors import NeedsUser, RecordRejected
from shared.domain.exports import Export, Outcome
from shared.domain.matching import ExistingRecord
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import Delete, PlannedRecord, Skip, Unchanged
from shared.domain.records import InputRecord, VendorRecord
from shared.domain.undo import READ, Change, Hanging, UndoRules, undo_plans

Prepare = Callable[[Export], PreparedExport]

_MAY_NOT_LOOK = frozenset({PRIVILEGE_MISSING.code, ACCESS_DENIED.code})
_TIMES_AGAIN = 2


class UndoRunner:
    """Turns the changes of a chunk into outcomes. Safe to repeat: the plan is kept before the first write."""

    def __init__(self, stores: ExportStores, prepare: Prepare) -> None:
        self._stores = stores
        self._prepare = prepare

    def run(
        self, export: Export, number: int, records: Sequence[InputRecord], *, begun_before: bool
    ) -> list[Outcome]:
        """One outcome a change. `begun_before`: an earlier delivery may have undone some of them."""
        work = self._prepare(export)
        files, place = self._stores.files, (export.tenant, export.id, number)
        earlier = files.read_plan(*place) if begun_before else None
        planned = earlier or _plan(work, records)
        if export.dry_run:
            return outcomes_of(planned, {})
        if earlier is None:
            files.write_plan(*place, planned)
        refused = send_undo(work, planned)
        for _ in range(_TIMES_AGAIN):
            overtaken = {place for place, error in refused.items() if _was_overtaken(error)}
            if not overtaken:
                break
            again = _plan(work, [record for record in records if record.position in overtaken])
            newer = {each.position: each for each in again if earlier is None or not _is_back(each)}
            planned = [newer.get(each.position, each) for each in planned]
            files.write_plan(*place, planned)
            settled = {place: error for place, error in refused.items() if place not in overtaken}
            refused = settled | send_undo(work, newer.values())
        return outcomes_of(planned, refused)

    def settle(self, export: Export, number: int, records: Sequence[InputRecord]) -> list[Outcome]:
        """Writes nothing more: tells what was undone of a chunk that was begun and then cancelled."""
        kept = self._stores.files.read_plan(export.tenant, export.id, number) or []
        again = _plan(self._prepare(export), records) if kept else []
        back = {each.position for each in again if _is_back(each)}
        return outcomes_of(settled(records, kept, back), {})


def _plan(work: PreparedExport, records: Sequence[InputRecord]) -> list[PlannedRecord]:
    columns = work.table.columns
    rules = UndoRules(columns, payloads_of(columns.values(), columns))
    changes = [Change.of_fields(each.fields) for each in records if isinstance(each, VendorRecord)]
    present = _present(work, changes, rules)
    planned = list(undo_plans(records, present, _nothing, rules))
    doomed = [each.plan.id for each in planned if isinstance(each.plan, Delete)]
    return list(undo_plans(records, present, _hanging(work, doomed), rules)) if doomed else planned


def _present(
    work: PreparedExport, changes: Sequence[Change], rules: UndoRules
) -> Mapping[str, ExistingRecord]:
    """The records as they are now, by id."""
    table = work.table
    names = dict.fromkeys(name for change in changes for name in rules.written(change))
    select = dict.fromkeys((table.primary_id, *READ, *(table.columns[name].wire_name for name in names)))
    questions = [
        query(table.entity_set, select=select, where=where)
        for where in in_filters([(table.primary_id, [change.id for change in changes])])
    ]
    rows = [row for answer in read_rows(work.client, questions) for row in answer]
    return {
        str(row[table.primary_id]): ExistingRecord(
            id=str(row[table.primary_id]),
            etag=str(row["@odata.etag"]),
            values=row,
            read_only=row.get("statecode", 0) != 0,
            created_on=str(row.get("createdon") or ""),
        )
        for row in rows
    }


def _nothing(_row_id: str) -> None:
    return None


def _hanging(work: PreparedExport, row_ids: Sequence[str]) -> Hanging:
    """What hangs on these records. Where that may not be looked up, none of them is deleted."""
    try:
        children: list[Child] = read_children(work.client, work.table.table)
        found = find_parents(work.client, children, row_ids)
    except NeedsUser as error:
        if error.code not in _MAY_NOT_LOOK:
            raise
        why = f"Whether anything hangs on it cannot be looked up: {error.message}"
        return lambda row_id: Skip("relatedUnknown", why, row_id)

    def hanging(row_id: str) -> Skip | None:
        labels = found.get(row_id.casefold())
        if not labels:
            return None
        named = ", ".join(dict.fromkeys(labels))
        return Skip("hasRelated", f"It stays, for something belongs to it in Dynamics: {named}.", row_id)

    return hanging


def _was_overtaken(error: RecordRejected) -> bool:
    return isinstance(error, (ChangedMeanwhile, RecordGone))


def _is_back(planned: PlannedRecord) -> bool:
    """Whether a record is as it was before the export, or gone: an earlier delivery has undone it."""
    return isinstance(planned.plan, Unchanged)
