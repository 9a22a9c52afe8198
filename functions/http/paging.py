"""The shape of every list: some items, and a token for the next ones."""

from typing import Generic, TypeVar

from pydantic import Field

from functions.http.operations import Parameter
from functions.http.payload import Payload
from shared.domain.errors import InvalidRequest

Item = TypeVar("Item", bound=Payload)

NEXT = Parameter("next", "Continues a list: the `next` of the answer before.")


def unknown_next() -> InvalidRequest:
    """Where no list gave the token: an empty page would pass for the end of the list."""
    return InvalidRequest("nextInvalid", "“next” is not one that this list gave. Leave it out to begin anew.")


class Page(Payload, Generic[Item]):
    """Some items of a list. `next` null: there are no more."""

    items: list[Item]
    next: str | None = Field(default=None, description="Send it as `?next=` for the following items.")
