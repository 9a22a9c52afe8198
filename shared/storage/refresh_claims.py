"""Who refreshes a principal's tokens: one worker at a time, whichever process it is in."""

from contextlib import suppress
from datetime import datetime, timedelta

from shared.domain.ids import TenantId
from shared.storage.keys import key
from shared.storage.table import AlreadyExists, Changed, TableStore
from shared.storage.times import from_text, to_text

_PREFIX = "refresh"
LASTS = timedelta(seconds=10)
"""Then a worker that died stands in nobody's way; one that is only slow loses nothing, caches are merged."""


class RefreshClaims:
    """A row beside the tokens while somebody refreshes them."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def begin(self, tenant: TenantId, principal: str, now: datetime) -> str | None:
        """The claim; None while another worker's lasts."""
        place = key(tenant), key(_PREFIX, principal)
        row = {"until": to_text(now + LASTS)}
        found = self._table.get(*place)
        until = None if found is None else from_text(found.value["until"])
        if until is not None and until > now:
            return None
        try:
            if found is None:
                return self._table.insert(*place, row)
            return self._table.replace(*place, row, found.etag)
        except (AlreadyExists, Changed):
            return None

    def end(self, tenant: TenantId, principal: str, claim: str) -> None:
        """Gives the claim back; fine when it has ended by itself."""
        with suppress(Changed):
            self._table.delete(key(tenant), key(_PREFIX, principal), claim)
