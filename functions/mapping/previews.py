"""Tries rows with real records: what would be sent and, on demand, to which record of Dynamics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.identity import Caller
from functions.mapping.match_preview import Match, matches_of
from functions.mapping.preview import Compile, Preview, Previewer
from functions.mapping.service import MappingService
from functions.planning import plan_records
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.compiled import CompiledMapping
from shared.domain.ids import ObjectType
from shared.domain.lookups import Links
from shared.domain.mapping import MappingRow
from shared.domain.plan import PlanRules
from shared.domain.preferences import ObjectPreferences
from shared.domain.records import VendorRecord

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where records of one object go, and how. `links` finds the records that lookups name."""

    client: DataverseClient
    table: TableMetadata
    preferences: ObjectPreferences
    compile_rows: Compile
    links: Callable[[CompiledMapping, Sequence[Record]], Links]


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
        previewer = Previewer(found, destination.compile_rows)
        links = destination.links(previewer.compiled, records)
        return Tried(
            [previewer.preview(record, existing, links) for record in records],
            _matches(destination, previewer.compiled, caller, (object_type, records)) if match else None,
            previewer.compiled.missing,
        )


def _matches(
    destination: Destination,
    mapping: CompiledMapping,
    caller: Caller,
    sent: tuple[ObjectType, Sequence[Record]],
) -> list[Match]:
    object_type, records = sent
    rules = PlanRules(object_type, mapping, destination.preferences)
    numbered = [VendorRecord(number, number, record) for number, record in enumerate(records, start=1)]
    planned = plan_records(destination.client, destination.table, rules, numbered, tenant=caller.tenant)
    return matches_of(planned, mapping, destination.preferences)
