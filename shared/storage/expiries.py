"""On which days each tenant's exports ended whose contents are still kept: what retention looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.domain.ids import TenantId
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.table import TableStore
from shared.storage.times import required, to_text

_MOST = 10_000
_SCANNED = "-scanned"
"""Sorts before the days."""

_SCANNED_EVERY = timedelta(days=7)
_SERVICE = key("(service)")
"""No caller's token can name it: tenants begin with a letter or digit."""


@dataclass(frozen=True, slots=True)
class EndedOn:
    """A day on which exports of a tenant ended."""

    tenant: TenantId
    day: date


class ContentsIndex:
    """One row for each tenant and day. Safe to share between threads.

    `lifetime` of contents: every export is looked at twice within it, and once a week at least.
    """

    def __init__(self, table: TableStore, clock: Callable[[], datetime], lifetime: timedelta) -> None:
        self._table = table
        self._clock = clock
        self._scanned_every = min(_SCANNED_EVERY, lifetime / 2)
        self._noted: set[EndedOn] = set()

    def note(self, ended: EndedOn) -> None:
        """To be called before an export is said to have ended. A process writes each row once."""
        if ended in self._noted:
            return
        self._table.put(key(ended.tenant), ended.day.isoformat(), {"tenant": ended.tenant})
        if len(self._noted) >= _MOST:
            self._noted.clear()
        self._noted.add(ended)

    def until(self, day: date) -> Iterator[EndedOn]:
        """The days up to this one, of all tenants: for retention alone."""
        where = Filter("RowKey ge @first and RowKey le @last", {"first": "0", "last": day.isoformat()})
        for row in self._table.everywhere(where):
            yield EndedOn(TenantId(row.value["tenant"]), date.fromisoformat(row.value["RowKey"]))

    def forget(self, ended: EndedOn) -> None:
        """Nothing of that day is kept any more."""
        self._table.delete(key(ended.tenant), ended.day.isoformat())
        self._noted.discard(ended)

    def scan_is_due(self) -> bool:
        """Whether it is long since every export was looked at, or that was never done."""
        found = self._table.get(_SERVICE, _SCANNED)
        return found is None or self._clock() - required(found.value["at"]) >= self._scanned_every

    def note_scan(self) -> None:
        """Every export has just been looked at."""
        self._table.put(_SERVICE, _SCANNED, {"at": to_text(self._clock())})
