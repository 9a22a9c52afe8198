"""How hard an organization may be worked: what its answers were, and what follows for the next requests."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LONGEST_WAIT = 600.0
GIVE_UP_AFTER = timedelta(hours=24)

_CALM = timedelta(seconds=5)
"""How long nothing is refused before one more lane is tried."""

_LONGEST_SPACE = 1.0

_SEVERAL = 2
"""Failures in a row, of whoever, before all the others wait as well: one lost connection is no outage."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What all workers of a tenant share. `width` None: as many lanes as the export has.

    `failures` counts attempts in a row that had no answer, since `failing_since`.
    """

    until: datetime | None = None
    width: int | None = None
    changed_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None

    def wait(self, now: datetime) -> float:
        """Seconds in which the organization is to be left alone."""
        return 0.0 if self.until is None else max(0.0, (self.until - now).total_seconds())

    @property
    def is_down(self) -> bool:
        """Whether the organization does not answer at all."""
        return self.failures >= _SEVERAL

    def hopeless(self, now: datetime) -> bool:
        """Whether it has not answered for so long that waiting on makes no sense."""
        return self.failing_since is not None and now - self.failing_since > GIVE_UP_AFTER

    def knew(self, began: datetime) -> bool:
        """Whether this has changed since: what began earlier tells nothing new."""
        return self.changed_at is not None and self.changed_at > began


def throttled(pace: Pace, seconds: float, *, window: int, began: datetime, now: datetime) -> Pace:
    """After a 429: everybody waits; half as many lanes, once for all requests that were under way.

    It may be for too many at once. `spent` is for those of which Dynamics says that they are not.
    """
    until = now + timedelta(seconds=seconds)
    if pace.knew(began):
        return replace(pace, until=max(until, pace.until or until))
    width = max(1, min(pace.width or window, window) // 2)
    return Pace(until=until, width=width, changed_at=now)


def spent(pace: Pace, seconds: float, *, now: datetime) -> Pace:
    """After a 429 that says that what the window grants is used up: everybody waits, and all come back.

    Fewer at once would use the next window no better: what each may do is the same, only later.
    """
    until = now + timedelta(seconds=seconds)
    return Pace(until=max(until, pace.until or until), width=pace.width, changed_at=now)


def unanswered(pace: Pace, *, began: datetime, now: datetime) -> Pace:
    """After no usable answer: longer waits each time, and from the second time on for everybody."""
    if pace.knew(began):
        return pace
    failures = pace.failures + 1
    since = pace.failing_since or now
    if failures < _SEVERAL:
        return replace(pace, failures=failures, failing_since=since, changed_at=now)
    wait = min(2.0**failures, LONGEST_WAIT)
    return Pace(now + timedelta(seconds=wait), 1, now, failures, since)


def calmed(pace: Pace, *, window: int, began: datetime, now: datetime) -> Pace:
    """After an answer: the organization is there, and every few calm seconds one more lane is tried."""
    if pace.failures:
        back = max(1, window // 2) if pace.is_down else pace.width
        return pace if pace.knew(began) else Pace(width=back, changed_at=now)
    if pace.width is None or (pace.changed_at is not None and now - pace.changed_at < _CALM):
        return pace
    more = pace.width + 1
    return replace(pace, width=None if more >= window else more, changed_at=now)


def width(pace: Pace, *, window: int, hint: int | None) -> int:
    """How many lanes there may be now, at least one. `hint` is Dynamics' own word."""
    bounds = [window]
    if pace.width is not None:
        bounds.append(pace.width)
    if hint is not None:
        bounds.append(hint)
    return max(1, min(bounds))


def space(answer_seconds: float) -> float:
    """Seconds from one request to the next where each may be the one that is refused, so that few are.

    Sixteen in the time of an answer: many more than it takes to use what service protection grants.
    """
    return min(answer_seconds / 16, _LONGEST_SPACE)
