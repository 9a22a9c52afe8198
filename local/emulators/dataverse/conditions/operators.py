"""Dataverse's operators by their names, the same for OData's functions, FetchXML and QueryExpression."""

from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.dates import DATE_OPERATORS
from local.emulators.dataverse.conditions.operand import Build, Operand, Sql
from local.emulators.dataverse.conditions.people import CALLER_OPERATORS
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.conditions.values import MANY, VALUE_OPERATORS

OPERATORS: Final[dict[str, tuple[Build, int]]] = {**VALUE_OPERATORS, **DATE_OPERATORS, **CALLER_OPERATORS}
# Operators that are functions of the Web API; the others are words of OData itself there.
FUNCTIONS: Final = frozenset(
    {"In", "NotIn", "Between", "NotBetween", "ContainValues", "DoesNotContainValues"}
    | DATE_OPERATORS.keys()
    | CALLER_OPERATORS.keys()
)
PARAMETERS: Final = {
    0: "",
    1: "PropertyValue",
    2: "PropertyValue1 and PropertyValue2",
    MANY: "PropertyValues",
}


def condition(operand: Operand, values: tuple[str, ...] | None, around: Surroundings) -> Sql:
    """The SQL of an operator with its parameters; `values` is None where none were given at all."""
    found = OPERATORS.get(operand.name)
    if found is None:
        raise errors.not_emulated(f"The condition operator {operand.name}")
    build, wanted = found
    if values is None and wanted:
        needed = "PropertyValues" if operand.name.endswith("Between") else PARAMETERS[wanted]
        raise errors.query_refused(f"The function {operand.name} needs the parameter {needed}.")
    given = values or ()
    if wanted not in {MANY, len(given)}:
        word = {0: "no value", 1: "exactly one value", 2: "exactly two values"}[wanted]
        raise errors.query_refused(f"{operand.name} needs {word}; {len(given)} are given.")
    try:
        return build(operand, given, around)
    except OverflowError as error:
        raise errors.query_refused(f"The values of '{operand.name}' leave the calendar.") from error
