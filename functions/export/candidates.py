"""What a person has to see to pick among the Dynamics records that match: who they are, as of now."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.export.choosing import Find, record_at
from functions.export.prepared import PreparedExport
from functions.export.stores import ExportStores
from functions.identity import Caller
from shared.dataverse.messages import query
from shared.dataverse.metadata import TableMetadata
from shared.dataverse.odata import in_filters
from shared.dataverse.queries import read_rows
from shared.domain.exports import Export
from shared.domain.ids import ObjectType
from shared.domain.organization import OrganizationUrl

_SHOWN = {
    ObjectType.LEAD: ("fullname", "jobtitle", "companyname", "emailaddress1", "telephone1"),
    ObjectType.ACCOUNT: ("name", "websiteurl", "telephone1", "address1_city", "address1_country"),
}
_ALWAYS = ("createdon", "modifiedon", "statecode")
_OPEN = 0


@dataclass(frozen=True, slots=True)
class ShownValue:
    """What a candidate holds in one column."""

    column: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record of Dynamics that may be picked. `address`: where a person can look at it."""

    id: str
    address: str
    read_only: bool
    created_on: str | None
    modified_on: str | None
    values: tuple[ShownValue, ...]


class Candidates:
    """Reads the candidates of one record. `find` gives the exports that a caller may see."""

    def __init__(self, stores: ExportStores, find: Find, prepare: Callable[[Export], PreparedExport]) -> None:
        self._stores = stores
        self._find = find
        self._prepare = prepare

    def of(self, caller: Caller, export_id: str, position: str) -> list[Candidate]:
        """Those that are still there, oldest first; none where nothing matched."""
        export = self._find(caller, export_id).value
        _, outcome = record_at(self._stores, export, position)
        if outcome.match is None or not outcome.match.candidates:
            return []
        work = self._prepare(export)
        shown = [name for name in _SHOWN[export.object_type] if name in work.table.columns]
        select = [work.table.primary_id, *_ALWAYS, *shown]
        questions = [
            query(work.table.entity_set, select=select, where=where)
            for where in in_filters([(work.table.primary_id, outcome.match.candidates)])
        ]
        rows = {row[work.table.primary_id]: row for rows in read_rows(work.client, questions) for row in rows}
        ids = (row_id for row_id in outcome.match.candidates if row_id in rows)
        return [_candidate(work.client.organization, work.table, shown, rows[row_id]) for row_id in ids]


def _candidate(
    organization: OrganizationUrl, table: TableMetadata, shown: list[str], row: Mapping[str, Any]
) -> Candidate:
    row_id = str(row[table.primary_id])
    return Candidate(
        id=row_id,
        # "Open forms, views, dialogs, and reports with a URL"
        address=f"{organization.url}/main.aspx?pagetype=entityrecord&etn={table.table}&id={row_id}",
        read_only=row.get("statecode", _OPEN) != _OPEN,
        created_on=row.get("createdon"),
        modified_on=row.get("modifiedon"),
        values=tuple(_values(table, shown, row)),
    )


def _values(table: TableMetadata, shown: list[str], row: Mapping[str, Any]) -> Iterator[ShownValue]:
    for name in shown:
        if row.get(name) is not None:
            yield ShownValue(name, table.columns[name].label, row[name])
