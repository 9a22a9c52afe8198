"""Which tenants have exports under way: what a sweep looks at, in place of every export there ever was."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from shared.domain.ids import TenantId
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.table import Changed, Stored, TableStore
from shared.storage.times import required, to_text

NOTED_FOR = timedelta(minutes=10)
"""How long a process trusts that the row which it wrote is there."""

_KEPT_FOR = 3 * NOTED_FOR
_SCANNED_EVERY = timedelta(days=1)
_MOST = 10_000
_RUNNING, _SCANNED = "running", "scanned"
_SERVICE = key("(service)")
"""No caller's token can name it: tenants begin with a letter or digit."""


class ActiveTenants:
    """One row a tenant that has started an export lately. Safe to share between threads."""

    def __init__(self, table: TableStore, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._noted: dict[TenantId, datetime] = {}

    def note(self, tenant: TenantId) -> None:
        """To be called before an export is kept: a crash in between leaves a row too many, none too few."""
        now = self._clock()
        noted = self._noted.get(tenant)
        if noted is not None and now - noted < NOTED_FOR:
            return
        self._table.put(key(tenant), _RUNNING, {"tenant": tenant, "at": to_text(now)})
        if len(self._noted) >= _MOST:
            self._noted.clear()
        self._noted[tenant] = now

    def every(self) -> Iterator[Stored[TenantId]]:
        """The tenants: for the sweep alone."""
        for row in self._table.everywhere(Filter("RowKey eq @running", {"running": _RUNNING})):
            yield Stored(TenantId(row.value["tenant"]), row.etag)

    def forget(self, tenant: Stored[TenantId]) -> None:
        """Drops a tenant that has nothing under way, unless it has started something lately."""
        found = self._table.get(key(tenant.value), _RUNNING)
        if found is not None and self._clock() - required(found.value["at"]) > _KEPT_FOR:
            with suppress(Changed):
                self._table.delete(key(tenant.value), _RUNNING, tenant.etag)

    def scan_is_due(self) -> bool:
        """Whether it is a day since every export was looked at, or that was never done."""
        found = self._table.get(_SERVICE, _SCANNED)
        return found is None or self._clock() - required(found.value["at"]) >= _SCANNED_EVERY

    def note_scan(self) -> None:
        """Every export has just been looked at."""
        self._table.put(_SERVICE, _SCANNED, {"at": to_text(self._clock())})
