"""The shape of every list: some items, and a token for the next ones."""

from typing import Generic, TypeVar

from pydantic import Field

from functions.http.operations import Parameter
from functions.http.payload import Payload

Item = TypeVar("Item", bound=Payload)

NEXT = Parameter("next", "Continues a list: the `next` of the answer before.")


class Page(Payload, Generic[Item]):
    """Some items of a list. `next` null: there are no more."""

    items: list[Item]
    next: str | None = Field(default=None, description="Send it as `?next=` for the following items.")
