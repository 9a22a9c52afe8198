"""The rules of lanes and pace against the emulator's service protection, in simulated time."""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, product
from math import ceil

from benchmarks.budget import least_share
from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from local.emulators.dataverse.errors import DataverseError
from local.emulators.dataverse.limits import Guard
from shared.dataverse.traffic import Allowance
from shared.domain import pace as paces
from shared.domain import progress as steps
from shared.domain.exports import Counts
from shared.domain.pace import Pace
from shared.domain.progress import Moved, Next, Progress, Taken

CHUNK, AT_ONCE, LANES = 500, 8, 12
REQUEST_SECONDS, RECORD_SECONDS = 0.040, 0.011
_OWN_SECONDS = 0.15
"""What a chunk costs the service besides Dynamics: mapping, storage."""

_QUEUE_SECONDS = 0.15
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_USER = "service account"
_FOREVER = timedelta(days=365)
_SIZES = (440_000, 1_000_000)
_PROCESSES = (1, 4)
_LOOK_EVERY = timedelta(seconds=1)
"""What another process learned is seen that late."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One export. `used`: of the time granted, at the least favourable moment after two windows."""

    seconds: float
    used: float
    refused: float


def run(_: Options) -> Iterator[Report]:
    """Exports that are longer than the window of the limits."""
    figures = []
    for records, processes in product(_SIZES, _PROCESSES):
        done = simulate(records, processes=processes)
        name = f"{records:,} records, {processes} processes"
        rate = f"in {done.seconds:,.0f} simulated seconds, {records / done.seconds:,.0f} records per second"
        figures += [
            Figure(name, done.used * 100, "% of the time", rate, "at least 95"),
            Figure("answered 429", done.refused * 100, "% of requests", target="below 1"),
        ]
    remark = (
        f"Simulated: {LANES} lanes, {AT_ONCE} requests at once, chunks of {CHUNK}, "
        f"{REQUEST_SECONDS * 1000:.0f} ms a request and {RECORD_SECONDS * 1000:.0f} ms a record; "
        "the service's own rules and the emulator's own limits. The share is that of the least favourable "
        "moment after two windows."
    )
    yield Report(
        "pacing: execution time that service protection grants (1,200 s in 300 s), used", figures, [remark]
    )


def simulate(records: int, *, processes: int = 1, seed: int = 1) -> Simulated:
    """One export of new records, to its end. `processes`: among so many its lanes are spread."""
    chance = random.Random(seed)  # noqa: S311 - the same every time is the point
    simulation = _Simulation(records, chance, processes)
    simulation.run()
    limits = simulation.guard.limits
    rate = (limits.seconds or 0.0) / limits.window
    used = least_share(simulation.charges, rate=rate, after=2 * limits.window)
    return Simulated(simulation.seconds, used, simulation.refused / simulation.requests)


