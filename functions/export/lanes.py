"""The lanes of an export: at most W chunks are under way at once, and a lane that is done takes the next.

A million-record export never has more than W messages in the queue, so it cannot hold up another tenant's.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from functions.export.ending import end
from functions.export.messages import WriteMessage
from functions.export.stores import ExportStores
from shared.domain import progress as steps
from shared.domain.errors import Transient
from shared.domain.exports import ChunkState, Counts, Export
from shared.domain.progress import Busy, Moved, Next, Progress, Taken


@dataclass(frozen=True, slots=True)
class Last:
    """What there is to say with the last chunks of an input. `refusal`: why the rest of it is not cut."""

    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """Whether it was this call that said that nothing more comes, and the chunk that it holds."""

    made_whole: bool = False
    taken: Taken | None = None


def _new_holder() -> str:
    return secrets.token_hex(6)


class Lanes:
    """Moves exports on from chunk to chunk, and ends them."""

    def __init__(self, stores: ExportStores, new_holder: Callable[[], str] = _new_holder) -> None:
        self._stores = stores
        self._new_holder = new_holder

    def publish(
        self,
        export: Export,
        cut: tuple[int, int],
        *,
        new: int | None = None,
        last: Last | None = None,
        hold: bool = False,
    ) -> Published:
        """Lets the lanes have what is cut (chunks, records).

        `new`: the size of the chunks, where nothing was published before. `last`: nothing more will be cut.
        `hold`: the cutter goes on with a chunk that nobody has.
        """
        was_whole = False
        holder = self._new_holder() if hold else None

        def step(now: Progress) -> tuple[Progress, Moved]:
            nonlocal was_whole
            was_whole = now.whole
            width, moment = export.window, self._stores.clock()
            after, moved = steps.published(now, cut, whole=last is not None, width=width, now=moment)
            if holder is not None:
                until = moment + self._stores.lease
                after, moved = steps.kept(after, moved, holder, now=moment, until=until)
            return steps.refused(after, last.refusal if last else None), moved

        moved = None if new is None else self._begun(export, new, step)
        moved = moved or self._change(export, step)
        if moved is None:
            return Published()
        return Published(made_whole=last is not None and not was_whole, taken=moved.taken)

    def _begun(
        self, export: Export, chunk_size: int, step: Callable[[Progress], tuple[Progress, Moved]]
    ) -> Moved | None:
        """The first step of an export; None where somebody else has taken it."""
        after, moved = step(Progress(chunk_size=chunk_size, touched_at=self._stores.clock()))
        there = self._stores.progress.add(export.tenant, export.id, after)
        if there is after:
            self._follow(export, after, moved)
            return moved
        if there.chunk_size != chunk_size:
            raise Transient("cutByOthers", "Another worker cuts this input, into chunks of another size.")
        return None

    def resume(self, export: Export, width: int | None = None) -> int:
        """Sets as many lanes going as there may be (None: all); gives how many. Ends an export with none.

        Nothing where nothing is cut yet.
        """
        lanes = width or export.window
        moved = self._change(export, lambda now: steps.filled(now, lanes, self._stores.clock()))
        if moved is None:
            return self.resume(export, width) if self._adopt(export) else 0
        return len(moved.called)

    def rouse(self, export: Export, patience: timedelta | None = None) -> int:
        """Sends again for the lanes that nobody came for, as after a lost message; gives how many.

        `patience`: how long to wait for those whose time is over; None is long enough for any message.
        """
        patience = 2 * self._stores.lease if patience is None else patience
        moved = self._change(export, lambda now: steps.overdue(now, self._stores.clock(), patience))
        return len(moved.called) if moved else 0

    def take(self, export: Export, lane: int) -> Taken | Busy | None:
        """The lane's chunk; None where the lane has ended."""
        holder, now = self._new_holder(), self._stores.clock()
        until = now + self._stores.lease
        taken = self._stores.progress.change(
            export.tenant, export.id, lambda there: steps.take(there, lane, holder, now=now, until=until)
        )
        if taken is None:
            self.finish(export)
        return taken

    def done(
        self, export: Export, taken: Taken, counts: Counts, *, width: int, go_on: bool = True
    ) -> Taken | None:
        """Counts the chunk; gives the lane's next one where the worker may `go_on` with it at once."""
        now = self._stores.clock()
        holder = self._new_holder() if go_on else ""
        until = now + self._stores.lease if go_on else None
        following = Next(width=min(width, export.window), now=now, holder=holder, until=until)
        moved = self._change(export, lambda there: steps.done(there, taken, counts, following))
        return moved.taken if moved else None

    def put_off(
        self, export: Export, taken: Taken, seconds: float, width: int, *, held_up: bool = False
    ) -> None:
        """The lane comes back later, or ends where there may be fewer."""
        now = self._stores.clock()
        self._change(
            export,
            lambda there: steps.put_off(there, taken, seconds, width=width, now=now, held_up=held_up),
            timedelta(seconds=seconds),
        )

    def give_back(self, export: Export, taken: Taken) -> None:
        """The lane ends; its chunk waits until the export is resumed."""
        now = self._stores.clock()
        self._change(export, lambda there: (steps.given_back(there, taken, now), Moved()))

    def let_go(self, export: Export, taken: Taken) -> None:
        """Frees the lane for the next delivery of the message that called it."""
        now = self._stores.clock()

        def step(there: Progress) -> tuple[Progress, Moved]:
            after, _ = steps.put_off(there, taken, 0, width=export.window, now=now)
            return after, Moved()

        self._change(export, step)

    def send_for(self, export: Export, lane: int) -> None:
        """Hands a lane that was let go to the queue."""
        self._change(export, lambda there: (there, steps.waiting(there, lane)))

    def finish(self, export: Export) -> None:
        """Ends the export if every chunk is done: one row says so, whatever the number of records."""
        progress = self._stores.progress.get(export.tenant, export.id)
        if progress is not None and progress.ended:
            end(self._stores, export, progress)

    def call(self, export: Export, lane: int, chunk: int, delay: timedelta = timedelta()) -> None:
        """Sends for one lane."""
        message = WriteMessage(export.tenant, export.id, chunk, lane)
        self._stores.write_queue.send(message.to_wire(), delay)

    def _change(
        self,
        export: Export,
        step: Callable[[Progress], tuple[Progress, Moved]],
        delay: timedelta = timedelta(),
    ) -> Moved | None:
        def told(now: Progress) -> tuple[Progress, tuple[Progress, Moved]]:
            after, moved = step(now)
            return after, (after, moved)

        change = self._stores.progress.change(export.tenant, export.id, told)
        if change is None:
            return None
        after, moved = change
        self._follow(export, after, moved, delay)
        return moved

    def _follow(self, export: Export, after: Progress, moved: Moved, delay: timedelta = timedelta()) -> None:
        """Sends for the lanes that a step has called, and ends an export that is done by then."""
        for lane, chunk in moved.called:
            self.call(export, lane, chunk, delay)
        if after.ended:
            end(self._stores, export, after)

    def _adopt(self, export: Export) -> bool:
        """Makes the row for an export that an earlier version of this service began: all of it is cut.

        False where it is none of those: it would have a row for each chunk.
        """
        chunks = list(self._stores.chunks.of(export.tenant, export.id))
        if not chunks:
            return False
        waiting = {
            chunk.number: chunk.state is ChunkState.RUNNING
            for chunk in chunks
            if chunk.state is not ChunkState.DONE
        }
        adopted = Progress(
            chunk_size=max((chunk.records for chunk in chunks), default=1),
            touched_at=self._stores.clock(),
            cut=len(chunks),
            records=sum(chunk.records for chunk in chunks),
            whole=True,
            taken=len(chunks),
            loose=waiting,
            counts=sum((chunk.counts for chunk in chunks), start=Counts()),
        )
        self._stores.progress.add(export.tenant, export.id, adopted)
        return True
