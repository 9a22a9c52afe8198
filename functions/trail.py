"""Notes in the audit log what was changed, at the place where it is changed."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson

from shared import log
from shared.domain.audit import AuditAction, AuditEntry, Mark, ServiceAction
from shared.domain.ids import TenantId, UserId
from shared.storage.audit import AuditStore

SERVICE = UserId("(service)")
"""The actor of what the service does by itself, such as the end of an export."""

OWN_LOG = TenantId("(service)")
"""Whose log has what concerns no tenant. No caller's token can name it: ids begin with a letter or digit."""


class Actor(Protocol):
    """Who did it, and in which tenant: a caller, or whoever started a sign-in."""

    @property
    def tenant(self) -> TenantId: ...

    @property
    def user(self) -> UserId: ...


class AuditTrail:
    """Adds to the audit log. It keeps hashes of states, never states: no record, name or address gets in."""

    def __init__(
        self,
        store: AuditStore,
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    def note(
        self,
        actor: Actor,
        action: AuditAction | ServiceAction,
        subject: str,
        *,
        before: Any = None,
        after: Any = None,
    ) -> None:
        """Adds one entry. `before` and `after` are the states themselves; None where there is none."""
        tenant = actor.tenant
        entry_id = self._new_id()
        marks = mark_of(tenant, before), mark_of(tenant, after)

        def draft(sequence: int, previous: str) -> AuditEntry:
            return AuditEntry(
                id=entry_id,
                sequence=sequence,
                at=_to_milliseconds(self._clock()),
                actor=pseudonym(tenant, actor.user) if "@" in actor.user else actor.user,
                action=action.value,
                subject=subject,
                before=marks[0],
                after=marks[1],
                previous=previous,
            )

        entry = self._store.append(tenant, draft)
        # The log lies elsewhere: a chain that was cut at its end does not fit what stands there.
        log.info("change audited", action=entry.action, sequence=entry.sequence, hash=entry.hash)

    def message_dropped(self, queue: str, message_id: str, size: int) -> None:
        """Notes the end of a message that nobody could read, and nothing of what it says."""
        log.error("unreadable message dropped", queue=queue, message=message_id, bytes=size)
        subject = f"message/{queue}/{message_id}/{size}"
        self.note(_Itself(), ServiceAction.MESSAGE_DROPPED, subject)


@dataclass(frozen=True, slots=True)
class _Itself:
    tenant: TenantId = OWN_LOG
    user: UserId = SERVICE


def pseudonym(tenant: TenantId, identifier: str) -> str:
    """Stands for a person in the audit log: the same one for the same person of a tenant, not readable."""
    return "person-" + hashlib.sha256(f"{tenant}\n{identifier.strip().casefold()}".encode()).hexdigest()[:24]


def mark_of(tenant: TenantId, state: Any) -> Mark:
    """A state's version (or the name of the state) and its hash; nothing for no state."""
    if state is None:
        return Mark()
    content = orjson.dumps(state, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    version = getattr(state, "version", getattr(state, "state", None))
    return Mark(
        None if version is None else str(version),
        hashlib.sha256(f"{tenant}\n".encode() + content).hexdigest(),
    )


def _plain(value: Any) -> Any:
    """A set in an order of its own would give another hash each time."""
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def _to_milliseconds(moment: datetime) -> datetime:
    """As exact as it is kept, so that its hash is the same when it is read back."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
