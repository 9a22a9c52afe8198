"""Starts exports, and exports failed records again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.export.claiming import Claiming
from functions.export.decisions import Decided, decide, decide_again
from functions.export.messages import SplitMessage
from functions.export.orders import Order, pieces
from functions.export.pipeline import InlineRun
from functions.export.stores import ExportStores
from functions.identity import Caller
from functions.tenants import Tenants
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.errors import Conflict, NotFound
from shared.domain.exports import Export, ExportState
from shared.domain.ids import ExportId, is_export_id, new_export_id
from shared.storage.idempotency import IdempotencyStore
from shared.storage.table import AlreadyExists, Stored

_UPLOAD_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Started:
    """The export, and whether this call made it (or an earlier one like it)."""

    export: Export
    replayed: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a large input may be put, until when, and the id to name it by."""

    id: ExportId
    url: str
    expires_at: datetime


class ExportService:
    """The use cases that make exports."""

    def __init__(
        self,
        stores: ExportStores,
        tenants: Tenants,
        idempotency: IdempotencyStore,
        inline: InlineRun,
        *,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._stores = stores
        self._tenants = tenants
        self._claiming = Claiming(stores, idempotency, self._new_id)
        self._inline = inline
        self._entropy = entropy

    def start(self, caller: Caller, order: Order) -> Started:
        """Accepts an export: keeps its input, then its row, then queues it."""
        with self._tenants.at_hand(caller.tenant, order.object_type, self._stores.clock().date()):
            settings = decide(self._tenants, caller, order.object_type, order.matches)
            export_id, is_new = self._claiming.id_of(caller, order, settings)
            if not is_new and self._stores.exports.get(caller.tenant, export_id) is not None:
                return Started(self.get(caller, export_id).value, replayed=True)
            self._stores.quotas.check_start(caller)
        if order.upload is None:
            self._stores.files.write_input(caller.tenant, export_id, pieces(order))
        elif self._stores.files.input_size(caller.tenant, export_id) is None:
            raise NotFound("uploadMissing", "Nothing was uploaded under this id. Upload the file first.")
        export = _new_export(caller, order, export_id, self._stores.clock())
        try:
            accepted = self._accept(caller, settings, export)
        except AlreadyExists:
            return Started(self.get(caller, export_id).value, replayed=True)
        self._note(caller, AuditAction.EXPORT_STARTED, after=accepted)
        return Started(accepted, replayed=False)

    def retry(self, caller: Caller, export_id: str) -> Export:
        """Exports the failed records of an ended export again, as a new export, with today's mapping."""
        source = self.get(caller, export_id).value
        if source.ended_at is None:
            raise Conflict("exportRunning", "The export has not ended yet. Wait for its end, or cancel it.")
        if source.contents_deleted:
            raise NotFound("contentGone", "The records of that export are no longer stored. Send them again.")
        if source.counts.failed == 0:
            raise Conflict("nothingFailed", "No record of this export failed, so there is nothing to repeat.")
        self._stores.quotas.check_start(caller)
        on_match = self._stores.files.read_settings(source.tenant, source.id).on_match
        settings = decide_again(self._tenants, caller, source, on_match)
        again = Export(
            id=self._new_id(),
            tenant=caller.tenant,
            object_type=source.object_type,
            state=ExportState.QUEUED,
            requested_by=caller.user,
            created_at=self._stores.clock(),
            dry_run=source.dry_run,
            retry_of=source.id,
            undo_of=source.undo_of,
        )
        accepted = self._accept(caller, settings, again)
        self._note(caller, AuditAction.EXPORT_RETRIED, after=accepted)
        return accepted

    def run_now(self, caller: Caller, export: Export, seconds: float) -> Export:
        """Works on the export until it has ended or the time is over; the queues go on from there."""
        message = SplitMessage(export.tenant, export.id)
        self._inline.run(message, self._stores.clock() + timedelta(seconds=seconds))
        return self.get(caller, export.id).value

    def new_upload(self, caller: Caller) -> Upload:
        """An address for an input that is too large for one request."""
        self._tenants.check_access(caller)
        export_id = self._new_id()
        url = self._stores.files.upload_url(caller.tenant, export_id, _UPLOAD_LIFETIME)
        self._stores.trail.note(caller, AuditAction.UPLOAD_OPENED, f"export/{export_id}")
        return Upload(export_id, url, self._stores.clock() + _UPLOAD_LIFETIME)

    def _note(
        self, caller: Caller, action: AuditAction, *, after: Export, before: Export | None = None
    ) -> None:
        self._stores.trail.note(caller, action, f"export/{after.id}", before=before, after=after)

    def get(self, caller: Caller, export_id: str) -> Stored[Export]:
        """The export; NotFound for one that the caller may not see."""
        stored = None
        if is_export_id(export_id):
            stored = self._stores.exports.get(caller.tenant, ExportId(export_id))
        if stored is None or not (caller.is_admin or stored.value.requested_by == caller.user):
            raise NotFound("exportUnknown", "There is no such export.")
        return stored

    def _accept(self, caller: Caller, settings: Decided, export: Export) -> Export:
        decided, version = settings
        accepted = replace(export, mapping_version=version)
        self._stores.files.write_settings(caller.tenant, export.id, decided)
        self._stores.exports.add(accepted)
        log.info("export accepted", export=export.id, object=export.object_type.value)
        return accepted

    def queue(self, export: Export) -> None:
        """Hands an accepted export to the queues."""
        self._stores.split_queue.send(SplitMessage(export.tenant, export.id).to_wire())

    def _new_id(self) -> ExportId:
        return new_export_id(int(self._stores.clock().timestamp() * 1000), self._entropy(6))


def _new_export(caller: Caller, order: Order, export_id: ExportId, now: datetime) -> Export:
    return Export(
        id=export_id,
        tenant=caller.tenant,
        object_type=order.object_type,
        state=ExportState.QUEUED,
        requested_by=caller.user,
        created_at=now,
        dry_run=order.dry_run,
        media_type=order.media_type,
    )
