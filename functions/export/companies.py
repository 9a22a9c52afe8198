"""Makes the accounts of new leads' companies where Dynamics has none, and binds the leads to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.export.writing import write
from functions.owners import Owner
from functions.planning import plan_records
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.dataverse.refusals import AlreadyExists
from shared.domain.account_links import company_of
from shared.domain.errors import RecordRejected
from shared.domain.exports import Export
from shared.domain.ids import vendor_id_of
from shared.domain.plan import Create, MergedInto, PlannedRecord, PlanRules, Skip, Unchanged, Update
from shared.domain.records import InputRecord, VendorRecord
from shared.storage.made_accounts import MadeAccounts


@dataclass(frozen=True, slots=True)
class Working:
    """On whose behalf accounts are made, and where it is kept which were. `owner` gets them."""

    client: DataverseClient
    export: Export
    owner: Owner | None
    made: MadeAccounts


@dataclass(frozen=True, slots=True)
class Companies:
    """The table of accounts, how a company becomes one, and the property that binds a lead to it."""

    table: TableMetadata
    rules: PlanRules
    bound: str

    def bind(
        self,
        work: Working,
        *,
        planned: Sequence[PlannedRecord],
        records: Iterable[InputRecord],
    ) -> list[PlannedRecord]:
        """The plans, with each new lead bound to its company's account, which is there then.

        Safe to repeat: an account has a key made of its company. One that Dynamics refuses binds nobody.
        """
        people = {each.position: each.fields for each in records if isinstance(each, VendorRecord)}
        companies = {
            each.position: company
            for each in planned
            if isinstance(each.plan, Create)
            and self.bound not in each.plan.values
            and (company := company_of(people[each.position])) is not None
        }
        if not companies:
            return list(planned)
        ids = self._ids(work, companies.values())
        found = {position: ids.get(vendor_id_of(company)) for position, company in companies.items()}
        return [self._bound(each, found.get(each.position)) for each in planned]

    def _ids(self, work: Working, companies: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """The accounts of companies by vendor id, made where there are none. Others stay as they are."""
        each_once = {vendor_id_of(company): company for company in companies}
        records = [
            VendorRecord(number, number, fields) for number, fields in enumerate(each_once.values(), start=1)
        ]
        tenant = work.export.tenant
        planned = plan_records(work.client, self.table, self.rules, records, tenant=tenant).records
        refused = self._make(work, [each for each in planned if isinstance(each.plan, Create)])
        lost = {number for number, error in refused.items() if not isinstance(error, AlreadyExists)}
        by_number = {each.position: _id(each) for each in planned if each.position not in lost}
        return {
            vendor_id: row_id
            for vendor_id, each in zip(each_once, planned, strict=True)
            if (row_id := by_number.get(_first(each))) is not None
        }

    def _make(self, work: Working, new: Sequence[PlannedRecord]) -> dict[int, RecordRejected]:
        """The refused ones by position. An undo takes away what was made here, and nothing else."""
        tenant, ids = work.export.tenant, {each.position: _id(each) or "" for each in new}
        if new:
            work.made.note(tenant, work.export.id, ids.values())
        refused = write(work.client, self.table, new, work.owner)
        work.made.forget(tenant, work.export.id, [ids[position] for position in refused])
        return refused

    def _bound(self, planned: PlannedRecord, row_id: str | None) -> PlannedRecord:
        if row_id is None or not isinstance(planned.plan, Create):
            return planned
        values = {**planned.plan.values, self.bound: f"/{self.table.entity_set}({row_id})"}
        return replace(planned, plan=replace(planned.plan, values=values))


def _id(planned: PlannedRecord) -> str | None:
    match planned.plan:
        case Create(id=row_id) | Update(id=row_id) | Unchanged(row_id):
            return row_id
        case Skip("updatesSwitchedOff", _, row_id):
            return row_id
    return None


def _first(planned: PlannedRecord) -> int:
    return planned.plan.position if isinstance(planned.plan, MergedInto) else planned.position
