"""One delivery of one chunk: at most one worker at a time, whatever the queue delivers twice."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from functions.export.lanes import Lanes
from functions.export.messages import WriteMessage
from functions.export.runner import ChunkRunner
from functions.export.stores import ExportStores
from shared import log
from shared.domain.errors import NeedsUser, Transient
from shared.domain.exports import Chunk, ChunkState, Export, ExportState, Outcome, OutcomeKind, count
from shared.domain.outcomes import same_for_all
from shared.domain.records import InputRecord, UnreadableRecord
from shared.storage.table import Changed, Stored

_LONGEST_WAIT = 600.0
_LONGEST_AGE = timedelta(hours=24)
_GIVE_UP = (
    "Dynamics could not be reached for 24 hours. Some of these records may have been written; "
    "exporting them again doubles none."
)
_GONE = "The stored records of this part of the export are gone. Export them again."
_CANCELLED = "The export was cancelled before this record's turn."


Tell = Callable[[Export, NeedsUser], None]
"""Tells whoever made the connection why an export waits."""


class ChunkDelivery:
    """Takes a chunk from its message to its outcomes."""

    def __init__(self, stores: ExportStores, lanes: Lanes, runner: ChunkRunner, tell: Tell) -> None:
        self._stores = stores
        self._tell = tell
        self._lanes = lanes
        self._runner = runner

    def deliver(self, message: WriteMessage) -> None:
        """Writes the chunk, or puts the message back for later; then calls the next chunk of the lane."""
        export = self._stores.exports.get(message.tenant, message.export)
        chunk = self._stores.chunks.get(message.tenant, message.export, message.number)
        if export is None or chunk is None:
            log.warning("message of an unknown chunk dropped")
            return
        if chunk.value.state is ChunkState.DONE:
            self._lanes.go_on(export.value, message.number, again=True)
            return
        wait = self._must_wait(export.value, chunk.value)
        if wait is not None:
            self._put_back(message, wait)
            return
        self._take(export.value, chunk, message)

    def give_up(self, message: WriteMessage, reason: str) -> None:
        """Ends a chunk that cannot be written: its records fail with the reason, the export goes on."""
        export = self._stores.exports.get(message.tenant, message.export)
        chunk = self._stores.chunks.get(message.tenant, message.export, message.number)
        if export is None or chunk is None or chunk.value.state is ChunkState.DONE:
            return
        records = self._records(export.value, message.number) or _lost(chunk.value)
        outcomes = same_for_all(records, OutcomeKind.FAILED, "gaveUp", reason)
        self._account(export.value, chunk, outcomes)

    def _must_wait(self, export: Export, chunk: Chunk) -> float | None:
        """Seconds to wait: for another worker that has the chunk, or for the organization."""
        now = self._stores.clock()
        if chunk.lease_until is not None and chunk.lease_until > now:
            return (chunk.lease_until - now).total_seconds()
        if export.state is ExportState.CANCELLED:
            return None
        until = self._stores.cooldowns.until(export.tenant)
        if until is None or until <= now:
            return None
        return (until - now).total_seconds() + random.uniform(0, 2)  # noqa: S311 - jitter is no secret

    def _take(self, export: Export, chunk: Stored[Chunk], message: WriteMessage) -> None:
        begun_before = chunk.value.state is ChunkState.RUNNING
        now = self._stores.clock()
        leased = replace(
            chunk.value, state=ChunkState.RUNNING, lease_until=now + self._stores.lease, touched_at=now
        )
        try:
            etag = self._stores.chunks.replace(export.tenant, leased, chunk.etag)
        except Changed:
            self._put_back(message, 1.0)
            return
        held = Stored(leased, etag)
        try:
            outcomes = self._outcomes(export, leased, begun_before=begun_before)
        except Transient as error:
            self._wait_for_organization(export, held, message, error)
            return
        except NeedsUser as error:
            self._pause(export, held, error)
            return
        self._account(export, held, outcomes)

    def _outcomes(self, export: Export, chunk: Chunk, *, begun_before: bool) -> list[Outcome]:
        records = self._records(export, chunk.number)
        if records is None:
            return same_for_all(_lost(chunk), OutcomeKind.FAILED, "contentGone", _GONE)
        if export.state is ExportState.CANCELLED:
            return same_for_all(records, OutcomeKind.SKIPPED, "cancelled", _CANCELLED)
        return self._runner.run(export, chunk.number, records, begun_before=begun_before)

    def _account(self, export: Export, chunk: Stored[Chunk], outcomes: list[Outcome]) -> None:
        """Outcomes first, then the row, then the next message: a crash in between loses nothing."""
        number = chunk.value.number
        self._stores.files.write_outcomes(export.tenant, export.id, number, outcomes)
        done = replace(
            chunk.value,
            state=ChunkState.DONE,
            lease_until=None,
            touched_at=self._stores.clock(),
            counts=count(outcomes),
        )
        try:
            self._stores.chunks.replace(export.tenant, done, chunk.etag)
        except Changed:
            log.warning("chunk taken over by another worker")
            return
        self._lanes.go_on(export, number)

    def _wait_for_organization(
        self,
        export: Export,
        chunk: Stored[Chunk],
        message: WriteMessage,
        error: Transient,
    ) -> None:
        now = self._stores.clock()
        if now - export.created_at > _LONGEST_AGE:
            records = self._records(export, message.number) or _lost(chunk.value)
            self._account(export, chunk, same_for_all(records, OutcomeKind.FAILED, "gaveUp", _GIVE_UP))
            return
        wait = error.retry_after or min(2.0 ** (message.attempt + 1), _LONGEST_WAIT)
        if error.retry_after is not None:
            self._stores.cooldowns.set(export.tenant, now + timedelta(seconds=wait))
        self._release(export, chunk)
        self._put_back(replace(message, attempt=message.attempt + 1), wait)
        log.warning("chunk put back", code=error.code, seconds=wait, attempt=message.attempt)

    def _pause(self, export: Export, chunk: Stored[Chunk], error: NeedsUser) -> None:
        """The export says what a person has to do. The sweep, or reconnecting, sets it going again."""
        self._release(export, chunk)
        self._tell(export, error)
        self._stores.exports.change(
            export.tenant,
            export.id,
            lambda now: None if now.problem == error.message else replace(now, problem=error.message),
        )
        log.warning("export paused", code=error.code)

    def _release(self, export: Export, chunk: Stored[Chunk]) -> None:
        try:
            self._stores.chunks.replace(export.tenant, replace(chunk.value, lease_until=None), chunk.etag)
        except Changed:
            log.warning("chunk taken over by another worker")

    def _records(self, export: Export, number: int) -> list[InputRecord] | None:
        return self._stores.files.read_records(export.tenant, export.id, number)

    def _put_back(self, message: WriteMessage, seconds: float) -> None:
        self._stores.write_queue.send(message.to_wire(), timedelta(seconds=seconds))


def _lost(chunk: Chunk) -> list[InputRecord]:
    """Stands for records whose content is gone, so that each still has an outcome."""
    positions = range(chunk.first, chunk.first + chunk.records)
    return [UnreadableRecord(position, 0, "contentGone", _GONE) for position in positions]
