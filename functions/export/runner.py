"""One chunk: find what exists, plan what to do, write it, account for every record."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from functions.export.companies import Working
from functions.export.owner_notes import with_owner_notes
from functions.export.prepared import PreparedExport
from functions.export.remembering import remember_writes
from functions.export.rounds import Rounds, written_before
from functions.export.settling import settled
from functions.export.stores import ExportStores
from functions.planning import Remembered, plan_records
from shared.domain.errors import Problem
from shared.domain.exports import Export, Outcome
from shared.domain.ids import ObjectType
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import PlannedRecord, Skip, Unchanged, Update
from shared.domain.records import InputRecord
from shared.storage.person_claims import Claimant
from shared.storage.writes import ObjectLedger

Prepare = Callable[[Export], PreparedExport]


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
        ledger = self._ledger(export)
        if export.dry_run:
            return with_owner_notes(outcomes_of(self._plan(export, work, ledger, records), {}), work.owner)
        plan = partial(self._plan_for_writing, export, work, ledger)
        rounds = Rounds(
            stores=self._stores, export=export, number=number, work=work, plan=plan, begun_before=begun_before
        )
        planned = rounds.run(records)
        refused = rounds.refused
        remember_writes(ledger, export, work.rules.mapping, planned, refused=refused)
        if export.object_type is ObjectType.ACCOUNT:
            self._keep_accounts(export, planned)
        return with_owner_notes(outcomes_of(planned, refused), work.owner)

    def settle(self, export: Export, number: int, records: Sequence[InputRecord]) -> list[Outcome]:
        """Writes nothing more: tells what was written of a chunk that was begun and then cancelled."""
        work = self._prepare(export)
        kept = self._stores.files.read_plan(export.tenant, export.id, number) or []
        ledger = self._ledger(export)
        again = self._plan(export, work, ledger, records) if kept and not export.dry_run else []
        planned = settled(records, kept, written_before({each.position: each for each in kept}, again))
        self._stores.claims.release(export.tenant, export.object_type, Claimant(export.id, number))
        remember_writes(ledger, export, work.rules.mapping, planned, refused=())
        return with_owner_notes(outcomes_of(planned, {}), work.owner)

    def _note_warnings(self, export: Export, warnings: tuple[Problem, ...]) -> None:
        """Keeps with the export which rows of its mapping had to be left out."""
        if warnings:
            self._stores.exports.change(
                export.tenant,
                export.id,
                lambda now: None if now.warnings else replace(now, warnings=warnings),
            )

    def _keep_accounts(self, export: Export, planned: Sequence[PlannedRecord]) -> None:
        """Accounts that leads brought along are the company's own from now on."""
        plans = (each.plan for each in planned if isinstance(each.plan, (Unchanged, Update, Skip)))
        found = {plan.id for plan in plans if plan.id is not None}
        if found:
            self._stores.made.keep(export.tenant, found)

    def _ledger(self, export: Export) -> ObjectLedger:
        return self._stores.writes.of(export.tenant, export.object_type)

    def _plan_for_writing(
        self, export: Export, work: PreparedExport, ledger: ObjectLedger, records: Sequence[InputRecord]
    ) -> list[PlannedRecord]:
        """The plan, and the accounts that it needs are there."""
        planned = self._plan(export, work, ledger, records)
        if work.companies is None:
            return planned
        making = Working(work.client, export, work.owner, self._stores.made)
        return work.companies.bind(making, planned=planned, records=records)

    def _plan(
        self, export: Export, work: PreparedExport, ledger: ObjectLedger, records: Sequence[InputRecord]
    ) -> list[PlannedRecord]:
        return plan_records(
            work.client,
            work.table,
            work.rules,
            records,
            tenant=export.tenant,
            remembered=Remembered(
                ledger.read,
                partial(self._stores.choices.of, export.tenant, export.object_type),
            ),
            along=None if work.owner is None else work.owner.question,
        ).records
