"""The two sides of a mapping: the vendor's fields and the organization's columns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class VendorType(StrEnum):
    """What kind of value a vendor field carries."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class VendorField:
    """A field of the vendor's people or companies. A number times `factor` is in whole units.

    `longest`: how long its texts may well be, None where they are short. `often_empty`: many records lack it.
    """

    name: str
    label: str
    type: VendorType
    example: str
    factor: int = 1
    longest: int | None = None
    often_empty: bool = False


class ColumnType(StrEnum):
    """Dataverse's AttributeTypeName without the word Type."""

    STRING = "String"
    MEMO = "Memo"
    INTEGER = "Integer"
    BIG_INT = "BigInt"
    DECIMAL = "Decimal"
    DOUBLE = "Double"
    MONEY = "Money"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"
    PICKLIST = "Picklist"
    MULTI_SELECT = "MultiSelectPicklist"
    STATE = "State"
    STATUS = "Status"
    LOOKUP = "Lookup"
    CUSTOMER = "Customer"
    OWNER = "Owner"
    UNIQUE_IDENTIFIER = "Uniqueidentifier"
    IMAGE = "Image"
    FILE = "File"
    OTHER = "Other"


class RequiredLevel(StrEnum):
    """Dataverse's AttributeRequiredLevel."""

    NONE = "None"
    RECOMMENDED = "Recommended"
    APPLICATION = "ApplicationRequired"
    SYSTEM = "SystemRequired"


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a choice column. `state`: the state that a status belongs to, None of any other choice."""

    value: int
    label: str
    state: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A Dynamics column as the organization's own metadata describes it. Lengths count UTF-16 units.

    `navigation` of a lookup: each target table, with the name by which a record of it is bound.
    """

    name: str
    label: str
    type: ColumnType
    required_level: RequiredLevel = RequiredLevel.NONE
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    precision: int | None = None
    format: str | None = None
    behavior: str | None = None
    options: tuple[Option, ...] = ()
    targets: tuple[str, ...] = ()
    navigation: tuple[tuple[str, str], ...] = ()
    creatable: bool = True
    updatable: bool = True
    custom: bool = False

    @property
    def required(self) -> bool:
        """Whether a new record needs a value from us. System columns have defaults of Dynamics' own.

        So have states, owners and the currency, even where an administrator marked them as required.
        """
        return (
            self.required_level is RequiredLevel.APPLICATION
            and self.creatable
            and self.mappable
            and self.type not in _WITH_DEFAULTS
            and self.name != _CURRENCY
        )

    @property
    def mappable(self) -> bool:
        """Whether a mapping may feed it at all. A lookup has to tell by which name records are bound."""
        if not (self.creatable or self.updatable):
            return False
        if self.is_lookup:
            return bool(self.navigation)
        return self.type in MAPPABLE_TYPES or (self.type in STATE_TYPES and bool(self.options))

    @property
    def is_lookup(self) -> bool:
        """Whether it holds a reference to a record of another table."""
        return self.type in LOOKUP_TYPES

    @property
    def wire_name(self) -> str:
        """The name of the column in what the Web API reads: lookups have one of their own."""
        return f"_{self.name}_value" if self.is_lookup else self.name


MAPPABLE_TYPES = frozenset(
    {
        ColumnType.STRING,
        ColumnType.MEMO,
        ColumnType.INTEGER,
        ColumnType.BIG_INT,
        ColumnType.DECIMAL,
        ColumnType.DOUBLE,
        ColumnType.MONEY,
        ColumnType.BOOLEAN,
        ColumnType.DATE_TIME,
        ColumnType.PICKLIST,
        ColumnType.MULTI_SELECT,
    },
)
"""Types whose values stand for themselves."""

STATE_TYPES = frozenset({ColumnType.STATE, ColumnType.STATUS})
LOOKUP_TYPES = frozenset({ColumnType.LOOKUP, ColumnType.CUSTOMER, ColumnType.OWNER})
_WITH_DEFAULTS = STATE_TYPES | {ColumnType.OWNER}
_CURRENCY = "transactioncurrencyid"


class ColumnCatalog(Mapping[str, Column]):
    """The columns of one Dynamics table, by logical name."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns = {column.name: column for column in columns}

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
