"""Plans vendor records against what Dynamics holds: the very steps of an export before its first write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from functions.finding import find
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.ids import TenantId, vendor_id_of
from shared.domain.matching import Candidates, Identity, identify
from shared.domain.opt_out import is_opted_out
from shared.domain.plan import PlannedRecord, PlanRules, Skip, plan_chunk
from shared.domain.records import InputRecord, VendorRecord


@dataclass(frozen=True, slots=True)
class Planned:
    """One plan a record, in their order, and what was known when it was made; `identities` by position."""

    records: list[PlannedRecord]
    candidates: Candidates
    identities: Mapping[int, Identity] = field(default_factory=dict)


def plan_records(
    client: DataverseClient,
    table: TableMetadata,
    rules: PlanRules,
    records: Sequence[InputRecord],
    *,
    tenant: TenantId,
) -> Planned:
    """The plan of every record; who opted out is not even looked for."""
    withheld = {
        record.position: PlannedRecord(record.position, vendor_id_of(record.fields), _OPTED_OUT)
        for record in records
        if isinstance(record, VendorRecord) and is_opted_out(record.fields)
    }
    others = [each for each in records if each.position not in withheld]
    match_rules = rules.preferences.match_rules
    identities = {
        record.position: identify(record, tenant, rules.object_type, match_rules)
        for record in others
        if isinstance(record, VendorRecord)
    }
    candidates = find(client, table, rules, list(identities.values()))
    planned = withheld | {each.position: each for each in plan_chunk(others, identities, candidates, rules)}
    return Planned([planned[record.position] for record in records], candidates, identities)


_OPTED_OUT = Skip("optedOut", "The vendor marks this person or company as opted out of exports.")
