"""Sets exports going again that have stopped: after a crash, a lost message, a reconnection."""

from dataclasses import replace

from functions.export.lanes import Lanes
from functions.export.messages import SplitMessage
from functions.export.stores import ExportStores
from shared import log
from shared.domain.exports import ChunkState, Export, ExportState
from shared.domain.ids import TenantId, UserId
from shared.storage.idempotency import IdempotencyStore


class Recovery:
    """Finds what has stopped. Calling a chunk that is not lost is harmless: one worker has it at a time."""

    def __init__(self, stores: ExportStores, idempotency: IdempotencyStore, lanes: Lanes) -> None:
        self._stores = stores
        self._idempotency = idempotency
        self._lanes = lanes
        self._stalled_after = 2 * stores.lease

    def sweep(self) -> int:
        """Revives every stalled export of every tenant, and forgets old keys; gives how many it revived."""
        self._idempotency.forget_expired(self._stores.clock())
        revived = 0
        for export in self._stores.exports.unfinished():
            with log.context(tenant=export.tenant, export=export.id):
                if self._is_stalled(export):
                    self._revive(export)
                    revived += 1
        return revived

    def resume(self, tenant: TenantId, user: UserId | None = None) -> int:
        """Revives the paused exports of a tenant, or of one user, as after reconnecting; gives how many."""
        paused = [
            export
            for export in self._stores.exports.unfinished_of(tenant)
            if export.problem and user in {None, export.requested_by}
        ]
        for export in paused:
            self._revive(export)
        return len(paused)

    def _is_stalled(self, export: Export) -> bool:
        now = self._stores.clock()
        if export.state is ExportState.QUEUED:
            return now - export.created_at > self._stalled_after
        cooldown = self._stores.cooldowns.until(export.tenant)
        if cooldown is not None and cooldown > now:
            return False
        latest = export.started_at or export.created_at
        for chunk in self._stores.chunks.of(export.tenant, export.id):
            if chunk.state is not ChunkState.PENDING and chunk.touched_at is not None:
                latest = max(latest, chunk.touched_at)
        return now - latest > self._stalled_after

    def _revive(self, export: Export) -> None:
        if export.state is ExportState.QUEUED:
            self._stores.split_queue.send(SplitMessage(export.tenant, export.id).to_wire())
        else:
            self._stores.exports.change(
                export.tenant, export.id, lambda now: replace(now, problem=None) if now.problem else None
            )
            self._lanes.resume(export)
        log.warning("export revived", state=export.state.value)
