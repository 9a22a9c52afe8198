"""How far an export has come: which chunks are cut, which lane has which, and the counts of those done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.domain.exports import Counts
from shared.domain.records import InputRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One of the parallel strands of an export, with the chunk that is its own until it is done.

    With a `holder`, a worker has it until `due`; without, its message is due then. `begun`: a worker has had
    this chunk before, so that some of it may be written. `tries` failed and will be repeated.
    """

    chunk: int
    due: datetime
    holder: str = ""
    begun: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is kept of an export under way, in one row, whatever its size.

    Chunks are taken in order: those up to `cut` (with so many `records`) may be, those up to `taken` have
    been. `loose` chunks were taken and given back. `whole`: nothing more will be cut. `refusal` is why the
    rest of the input was not. Each chunk is counted once, because the lane that had it has another one, or
    is gone, from then on.
    """

    chunk_size: int
    touched_at: datetime
    cut: int = 0
    records: int = 0
    whole: bool = False
    taken: int = 0
    loose: Mapping[int, bool] = field(default_factory=dict)
    lanes: Mapping[int, Lane] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    refusal: str | None = None

    @property
    def ended(self) -> bool:
        """Whether every record has its outcome."""
        return self.whole and not self.lanes and not self.waits

    @property
    def waits(self) -> bool:
        """Whether there are chunks that no lane has."""
        return bool(self.loose) or self.taken < self.cut

    def positions(self, chunk: int) -> range:
        """Where the records of a chunk stand in the input."""
        before = (chunk - 1) * self.chunk_size
        return range(before + 1, min(before + self.chunk_size, self.records) + 1)


class AtHand:
    """The records of a chunk that a worker has already, to be had once: nothing else keeps them."""

    def __init__(self, records: Sequence[InputRecord]) -> None:
        """Until they are taken."""
        self._records: Sequence[InputRecord] | None = records

    def take(self) -> Sequence[InputRecord] | None:
        """The records; None from the second time on."""
        records, self._records = self._records, None
        return records


@dataclass(frozen=True, slots=True)
class Taken:
    """A chunk in the hands of a worker. `begun`: another worker has had it before."""

    lane: int
    chunk: int
    holder: str
    begun: bool
    tries: int = 0
    at_hand: AtHand | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else has the lane, with this chunk, for so many seconds more."""

    chunk: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Moved:
    """What follows from a change: the chunk that the worker goes on with, and whom to send for.

    `called` are lanes with their chunks.
    """

    taken: Taken | None = None
    called: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """How a worker goes on after a chunk: as `holder` until `until`, or (empty) through a message.

    `width` is how many lanes there may be.
    """

    width: int
    now: datetime
    holder: str = ""
    until: datetime | None = None


def published(
    progress: Progress, cut: tuple[int, int], *, whole: bool, width: int, now: datetime
) -> tuple[Progress, Moved]:
    """So many chunks, with so many records, may be taken (`cut`): lanes that are free, or new, get them."""
    chunks, records = max(cut, (progress.cut, progress.records))
    is_whole = progress.whole or whole
    known = replace(progress, cut=chunks, records=records, whole=is_whole, touched_at=now)
    return filled(known, width, now)


def kept(
    progress: Progress, moved: Moved, holder: str, *, now: datetime, until: datetime
) -> tuple[Progress, Moved]:
    """One of the lanes that are called is for the caller to go on with, as `holder` until `until`."""
    # It has one already where the answer to the same change got lost.
    number = next((number for number, lane in progress.lanes.items() if lane.holder == holder), None)
    if number is None and moved.called:
        number = moved.called[-1][0]
    if number is None:
        return progress, moved
    progress, taken = take(progress, number, holder, now=now, until=until)
    called = tuple(each for each in moved.called if each[0] != number)
    return progress, Moved(taken if isinstance(taken, Taken) else None, called)


def refused(progress: Progress, reason: str | None) -> Progress:
    """The rest of the input is not cut, for this reason (None: it is)."""
    return progress if reason is None else replace(progress, refusal=reason)


def filled(progress: Progress, width: int, now: datetime) -> tuple[Progress, Moved]:
    """As many lanes as there may be and are chunks for."""
    called: list[tuple[int, int]] = []
    while len(progress.lanes) < width and progress.waits:
        number = next(free for free in range(1, width + 1) if free not in progress.lanes)
        progress, chunk, begun = _next_chunk(progress)
        lane = Lane(chunk=chunk, due=now, begun=begun)
        progress = replace(progress, lanes={**progress.lanes, number: lane}, touched_at=now)
        called.append((number, chunk))
    return progress, Moved(called=tuple(called))


