"""By what two chunks notice that they are about to write one person, without the person's data."""

from hashlib import sha256
from typing import NewType

from shared.domain.ids import ObjectType, TenantId
from shared.domain.matching import email_of
from shared.domain.opt_out import is_opted_out
from shared.domain.preferences import MatchRule, ObjectPreferences
from shared.domain.records import InputRecord, UnreadableRecord

Mark = NewType("Mark", bytes)
"""A short hash of what makes two vendor records one person, salted by tenant and object."""

MARK_BYTES = 6
"""Enough for the few thousand people who are under way at once; two alike make one of them wait a moment."""


def mark_of(
    record: InputRecord, tenant: TenantId, object_type: ObjectType, preferences: ObjectPreferences
) -> Mark | None:
    """The mark of a record that may be the same person as one with another vendor id; None for all others.

    That is what an e-mail address tells. Other rules never make one record of two new ones, and one vendor id
    has one key in Dynamics anyhow.
    """
    if isinstance(record, UnreadableRecord) or preferences.allow_duplicates:
        return None
    if MatchRule.EMAIL not in preferences.match_rules or is_opted_out(record.fields):
        return None
    email = email_of(record.fields)
    if email is None:
        return None
    text = f"{tenant}\x00{object_type}\x00{email.casefold()}"
    return Mark(sha256(text.encode("utf-8", "surrogatepass")).digest()[:MARK_BYTES])
