"""Cuts the input of an export into chunks, while its lanes are under way with the first of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, count

from functions.export.crew import Crew
from functions.export.cutting import Cut, Cutting, Held, end_cutting
from functions.export.inputs import InputFile
from functions.export.lanes import Lanes, Last
from functions.export.messages import SplitMessage
from functions.export.reading import read_records
from functions.export.stores import ExportStores
from functions.export.undo.changes import changes_of
from functions.identity import Caller
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.errors import InvalidRequest, NotFound, RequestRefused, TooLarge
from shared.domain.export_settings import ExportSettings
from shared.domain.exports import Export, ExportState, OutcomeKind
from shared.domain.ids import ExportId
from shared.domain.records import InputRecord
from shared.domain.vendor_catalog import vendor_fields
from shared.storage.table import Changed, Stored

Muster = Callable[[datetime | None], AbstractContextManager[Crew]]
"""Who goes on with lanes in this process, at most until then; it is left when all of them are done."""


class Splitter:
    """The first step of an export. Safe to repeat: the same input gives the same chunks."""

    def __init__(
        self,
        stores: ExportStores,
        lanes: Lanes,
        *,
        chunk_size: int,
        window: int,
        muster: Muster,
    ) -> None:
        """The crew goes on with the first lanes; those for which it has no room are sent for."""
        self._stores = stores
        self._lanes = lanes
        self._chunk_size = chunk_size
        self._window = window
        self._muster = muster

    def split(self, message: SplitMessage, until: datetime | None = None) -> None:
        """Makes the chunks; an input that is none as a whole ends the export, and says why.

        The crew goes on with lanes, at most until `until` or the end of a turn.
        """
        stored = self._stores.exports.get(message.tenant, message.export)
        if stored is None or stored.value.ended_at is not None:
            return
        export = stored.value
        if export.state is not ExportState.QUEUED:
            # This message comes again where a worker died that had gone on with lanes.
            self._lanes.rouse(export, timedelta())
        if self._is_cut(export):
            self._lanes.resume(export)
            return
        with self._muster(until) as crew:
            self._split(stored, crew)

    def _split(self, stored: Stored[Export], crew: Crew) -> None:
        export = stored.value
        cutting = Cutting(self._stores, self._lanes, export, chunk_size=self._chunk_size, window=self._window)
        file = InputFile(self._stores.files, export)
        early = cutting.is_begun or self._within_limits(export, file)
        try:
            self._cut(export, cutting, file, crew, early=early)
        except RequestRefused as error:
            if cutting.is_begun:
                self._end_early(export, cutting, crew, error)
            else:
                self._fail(stored, error.code, error.message)

    def give_up(self, message: SplitMessage, reason: str) -> None:
        """Ends an export whose input could not be read; what was cut of it before is exported."""
        stored = self._stores.exports.get(message.tenant, message.export)
        if stored is None or stored.value.ended_at is not None or self._is_cut(stored.value):
            return
        export = stored.value
        if export.state is ExportState.QUEUED:
            self._fail(stored, "gaveUp", reason)
            return
        progress = self._stores.progress.get(export.tenant, export.id)
        cut, new = (
            (Cut(), self._chunk_size) if progress is None else (Cut(progress.cut, progress.records), None)
        )
        end_cutting(self._stores, self._lanes, export, cut, new=new, last=Last(_early(cut, reason)))

    def _is_cut(self, export: Export) -> bool:
        """Whether all of the input is cut already. Earlier versions kept rows of chunks, and no progress."""
        if export.state is ExportState.QUEUED:
            return False
        progress = self._stores.progress.get(export.tenant, export.id)
        if progress is not None:
            return progress.whole
        return any(True for _ in self._stores.chunks.of(export.tenant, export.id))

    def _cut(self, export: Export, cutting: Cutting, file: InputFile, crew: Crew, *, early: bool) -> None:
        """Cuts the input; the lanes begin at once (`early`), or when all of it is known to be right."""
        for records, is_last in cutting.slices(self._records(export, file)):
            if early and not cutting.is_begun and not cutting.begin():
                return
            _begin(crew, cutting.add(records, publish=early and not is_last, hold=crew.has_room()))
        if cutting.cut.records == 0:
            raise InvalidRequest("noRecords", "The input has no records. Send at least one.")
        if not early:
            self._check(export, cutting.cut.records)
        if cutting.is_begun or cutting.begin():
            _begin(crew, cutting.end(Last(), hold=crew.has_room()))

    def _end_early(self, export: Export, cutting: Cutting, crew: Crew, error: RequestRefused) -> None:
        """The rest cannot be had: what was cut is exported, and the export says why that is not all."""
        log.warning("input refused half-way", code=error.code, export=export.id)
        last = Last(_early(cutting.cut, error.message))
        _begin(crew, cutting.end(last, hold=crew.has_room()))

    def _within_limits(self, export: Export, file: InputFile) -> bool:
        """Whether nothing can be wrong with the input as a whole; if not certain, all of it is cut first."""
        if export.retry_of is not None or export.undo_of is not None:
            return False
        try:
            by_size = file.most_by_size()
            if by_size is not None:
                with suppress(TooLarge):
                    self._check(export, by_size)
                    return True
            self._check(export, file.most_by_lines())
        except RequestRefused:
            return False
        return True

    def _check(self, export: Export, records: int) -> None:
        """TooLarge where an administrator or the limits of the day allow fewer."""
        most = self._settings(export).preferences.max_records_per_export
        if most is not None and records > most:
            raise TooLarge(
                "tooManyRecords",
                f"Your administrator allows {most:,} records per export, and there are more. "
                "Export them in parts.",
            )
        self._stores.quotas.check_records(export, records)

    def _settings(self, export: Export) -> ExportSettings:
        return self._stores.files.read_settings(export.tenant, export.id)

    def _records(self, export: Export, file: InputFile) -> Iterator[InputRecord]:
        if export.retry_of is not None and not self._settings(export).choices:
            return self._failed_records(export, export.retry_of)
        if export.undo_of is not None:
            return changes_of(self._stores, export, export.undo_of)
        return read_records(export.media_type, file.content(), vendor_fields(export.object_type))

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

    def _changed(self, export: Export, etag: str) -> bool:
        """Whether the change was ours to make: another delivery, or a cancellation, may come first."""
        try:
            self._stores.exports.replace(export, etag)
        except Changed:
            log.info("export changed while it was split")
            return False
        return True


def _begin(crew: Crew, held: Held | None) -> None:
    if held is not None:
        crew.begin(*held)


def _early(cut: Cut, reason: str) -> str:
    return f"{reason} The {cut.records:,} records before that were exported."
