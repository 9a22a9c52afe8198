"""Erasing: one person out of what exports left behind, or everything of a tenant."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.domain.exports import Outcome
from shared.domain.ids import TenantId, UserId, vendor_id_of
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord

ERASED = "erased"
_REASON = "This record was erased on request."
_BETWEEN = re.compile(r"[\s,;:<>\"'()\[\]]+")


class ErasureKind(StrEnum):
    """What is to be erased."""

    PERSON = "person"
    TENANT = "tenant"


class ErasureState(StrEnum):
    """Where an erasure stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose records are meant: those with this vendor id, those with this e-mail address."""

    vendor_id: str | None = None
    email: str | None = None

    def is_in(self, fields: Mapping[str, Any]) -> bool:
        """Whether the record is about this person."""
        if self.vendor_id is not None and vendor_id_of(fields) == self.vendor_id:
            return True
        email = None if self.email is None else self.email.casefold()
        return email is not None and any(email in _BETWEEN.split(text.casefold()) for text in _texts(fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One order to erase. `person` is kept only until it is done; `subject` names them unreadably.

    `looked_at` counts exports, `removed` records (of a tenant: rows and blobs), `waiting` exports that
    are still under way, `cursor` is how far the exports were looked at.
    """

    id: str
    tenant: TenantId
    kind: ErasureKind
    state: ErasureState
    requested_by: UserId
    created_at: datetime
    subject: str
    person: Person | None = None
    ended_at: datetime | None = None
    cursor: str | None = None
    looked_at: int = 0
    removed: int = 0
    waiting: int = 0


def erase_records(records: Sequence[InputRecord], person: Person) -> tuple[list[InputRecord], frozenset[int]]:
    """The records with an empty place where one was about the person, and the positions of these."""
    meant = {
        record.position
        for record in records
        if isinstance(record, VendorRecord) and person.is_in(record.fields)
    }
    kept = [_emptied(record) if record.position in meant else record for record in records]
    already = {
        each.position for each in records if isinstance(each, UnreadableRecord) and each.code == ERASED
    }
    return kept, frozenset(meant | already)


def erase_outcomes(outcomes: Sequence[Outcome], positions: Collection[int], person: Person) -> list[Outcome]:
    """The outcomes; of those at the positions, and those with the person's id, only the kind is left."""
    return [
        _forgotten(outcome)
        if outcome.position in positions
        or (outcome.vendor_id is not None and outcome.vendor_id == person.vendor_id)
        else outcome
        for outcome in outcomes
    ]


def _emptied(record: InputRecord) -> InputRecord:
    return UnreadableRecord(record.position, record.line, ERASED, _REASON)


def _forgotten(outcome: Outcome) -> Outcome:
    return replace(outcome, vendor_id=None, dynamics_id=None, code=ERASED, reason=_REASON, column=None)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a record, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
