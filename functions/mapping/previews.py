"""Tries rows with real records: what would be sent and, on demand, to which record of Dynamics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.finding import find
from functions.identity import Caller
from functions.mapping.match_preview import Match, matches_of
from functions.mapping.preview import Compile, Preview, Previewer
from functions.mapping.service import MappingService
from functions.planning import Remembered, plan_records
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.compiled.lookups import NO_LINKS, Links
from shared.domain.drift import drift
from shared.domain.ids import ObjectType, TenantId
from shared.domain.mapping import MappingRow
from shared.domain.plan import PlanRules
from shared.domain.preferences import ObjectPreferences
from shared.domain.records import VendorRecord
from shared.domain.vendor_catalog import vendor_fields

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where records of one object go, and how. `compiler` reads what the lookups of rows need."""

    client: DataverseClient
    table: TableMetadata
    preferences: ObjectPreferences
    compiler: Callable[[Sequence[MappingRow]], Compile]
    remembered: Remembered


Destinations = Callable[[Caller, ObjectType], Destination]
"""Where the caller's tenant exports to."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A preview of each record; `matches` None where Dynamics was not asked for them."""

    previews: list[Preview]
    matches: list[Match] | None
    missing: tuple[str, ...]


class Previews:
    """Nothing is written: Dynamics is only asked for the records that lookups name, and for matches."""

    def __init__(self, service: MappingService, destinations: Destinations) -> None:
        self._service = service
        self._destinations = destinations

    def run(
        self,
        caller: Caller,
        object_type: ObjectType,
        rows: Sequence[MappingRow] | None,
        records: Sequence[Record],
        *,
        existing: Record | None = None,
        match: bool = False,
    ) -> Tried:
        """Each record, tried with the rows or with those in force."""
        found = self._service.read(caller, object_type).value.rows if rows is None else rows
        destination = self._destinations(caller, object_type)
        faults = drift(found, destination.table.columns, vendor_fields(object_type))
        paused = {fault.row: fault.message for fault in faults if fault.row is not None}
        previewer = Previewer(found, destination.compiler(found), paused)
        rules = PlanRules(object_type, previewer.compiled, destination.preferences)
        links = _links(destination, rules, records)
        return Tried(
            [previewer.preview(record, existing, links) for record in records],
            _matches(destination, rules, records, caller.tenant) if match else None,
            previewer.missing,
        )


def _links(destination: Destination, rules: PlanRules, records: Sequence[Record]) -> Links:
    """The records that lookups name; Dynamics is asked only where there are any."""
    questions = rules.mapping.lookup_questions(records)
    if not questions:
        return NO_LINKS
    return find(destination.client, destination.table, rules, [], lookup_questions=questions).links


def _matches(
    destination: Destination, rules: PlanRules, records: Sequence[Record], tenant: TenantId
) -> list[Match]:
    numbered = [VendorRecord(number, number, record) for number, record in enumerate(records, start=1)]
    planned = plan_records(
        destination.client,
        destination.table,
        rules,
        numbered,
        tenant=tenant,
        remembered=destination.remembered,
    )
    return matches_of(planned, rules.mapping, rules.preferences)