class _Simulation:
    """What happens, in the order of its time."""

    def __init__(self, records: int, chance: random.Random, processes: int) -> None:
        self.seconds = 0.0
        self.charges: list[tuple[float, float]] = []
        self.requests = self.refused = 0
        self.guard = Guard(lambda: self.seconds)
        self._chance = chance
        self._pace = Pace()
        self._processes = processes
        self._allowance = Allowance()
        self._next_turns = [0.0] * processes
        self._seen: dict[int, tuple[datetime, Pace]] = {}
        self._free = AT_ONCE
        self._at_the_gate: deque[Callable[[], None]] = deque()
        self._numbers = count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        chunks = ceil(records / CHUNK)
        empty = Progress(chunk_size=CHUNK, touched_at=_EPOCH)
        self._progress, moved = steps.published(empty, (chunks, records), whole=True, width=LANES, now=_EPOCH)
        self._call(moved)

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._events:
            self.seconds, _, happen = heapq.heappop(self._events)
            happen()

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.seconds + seconds, next(self._numbers), happen))

    @property
    def _now(self) -> datetime:
        return _EPOCH + timedelta(seconds=self.seconds)

    def _call(self, moved: Moved, delay: float = 0.0) -> None:
        for lane, _ in moved.called:
            self._after(ceil(delay) + _QUEUE_SECONDS, lambda lane=lane: self._deliver(lane))  # type: ignore[misc]  # mypy does not infer a lambda's default

    def _deliver(self, lane: int) -> None:
        self._progress, taken = steps.take(
            self._progress, lane, f"h{next(self._numbers)}", now=self._now, until=self._now + _FOREVER
        )
        if isinstance(taken, Taken):
            self._begin(taken)

    def _begin(self, taken: Taken) -> None:
        wait = self._known(taken.lane).wait(self._now)
        if wait:
            self._put_off(taken, wait)
            return
        began = self._now
        create = lambda: self._ask(taken, CHUNK, lambda: self._done(taken, began))  # noqa: E731 - a step of the chunk
        self._after(_OWN_SECONDS / 2, lambda: self._ask(taken, 0, create))

    def _ask(self, taken: Taken, records: int, then: Callable[[], None]) -> None:
        """A search (no records) or a bulk write, when there are fewer than may be at once."""

        def ask() -> None:
            self._after(self._turn(taken.lane % self._processes), partial(self._pass, taken, records, then))

        if self._free == 0:
            self._at_the_gate.append(ask)
            return
        self._free -= 1
        ask()

    def _turn(self, process: int) -> float:
        """Seconds until the request may be sent: few may be refused at once."""
        if not self._allowance.is_short:
            return 0.0
        turn = max(self.seconds, self._next_turns[process])
        self._next_turns[process] = turn + paces.space(self._allowance.took)
        return turn - self.seconds

    def _leave(self) -> None:
        if self._at_the_gate:
            self._at_the_gate.popleft()()
        else:
            self._free += 1

    def _pass(self, taken: Taken, records: int, then: Callable[[], None]) -> None:
        wait = self._known(taken.lane).wait(self._now)
        if wait:
            self._put_off(taken, wait)
            self._leave()
            return
        self.requests += 1
        try:
            self.guard.enter(_USER)
        except DataverseError as error:
            self.refused += 1
            self._after(REQUEST_SECONDS, partial(self._refused, taken, error))
            return
        seconds = REQUEST_SECONDS + RECORD_SECONDS * records

        def answered() -> None:
            self.guard.leave(_USER, seconds)
            self.charges.append((self.seconds, seconds))
            self._allowance = self._allowance.updated(self.guard.headers(_USER), seconds)
            self._leave()
            self._after(_OWN_SECONDS / 2, then)

        self._after(seconds, answered)

    def _refused(self, taken: Taken, error: DataverseError) -> None:
        """For the time or the number of a window: so few at once are never too many."""
        seconds = float(error.headers["Retry-After"])
        self._pace = paces.spent(self._pace, seconds, now=self._now)
        self._seen[taken.lane % self._processes] = self._now, self._pace
        self._put_off(taken, max(seconds, self._pace.wait(self._now)))
        self._leave()

    def _known(self, lane: int) -> Pace:
        """What the lane's process knows: it looks once a second."""
        process = lane % self._processes
        looked_at, pace = self._seen.get(process, (_EPOCH, Pace()))
        if self._now - looked_at >= _LOOK_EVERY:
            pace = self._pace
            self._seen[process] = self._now, pace
        return pace

    def _put_off(self, taken: Taken, seconds: float) -> None:
        width = min(LANES, self._pace.width or LANES)
        wait = seconds + self._chance.uniform(0, 1)
        self._progress, moved = steps.put_off(self._progress, taken, wait, width=width, now=self._now)
        self._call(moved, wait)

    def _done(self, taken: Taken, began: datetime) -> None:
        self._pace = paces.calmed(self._pace, window=LANES, began=began, now=self._now)
        width = paces.width(self._pace, window=LANES, hint=None)
        holder = f"h{next(self._numbers)}"
        following = Next(width=width, now=self._now, holder=holder, until=self._now + _FOREVER)
        self._progress, moved = steps.done(self._progress, taken, Counts(created=CHUNK), following)
        self._call(moved)
        if moved.taken is not None:
            self._begin(moved.taken)
