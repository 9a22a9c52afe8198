"""What an operation of the API is: its path, who may call it, what it takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NotRequired, Required, TypedDict

from pydantic import BaseModel

from shared.domain.errors import ServiceError

MEBIBYTE = 1024 * 1024


class Who(StrEnum):
    """Who may call an operation."""

    ANYBODY = "anybody"
    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or a header. With `choices` only these pass; with `least`/`most`, whole numbers."""

    name: str
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    example: str | None = None


class OperationFields(TypedDict, total=False):
    """The fields of an operation, as its decorator takes them."""

    name: Required[str]
    method: Required[Literal["GET", "POST", "PUT", "PATCH", "DELETE"]]
    path: Required[str]
    who: Required[Who]
    summary: Required[str]
    description: NotRequired[str]
    tag: NotRequired[str]
    answer: NotRequired[type[BaseModel] | None]
    answer_types: NotRequired[tuple[str, ...]]
    status: NotRequired[int]
    also: NotRequired[tuple[int, ...]]
    query: NotRequired[tuple[Parameter, ...]]
    headers: NotRequired[tuple[Parameter, ...]]
    answer_headers: NotRequired[tuple[Parameter, ...]]
    errors: NotRequired[tuple[type[ServiceError], ...]]
    max_bytes: NotRequired[int]
    most_unpacked: NotRequired[int | None]
    body_examples: NotRequired[Mapping[str, str]]
    etag: NotRequired[bool]
    page: NotRequired[bool]
    elsewhere: NotRequired[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `also` are further statuses with which the same answer may come. `body_types` are media types taken as
    they are, beside the JSON of `body`; `body_examples` has an example of each for the description. `etag`:
    answers carry one. `page`: a person's browser comes here; the answer may be another address (303), and
    what goes wrong is shown as a page as well. `elsewhere`: the answer may lie at another address (303).
    `most_unpacked`: bodies may come as gzip, and have so many bytes at most when unpacked; None for an
    operation that takes none.
    """

    name: str
    method: str
    path: str
    who: Who
    summary: str
    description: str = ""
    tag: str = ""
    body: type[BaseModel] | None = None
    body_types: tuple[str, ...] = ()
    answer: type[BaseModel] | None = None
    answer_types: tuple[str, ...] = ()
    status: int = 200
    also: tuple[int, ...] = ()
    query: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    answer_headers: tuple[Parameter, ...] = ()
    errors: tuple[type[ServiceError], ...] = ()
    max_bytes: int = MEBIBYTE
    most_unpacked: int | None = None
    body_examples: Mapping[str, str] = field(default_factory=dict)
    etag: bool = False
    page: bool = False
    elsewhere: bool = False

    @property
    def takes_body(self) -> bool:
        return self.body is not None or bool(self.body_types)
