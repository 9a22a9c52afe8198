"""How hard a tenant's organization may be worked, known to every worker."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.domain.ids import TenantId
from shared.domain.pace import Pace
from shared.storage.keys import key
from shared.storage.table import AlreadyExists, Changed, TableStore
from shared.storage.times import from_text, to_text

_ROW = "cooldown"


class CooldownStore:
    """One row a tenant, in the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def until(self, tenant: TenantId) -> datetime | None:
        """The end of the latest cool-down, which may have passed; None when there was none."""
        return self.pace(tenant).until

    def pace(self, tenant: TenantId) -> Pace:
        """What the organization's answers of late allow."""
        found = self._table.get(key(tenant), _ROW)
        return Pace() if found is None else _pace(found.value)

    def change(self, tenant: TenantId, step: Callable[[Pace], Pace]) -> Pace:
        """Takes the step from what is known now, anew when another worker was quicker."""
        place = key(tenant), _ROW
        while True:
            found = self._table.get(*place)
            before = Pace() if found is None else _pace(found.value)
            after = step(before)
            if after == before:
                return before
            try:
                if found is None:
                    self._table.insert(*place, _properties(after))
                else:
                    self._table.replace(*place, _properties(after), found.etag)
            except (AlreadyExists, Changed):
                continue
            return after


def _properties(pace: Pace) -> dict[str, Any]:
    return {
        "until": to_text(pace.until),
        "width": pace.width,
        "changedAt": to_text(pace.changed_at),
        "failures": pace.failures,
        "failingSince": to_text(pace.failing_since),
    }


def _pace(row: dict[str, Any]) -> Pace:
    """Rows of earlier versions have `until` alone."""
    return Pace(
        until=from_text(row.get("until")),
        width=row.get("width"),
        changed_at=from_text(row.get("changedAt")),
        failures=row.get("failures", 0),
        failing_since=from_text(row.get("failingSince")),
    )
