"""What one HTTP function is given and what it gives: a request that was checked, and a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from functions.http.bodies import is_gzip
from functions.http.etags import etag_to_replace
from functions.identity import Caller
from shared.domain.errors import NotFound
from shared.domain.ids import ObjectType

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[Body]):
    """What came in, checked. `body` is None where other bytes than JSON came: these are in `raw`.

    `raw` is as it was sent: with gzip, where that is what the caller used.
    """

    body: Body
    method: str = "GET"
    raw: bytes = b""
    media_type: str = ""
    route: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    known_caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """The person who calls; an operation for anybody has none."""
        if self.known_caller is None:
            raise LookupError("this operation is for anybody, so nobody was identified")
        return self.known_caller

    @property
    def is_gzip(self) -> bool:
        """Whether `raw` is packed with gzip, as its header says."""
        return is_gzip(self.headers)

    @property
    def object_type(self) -> ObjectType:
        """The `{object}` of the path; NotFound for anything but an object."""
        try:
            return ObjectType(self.route.get("object", ""))
        except ValueError as error:
            raise NotFound("objectUnknown", "There is no such object. Use “account” or “lead”.") from error

    def etag_to_replace(self, current: str) -> str | None:
        """What a write is bound to by If-Match: the current ETag, or None for `*`."""
        return etag_to_replace(self.headers, current)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes out. `status` None means the operation's own; `etag` is the storage's, in its own form."""

    body: BaseModel | str | bytes | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None
    etag: str | None = None
