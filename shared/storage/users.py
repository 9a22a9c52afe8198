"""The people of each tenant who have called, with the name and the address of their newest token."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from shared.domain.ids import TenantId, UserId
from shared.domain.users import KnownUser
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.table import TableStore


class UserStore:
    """One row a person, in the tenant's partition."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def get(self, tenant: TenantId, user: UserId) -> KnownUser | None:
        """The person; None for whoever has never called, or was forgotten."""
        found = self._table.get(key(tenant), key(user))
        return None if found is None else _user(found.value)

    def put(self, tenant: TenantId, user: KnownUser) -> None:
        """Keeps what is known of the person now."""
        properties = {
            "user": user.id,
            "name": user.name,
            "email": user.email,
            "lastSeen": user.last_seen.isoformat(),
        }
        self._table.put(key(tenant), key(user.id), properties)

    def every(self, tenant: TenantId) -> Iterator[KnownUser]:
        """All of the tenant's."""
        return (_user(row.value) for row in self._table.rows(key(tenant)))

    def forget(self, tenant: TenantId, email: str) -> int:
        """Deletes whoever has this address, or is called by it; gives how many they were."""
        wanted = email.casefold()
        found = [each for each in self.every(tenant) if wanted in {each.id.casefold(), _folded(each.email)}]
        for user in found:
            self._table.delete(key(tenant), key(user.id))
        return len(found)

    def forget_unseen(self, since: date) -> int:
        """Deletes whoever of any tenant was last seen before that day; gives how many they were."""
        unseen = self._table.everywhere(Filter("lastSeen lt @since", {"since": since.isoformat()}))
        places = [(row.value["PartitionKey"], row.value["RowKey"]) for row in unseen]
        for place in places:
            self._table.delete(*place)
        return len(places)


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _user(row: dict[str, Any]) -> KnownUser:
    return KnownUser(
        UserId(row["user"]), row.get("name"), row.get("email"), date.fromisoformat(row["lastSeen"])
    )
