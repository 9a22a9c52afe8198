"""Keeps what was just written into protected columns, so that later edits by people are recognized."""

from collections.abc import Container, Iterable

from shared.domain.compiled import CompiledMapping
from shared.domain.compiled.protection import Seals, seals
from shared.domain.exports import Export
from shared.domain.plan import Create, PlannedRecord, Update
from shared.storage.writes import ObjectLedger


def remember_writes(
    ledger: ObjectLedger,
    export: Export,
    mapping: CompiledMapping,
    planned: Iterable[PlannedRecord],
    *,
    refused: Container[int],
) -> None:
    """Notes the seals of the protected values of this plan, but for the records that Dynamics refused."""
    if not mapping.protected:
        return
    created: dict[str, Seals] = {}
    changed: dict[str, Seals] = {}
    for record in planned:
        if isinstance(record.plan, (Create, Update)) and record.position not in refused:
            values = mapping.payloads.by_column(record.plan.values)
            protected = {name: value for name, value in values.items() if name in mapping.protected}
            if protected:
                kind = created if isinstance(record.plan, Create) else changed
                kind[record.plan.id] = seals(export.tenant, record.plan.id, mapping.catalog, protected)
    ledger.note(created=created, changed=changed)
