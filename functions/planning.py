"""Plans vendor records against what Dynamics holds: the very steps of an export before its first write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from functions.finding import find
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.dataverse.queries import Along
from shared.domain.compiled.lookups import NO_LINKS, Links
from shared.domain.compiled.protection import Written
from shared.domain.ids import TenantId, vendor_id_of
from shared.domain.matching import Candidates, Chosen, Identity, identify
from shared.domain.opt_out import is_opted_out
from shared.domain.plan import SEVERAL_MATCH, PlannedRecord, PlanRules, Skip, ids_to_look_up, plan_chunk
from shared.domain.records import InputRecord, VendorRecord


@dataclass(frozen=True, slots=True)
class Planned:
    """One plan a record, in their order, and what was known when it was made; `identities` by position.

    `links` are the records that the lookups of these records name.
    """

    records: list[PlannedRecord]
    candidates: Candidates
    identities: Mapping[int, Identity] = field(default_factory=dict)
    links: Links = NO_LINKS


ReadWritten = Callable[[Sequence[str]], Written]
"""What this service wrote last into the protected columns of these records."""

ReadChosen = Callable[[Sequence[str]], Mapping[str, Chosen]]
"""What people picked earlier for these vendor ids."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the service knows from before; picks are asked for where several records match."""

    read_written: ReadWritten
    read_chosen: ReadChosen = field(default=lambda _: {})


def plan_records(
    client: DataverseClient,
    table: TableMetadata,
    rules: PlanRules,
    records: Sequence[InputRecord],
    *,
    tenant: TenantId,
    remembered: Remembered | None = None,
    along: Along | None = None,
) -> Planned:
    """The plan of every record; who opted out is not even looked for.

    Without what is `remembered`, protected columns are planned like any other, and nobody has picked yet.
    `along` is asked with the search.
    """
    withheld = {
        record.position: PlannedRecord(record.position, vendor_id_of(record.fields), _OPTED_OUT)
        for record in records
        if isinstance(record, VendorRecord) and is_opted_out(record.fields)
    }
    others = [each for each in records if each.position not in withheld] if withheld else records
    people = [each for each in others if isinstance(each, VendorRecord)]
    object_type, match_rules = rules.object_type, rules.preferences.match_rules
    identities = {each.position: identify(each, tenant, object_type, match_rules) for each in people}
    for position in rules.choices.keys() & identities.keys():
        identities[position] = replace(identities[position], chosen=rules.choices[position])
    found = find(
        client,
        table,
        rules,
        list(identities.values()),
        lookup_questions=rules.mapping.lookup_questions(each.fields for each in people),
        along=along,
    )

    def plan(written: Written | None) -> list[PlannedRecord]:
        return plan_chunk(others, identities, found.candidates, rules, links=found.links, written=written)

    plans = plan(None)
    if remembered is not None:
        if chosen := _picked(plans, remembered):
            identities |= {place: replace(identities[place], chosen=pick) for place, pick in chosen.items()}
            plans = plan(None)
        if edited := ids_to_look_up(plans, rules.mapping):
            plans = plan(remembered.read_written(edited))
    if withheld:
        planned = withheld | {each.position: each for each in plans}
        plans = [planned[record.position] for record in records]
    return Planned(plans, found.candidates, identities, found.links)


def _picked(plans: Iterable[PlannedRecord], remembered: Remembered) -> dict[int, Chosen]:
    """What people picked earlier for those whom several match, by position, where it is still among these."""
    undecided = [each for each in plans if isinstance(each.plan, Skip) and each.plan.code in SEVERAL_MATCH]
    if not undecided:
        return {}
    picked = remembered.read_chosen([each.vendor_id or "" for each in undecided])
    return {
        each.position: pick
        for each in undecided
        if (pick := picked.get(each.vendor_id or "")) is not None
        and (pick.id is None or (each.match is not None and pick.id in each.match.candidates))
    }


_OPTED_OUT = Skip("optedOut", "The vendor marks this person or company as opted out of exports.")
