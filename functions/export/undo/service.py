"""Starts an undo: an export of its own that takes back what an earlier one changed."""

from collections.abc import Callable
from dataclasses import replace

from functions.export.decisions import decide_undo
from functions.export.stores import ExportStores
from functions.identity import Caller
from functions.tenants import Tenants
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.errors import Conflict, NotFound
from shared.domain.exports import Export, ExportState
from shared.domain.ids import ExportId, new_export_id
from shared.storage.table import Stored

Find = Callable[[Caller, str], Stored[Export]]


class UndoService:
    """The use case of undoing. `find` gives the exports that a caller may see."""

    def __init__(
        self, stores: ExportStores, tenants: Tenants, find: Find, entropy: Callable[[int], bytes]
    ) -> None:
        self._stores = stores
        self._tenants = tenants
        self._find = find
        self._entropy = entropy

    def undo(self, caller: Caller, export_id: str, *, dry_run: bool) -> Export:
        """Accepts an undo: its settings, then the source's mark, then its row. To be queued next."""
        source = self._find(caller, export_id).value
        _check(source)
        settings, version = decide_undo(self._tenants, caller, source)
        self._stores.quotas.check_start(caller)
        now = self._stores.clock()
        undo = Export(
            id=new_export_id(int(now.timestamp() * 1000), self._entropy(6)),
            tenant=caller.tenant,
            object_type=source.object_type,
            state=ExportState.QUEUED,
            requested_by=caller.user,
            created_at=now,
            dry_run=dry_run,
            mapping_version=version,
            undo_of=source.id,
        )
        self._stores.files.write_settings(caller.tenant, undo.id, settings)
        if not dry_run:
            self._mark(source, undo.id)
        self._stores.exports.add(undo)
        subject = f"export/{undo.id}"
        self._stores.trail.note(caller, AuditAction.EXPORT_UNDONE, subject, before=source, after=undo)
        log.info("undo accepted", export=undo.id, source=source.id)
        return undo

    def _mark(self, source: Export, undo: ExportId) -> None:
        """Of two who undo the same export at once, one is refused."""

        def marked(now: Export) -> Export:
            if now.undone_by is not None:
                self._check_earlier(now, now.undone_by)
            return replace(now, undone_by=undo)

        self._stores.exports.change(source.tenant, source.id, marked)

    def _check_earlier(self, source: Export, undo: ExportId) -> None:
        """What was undone in part may be undone again: what is back already stays as it is."""
        earlier = self._stores.exports.get(source.tenant, undo)
        if earlier is None:
            return
        if earlier.value.ended_at is None:
            raise Conflict("undoRunning", "This export is being undone already. Follow that, or cancel it.")
        if earlier.value.state is ExportState.SUCCEEDED and earlier.value.counts.skipped == 0:
            raise Conflict("alreadyUndone", "This export was undone already; nothing of it is left.")


def _check(source: Export) -> None:
    if source.ended_at is None:
        raise Conflict("exportRunning", "The export has not ended yet. Wait for its end, or cancel it.")
    if source.undo_of is not None:
        raise Conflict("undoOfUndo", "This is an undo itself. To have the values again, export them again.")
    if source.dry_run:
        raise Conflict("nothingToUndo", "This was a dry run: it wrote nothing, so there is nothing to undo.")
    if source.contents_deleted:
        raise NotFound("contentGone", "What that export wrote is no longer stored, so it cannot be undone.")
    if not source.counts.created + source.counts.updated:
        raise Conflict(
            "nothingToUndo", "This export changed nothing in Dynamics, so nothing is to be undone."
        )
