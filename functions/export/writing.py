"""Carries out the plan of a chunk: new records, then changes, each in as few requests as possible."""

from collections.abc import Sequence
from typing import Any

from functions.owners import Owner
from shared.dataverse.bulk import ETAG, WriteResult, create_all, update_all
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.errors import NeedsUser, RecordRejected, Transient
from shared.domain.plan import Create, PlannedRecord, Update


def write(
    client: DataverseClient,
    table: TableMetadata,
    planned: Sequence[PlannedRecord],
    owner: Owner | None,
    *,
    is_end: bool = False,
) -> dict[int, RecordRejected]:
    """The refused writes by position. `owner` gets the new records. `is_end`: these are an export's last.

    Transient and NeedsUser are raised: carry the plan out again then.
    """
    creates = [(record.position, record.plan) for record in planned if isinstance(record.plan, Create)]
    updates = [(record.position, record.plan) for record in planned if isinstance(record.plan, Update)]
    name, entity_set = table.table, table.entity_set
    refused: dict[int, RecordRejected] = {}
    if creates:
        owned = _owned(owner)
        rows = [{**owned, table.primary_id: plan.id, **plan.values} for _, plan in creates]
        results = create_all(client, name, entity_set, rows, bulk=table.bulk_create, is_end=is_end)
        refused |= _refused([position for position, _ in creates], results)
    if updates:
        rows = [{table.primary_id: plan.id, **plan.values, **_condition(plan)} for _, plan in updates]
        results = update_all(client, name, entity_set, rows, bulk=table.bulk_update, is_end=is_end)
        refused |= _refused([position for position, _ in updates], results)
    return refused


def _owned(owner: Owner | None) -> dict[str, Any]:
    """What gives a new record to somebody else; a mapping that sets the owner itself has the last word."""
    return {} if owner is None or owner.id is None else {"ownerid@odata.bind": f"/systemusers({owner.id})"}


def _condition(plan: Update) -> dict[str, Any]:
    return {} if plan.etag is None else {ETAG: plan.etag}


def _refused(positions: Sequence[int], results: Sequence[WriteResult]) -> dict[int, RecordRejected]:
    waiting = next((result for result in results if isinstance(result, (Transient, NeedsUser))), None)
    if waiting is not None:
        raise waiting
    return {
        position: result
        for position, result in zip(positions, results, strict=True)
        if isinstance(result, RecordRejected)
    }
