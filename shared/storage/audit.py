"""The audit log of each tenant: rows that are added and read, and never changed or removed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from shared.domain.audit import BEGINNING, AuditEntry, Mark
from shared.domain.errors import Transient
from shared.domain.ids import TenantId
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.remembered import Remembered
from shared.storage.table import AlreadyExists, TableStore
from shared.storage.times import from_text, to_text

_LATEST = 10**12 - 1
_ATTEMPTS = 50
_REMEMBERED = 64
_ROW_KEY = re.compile(r"[0-9]{12}")


class AuditStore:
    """One chain a tenant, newest first. Two writers at once make two entries: the slower one tries again.

    What this process added last is tried as the predecessor first: where others have added something since,
    its number is taken. Should the end of a chain be cut off, the next entry does not fit what is left.
    """

    def __init__(self, table: TableStore) -> None:
        self._table = table
        self._newest: Remembered[tuple[int, str]] = Remembered(_REMEMBERED)

    def append(self, tenant: TenantId, draft: Callable[[int, str], AuditEntry]) -> AuditEntry:
        """Adds the entry that `draft` makes of its number and its predecessor's hash."""
        newest = self._newest.take(tenant)
        for _ in range(_ATTEMPTS):
            number, previous = newest or self._read_newest(tenant)
            newest = None
            entry = draft(number + 1, previous).sealed(tenant)
            try:
                self._table.insert(key(tenant), _row_key(entry.sequence), _properties(entry))
            except AlreadyExists:
                if not self._is_own(tenant, entry):
                    continue
            self._newest.put(tenant, (entry.sequence, entry.hash))
            return entry
        raise Transient("auditBusy", "Too much is being changed at once. Try again in a few seconds.")

    def _read_newest(self, tenant: TenantId) -> tuple[int, str]:
        newest = next(iter(self.page(tenant, 1)[0]), None)
        return (0, BEGINNING) if newest is None else (newest.sequence, newest.hash)

    def _is_own(self, tenant: TenantId, entry: AuditEntry) -> bool:
        """Whether what is there is this very entry, whose answer was lost and which was sent again."""
        found = self._table.get(key(tenant), _row_key(entry.sequence))
        return found is not None and found.value["id"] == entry.id

    def page(
        self, tenant: TenantId, size: int, token: str | None = None, action: str | None = None
    ) -> tuple[list[AuditEntry], str | None]:
        """At most `size` entries, newest first, of one action or of all, and the token of the next page."""
        where = None if action is None else Filter("action eq @action", {"action": action})
        rows, more = self._table.page(key(tenant), size, token, where)
        return [_entry(row.value) for row in rows], more

    def all(self, tenant: TenantId) -> Iterator[AuditEntry]:
        """Every entry, newest first."""
        return (_entry(row.value) for row in self._table.rows(key(tenant)))


def is_page_token(text: str) -> bool:
    """Whether the text can be the token of a page of entries."""
    return _ROW_KEY.fullmatch(text) is not None


def _row_key(sequence: int) -> str:
    return f"{_LATEST - sequence:012d}"


def _properties(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "sequence": entry.sequence,
        "at": to_text(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "beforeVersion": entry.before.version,
        "beforeHash": entry.before.hash,
        "afterVersion": entry.after.version,
        "afterHash": entry.after.hash,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _entry(row: dict[str, Any]) -> AuditEntry:
    at = from_text(row["at"])
    if at is None:
        raise ValueError("an entry of the audit log has no time")
    return AuditEntry(
        id=row["id"],
        sequence=row["sequence"],
        at=at,
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        before=Mark(row.get("beforeVersion"), row.get("beforeHash")),
        after=Mark(row.get("afterVersion"), row.get("afterHash")),
        previous=row["previous"],
        hash=row["hash"],
    )
