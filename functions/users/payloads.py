"""The people of a tenant as JSON."""

from datetime import date
from typing import Self

from pydantic import Field

from functions.http import Payload
from shared.domain.users import KnownUser


class UserPayload(Payload):
    """One person who has called."""

    id: str = Field(description="What `users` of /access takes: claim `sub` of the person's tokens.")
    name: str | None = Field(description="Null where the tokens do not tell it.")
    email: str | None = Field(description="Null where the tokens do not tell it.")
    last_seen: date = Field(description="The day, in UTC, of the newest call.")

    @classmethod
    def of(cls, user: KnownUser) -> Self:
        return cls(id=user.id, name=user.name, email=user.email, last_seen=user.last_seen)
