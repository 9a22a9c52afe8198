"""A table compiled for use: what is kept, under which names rows show it, what is indexed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from local.emulators.dataverse.schema import Column, ColumnType, Table

TYPE_SUFFIX: Final = "~t"
FOLDED_SUFFIX: Final = "~f"

# The columns that clients look rows up by; each has a case-folded shadow with an index.
SEARCHED: Final = frozenset(
    {
        "name",
        "accountnumber",
        "emailaddress1",
        "websiteurl",
        "lastname",
        "companyname",
        "fullname",
        "internalemailaddress",
        "domainname",
        "azureactivedirectoryobjectid",
    }
)


class Kind(StrEnum):
    """How a value is kept in SQLite and compared in queries."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    GUID = "guid"
    MOMENT = "moment"
    DATE = "date"
    CHOICES = "choices"
    BINARY = "binary"
    NOTHING = "nothing"


KINDS: Final = {
    ColumnType.STRING: Kind.TEXT,
    ColumnType.MEMO: Kind.TEXT,
    ColumnType.INTEGER: Kind.NUMBER,
    ColumnType.BIG_INT: Kind.NUMBER,
    ColumnType.DECIMAL: Kind.NUMBER,
    ColumnType.DOUBLE: Kind.NUMBER,
    ColumnType.MONEY: Kind.NUMBER,
    ColumnType.BOOLEAN: Kind.FLAG,
    ColumnType.PICKLIST: Kind.NUMBER,
    ColumnType.STATE: Kind.NUMBER,
    ColumnType.STATUS: Kind.NUMBER,
    ColumnType.MULTI_SELECT: Kind.CHOICES,
    ColumnType.LOOKUP: Kind.GUID,
    ColumnType.CUSTOMER: Kind.GUID,
    ColumnType.OWNER: Kind.GUID,
    ColumnType.UNIQUEIDENTIFIER: Kind.GUID,
    ColumnType.ENTITY_NAME: Kind.NOTHING,
    ColumnType.VIRTUAL: Kind.NOTHING,
    ColumnType.IMAGE: Kind.BINARY,
    ColumnType.FILE: Kind.GUID,
}

EDM: Final = {
    ColumnType.STRING: "Edm.String",
    ColumnType.MEMO: "Edm.String",
    ColumnType.INTEGER: "Edm.Int32",
    ColumnType.BIG_INT: "Edm.Int64",
    ColumnType.DECIMAL: "Edm.Decimal",
    ColumnType.DOUBLE: "Edm.Double",
    ColumnType.MONEY: "Edm.Decimal",
    ColumnType.BOOLEAN: "Edm.Boolean",
    ColumnType.PICKLIST: "Edm.Int32",
    ColumnType.STATE: "Edm.Int32",
    ColumnType.STATUS: "Edm.Int32",
    ColumnType.MULTI_SELECT: "Edm.String",
    ColumnType.IMAGE: "Edm.Binary",
}

