"""Which export a key stands for, for 24 hours or less."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.ids import ExportId, TenantId, UserId
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.table import AlreadyExists, Changed, Stored, TableStore
from shared.storage.times import from_text, to_text

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The key is the caller's: go on."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The same request came before and made this export."""

    export_id: ExportId


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The key was used for another request."""


Claim = Claimed | Replay | Mismatch


class IdempotencyStore:
    """One row a key, in the partition of the tenant and user. Of two that claim at once, one wins."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def claim(
        self,
        tenant: TenantId,
        user: UserId,
        given: str,
        *,
        fingerprint: str,
        export_id: ExportId,
        now: datetime,
        lifetime: timedelta = LIFETIME,
    ) -> Claim:
        """Claims a key for an export; a claim whose lifetime is over is forgotten."""
        partition, row = key(tenant, user), _row(given)
        properties = {
            "fingerprint": fingerprint,
            "export": export_id,
            "expiresAt": to_text(now + lifetime),
        }
        while True:
            try:
                self._table.insert(partition, row, properties)
            except AlreadyExists:
                found = self._table.get(partition, row)
                if found is None:
                    continue
                if not _is_over(found, now):
                    return _judge(found, fingerprint, export_id)
                try:
                    self._table.replace(partition, row, properties, found.etag)
                except Changed:
                    continue
            return Claimed()

    def forget_expired(self, now: datetime) -> int:
        """Removes the claims of all tenants whose time is over, for the sweep; gives how many there were."""
        over = Filter("expiresAt lt @now", {"now": to_text(now)})
        rows = [
            (row.value["PartitionKey"], row.value["RowKey"], row.etag) for row in self._table.everywhere(over)
        ]
        for place in rows:
            with suppress(Changed):
                self._table.delete(*place)
        return len(rows)

    def release(self, tenant: TenantId, user: UserId, given: str) -> None:
        """Gives a key back whose request was refused after all."""
        self._table.delete(key(tenant, user), _row(given))


def _row(given: str) -> str:
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()


def _is_over(found: Stored[dict[str, str]], now: datetime) -> bool:
    expires_at = from_text(found.value["expiresAt"])
    return expires_at is None or expires_at <= now


def _judge(found: Stored[dict[str, str]], fingerprint: str, export_id: ExportId) -> Claim:
    if found.value["export"] == export_id:
        return Claimed()  # our own insert, whose answer was lost and which was sent again
    if found.value["fingerprint"] != fingerprint:
        return Mismatch()
    return Replay(ExportId(found.value["export"]))
