"""The input of an undo: what an earlier export changed in Dynamics, the latest change first."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count

from functions.export.stores import ExportStores
from shared.domain.exports import Chunk, Counts, Export, Outcome, OutcomeKind
from shared.domain.ids import ExportId
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord
from shared.domain.undo import Change

_WRITTEN = frozenset({OutcomeKind.CREATED, OutcomeKind.UPDATED})
_UNCERTAIN = "gaveUp"
_GONE = "What this export wrote here is no longer stored, so it cannot be undone."


def changes_of(stores: ExportStores, export: Export, source: ExportId) -> Iterator[InputRecord]:
    """One record for each Dynamics record that the source changed, numbered from 1."""
    chunks = [chunk for chunk in stores.chunks.of(export.tenant, source) if _may_have_written(chunk.counts)]
    changes = (_of_chunk(stores, export, source, chunk) for chunk in reversed(chunks))
    positions = count(1)
    return (replace(record, position=next(positions)) for record in chain.from_iterable(changes))


def _may_have_written(counts: Counts) -> bool:
    """Some of the failed ones may have been written, where the service gave up."""
    return counts.created + counts.updated + counts.failed > 0


def _of_chunk(stores: ExportStores, export: Export, source: ExportId, chunk: Chunk) -> Iterator[InputRecord]:
    """The changes of one chunk. Where its plan is gone, as after an erasure, each of them fails."""
    outcomes = stores.files.read_outcomes(export.tenant, source, chunk.number) or []
    written = {each.position: each for each in outcomes if _is_written(each)}
    planned = stores.files.read_plan(export.tenant, source, chunk.number)
    if planned is None:
        lost = (each for each in written.values() if each.kind in _WRITTEN)
        yield from (UnreadableRecord(each.position, each.position, "contentGone", _GONE) for each in lost)
        return
    for each in planned:
        change = Change.of_plan(each) if each.position in written else None
        if change is not None:
            yield VendorRecord(each.position, each.position, change.to_fields())


def _is_written(outcome: Outcome) -> bool:
    return outcome.kind in _WRITTEN or outcome.code == _UNCERTAIN
