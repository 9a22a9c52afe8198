"""One chunk of an undo: what is there now, what is to be done, and only what nobody changed since."""

from collections.abc import Callable, Mapping, Sequence

from functions.export.prepared import PreparedExport
from functions.export.settling import settled
from functions.export.stores import ExportStores
from functions.export.undo.accounts import UndoneAccounts
from functions.export.undo.related import hanging_on
from functions.export.undo.sending import send_undo
from shared.dataverse.messages import query
from shared.dataverse.odata import in_filters
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import ChangedMeanwhile, RecordGone
from shared.domain.account_links import COLUMN
from shared.domain.compiled.payload import payloads_of
from shared.domain.errors import RecordRejected
from shared.domain.exports import Export, Outcome
from shared.domain.ids import ObjectType
from shared.domain.matching import ExistingRecord
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import Delete, PlannedRecord, Unchanged, Update
from shared.domain.records import InputRecord, VendorRecord
from shared.domain.undo import READ, Change, UndoRules, undo_plans
from shared.domain.undo_accounts import bound_no_more, with_account_notes

Prepare = Callable[[Export], PreparedExport]

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
            return self._outcomes(work, export, records, planned=planned, refused={})
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
        return self._outcomes(work, export, records, planned=planned, refused=refused)

    def _outcomes(
        self,
        work: PreparedExport,
        export: Export,
        records: Sequence[InputRecord],
        *,
        planned: Sequence[PlannedRecord],
        refused: Mapping[int, RecordRejected],
    ) -> list[Outcome]:
        """The outcomes; what was made beside the leads is taken away with them."""
        plans = {each.position: each for each in planned}
        bound = bound_no_more(plans, refused, _accounts(work, records))
        gone = {plan.id for position in bound if isinstance(plan := plans[position].plan, (Delete, Update))}
        told = UndoneAccounts(work.client, self._stores.made, export).told(bound, gone)
        return with_account_notes(outcomes_of(planned, refused), told)

    def settle(self, export: Export, number: int, records: Sequence[InputRecord]) -> list[Outcome]:
        """Writes nothing more: tells what was undone of a chunk that was begun and then cancelled."""
        kept = self._stores.files.read_plan(export.tenant, export.id, number) or []
        again = _plan(self._prepare(export), records) if kept else []
        back = {each.position for each in again if _is_back(each)}
        return outcomes_of(settled(records, kept, back), {})


def _rules(work: PreparedExport) -> UndoRules:
    columns = work.table.columns
    return UndoRules(columns, payloads_of(columns.values(), columns))


def _accounts(work: PreparedExport, records: Sequence[InputRecord]) -> dict[int, str]:
    """The account that the export bound each lead to, by position."""
    if work.table.table != ObjectType.LEAD:
        return {}
    rules = _rules(work)
    written = {
        each.position: rules.written(Change.of_fields(each.fields))
        for each in records
        if isinstance(each, VendorRecord)
    }
    return {position: str(values[COLUMN]) for position, values in written.items() if values.get(COLUMN)}


def _plan(work: PreparedExport, records: Sequence[InputRecord]) -> list[PlannedRecord]:
    rules = _rules(work)
    changes = [Change.of_fields(each.fields) for each in records if isinstance(each, VendorRecord)]
    present = _present(work, changes, rules)
    planned = list(undo_plans(records, present, _nothing, rules))
    doomed = [each.plan.id for each in planned if isinstance(each.plan, Delete)]
    if not doomed:
        return planned
    return list(undo_plans(records, present, hanging_on(work.client, work.table.table, doomed), rules))


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


def _was_overtaken(error: RecordRejected) -> bool:
    return isinstance(error, (ChangedMeanwhile, RecordGone))


def _is_back(planned: PlannedRecord) -> bool:
    """Whether a record is as it was before the export, or gone: an earlier delivery has undone it."""
    return isinstance(planned.plan, Unchanged)
