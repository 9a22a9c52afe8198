"""Until when a tenant's organization wants to be left alone, known to every worker."""

from datetime import datetime

from shared.domain.ids import TenantId
from shared.storage.keys import key
from shared.storage.table import TableStore
from shared.storage.times import from_text, to_text

_ROW = "cooldown"


class CooldownStore:
    """One row a tenant, in the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def until(self, tenant: TenantId) -> datetime | None:
        """The end of the latest cool-down, which may have passed; None when there was none."""
        found = self._table.get(key(tenant), _ROW)
        return None if found is None else from_text(found.value["until"])

    def set(self, tenant: TenantId, until: datetime) -> None:
        """Makes every worker wait. A later call wins: the organization's newest word counts."""
        self._table.put(key(tenant), _ROW, {"until": to_text(until)})
