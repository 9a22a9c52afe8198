"""The operators that compare a column with given values."""

from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Build, Operand, Sql, negated
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.model import Kind
from local.emulators.dataverse.odata.expressions import glob

MANY: Final = -1  # as many values as are given


def _compared(symbol: str) -> Build:
    def build(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
        return f"{operand.sql} {symbol} ?", [operand.value(values[0])]

    return build


def _null(operand: Operand, _values: tuple[str, ...], _around: Surroundings) -> Sql:
    return f"{operand.sql} IS NULL", []


def _in(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
    marks = ",".join("?" * len(values))
    return f"{operand.sql} IN ({marks})", operand.values(values)


def _between(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
    return f"{operand.sql} BETWEEN ? AND ?", [operand.value(text) for text in values]


def _contain_values(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
    if operand.prop.kind is not Kind.CHOICES:
        raise errors.query_refused(
            f"ContainValues needs a choices column; '{operand.prop.column.name}' is none."
        )
    one = f"instr(',' || {operand.sql} || ',', ',' || ? || ',') > 0"
    return f"({' OR '.join([one] * len(values)) or '0'})", [text.strip() for text in values]


def _like(before: str = "", after: str = "") -> Build:
    def build(operand: Operand, values: tuple[str, ...], _around: Surroundings) -> Sql:
        if operand.prop.kind is not Kind.TEXT:
            raise errors.query_refused(
                f"'{operand.prop.column.name}' is no text: '{operand.name}' needs one."
            )
        return f"{operand.sql} GLOB ?", [before + glob(values[0]) + after]

    return build


VALUE_OPERATORS: Final[dict[str, tuple[Build, int]]] = {
    "Equal": (_compared("="), 1),
    "NotEqual": (_compared("IS NOT"), 1),
    "GreaterThan": (_compared(">"), 1),
    "GreaterEqual": (_compared(">="), 1),
    "LessThan": (_compared("<"), 1),
    "LessEqual": (_compared("<="), 1),
    "Null": (_null, 0),
    "NotNull": (negated(_null), 0),
    "In": (_in, MANY),
    "NotIn": (negated(_in), MANY),
    "Between": (_between, 2),
    "NotBetween": (negated(_between), 2),
    "ContainValues": (_contain_values, MANY),
    "DoesNotContainValues": (negated(_contain_values), MANY),
    "Like": (_like(), 1),
    "NotLike": (negated(_like()), 1),
    "BeginsWith": (_like(after="*"), 1),
    "DoesNotBeginWith": (negated(_like(after="*")), 1),
    "EndsWith": (_like(before="*"), 1),
    "DoesNotEndWith": (negated(_like(before="*")), 1),
}
