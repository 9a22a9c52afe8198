"""The parts of a filter as a tree."""

from dataclasses import dataclass
from enum import StrEnum


class LiteralKind(StrEnum):
    """What a literal is, by its OData type."""

    NULL = "null"
    BOOLEAN = "Edm.Boolean"
    NUMBER = "Edm.Decimal"
    STRING = "Edm.String"
    GUID = "Edm.Guid"
    DATE = "Edm.Date"
    MOMENT = "Edm.DateTimeOffset"


class Operator(StrEnum):
    """The comparisons; the value is the word in the query, `label` the one in errors."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"

    @property
    def label(self) -> str:
        """The word that the OData library uses in its errors."""
        return {
            "eq": "Equal",
            "ne": "NotEqual",
            "gt": "GreaterThan",
            "ge": "GreaterThanOrEqual",
            "lt": "LessThan",
            "le": "LessThanOrEqual",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; the value is text for strings, GUIDs and times."""

    kind: LiteralKind
    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Path:
    """A property, or one behind single-valued navigation properties."""

    names: tuple[str, ...]


Operand = Literal | Path


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands compared."""

    operator: Operator
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class TextTest:
    """contains, startswith or endswith."""

    function: str
    subject: Operand
    argument: Operand


@dataclass(frozen=True, slots=True)
class QueryFunction:
    """A Microsoft.Dynamics.CRM function; values are None where it was called without PropertyValues."""

    name: str
    property_name: str
    values: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Lambda:
    """any or all over a collection; without a condition, whether there is a row in it."""

    names: tuple[str, ...]
    every: bool
    variable: str
    condition: "Filter | None"


@dataclass(frozen=True, slots=True)
class Truth:
    """A Boolean property or literal that stands alone."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    item: "Filter"


@dataclass(frozen=True, slots=True)
class Both:
    """Conditions joined by and."""

    items: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Conditions joined by or."""

    items: tuple["Filter", ...]


Filter = Comparison | TextTest | QueryFunction | Lambda | Truth | Not | Both | Either
