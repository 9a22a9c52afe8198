"""The tenant's own connection to its organization, and for whom the integration is switched on."""

import json
from contextlib import suppress

from shared.domain.connection import Access, Attention, Connection, ConnectionState
from shared.domain.ids import TenantId, UserId
from shared.storage.connection_rows import broken, from_row, to_row
from shared.storage.defaults import DEFAULT_ETAG, save
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.table import Changed, Stored, TableStore

CONNECTION = "connection"
_ACCESS = "access"


class ConnectionStore:
    """One connection a tenant, in the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def get(self, tenant: TenantId) -> Stored[Connection] | None:
        """The tenant's connection, in whatever state; None when there never was one or it was ended."""
        found = self._table.get(key(tenant), CONNECTION)
        return None if found is None else Stored(from_row(found.value), found.etag)

    def replace(self, tenant: TenantId, connection: Connection, etag: str | None) -> str:
        """Keeps it if it is still as it was read. DEFAULT_ETAG: if there is none; None: anyway."""
        return save(self._table, (key(tenant), CONNECTION), to_row(connection), etag)

    def require_reauthorization(self, tenant: TenantId, attention: Attention) -> None:
        """Marks a connection whose sign-in is no longer accepted; one that changed since is left alone."""
        stored = self.get(tenant)
        if stored is not None and stored.value.state is ConnectionState.CONNECTED:
            with suppress(Changed):
                self.replace(tenant, broken(stored.value, attention), stored.etag)

    def delete(self, tenant: TenantId) -> None:
        """Ends the connection; fine when there is none."""
        self._table.delete(key(tenant), CONNECTION)


def count_in_need(*tables: TableStore) -> int:
    """How many connections of all tenants a person has to renew: for the watch alone."""
    where = Filter("state eq @state", {"state": ConnectionState.REAUTHORIZATION_REQUIRED.value})
    return sum(1 for table in tables for _ in table.everywhere(where))


class AccessStore:
    """For whom the tenant's integration is switched on; at first for nobody."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def get(self, tenant: TenantId) -> Stored[Access]:
        """What was saved, or the default."""
        found = self._table.get(key(tenant), _ACCESS)
        if found is None:
            return Stored(Access(), DEFAULT_ETAG)
        users = json.loads(join_text("users", found.value))
        named = None if users is None else frozenset(UserId(user) for user in users)
        return Stored(Access(enabled=found.value["enabled"], users=named), found.etag)

    def replace(self, tenant: TenantId, access: Access, etag: str | None) -> str:
        """Keeps it if it is still as it was read (None: anyway); gives the new tag."""
        users = json.dumps(None if access.users is None else sorted(access.users))
        properties = {"enabled": access.enabled, **split_text("users", users)}
        return save(self._table, (key(tenant), _ACCESS), properties, etag)
