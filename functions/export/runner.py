"""One chunk: find what exists, plan what to do, write it, account for every record."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from functions.export.owner_notes import with_owner_notes
from functions.export.prepared import PreparedExport
from functions.export.remembering import remember_writes
from functions.export.stores import ExportStores
from functions.export.writing import write
from functions.planning import plan_records
from shared.dataverse.refusals import AlreadyExists, ChangedMeanwhile, RecordGone
from shared.domain.compiled.protection import Written
from shared.domain.errors import Problem, RecordRejected
from shared.domain.exports import Export, Outcome
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import Create, MergedInto, PlannedRecord, Unchanged, Update
from shared.domain.records import InputRecord

Prepare = Callable[[Export], PreparedExport]

_TIMES_AGAIN = 2
"""How often a record is looked for and planned anew whom somebody else was quicker to change."""

_OVERTAKEN = (AlreadyExists, ChangedMeanwhile, RecordGone)


class ChunkRunner:
    """Turns the records of a chunk into outcomes. Safe to repeat: the plan is kept before the first write."""

    def __init__(self, stores: ExportStores, prepare: Prepare) -> None:
        self._stores = stores
        self._prepare = prepare

    def run(
        self,
        export: Export,
        number: int,
        records: Sequence[InputRecord],
        *,
        begun_before: bool,
    ) -> list[Outcome]:
        """One outcome a record. `begun_before`: an earlier delivery may have written some of them."""
        work = self._prepare(export)
        if number == 1:
            self._note_warnings(export, work.warnings)
        files = self._stores.files
        earlier = files.read_plan(export.tenant, export.id, number) if begun_before else None
        planned = earlier or self._plan(export, work, records)
        if export.dry_run:
            return with_owner_notes(outcomes_of(planned, {}), work.owner)
        if earlier is None:
            files.write_plan(export.tenant, export.id, number, planned)
        refused = write(work.client, work.table, planned, work.owner)
        for _ in range(_TIMES_AGAIN):
            overtaken = _overtaken(planned, refused)
            if not overtaken:
                break
            again = self._plan(export, work, [record for record in records if record.position in overtaken])
            newer = again if earlier is None else _without_own(planned, again)
            planned = _replaced(planned, newer)
            files.write_plan(export.tenant, export.id, number, planned)
            settled = {position: error for position, error in refused.items() if position not in overtaken}
            refused = settled | write(work.client, work.table, newer, work.owner)
        remember_writes(self._stores.writes, export, work.rules.mapping, planned, refused=refused)
        return with_owner_notes(outcomes_of(planned, refused), work.owner)

    def _note_warnings(self, export: Export, warnings: tuple[Problem, ...]) -> None:
        """Keeps with the export which rows of its mapping had to be left out."""
        if warnings:
            self._stores.exports.change(
                export.tenant,
                export.id,
                lambda now: None if now.warnings else replace(now, warnings=warnings),
            )

    def _plan(
        self, export: Export, work: PreparedExport, records: Sequence[InputRecord]
    ) -> list[PlannedRecord]:
        ledger = self._stores.writes

        def read_written(row_ids: Sequence[str]) -> Written:
            return ledger.read(export.tenant, export.object_type, row_ids)

        tenant, rules = export.tenant, work.rules
        return plan_records(
            work.client, work.table, rules, records, tenant=tenant, read_written=read_written
        ).records


def _without_own(earlier: Iterable[PlannedRecord], again: Sequence[PlannedRecord]) -> list[PlannedRecord]:
    """Without the records that are there just as planned: an earlier delivery wrote them."""
    now = {record.position: record.plan for record in again}
    own = {
        record.position
        for record in earlier
        if isinstance(record.plan, (Create, Update)) and now.get(record.position) == Unchanged(record.plan.id)
    }
    return [record for record in again if record.position not in own and _target(record) not in own]


def _target(record: PlannedRecord) -> int | None:
    return record.plan.position if isinstance(record.plan, MergedInto) else None


def _overtaken(planned: Iterable[PlannedRecord], refused: Mapping[int, RecordRejected]) -> set[int]:
    """Records created, changed or deleted by somebody else in between, with those merged into them."""
    first = {position for position, error in refused.items() if isinstance(error, _OVERTAKEN)}
    return first | {record.position for record in planned if _target(record) in first}


def _replaced(planned: Iterable[PlannedRecord], again: Iterable[PlannedRecord]) -> list[PlannedRecord]:
    newer = {record.position: record for record in again}
    return [newer.get(record.position, record) for record in planned]