def take(
    progress: Progress, number: int, holder: str, *, now: datetime, until: datetime
) -> tuple[Progress, Taken | Busy | None]:
    """The lane's chunk, for one worker at a time. None where there is no such lane any more."""
    lane = progress.lanes.get(number)
    if lane is None:
        return progress, None
    if lane.holder == holder:  # the answer to the same change got lost
        return progress, Taken(number, lane.chunk, holder, begun=True, tries=lane.tries)
    if lane.holder and lane.due > now:
        return progress, Busy(lane.chunk, (lane.due - now).total_seconds())
    held = replace(lane, holder=holder, due=until, begun=True)
    return _with_lane(progress, number, held, now), Taken(number, lane.chunk, holder, lane.begun, lane.tries)


def done(progress: Progress, taken: Taken, counts: Counts, following: Next) -> tuple[Progress, Moved]:
    """Counts the chunk and goes on with the next; nothing where the lane is in other hands by now."""
    lane = progress.lanes.get(taken.lane)
    if lane is not None and following.holder and lane.holder == following.holder:
        return progress, Moved(Taken(taken.lane, lane.chunk, lane.holder, begun=True))
    if lane is None or lane.holder != taken.holder:
        return progress, Moved()
    others = {number: each for number, each in progress.lanes.items() if number != taken.lane}
    progress = replace(progress, lanes=others, counts=progress.counts + counts, touched_at=following.now)
    if len(others) >= following.width or not progress.waits:
        return progress, Moved()
    progress, chunk, begun = _next_chunk(progress)
    due = following.until or following.now
    lane = Lane(chunk=chunk, due=due, holder=following.holder, begun=begun or bool(following.holder))
    progress = replace(progress, lanes={**others, taken.lane: lane})
    progress, moved = filled(progress, following.width, following.now)
    if following.holder:
        return progress, replace(moved, taken=Taken(taken.lane, chunk, following.holder, begun))
    return progress, replace(moved, called=((taken.lane, chunk), *moved.called))


def put_off(
    progress: Progress, taken: Taken, seconds: float, *, width: int, now: datetime, held_up: bool = False
) -> tuple[Progress, Moved]:
    """The lane waits with its chunk, or gives it back and ends where the others are enough.

    `held_up`: the chunk waits for another one, which may be loose: that one comes first.
    """
    lane = progress.lanes.get(taken.lane)
    if lane is None or lane.holder != taken.holder:
        return progress, Moved()
    if len(progress.lanes) > width:
        return given_back(progress, taken, now), Moved()
    if held_up and progress.loose:
        progress, chunk, begun = _next_chunk(progress)
        progress = replace(progress, loose={**progress.loose, lane.chunk: True})
        lane = Lane(chunk=chunk, due=now, begun=begun)
        taken = replace(taken, tries=0)
    waiting = replace(lane, holder="", due=now + timedelta(seconds=seconds), tries=taken.tries)
    return _with_lane(progress, taken.lane, waiting, now), Moved(called=((taken.lane, lane.chunk),))


def given_back(progress: Progress, taken: Taken, now: datetime) -> Progress:
    """The lane ends, its chunk is for whoever comes next."""
    lane = progress.lanes.get(taken.lane)
    if lane is None or lane.holder != taken.holder:
        return progress
    lanes = {number: each for number, each in progress.lanes.items() if number != taken.lane}
    return replace(progress, lanes=lanes, loose={**progress.loose, lane.chunk: True}, touched_at=now)


def waiting(progress: Progress, number: int) -> Moved:
    """Whom to send for where a lane was let go, and no message of its own is under way."""
    lane = progress.lanes.get(number)
    return Moved() if lane is None or lane.holder else Moved(called=((number, lane.chunk),))


def overdue(progress: Progress, now: datetime, patience: timedelta) -> tuple[Progress, Moved]:
    """Sends once more for the lanes that nobody came for in time."""
    late = {number: lane for number, lane in progress.lanes.items() if lane.due + patience < now}
    if not late:
        return progress, Moved()
    waiting = {number: replace(lane, holder="", due=now) for number, lane in late.items()}
    called = replace(progress, lanes={**progress.lanes, **waiting}, touched_at=now)
    return called, Moved(called=tuple((number, lane.chunk) for number, lane in late.items()))


def _with_lane(progress: Progress, number: int, lane: Lane, now: datetime) -> Progress:
    return replace(progress, lanes={**progress.lanes, number: lane}, touched_at=now)


def _next_chunk(progress: Progress) -> tuple[Progress, int, bool]:
    """The first loose chunk, else the first that nobody has taken; and whether it was begun before."""
    if progress.loose:
        chunk = min(progress.loose)
        others = {number: begun for number, begun in progress.loose.items() if number != chunk}
        return replace(progress, loose=others), chunk, progress.loose[chunk]
    return replace(progress, taken=progress.taken + 1), progress.taken + 1, False
