"""Entries of the audit log as JSON."""

from datetime import datetime

from pydantic import Field

from functions.http import Payload
from shared.domain.audit import AuditAction, AuditEntry, Mark, Verdict


class MarkPayload(Payload):
    """A state without its content."""

    version: str | None = Field(description="The version or the name of the state, where it has one.")
    hash: str | None = Field(description="SHA-256 of the state: equal states have equal hashes.")

    @classmethod
    def of(cls, mark: Mark) -> "MarkPayload":
        return cls(version=mark.version, hash=mark.hash)


class AuditPayload(Payload):
    """Who did what, when, and from which state to which."""

    id: str
    sequence: int = Field(description="Counts the tenant's entries from 1.")
    at: datetime
    actor: str = Field(description="The user's id; `(service)` for what the service did by itself.")
    action: AuditAction
    subject: str = Field(examples=["mapping/lead"])
    before: MarkPayload
    after: MarkPayload
    previous: str = Field(description="The hash of the entry before.")
    hash: str = Field(description="SHA-256 of this entry, its predecessor's hash included.")

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditPayload":
        return cls(
            id=entry.id,
            sequence=entry.sequence,
            at=entry.at,
            actor=entry.actor,
            action=AuditAction(entry.action),
            subject=entry.subject,
            before=MarkPayload.of(entry.before),
            after=MarkPayload.of(entry.after),
            previous=entry.previous,
            hash=entry.hash,
        )


class VerdictPayload(Payload):
    """Whether the log is whole."""

    intact: bool
    entries: int
    head: str = Field(description="The hash of the newest entry. Keep it elsewhere to notice a cut end.")
    broken_at: int | None = Field(description="The newest entry that does not fit.")

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictPayload":
        return cls(
            intact=verdict.intact, entries=verdict.entries, head=verdict.head, broken_at=verdict.broken_at
        )
