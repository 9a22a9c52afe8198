"""Carries an erasure out, some exports at a time, as often as the message comes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from functions.identity import Caller
from functions.privacy.messages import ErasureMessage
from functions.privacy.stores import PrivacyStores
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.erasure import Erasure, ErasureKind, ErasureState, Person, erase_outcomes, erase_records
from shared.domain.exports import Chunk, ChunkState, Export, ExportState
from shared.domain.ids import ObjectType, vendor_id_of
from shared.domain.records import InputRecord, VendorRecord
from shared.storage.table import Changed

_EXPORTS_AT_ONCE = 10
_NOW = timedelta()
_UNTIL_MORE_HAVE_ENDED = timedelta(seconds=30)
_UNTIL_WORKERS_HAVE_NOTICED = timedelta(seconds=5)


class Eraser:
    """One step for each message. Safe to repeat: what is erased is found erased."""

    def __init__(self, stores: PrivacyStores) -> None:
        self._stores = stores

    def work(self, message: ErasureMessage) -> None:
        """Does the next step and calls for the one after, or ends the order with its proof."""
        stored = self._stores.erasures.get(message.tenant, message.erasure)
        if stored is None or stored.value.state is ErasureState.DONE:
            return
        step = self._forget_some if stored.value.kind is ErasureKind.PERSON else self._wipe
        following, delay = step(stored.value)
        try:
            self._stores.erasures.replace(following, stored.etag)
        except Changed:
            log.info("erasure changed by another worker")
            return
        if following.state is ErasureState.DONE:
            self._prove(following)
        else:
            self._stores.queue.send(message.to_wire(), delay)

    def _forget_some(self, erasure: Erasure) -> tuple[Erasure, timedelta]:
        """Looks at some exports; after the last, once more from the start while some were under way."""
        if erasure.person is not None and erasure.person.vendor_id is not None:
            for object_type in ObjectType:
                self._stores.choices.forget(erasure.tenant, object_type, erasure.person.vendor_id)
        if erasure.person is not None and erasure.person.email is not None:
            self._stores.users.forget(erasure.tenant, erasure.person.email)
        exports, more = self._stores.exports.page(erasure.tenant, _EXPORTS_AT_ONCE, erasure.cursor)
        earlier = [export for export in exports if export.created_at <= erasure.created_at]
        removed = sum(self._forget(export, erasure.person or Person()) for export in earlier)
        step = replace(
            erasure,
            state=ErasureState.RUNNING,
            cursor=more,
            looked_at=erasure.looked_at + len(earlier),
            removed=erasure.removed + removed,
            waiting=erasure.waiting + sum(export.ended_at is None for export in earlier),
        )
        if more is not None:
            return step, _NOW
        if step.waiting:
            return replace(step, looked_at=0, waiting=0), _UNTIL_MORE_HAVE_ENDED
        return self._done(step), _NOW

    def _forget(self, export: Export, person: Person) -> int:
        """Takes the person out of one export; gives how many records were theirs."""
        if export.state is not ExportState.QUEUED:
            self._stores.files.delete_input(export.tenant, export.id)
        chunks = self._stores.chunks.every(export.tenant, export.id, export.chunks)
        forgotten = sum(self._forget_in(export, chunk, person) for chunk in chunks)
        self._stores.files.delete_results(export.tenant, export.id)
        return forgotten

    def _forget_in(self, export: Export, chunk: Chunk, person: Person) -> int:
        files, place = self._stores.files, (export.tenant, export.id, chunk.number)
        before = files.read_records(*place) or []
        records, positions = erase_records(before, person)
        outcomes = files.read_outcomes(*place)
        if outcomes is not None:
            forgotten = erase_outcomes(outcomes, positions, person)
            if forgotten != outcomes:
                files.write_outcomes(*place, forgotten)
        if positions and chunk.state is ChunkState.DONE:
            files.delete_plan(*place)
        if records != before:
            self._forget_choices(export, [each for each in before if each.position in positions])
            files.write_records(*place, records)
        return sum(now != then for now, then in zip(records, before, strict=True))

    def _forget_choices(self, export: Export, records: Iterable[InputRecord]) -> None:
        """What somebody picked for the person."""
        for record in records:
            if isinstance(record, VendorRecord):
                vendor_id = vendor_id_of(record.fields)
                self._stores.choices.forget(export.tenant, export.object_type, vendor_id)

    def _wipe(self, erasure: Erasure) -> tuple[Erasure, timedelta]:
        """Removes all that there is, until a pass finds nothing: a worker may have been in the middle."""
        removed = self._stores.wipe.run(erasure.tenant, keep=erasure.id)
        step = replace(erasure, state=ErasureState.RUNNING, removed=erasure.removed + removed)
        return (step, _UNTIL_WORKERS_HAVE_NOTICED) if removed else (self._done(step), _NOW)

    def _done(self, erasure: Erasure) -> Erasure:
        return replace(
            erasure, state=ErasureState.DONE, ended_at=self._stores.clock(), person=None, cursor=None
        )

    def _prove(self, erasure: Erasure) -> None:
        self._stores.trail.note(
            Caller(tenant=erasure.tenant, user=SERVICE),
            _PROVEN[erasure.kind],
            f"erasure/{erasure.id}/{erasure.subject}/{erasure.removed}",
            after=erasure,
        )
        log.info("erasure done", erasure=erasure.id, kind=erasure.kind.value, removed=erasure.removed)


_PROVEN = {ErasureKind.PERSON: AuditAction.ERASURE_DONE, ErasureKind.TENANT: AuditAction.TENANT_DELETED}
