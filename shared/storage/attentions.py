"""Why the exports of a connection wait for a person, for whoever has to act to see."""

from datetime import datetime, timedelta

from shared.domain.connection import Attention
from shared.domain.ids import TenantId
from shared.storage.connection_rows import attention_from_row, attention_to_row
from shared.storage.keys import key
from shared.storage.table import TableStore
from shared.storage.times import from_text, to_text

_PREFIX = "attention"
FADES = timedelta(hours=1)
"""Waiting exports are tried again every few minutes: what nobody met for an hour is over."""


class AttentionStore:
    """One row a principal, in the table of tenants. The newest reason wins."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def note(self, tenant: TenantId, principal: str, attention: Attention) -> None:
        """Keeps the reason, met at its `since`; one that is kept already keeps its beginning."""
        met = attention.since
        if met is None:
            raise ValueError("what is noted needs the moment at which it was met")
        known = self.get(tenant, principal, met)
        if known is not None and known.code == attention.code:
            attention = Attention(attention.code, attention.message, known.since)
        row = {**attention_to_row(attention), "metAt": to_text(met)}
        self._table.put(key(tenant), key(_PREFIX, principal), row)

    def get(self, tenant: TenantId, principal: str, now: datetime) -> Attention | None:
        """The reason, unless it has faded."""
        found = self._table.get(key(tenant), key(_PREFIX, principal))
        met = None if found is None else from_text(found.value["metAt"])
        if found is None or met is None or now - met > FADES:
            return None
        return attention_from_row(found.value)

    def clear(self, tenant: TenantId, principal: str) -> None:
        """Forgets the reason, as after a new sign-in; fine when there is none."""
        self._table.delete(key(tenant), key(_PREFIX, principal))
