"""Asks before each chunk whether the organization may be worked, and learns from how it answers."""

import random
from collections.abc import Callable
from datetime import datetime

from functions.export.stores import ExportStores
from shared.dataverse.traffic import Allowance
from shared.domain import pace as paces
from shared.domain.errors import Transient
from shared.domain.exports import Export
from shared.domain.pace import Pace

_OWN_FAULTS = frozenset({"storageUnavailable"})
"""What passes by itself, but is not the organization's."""

_A_WHILE = 5.0

AllowanceOf = Callable[[Export], Allowance]
"""What the organization's last answer said."""


class Pacing:
    """What the workers of a tenant know in common. Looking is one read; only news is written."""

    def __init__(self, stores: ExportStores, allowance: AllowanceOf) -> None:
        self._stores = stores
        self._allowance = allowance

    def visit(self, export: Export) -> "Visit":
        """One chunk's turn at the organization."""
        return Visit(self._stores, self._allowance, export)


class Visit:
    """`wait`: seconds to stay away. `is_down`: there are no answers; `hopeless`: not for a day.

    `width` is how many lanes there may be while waiting.
    """

    def __init__(self, stores: ExportStores, allowance: AllowanceOf, export: Export) -> None:
        self._stores = stores
        self._allowance = allowance
        self._export = export
        self._began = stores.clock()
        self._pace = stores.cooldowns.pace(export.tenant)
        self.wait = _a_little_more(self._pace.wait(self._began))

    @property
    def is_down(self) -> bool:
        return self._pace.is_down

    @property
    def hopeless(self) -> bool:
        now = self._stores.clock()
        is_old = now - self._export.created_at > paces.GIVE_UP_AFTER
        return is_old and self._pace.is_down and self._pace.hopeless(now)

    @property
    def width(self) -> int:
        return min(self._export.window, self._pace.width or self._export.window)

    def refused(self, error: Transient) -> None:
        """Learns from a refusal or a lost answer; `wait` is then how long to stay away."""
        if error.code in _OWN_FAULTS:
            self.wait = _a_little_more(_A_WHILE)
            return
        now = self._stores.clock()
        self._pace = self._stores.cooldowns.change(
            self._export.tenant, lambda known: self._after(known, error.retry_after, now)
        )
        least = error.retry_after or 2.0
        self.wait = _a_little_more(max(least, self._pace.wait(now)))

    def _after(self, known: Pace, retry_after: float | None, now: datetime) -> Pace:
        if retry_after is None:
            return paces.unanswered(known, began=self._began, now=now)
        return paces.throttled(known, retry_after, window=self._export.window, began=self._began, now=now)

    def answered(self) -> int:
        """Learns from an answer; gives how many lanes there may be now."""
        now, window = self._stores.clock(), self._export.window
        learnt = paces.calmed(self._pace, window=window, began=self._began, now=now)
        if learnt != self._pace:
            self._pace = self._stores.cooldowns.change(
                self._export.tenant,
                lambda known: paces.calmed(known, window=window, began=self._began, now=now),
            )
        allowance = self._allowance(self._export)
        return paces.width(
            self._pace,
            window=window,
            hint=allowance.parallelism,
            time_left=allowance.time_left,
            chunk_seconds=(now - self._began).total_seconds(),
        )


def _a_little_more(seconds: float) -> float:
    """Never earlier, and not everybody at the same moment."""
    return seconds + random.uniform(0, 1) if seconds else 0.0  # noqa: S311 - jitter is no secret
