"""Sets exports going again that have stopped: after a crash, a lost message, a reconnection."""

from dataclasses import replace

from functions.export.lanes import Lanes
from functions.export.messages import SplitMessage
from functions.export.stores import ExportStores
from shared import log, telemetry
from shared.domain.exports import Export, ExportState
from shared.domain.ids import TenantId, UserId
from shared.domain.progress import Progress
from shared.storage.idempotency import IdempotencyStore

_ONE_TO_TRY = 1


class Recovery:
    """Finds what has stopped. Calling a lane that is not lost is harmless: one worker has it at a time."""

    def __init__(self, stores: ExportStores, idempotency: IdempotencyStore, lanes: Lanes) -> None:
        self._stores = stores
        self._idempotency = idempotency
        self._lanes = lanes
        self._stalled_after = 2 * stores.lease

    def sweep(self) -> int:
        """Revives every stalled export of every tenant, and forgets old keys; gives how many it revived."""
        self._idempotency.forget_expired(self._stores.clock())
        revived = stalled = 0
        for export in self._stores.exports.under_way():
            with log.context(tenant=export.tenant, export=export.id):
                if not export.paused and self._revived(export):
                    log.warning("export revived", state=export.state.value)
                    revived += 1
                    stalled += not export.problem  # one that waits for a person is told of by its connection
        telemetry.measure(telemetry.Metric.STALLED, stalled)
        return revived

    def resume(self, tenant: TenantId, user: UserId | None = None) -> int:
        """Revives the waiting exports of a tenant, or of one user, as after reconnecting; gives how many."""
        waiting = [
            export
            for export in self._stores.exports.unfinished_of(tenant)
            if export.problem and user in {None, export.requested_by}
        ]
        for export in waiting:
            self._stores.exports.change(
                tenant, export.id, lambda now: replace(now, problem=None) if now.problem else None
            )
            self._go_on(export)
        return len(waiting)

    def _go_on(self, export: Export) -> None:
        if export.state is ExportState.QUEUED:
            self._split(export)
        elif not export.paused:
            self._lanes.resume(export)

    def _revived(self, export: Export) -> bool:
        """Whether something stood still; it costs one row for each export under way."""
        progress = self._stores.progress.get(export.tenant, export.id)
        if progress is None:
            return self._revived_without_lanes(export)
        if progress.ended:
            self._lanes.finish(export)
            return True
        stalled = self._stores.clock() - progress.touched_at > self._stalled_after
        if not progress.whole and stalled:
            self._split(export)
        if self._is_left_alone(export):
            return False
        if not progress.lanes:
            return stalled and self._tried(export, progress)
        return self._lanes.rouse(export) > 0 or (stalled and not progress.whole)

    def _revived_without_lanes(self, export: Export) -> bool:
        """An export that nobody has begun to cut, or one of an earlier version of this service."""
        if self._stores.clock() - (export.started_at or export.created_at) <= self._stalled_after:
            return False
        if export.state is ExportState.QUEUED or not self._lanes.resume(export):
            self._split(export)
        return True

    def _tried(self, export: Export, progress: Progress) -> bool:
        """One lane finds out whether what the export waits for is there; the others follow it."""
        if export.paused and export.state is not ExportState.CANCELLED:
            return False
        return self._lanes.resume(export, _ONE_TO_TRY) > 0 or progress.ended

    def _is_left_alone(self, export: Export) -> bool:
        return self._stores.cooldowns.pace(export.tenant).wait(self._stores.clock()) > 0

    def _split(self, export: Export) -> None:
        self._stores.split_queue.send(SplitMessage(export.tenant, export.id).to_wire())
