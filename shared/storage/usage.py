"""How many records each tenant exported on a day."""

from datetime import date

from shared.domain.errors import Transient
from shared.domain.ids import TenantId
from shared.storage.keys import key
from shared.storage.remembered import Remembered
from shared.storage.table import AlreadyExists, Changed, Stored, TableStore

_ATTEMPTS = 50
_REMEMBERED = 64


class UsageStore:
    """One row a tenant and day, in the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table
        self._seen: Remembered[Stored[int]] = Remembered(_REMEMBERED)

    def records(self, tenant: TenantId, day: date) -> int:
        """Records taken on the day so far."""
        stored = self._read(tenant, day)
        return 0 if stored is None else stored.value

    def add(self, tenant: TenantId, day: date, records: int) -> None:
        """Counts records, however many count at once. What was read last is tried first."""
        place = key(tenant), usage_row(day)
        found = self._seen.take(key(tenant, usage_row(day)))
        for _ in range(_ATTEMPTS):
            found = found or self._read(tenant, day)
            try:
                if found is None:
                    self._table.insert(*place, {"records": records})
                else:
                    self._table.replace(*place, {"records": found.value + records}, found.etag)
            except (AlreadyExists, Changed):
                found = None
                continue
            return
        raise Transient("usageBusy", "Too many exports start at once. Try again in a few seconds.")

    def _read(self, tenant: TenantId, day: date) -> Stored[int] | None:
        found = self._table.get(key(tenant), usage_row(day))
        if found is None:
            return None
        stored = Stored(int(found.value["records"]), found.etag)
        self._seen.put(key(tenant, usage_row(day)), stored)
        return stored


def usage_row(day: date) -> str:
    """The row's key."""
    return key("usage", day.isoformat())
