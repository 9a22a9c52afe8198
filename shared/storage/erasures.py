"""Orders to erase, by tenant."""

from typing import Any

from shared.domain.erasure import Erasure, ErasureKind, ErasureState, Person
from shared.domain.ids import TenantId, UserId
from shared.storage.keys import key
from shared.storage.table import Stored, TableStore
from shared.storage.times import from_text, to_text


class ErasureStore:
    """One row an order. Who is to be erased stands in it until that is done."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def add(self, erasure: Erasure) -> None:
        """Keeps a new order."""
        self._table.insert(key(erasure.tenant), erasure.id, _properties(erasure))

    def get(self, tenant: TenantId, erasure_id: str) -> Stored[Erasure] | None:
        """The order, None when the tenant has none of that id."""
        found = self._table.get(key(tenant), erasure_id)
        return None if found is None else Stored(_erasure(tenant, erasure_id, found.value), found.etag)

    def replace(self, erasure: Erasure, etag: str) -> str:
        """Changes the order if it is still as it was read; gives the new tag."""
        return self._table.replace(key(erasure.tenant), erasure.id, _properties(erasure), etag)


def _properties(erasure: Erasure) -> dict[str, Any]:
    person = erasure.person or Person()
    return {
        "kind": erasure.kind.value,
        "state": erasure.state.value,
        "requestedBy": erasure.requested_by,
        "createdAt": to_text(erasure.created_at),
        "endedAt": to_text(erasure.ended_at),
        "subject": erasure.subject,
        "vendorId": person.vendor_id,
        "email": person.email,
        "cursor": erasure.cursor,
        "lookedAt": erasure.looked_at,
        "removed": erasure.removed,
        "waiting": erasure.waiting,
    }


def _erasure(tenant: TenantId, erasure_id: str, row: dict[str, Any]) -> Erasure:
    created_at = from_text(row["createdAt"])
    if created_at is None:
        raise ValueError("an erasure's row has no createdAt")
    person = Person(row.get("vendorId"), row.get("email"))
    return Erasure(
        id=erasure_id,
        tenant=tenant,
        kind=ErasureKind(row["kind"]),
        state=ErasureState(row["state"]),
        requested_by=UserId(row["requestedBy"]),
        created_at=created_at,
        ended_at=from_text(row.get("endedAt")),
        subject=row["subject"],
        person=None if person == Person() else person,
        cursor=row.get("cursor"),
        looked_at=row["lookedAt"],
        removed=row["removed"],
        waiting=row["waiting"],
    )
