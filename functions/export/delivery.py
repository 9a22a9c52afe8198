"""One delivery of one lane: chunk after chunk, at most one worker at a time, whatever is delivered twice."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from functions.export.halting import Halted
from functions.export.lanes import Lanes
from functions.export.messages import WriteMessage
from functions.export.pacing import Pacing, Visit
from functions.export.running import Runner
from functions.export.settling import CANCELLED
from functions.export.stores import ExportStores
from functions.export.turns import Turn, Turns
from shared import log, telemetry
from shared.domain.errors import NeedsUser, Transient
from shared.domain.exports import (
    Chunk,
    ChunkState,
    Counts,
    Export,
    ExportState,
    Outcome,
    OutcomeKind,
    count,
)
from shared.domain.outcomes import same_for_all
from shared.domain.progress import Busy, Taken
from shared.domain.records import InputRecord, UnreadableRecord
from shared.storage.person_claims import Claimant

_HELD_UP = "samePersonUnderWay"
_GIVE_UP = (
    "Dynamics could not be reached for 24 hours. Some of these records may have been written; "
    "exporting them again doubles none."
)
_GONE = "The stored records of this part of the export are gone. Export them again."
_DOWN = (
    "Dynamics does not answer at the moment. The export tries again less and less often, "
    "and goes on by itself as soon as there is an answer."
)
_MIDWAY = (
    "The export was cancelled while this record was under way, and Dynamics does not tell whether it was "
    "written. Exporting it again doubles nothing."
)


Tell = Callable[[Export, NeedsUser], None]
"""Tells whoever made the connection why an export waits."""


class ChunkDelivery:
    """Takes the chunks of a lane from their records to their outcomes, until its turn is over."""

    def __init__(
        self, stores: ExportStores, lanes: Lanes, runner: Runner, tell: Tell, *, pacing: Pacing
    ) -> None:
        self._stores = stores
        self._tell = tell
        self._lanes = lanes
        self._runner = runner
        self._pacing = pacing
        self._turns = Turns(stores.clock)

    def deliver(self, message: WriteMessage, until: datetime | None = None) -> None:
        """Writes the lane's chunk and those after it, until `until` or the end of its turn."""
        stored = self._stores.exports.get(message.tenant, message.export)
        if stored is None:
            log.warning("message of an unknown export dropped")
            return
        export = stored.value
        if not message.lane:
            self._lanes.resume(export)
            return
        taken = self._take(export, message)
        if taken is not None:
            self._go_on(export, taken, until)

    def go_on(self, export: Export, taken: Taken, until: datetime | None = None) -> None:
        """Writes a chunk that is in hand already without a message, and those after it.

        Where it fails, its lane is sent for: deliveries are counted, and the last one ends the chunk.
        """
        try:
            self._go_on(export, taken, until)
        except Exception as error:  # noqa: BLE001 - as the host does with a delivery
            log.exception("lane failed", error, lane=taken.lane)
            self._lanes.send_for(export, taken.lane)

    def has_room(self) -> bool:
        """Whether one more lane in this process crowds nobody out."""
        return self._turns.has_room()

    def _go_on(self, export: Export, taken: Taken, until: datetime | None) -> None:
        following: Taken | None = taken
        with self._turns.begun(until) as turn:
            while following is not None:
                following = self._step(export, following, turn)
                if following is not None:
                    export = self._seen_again(export)

    def give_up(self, message: WriteMessage, reason: str) -> None:
        """Ends a chunk that cannot be written: its records fail with the reason, the export goes on."""
        stored = self._stores.exports.get(message.tenant, message.export)
        if stored is None:
            return
        export = stored.value
        taken = self._lanes.take(export, message.lane)
        if not isinstance(taken, Taken):
            return
        if taken.chunk != message.number:
            # The lane has come further than this message: what failed is not the chunk that it names.
            self._lanes.put_off(export, taken, 0, export.window)
            return
        outcomes = self._same_for_all(export, taken, OutcomeKind.FAILED, ("gaveUp", reason))
        self._account(export, taken, outcomes)

    def _take(self, export: Export, message: WriteMessage) -> Taken | None:
        found = self._lanes.take(export, message.lane)
        if isinstance(found, Busy):
            self._wait_for_other(message, found)
            return None
        return found

    def _wait_for_other(self, message: WriteMessage, busy: Busy) -> None:
        """Comes back when the other worker's time is over: it may have died.

        One that has come further meanwhile is alive: then this message was delivered twice, and ends.
        """
        has_moved = message.number != busy.chunk
        if message.late and has_moved:
            log.info("message delivered twice dropped")
            return
        later = replace(message, number=busy.chunk, late=has_moved)
        self._stores.write_queue.send(later.to_wire(), timedelta(seconds=busy.seconds))

    def _seen_again(self, export: Export) -> Export:
        """The export as it is now: it may have been paused or cancelled."""
        stored = self._stores.exports.get(export.tenant, export.id)
        return export if stored is None else stored.value

    def _step(self, export: Export, taken: Taken, turn: Turn) -> Taken | None:
        """Writes one chunk; gives the next one of the lane, None where this delivery is over."""
        with ExitStack() as on_failure, log.context(chunk=str(taken.chunk)), _told(export, taken):
            on_failure.callback(self._lanes.let_go, export, taken)
            following = self._write(export, taken, turn)
            on_failure.pop_all()
            return following

    def _write(self, export: Export, taken: Taken, turn: Turn) -> Taken | None:
        earlier = self._counts_of_earlier(export, taken)
        if earlier is not None:
            go_on = turn.goes_on()
            return self._lanes.done(export, taken, earlier, width=export.window, go_on=go_on)
        kept = self._outcomes_of_earlier(export, taken)
        if kept is not None:
            return self._account(export, taken, kept, go_on=turn.goes_on())
        if export.state is ExportState.CANCELLED:
            return self._account(export, taken, self._settled(export, taken), go_on=turn.goes_on())
        if export.paused:
            self._hold(export, taken)
            return None
        return self._visit(export, taken, turn)

    def _visit(self, export: Export, taken: Taken, turn: Turn) -> Taken | None:
        """Writes the chunk to Dynamics, unless the organization is to be left alone for now."""
        visit = self._pacing.visit(export, taken.tries)
        if visit.wait:
            return self._put_off(export, taken, visit)
        started = time.perf_counter()
        try:
            outcomes = self._outcomes(export, taken)
        except Transient as error:
            visit.refused(error)
            log.warning("chunk put off", code=error.code, seconds=round(visit.wait))
            return self._put_off(export, taken, visit, held_up=error.code == _HELD_UP)
        except Halted:
            now = self._seen_again(export)
            log.info("chunk halted", state=now.state.value)
            return self._write(now, replace(taken, begun=True), turn)
        except NeedsUser as error:
            self._wait_for_person(export, taken, error)
            return None
        self._say(export, None)
        following = self._account(export, taken, outcomes, width=visit.answered(), go_on=turn.goes_on())
        telemetry.measure(telemetry.Metric.CHUNK_SECONDS, time.perf_counter() - started)
        return following

    def _hold(self, export: Export, taken: Taken) -> None:
        """The lane ends, until somebody lets the export go on: who did so in between found it still there."""
        self._lanes.give_back(export, taken)
        now = self._seen_again(export)
        if not now.paused:
            self._lanes.resume(now)

    def _settled(self, export: Export, taken: Taken) -> list[Outcome]:
        """The outcomes of a chunk of a cancelled export: skipped, but for what was written before that."""
        records = self._records(export, taken) if taken.begun else None
        if records is None:
            return self._same_for_all(export, taken, OutcomeKind.SKIPPED, ("cancelled", CANCELLED))
        try:
            return self._runner.settle(export, taken.chunk, records)
        except (Transient, NeedsUser) as error:
            log.warning("cancelled chunk not looked at", code=error.code)
            return self._same_for_all(export, taken, OutcomeKind.SKIPPED, ("cancelledMidway", _MIDWAY))

    def _put_off(self, export: Export, taken: Taken, visit: Visit, *, held_up: bool = False) -> Taken | None:
        if visit.hopeless:
            outcomes = self._same_for_all(export, taken, OutcomeKind.FAILED, ("gaveUp", _GIVE_UP))
            return self._account(export, taken, outcomes)
        if visit.is_down:
            self._say(export, _DOWN)
        tried = replace(taken, tries=visit.tries)
        self._lanes.put_off(export, tried, visit.wait, visit.width, held_up=held_up)
        return None

    def _wait_for_person(self, export: Export, taken: Taken, error: NeedsUser) -> None:
        """The export says what a person has to do. The sweep, or reconnecting, sets it going again."""
        self._lanes.give_back(export, taken)
        self._tell(export, error)
        self._say(export, error.message)
        log.warning("export waits for a person", code=error.code)

    def _say(self, export: Export, problem: str | None) -> None:
        """What the export waits for, None while it does not."""
        if export.problem == problem:
            return
        self._stores.exports.change(
            export.tenant,
            export.id,
            lambda now: None if now.problem == problem else replace(now, problem=problem),
        )

    def _counts_of_earlier(self, export: Export, taken: Taken) -> Counts | None:
        """The counts of a chunk that an earlier delivery finished, but could not count."""
        if not taken.begun:
            return None
        row = self._stores.chunks.get(export.tenant, export.id, taken.chunk)
        return row.value.counts if row is not None and row.value.state is ChunkState.DONE else None

    def _outcomes_of_earlier(self, export: Export, taken: Taken) -> list[Outcome] | None:
        """What an earlier delivery said of a chunk before it could say that the chunk is done."""
        if not taken.begun:
            return None
        return self._stores.files.read_outcomes(export.tenant, export.id, taken.chunk)

    def _outcomes(self, export: Export, taken: Taken) -> list[Outcome]:
        records = self._records(export, taken)
        if records is None:
            return self._same_for_all(export, taken, OutcomeKind.FAILED, ("contentGone", _GONE))
        return self._runner.run(export, taken.chunk, records, begun_before=taken.begun)

    def _account(
        self,
        export: Export,
        taken: Taken,
        outcomes: list[Outcome],
        *,
        width: int | None = None,
        go_on: bool = False,
    ) -> Taken | None:
        """Outcomes first, then the chunk's row, then the lane: a crash in between loses nothing.

        A worker who slept while another one had the chunk finds the outcomes there, and changes nothing.
        """
        outcomes = self._stores.files.keep_outcomes(export.tenant, export.id, taken.chunk, outcomes)
        if taken.begun:
            # Whoever began it may have left its people claimed, for whom others wait.
            claimant = Claimant(export.id, taken.chunk)
            self._stores.claims.release(export.tenant, export.object_type, claimant)
        counts = count(outcomes)
        row = Chunk(
            export=export.id,
            number=taken.chunk,
            first=min((outcome.position for outcome in outcomes), default=0),
            records=len(outcomes),
            state=ChunkState.DONE,
            touched_at=self._stores.clock(),
            counts=counts,
        )
        self._stores.chunks.put(export.tenant, [row])
        following = self._lanes.done(export, taken, counts, width=width or export.window, go_on=go_on)
        for outcome, records in asdict(counts).items():
            if records:
                telemetry.measure(telemetry.Metric.RECORDS, records, outcome=outcome)
        return following

    def _same_for_all(
        self, export: Export, taken: Taken, kind: OutcomeKind, why: tuple[str, str]
    ) -> list[Outcome]:
        """One outcome for each record of the chunk, even if the records are gone. `why`: code and reason."""
        records = self._records(export, taken)
        return same_for_all(self._lost(export, taken) if records is None else records, kind, *why)

    def _lost(self, export: Export, taken: Taken) -> list[InputRecord]:
        """Stands for records whose content is gone, so that each still has an outcome."""
        row = self._stores.chunks.get(export.tenant, export.id, taken.chunk)
        progress = self._stores.progress.get(export.tenant, export.id)
        if row is not None:  # of an earlier version, which kept one from the beginning
            positions = range(row.value.first, row.value.first + row.value.records)
        else:
            positions = range(0) if progress is None else progress.positions(taken.chunk)
        return [UnreadableRecord(position, 0, "contentGone", _GONE) for position in positions]

    def _records(self, export: Export, taken: Taken) -> Sequence[InputRecord] | None:
        records = None if taken.at_hand is None else taken.at_hand.take()
        if records is not None:
            return records
        return self._stores.files.read_records(export.tenant, export.id, taken.chunk)


def _told(export: Export, taken: Taken) -> AbstractContextManager[None]:
    return telemetry.span("chunk", tenant=export.tenant, export=export.id, chunk=taken.chunk)
