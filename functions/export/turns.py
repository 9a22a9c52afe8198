"""How long one delivery may go on from chunk to chunk before others have their turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

_LONGEST = timedelta(seconds=60)
"""Far below functionTimeout of host.json, whatever the last chunk takes."""

CROWDED = 16
"""newBatchThreshold of host.json: with more deliveries at work the host takes no message off the queue."""


class Turns:
    """The deliveries at work in this process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._at_work = 0

    @contextmanager
    def begun(self, until: datetime | None) -> Iterator["Turn"]:
        """One delivery's turn, which ends at `until` (None: after a minute)."""
        self._count(1)
        try:
            yield Turn(self, until or self._clock() + _LONGEST)
        finally:
            self._count(-1)

    def has_room(self) -> bool:
        """Whether one more delivery crowds nobody out."""
        return self._at_work < CROWDED

    def may_go_on(self, until: datetime) -> bool:
        """Whether a turn has time left, and nobody else has to wait for it."""
        return self._at_work <= CROWDED and self._clock() < until

    def _count(self, more: int) -> None:
        with self._lock:
            self._at_work += more


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of one delivery."""

    turns: Turns
    until: datetime

    def goes_on(self) -> bool:
        """Whether this delivery takes another chunk, or leaves it to a message of its own."""
        return self.turns.may_go_on(self.until)
