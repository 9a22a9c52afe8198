"""A FetchXML query as a tree."""

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column that is asked for, or what is computed of it."""

    name: str
    alias: str = ""
    aggregate: str = ""
    grouped: bool = False
    distinct: bool = False
    dates: str = ""  # the part of a date that rows are grouped by


@dataclass(frozen=True, slots=True)
class Sort:
    """One column, or the alias of a computed one, that rows are sorted by."""

    attribute: str
    alias: str
    descending: bool
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition; `other` names the column that it compares with, if it does."""

    attribute: str
    operator: str
    values: tuple[str, ...]
    entity: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that hold together, or of which one holds."""

    either: bool
    items: tuple[Union["Group", Test, "Link"], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A table with what is asked of it."""

    name: str
    attributes: tuple[Attribute, ...]
    everything: bool
    groups: tuple[Group, ...]
    sorts: tuple[Sort, ...]
    links: tuple["Link", ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A table joined by its column `own`, which equals the column `outer` of the one around it."""

    source: Source
    own: str
    outer: str
    kind: str
    alias: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """A whole query; `page` counts from 1."""

    source: Source
    top: int | None
    count: int | None
    page: int
    cookie: str
    distinct: bool
    aggregate: bool
    total: bool
    limit: int
    raw_order: bool
