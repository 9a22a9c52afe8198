"""The end of an export: its state and its counts, once."""

from dataclasses import replace

from functions.export.stores import ExportStores
from functions.identity import Caller
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.exports import Export, ExportState, end_state, may_follow
from shared.domain.progress import Progress


def end(stores: ExportStores, export: Export, progress: Progress) -> None:
    """Ends the export whose every record has an outcome. Whoever comes second changes nothing."""

    def ended(now: Export) -> Export | None:
        if now.ended_at is not None:
            return None
        state = _state(now, progress)
        if not now.state.ended and not may_follow(now.state, state):
            return None
        return replace(
            now, state=state, counts=progress.counts, ended_at=stores.clock(), problem=progress.refusal
        )

    change = stores.exports.change(export.tenant, export.id, ended)
    if change is None:
        return
    before, after = change
    stores.trail.note(
        Caller(tenant=export.tenant, user=SERVICE),
        AuditAction.EXPORT_ENDED,
        f"export/{export.id}",
        before=before,
        after=after,
    )
    counts = after.counts
    log.info("export ended", state=after.state.value, records=counts.done, failed=counts.failed)


def _state(export: Export, progress: Progress) -> ExportState:
    """An input of which a part was refused has not succeeded, even if each record that was read has."""
    state = end_state(progress.counts, cancelled=export.state.ended)
    if progress.refusal is not None and state is ExportState.SUCCEEDED:
        return ExportState.COMPLETED_WITH_ERRORS if progress.counts.done else ExportState.FAILED
    return state
