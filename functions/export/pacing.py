"""Asks before each chunk whether the organization may be worked, and learns from how it answers."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from functions.export.stores import ExportStores
from shared.dataverse.refusals import BudgetSpent
from shared.dataverse.traffic import Allowance
from shared.domain import pace as paces
from shared.domain.errors import Transient
from shared.domain.exports import Export
from shared.domain.ids import TenantId
from shared.domain.pace import Pace
from shared.storage.remembered import Remembered

_THROTTLED = "throttled"
_OUTAGE = frozenset(
    {
        "dynamicsFault",
        "dynamicsTimedOut",
        "dynamicsUnavailable",
        "organizationUnreachable",
        "signInUnavailable",
    }
)
"""What says something of the organization; all else that passes by itself is about the chunk alone."""

_A_MOMENT = timedelta(seconds=1)
_REMEMBERED = 256

_HOPELESS_TRIES = 150
"""Of one chunk, with waits that grow to ten minutes: a day."""

AllowanceOf = Callable[[Export], Allowance]
"""What the organization's last answer said."""


class Pacing:
    """What the workers of a tenant know in common. Looking is one read a second; only news is written."""

    def __init__(
        self, stores: ExportStores, allowance: AllowanceOf, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._stores = stores
        self._allowance = allowance
        self._queue = _Queue(stores.clock, pause)
        self._seen: Remembered[tuple[datetime, Pace]] = Remembered(_REMEMBERED)

    def visit(self, export: Export, tries: int) -> "Visit":
        """One chunk's turn at the organization, after so many that failed."""
        return Visit(self, self._stores, export, tries)

    def allowance(self, export: Export) -> Allowance:
        """What the organization's last answer said."""
        return self._allowance(export)

    def pace(self, tenant: TenantId) -> Pace:
        """What was known a moment ago: other processes may have learned something since."""
        now = self._stores.clock()
        looked_at, pace = self._seen.get(tenant) or (now - _A_MOMENT, Pace())
        if now - looked_at >= _A_MOMENT:
            pace = self._stores.cooldowns.pace(tenant)
            self._seen.put(tenant, (now, pace))
        return pace

    def heed(self, export: Export, allowance: Allowance) -> None:
        """Raises Transient where others were refused meanwhile: whoever asks on makes the wait longer.

        While any request may be refused, they go one after another, so that one is and the others hear of it.
        This is called by whoever holds a slot, so that it must not ask Dynamics for anything.
        """
        if allowance.is_short:
            self._queue.wait(export.tenant, paces.space(allowance.took))
        pace, now = self.pace(export.tenant), self._stores.clock()
        wait = pace.wait(now)
        if wait and not pace.is_down:
            raise Transient(
                "organizationResting",
                "Dynamics has refused others a moment ago. The export goes on by itself in a while.",
                retry_after=wait,
            )

    def learn(self, tenant: TenantId, step: Callable[[Pace], Pace]) -> Pace:
        """What is known with the news in it, which those beside this one know before it is stored."""
        _, known = self._seen.get(tenant) or (None, Pace())
        self._seen.put(tenant, (self._stores.clock(), step(known)))
        pace = self._stores.cooldowns.change(tenant, step)
        self._seen.put(tenant, (self._stores.clock(), pace))
        return pace


class _Queue:
    """Lets the requests of a tenant go at intervals."""

    def __init__(self, clock: Callable[[], datetime], pause: Callable[[float], None]) -> None:
        self._clock = clock
        self._pause = pause
        self._lock = Lock()
        self._next: Remembered[datetime] = Remembered(_REMEMBERED)

    def wait(self, tenant: TenantId, seconds: float) -> None:
        """Returns when it is this one's turn; the next one's is so many seconds later."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next.get(tenant) or now)
            self._next.put(tenant, turn + timedelta(seconds=seconds))
        if turn > now:
            self._pause((turn - now).total_seconds())


class Visit:
    """`wait`: seconds to stay away. `is_down`: there are no answers; `hopeless`: not for a day.

    `width` is how many lanes there may be while waiting, `tries` how often this chunk has failed.
    """

    def __init__(self, pacing: Pacing, stores: ExportStores, export: Export, tries: int) -> None:
        self._pacing = pacing
        self._stores = stores
        self._export = export
        self._began = stores.clock()
        self.tries = tries
        self._pace = pacing.pace(export.tenant)
        self.wait = _a_little_more(self._pace.wait(self._began))

    @property
    def is_down(self) -> bool:
        return self._pace.is_down

    @property
    def hopeless(self) -> bool:
        if self.tries >= _HOPELESS_TRIES:
            return True
        now = self._stores.clock()
        is_old = now - self._export.created_at > paces.GIVE_UP_AFTER
        return is_old and self._pace.is_down and self._pace.hopeless(now)

    @property
    def width(self) -> int:
        return min(self._export.window, self._pace.width or self._export.window)

    def refused(self, error: Transient) -> None:
        """Learns from a refusal or a lost answer; `wait` is then how long to stay away."""
        now = self._stores.clock()
        wait = error.retry_after
        if wait is None:
            self.tries += 1
            wait = min(2.0**self.tries, paces.LONGEST_WAIT)
        if isinstance(error, BudgetSpent):
            self._learn(lambda known: paces.spent(known, wait, now=now))
        elif error.code == _THROTTLED:
            self._learn(
                lambda known: paces.throttled(
                    known, wait, window=self._export.window, began=self._began, now=now
                )
            )
        elif error.code in _OUTAGE:
            self._learn(lambda known: paces.unanswered(known, began=self._began, now=now))
        else:
            self._pace = self._pacing.pace(self._export.tenant)
        self.wait = _a_little_more(max(wait, self._pace.wait(now)))

    def _learn(self, step: Callable[[Pace], Pace]) -> None:
        self._pace = self._pacing.learn(self._export.tenant, step)

    def answered(self) -> int:
        """Learns from an answer; gives how many lanes there may be now."""
        now, window = self._stores.clock(), self._export.window
        learnt = paces.calmed(self._pace, window=window, began=self._began, now=now)
        if learnt != self._pace:
            self._learn(lambda known: paces.calmed(known, window=window, began=self._began, now=now))
        hint = self._pacing.allowance(self._export).parallelism
        return paces.width(self._pace, window=window, hint=hint)


def _a_little_more(seconds: float) -> float:
    """Never earlier, and not everybody at the same moment."""
    return seconds + random.uniform(0, 1) if seconds else 0.0  # noqa: S311 - jitter is no secret
