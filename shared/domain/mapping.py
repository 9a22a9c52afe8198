"""A mapping: an ordered list of rows from vendor fields to Dynamics columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import ObjectType, UserId

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class UpdateOption(StrEnum):
    """When a row may write to a record that exists already."""

    OVERWRITE = "overwrite"
    FILL_IF_MISSING = "fillIfMissing"
    CREATE_ONLY = "createOnly"


class OnInvalid(StrEnum):
    """What becomes of a value that the column cannot hold."""

    FAIL_RECORD = "failRecord"
    SKIP_VALUE = "skipValue"


class TooLong(StrEnum):
    """What becomes of a text that is longer than its column."""

    REFUSE = "refuse"
    CUT = "cut"


class PhoneFormat(StrEnum):
    """How a phone number is written."""

    AS_IT_IS = "asItIs"
    E164 = "e164"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class LookupRule:
    """How the record that a lookup names is found: by a column of the target table."""

    table: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOptions:
    """What a row asks for beside source and column, as its column's type makes sense of.

    `choices` maps vendor words to labels or numbers of the choice; `other_choice` stands for a word that is
    neither mapped nor a label, None refuses it. `block` joins rows that take their values from one source
    only, all or none, such as the lines of an address. `protect_edits` overwrites only what this service
    wrote last. `quiet` is for rows of the service's own, never kept: a lookup that finds nothing is no news.
    """

    too_long: TooLong = TooLong.REFUSE
    choices: tuple[tuple[str, str | int], ...] = ()
    other_choice: str | int | None = None
    date_format: str | None = None
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    phone_format: PhoneFormat = PhoneFormat.AS_IT_IS
    separator: str = "; "
    lookup: LookupRule | None = None
    block: str | None = None
    protect_edits: bool = False
    quiet: bool = False


NO_OPTIONS = RowOptions()


@dataclass(frozen=True, slots=True)
class VendorSource:
    """The value of one vendor field."""

    field: str


@dataclass(frozen=True, slots=True)
class ConstantSource:
    """The same value for every record."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """Vendor fields joined by text, as in `{firstName} {lastName}`. Empty when every field is empty."""

    template: str

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(PLACEHOLDER.findall(self.template))


Source = VendorSource | ConstantSource | TemplateSource


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """One row. Several rows may feed one column: the first whose source has a value wins."""

    source: Source
    column: str
    update_option: UpdateOption = UpdateOption.FILL_IF_MISSING
    on_invalid: OnInvalid = OnInvalid.SKIP_VALUE
    options: RowOptions = NO_OPTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The saved rows of one object. Version 0 is the default mapping, which nobody saved."""

    object_type: ObjectType
    rows: tuple[MappingRow, ...]
    version: int = 0
    updated_by: UserId | None = None
    updated_at: datetime | None = None


def rows_by_column(rows: Sequence[MappingRow]) -> dict[str, list[MappingRow]]:
    """Rows by Dynamics column, highest priority first."""
    grouped: dict[str, list[MappingRow]] = {}
    for row in rows:
        grouped.setdefault(row.column, []).append(row)
    return grouped
