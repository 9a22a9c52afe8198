"""The people of a tenant, as far as the service has met them: it has no directory of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shared.domain.ids import UserId

USER_LIFETIME = timedelta(days=365)
"""Whoever has not called for so long is forgotten."""


@dataclass(frozen=True, slots=True)
class KnownUser:
    """One person, as their newest token named them. Many issuers tell neither name nor address."""

    id: UserId
    name: str | None
    email: str | None
    last_seen: date

    def is_meant_by(self, words: Iterable[str]) -> bool:
        """Whether each of the words (case-folded) is somewhere in the name, the address or the id."""
        said = "\n".join((self.name or "", self.email or "", self.id)).casefold()
        return all(word in said for word in words)


def found_by(users: Iterable[KnownUser], search: str) -> list[KnownUser]:
    """Who is meant by all words of the search, by name; whoever has none comes by id, after the others."""
    words = search.casefold().split()
    found = (user for user in users if user.is_meant_by(words))
    return sorted(found, key=lambda user: (user.name is None, (user.name or "").casefold(), user.id))
