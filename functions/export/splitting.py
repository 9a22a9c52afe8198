"""Cuts the input of an export into chunks and sets its lanes going."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, islice

from functions.export.lanes import Lanes
from functions.export.messages import SplitMessage
from functions.export.reading import read_records
from functions.export.stores import ExportStores
from functions.identity import Caller
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.errors import InvalidRequest, NotFound, RequestRefused, TooLarge
from shared.domain.exports import Chunk, Export, ExportState, OutcomeKind
from shared.domain.ids import ExportId
from shared.domain.records import InputRecord
from shared.domain.vendor_catalog import vendor_fields
from shared.storage.table import Changed, Stored

_ROWS_AT_ONCE = 100


class Splitter:
    """The first step of an export. Safe to repeat: the same input gives the same chunks."""

    def __init__(
        self,
        stores: ExportStores,
        lanes: Lanes,
        *,
        chunk_size: int,
        window: int,
    ) -> None:
        self._stores = stores
        self._lanes = lanes
        self._chunk_size = chunk_size
        self._window = window

    def split(self, message: SplitMessage) -> None:
        """Makes the chunks; an input that is none as a whole ends the export, and says why."""
        stored = self._stores.exports.get(message.tenant, message.export)
        if stored is None or stored.value.state.ended:
            return
        if stored.value.state is ExportState.RUNNING:
            self._lanes.resume(stored.value)
            return
        try:
            chunks, total = self._cut(stored.value)
        except RequestRefused as error:
            self._fail(stored, error.code, error.message)
            return
        self._run(stored, chunks, total)

    def give_up(self, message: SplitMessage, reason: str) -> None:
        """Ends an export whose input could not be read."""
        stored = self._stores.exports.get(message.tenant, message.export)
        if stored is not None and stored.value.state is ExportState.QUEUED:
            self._fail(stored, "gaveUp", reason)

    def _cut(self, export: Export) -> tuple[int, int]:
        """Number of chunks and of records."""
        most = self._stores.files.read_settings(export.tenant, export.id).preferences.max_records_per_export
        chunks: list[Chunk] = []
        number = total = 0
        for number, records in enumerate(self._slices(export), start=1):
            chunk = Chunk(export=export.id, number=number, first=total + 1, records=len(records))
            total += chunk.records
            if most is not None and total > most:
                raise TooLarge(
                    "tooManyRecords",
                    f"Your administrator allows {most:,} records per export, and there are more. "
                    "Export them in parts.",
                )
            self._stores.files.write_records(export.tenant, export.id, number, records)
            chunks.append(chunk)
            if len(chunks) == _ROWS_AT_ONCE:
                self._stores.chunks.put(export.tenant, chunks)
                chunks.clear()
        self._stores.chunks.put(export.tenant, chunks)
        if total == 0:
            raise InvalidRequest("noRecords", "The input has no records. Send at least one.")
        self._stores.quotas.check_records(export, total)
        return number, total

    def _slices(self, export: Export) -> Iterator[list[InputRecord]]:
        records = self._records(export)
        while part := list(islice(records, self._chunk_size)):
            yield part

    def _records(self, export: Export) -> Iterator[InputRecord]:
        if export.retry_of is not None:
            return self._failed_records(export, export.retry_of)
        content = self._stores.files.read_input(export.tenant, export.id)
        return read_records(export.media_type, content, vendor_fields(export.object_type))

    def _failed_records(self, export: Export, source: ExportId) -> Iterator[InputRecord]:
        """The records that failed in an earlier export, numbered anew; their lines are those of its file."""
        failed = (
            self._failed_of_chunk(export, source, chunk.number)
            for chunk in self._stores.chunks.of(export.tenant, source)
            if chunk.counts.failed
        )
        positions = count(1)
        return (replace(record, position=next(positions)) for record in chain.from_iterable(failed))

    def _failed_of_chunk(self, export: Export, source: ExportId, number: int) -> list[InputRecord]:
        files = self._stores.files
        outcomes = files.read_outcomes(export.tenant, source, number)
        records = files.read_records(export.tenant, source, number)
        if outcomes is None or records is None:
            raise NotFound("contentGone", "The records of that export are no longer stored. Send them again.")
        failed = {outcome.position for outcome in outcomes if outcome.kind is OutcomeKind.FAILED}
        return [record for record in records if record.position in failed]

    def _fail(self, stored: Stored[Export], code: str, reason: str) -> None:
        now = self._stores.clock()
        failed = replace(stored.value, state=ExportState.FAILED, ended_at=now, problem=reason)
        if self._changed(failed, stored.etag):
            self._stores.trail.note(
                Caller(tenant=failed.tenant, user=SERVICE),
                AuditAction.EXPORT_ENDED,
                f"export/{failed.id}",
                before=stored.value,
                after=failed,
            )
            log.info("export failed", code=code)

    def _run(self, stored: Stored[Export], chunks: int, total: int) -> None:
        running = replace(
            stored.value,
            state=ExportState.RUNNING,
            started_at=self._stores.clock(),
            chunks=chunks,
            total=total,
            window=min(self._window, chunks),
        )
        if self._changed(running, stored.etag):
            self._stores.quotas.count(running)
            self._lanes.start(running)
            log.info("export split", chunks=chunks, records=total)

    def _changed(self, export: Export, etag: str) -> bool:
        """Whether the change was ours to make: another delivery, or a cancellation, may come first."""
        try:
            self._stores.exports.replace(export, etag)
        except Changed:
            log.info("export changed while it was split")
            return False
        return True
