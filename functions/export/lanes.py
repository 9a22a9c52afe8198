"""The lanes of an export: W chunks are under way at once, and each calls the one W numbers after it.

A million-record export never has more than W chunks in the queue, so it cannot hold up another tenant's.
"""

from dataclasses import replace

from functions.export.messages import WriteMessage
from functions.export.stores import ExportStores
from functions.identity import Caller
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.exports import ChunkState, Counts, Export, end_state, may_follow
from shared.domain.ids import ExportId, TenantId


class Lanes:
    """Moves exports on from chunk to chunk, and ends them."""

    def __init__(self, stores: ExportStores) -> None:
        self._stores = stores

    def start(self, export: Export) -> None:
        """Queues the first chunk of each lane."""
        for number in range(1, min(export.window, export.chunks) + 1):
            self._call(export, number)

    def resume(self, export: Export) -> int:
        """Queues the first chunk of each lane that is not done; gives how many. Ends an export with none."""
        waiting: dict[int, int] = {}
        for chunk in self._stores.chunks.of(export.tenant, export.id):
            if chunk.state is not ChunkState.DONE:
                waiting.setdefault(chunk.number % export.window, chunk.number)
        for number in waiting.values():
            self._call(export, number)
        if not waiting:
            self.finish(export.tenant, export.id)
        return len(waiting)

    def go_on(self, export: Export, number: int, *, again: bool = False) -> None:
        """Queues the chunk after this one. `again`: only if nobody has begun it, for a repeated delivery."""
        following = number + export.window
        if following > export.chunks:
            self.finish(export.tenant, export.id)
        elif not again or self._is_waiting(export, following):
            self._call(export, following)

    def finish(self, tenant: TenantId, export_id: ExportId) -> None:
        """Ends the export if every chunk is done. The last of several lanes to come here finds it so."""
        counts = Counts()
        for chunk in self._stores.chunks.of(tenant, export_id):
            if chunk.state is not ChunkState.DONE:
                return
            counts += chunk.counts
        self._end(tenant, export_id, counts)

    def _end(self, tenant: TenantId, export_id: ExportId, counts: Counts) -> None:
        def ended(export: Export) -> Export | None:
            if export.ended_at is not None:
                return None
            state = end_state(counts, cancelled=export.state.ended)
            if not export.state.ended and not may_follow(export.state, state):
                return None
            return replace(export, state=state, counts=counts, ended_at=self._stores.clock(), problem=None)

        change = self._stores.exports.change(tenant, export_id, ended)
        if change is None:
            return
        before, after = change
        self._stores.trail.note(
            Caller(tenant=tenant, user=SERVICE),
            AuditAction.EXPORT_ENDED,
            f"export/{export_id}",
            before=before,
            after=after,
        )
        log.info("export ended", state=after.state.value, records=counts.done, failed=counts.failed)

    def _is_waiting(self, export: Export, number: int) -> bool:
        stored = self._stores.chunks.get(export.tenant, export.id, number)
        return stored is not None and stored.value.state is ChunkState.PENDING

    def _call(self, export: Export, number: int) -> None:
        self._stores.write_queue.send(WriteMessage(export.tenant, export.id, number).to_wire())