AFFINITY: Final = {
    ColumnType.INTEGER: "INTEGER",
    ColumnType.BIG_INT: "INTEGER",
    ColumnType.PICKLIST: "INTEGER",
    ColumnType.STATE: "INTEGER",
    ColumnType.STATUS: "INTEGER",
    ColumnType.BOOLEAN: "INTEGER",
    ColumnType.DECIMAL: "REAL",
    ColumnType.DOUBLE: "REAL",
    ColumnType.MONEY: "REAL",
}


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a row as the Web API shows it."""

    wire: str
    column: Column
    kind: Kind
    folded: bool

    @property
    def edm(self) -> str:
        """The OData type."""
        if self.kind is Kind.GUID:
            return "Edm.Guid"
        if self.kind is Kind.DATE:
            return "Edm.Date"
        return "Edm.DateTimeOffset" if self.kind is Kind.MOMENT else EDM.get(self.column.type, "Edm.String")


@dataclass(frozen=True, slots=True)
class TableModel:
    """A table with everything that is derived from its description once."""

    table: Table
    properties: dict[str, Property]
    folded: frozenset[str]
    typed_lookups: frozenset[str]
    defaults: dict[str, int]
    states: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The logical name."""
        return self.table.logical_name

    def stored(self) -> Iterator[tuple[str, str]]:
        """The columns of the SQLite table with their affinities."""
        for prop in self.properties.values():
            if prop.kind is not Kind.NOTHING:
                yield prop.column.name, AFFINITY.get(prop.column.type, "TEXT")
        for name in sorted(self.folded):
            yield name + FOLDED_SUFFIX, "TEXT"
        for name in sorted(self.typed_lookups):
            yield name + TYPE_SUFFIX, "TEXT"

    def shown(self) -> list[Property]:
        """The properties of a row that is asked for without $select; images have to be asked for."""
        return [
            prop for prop in self.properties.values() if prop.column.readable and prop.kind is not Kind.BINARY
        ]

    def by_column(self, name: str) -> Property | None:
        """The property of a column, by its logical or its shown name."""
        return self.properties.get(name) or self.properties.get(f"_{name}_value")


def compile_table(table: Table) -> TableModel:
    """The model of a table."""
    keyed = {name for _, names in table.keys for name in names}
    properties = {
        column.wire_name: _property(column, keyed)
        for column in table.columns.values()
        if is_property(column, table)
    }
    states = _states(table)
    return TableModel(
        table=table,
        properties=properties,
        folded=frozenset(prop.column.name for prop in properties.values() if prop.folded),
        typed_lookups=frozenset(
            prop.column.name for prop in properties.values() if has_several_targets(prop.column)
        ),
        defaults=_defaults(properties, states),
        states=states,
    )


def is_property(column: Column, table: Table) -> bool:
    """Whether rows have the column: names that only label another column are annotations there."""
    if column.name == table.primary_id:
        return True
    if column.type in {ColumnType.ENTITY_NAME, ColumnType.VIRTUAL} and column.attribute_of:
        return False
    return column.attribute_of is None or _carries(column.attribute_of, table)


def _carries(name: str, table: Table) -> bool:
    """Whether companions of a column are properties themselves: a file's name, an image's address."""
    owner = table.columns.get(name)
    image = table.columns.get(name.removesuffix("id"))
    return (owner is not None and owner.type is ColumnType.FILE) or (
        image is not None and image.type is ColumnType.IMAGE
    )


def has_several_targets(column: Column) -> bool:
    """Whether a lookup needs its target's table beside the id."""
    if column.type in {ColumnType.OWNER, ColumnType.CUSTOMER}:
        return True
    return column.type is ColumnType.LOOKUP and len(column.targets) > 1


def _property(column: Column, keyed: set[str]) -> Property:
    kind = KINDS.get(column.type)
    if kind is None:
        kind = Kind.DATE if column.behavior == "DateOnly" else Kind.MOMENT
    folded = kind is Kind.TEXT and (column.name in SEARCHED or column.name in keyed)
    return Property(column.wire_name, column, kind, folded)


def _defaults(properties: dict[str, Property], states: dict[int, tuple[int, ...]]) -> dict[str, int]:
    """What a new row has where nothing is given; rows begin in the first state with its first reason."""
    first = {"statecode": 0, "statuscode": states[0][0]} if 0 in states else {}
    return first | {
        prop.column.name: int(prop.column.default)
        for prop in properties.values()
        if prop.column.default is not None and prop.kind in {Kind.NUMBER, Kind.FLAG}
    }


def _states(table: Table) -> dict[int, tuple[int, ...]]:
    """The status reasons of each state, the default one first."""
    status = table.columns.get("statuscode")
    found: dict[int, tuple[int, ...]] = {}
    for option in status.options if status else ():
        if option.state is not None:
            found[option.state] = (*found.get(option.state, ()), option.value)
    return found
