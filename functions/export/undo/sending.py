"""Carries out what an undo plans: each record on the condition that it is still as it was read."""

from collections.abc import Iterable

from functions.export.prepared import PreparedExport
from shared.dataverse import messages
from shared.dataverse.messages import DataverseRequest
from shared.dataverse.queries import in_batches
from shared.domain.errors import RecordRejected, ServiceError
from shared.domain.plan import Delete, PlannedRecord, Update

_MOST_PARTS = 100
"""Few enough that a cancellation, which is looked for in between, takes effect soon."""


def send_undo(work: PreparedExport, planned: Iterable[PlannedRecord]) -> dict[int, RecordRejected]:
    """The refused ones by position. Transient and NeedsUser are raised: carry the plan out again then."""
    todo = [(each.position, request) for each in planned if (request := _request(work, each)) is not None]
    positions = [position for position, _ in todo]
    refused: dict[int, RecordRejected] = {}
    done = 0
    for group in in_batches([request for _, request in todo], _MOST_PARTS):
        answers = work.client.batch(group)
        refused |= _refused(dict(zip(positions[done : done + len(group)], answers, strict=True)))
        done += len(group)
    return refused


def _refused(answers: dict[int, object]) -> dict[int, RecordRejected]:
    refused: dict[int, RecordRejected] = {}
    for position, answer in answers.items():
        if isinstance(answer, RecordRejected):
            refused[position] = answer
        elif isinstance(answer, ServiceError):
            raise answer
    return refused


def _request(work: PreparedExport, planned: PlannedRecord) -> DataverseRequest | None:
    entity_set = work.table.entity_set
    match planned.plan:
        case Update(row_id, etag, values):
            return messages.update(entity_set, row_id, values, etag)
        case Delete(row_id, etag):
            return messages.delete(entity_set, row_id, etag)
    return None
