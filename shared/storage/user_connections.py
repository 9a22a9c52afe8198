"""Each person's own connection to the tenant's organization."""

from contextlib import suppress

from shared.domain.connection import Attention, Connection, ConnectionState
from shared.domain.ids import TenantId, UserId
from shared.storage.connection_rows import broken, from_row, to_row
from shared.storage.defaults import save
from shared.storage.keys import key
from shared.storage.table import Changed, Stored, TableStore


class UserConnectionStore:
    """One row a person, in the tenant's partition."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def get(self, tenant: TenantId, user: UserId) -> Stored[Connection] | None:
        """The person's connection; None when there is none."""
        found = self._table.get(key(tenant), key(user))
        return None if found is None else Stored(from_row(found.value), found.etag)

    def replace(self, tenant: TenantId, user: UserId, connection: Connection, etag: str | None) -> str:
        """Keeps it if it is still as it was read. DEFAULT_ETAG: if there is none; None: anyway."""
        return save(self._table, (key(tenant), key(user)), to_row(connection), etag)

    def require_reauthorization(self, tenant: TenantId, user: UserId, attention: Attention) -> None:
        """Marks a connection whose sign-in is no longer accepted; one that changed since is left alone."""
        stored = self.get(tenant, user)
        if stored is not None and stored.value.state is ConnectionState.CONNECTED:
            with suppress(Changed):
                self.replace(tenant, user, broken(stored.value, attention), stored.etag)

    def delete(self, tenant: TenantId, user: UserId) -> None:
        """Ends one person's connection; fine when there is none."""
        self._table.delete(key(tenant), key(user))

    def delete_all(self, tenant: TenantId) -> int:
        """Ends every person's connection of the tenant; gives how many there were."""
        return self._table.delete_all(key(tenant))
