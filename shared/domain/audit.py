"""The audit log as a chain: each entry carries the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum


class AuditAction(StrEnum):
    """What was done."""

    CONNECTION_STARTED = "connection.started"
    CONNECTION_MADE = "connection.made"
    CONNECTION_ENDED = "connection.ended"
    CONSENT_STARTED = "consent.started"
    CONSENT_GRANTED = "consent.granted"
    OWN_CONNECTION_STARTED = "ownConnection.started"
    OWN_CONNECTION_MADE = "ownConnection.made"
    OWN_CONNECTION_ENDED = "ownConnection.ended"
    SIGN_IN_HELD = "signIn.held"
    SIGN_IN_REFUSED = "signIn.refused"
    CONFIRMATION_REFUSED = "confirmation.refused"
    ACCESS_CHANGED = "access.changed"
    PREFERENCES_SAVED = "preferences.saved"
    MAPPING_SAVED = "mapping.saved"
    MAPPING_RESTORED = "mapping.restored"
    UPLOAD_OPENED = "upload.opened"
    EXPORT_STARTED = "export.started"
    EXPORT_RETRIED = "export.retried"
    MATCH_CHOSEN = "export.matchChosen"
    EXPORT_UNDONE = "export.undone"
    EXPORT_PAUSED = "export.paused"
    EXPORT_RESUMED = "export.resumed"
    EXPORT_CANCELLED = "export.cancelled"
    EXPORT_ENDED = "export.ended"
    CONTENTS_EXPIRED = "export.contentsExpired"
    ERASURE_REQUESTED = "erasure.requested"
    ERASURE_DONE = "erasure.done"
    DELETION_REQUESTED = "tenant.deletionRequested"
    TENANT_DELETED = "tenant.deleted"


class ServiceAction(StrEnum):
    """What the service did to itself, in a log of its own."""

    MESSAGE_DROPPED = "message.dropped"


BEGINNING = "0" * 64
"""What the first entry of a tenant carries in place of a predecessor's hash."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A state without its content: its version or state where it has one, and its hash."""

    version: str | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to which thing, when, from which state to which. `sequence` counts from 1 in a tenant."""

    id: str
    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: Mark = Mark()
    after: Mark = Mark()
    previous: str = BEGINNING
    hash: str = ""

    def sealed(self, tenant: str) -> "AuditEntry":
        """The entry with the hash of all that it says, in this tenant's chain."""
        return replace(self, hash=_seal(tenant, self))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a chain is whole. `broken_at`: the newest entry that does not fit, None where all do."""

    entries: int
    head: str
    broken_at: int | None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify_chain(tenant: str, newest_first: Iterable[AuditEntry]) -> Verdict:
    """Looks at every entry of a tenant: its hash, its number, and the hash of its predecessor."""
    expected: tuple[int, str] | None = None
    count, head, broken = 0, BEGINNING, None
    for entry in newest_first:
        count += 1
        if expected is None:
            head = entry.hash
        fits = expected is None or expected == (entry.sequence, entry.hash)
        if broken is None and not (fits and entry.hash == _seal(tenant, entry)):
            broken = entry.sequence
        expected = (entry.sequence - 1, entry.previous)
    if broken is None and expected not in {None, (0, BEGINNING)}:
        broken = expected[0] if expected else None
    return Verdict(count, head, broken)


def _seal(tenant: str, entry: AuditEntry) -> str:
    said = (
        tenant,
        entry.id,
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        entry.actor,
        entry.action,
        entry.subject,
        entry.before.version,
        entry.before.hash,
        entry.after.version,
        entry.after.hash,
        entry.previous,
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
