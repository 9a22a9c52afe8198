"""How many records each tenant exported on a day."""

from datetime import date

from shared.domain.errors import Transient
from shared.domain.ids import TenantId
from shared.storage.keys import key
from shared.storage.table import AlreadyExists, Changed, TableStore

_ATTEMPTS = 50


class UsageStore:
    """One row a tenant and day, in the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def records(self, tenant: TenantId, day: date) -> int:
        """Records taken on the day so far."""
        found = self._table.get(key(tenant), _row(day))
        return 0 if found is None else int(found.value["records"])

    def add(self, tenant: TenantId, day: date, records: int) -> None:
        """Counts records, however many count at once."""
        place = key(tenant), _row(day)
        for _ in range(_ATTEMPTS):
            found = self._table.get(*place)
            try:
                if found is None:
                    self._table.insert(*place, {"records": records})
                else:
                    total = int(found.value["records"]) + records
                    self._table.replace(*place, {"records": total}, found.etag)
            except (AlreadyExists, Changed):
                continue
            return
        raise Transient("usageBusy", "Too many exports start at once. Try again in a few seconds.")


def _row(day: date) -> str:
    return key("usage", day.isoformat())
