"""MetadataFilterExpression: which definitions a query of RetrieveMetadataChanges picks."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.emulators.dataverse.errors import query_refused
from local.emulators.dataverse.metadata_parts import Json

LISTED: Final = re.compile(r"'((?:[^']|'')*)'|\"([^\"]*)\"|([^\s,\[\]]+)")


def fits(row: Json, criteria: Mapping[str, Any], kind: str) -> bool:
    """Whether a definition fits a filter; an empty one fits everything. `kind` names the type in errors."""
    tests = [_holds(row, one, kind) for one in criteria.get("Conditions") or ()]
    tests += [fits(row, one, kind) for one in criteria.get("Filters") or ()]
    if not tests:
        return True
    return any(tests) if criteria.get("FilterOperator") in {"Or", 1} else all(tests)


def _holds(row: Json, condition: Mapping[str, Any], kind: str) -> bool:
    name, value = condition.get("PropertyName"), condition.get("Value")
    operator = str(condition.get("ConditionOperator"))
    if not isinstance(name, str) or operator not in OPERATORS:
        raise query_refused(f"A condition of Query is not understood: {dict(condition)}.")
    if name not in row:
        if kind == "AttributeMetadata":
            return False  # a property that only other types of columns have
        raise query_refused(
            f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{kind}'."
        )
    return OPERATORS[operator](_comparable(row[name]), _wanted(value))


def _comparable(value: object) -> str | None:
    """A value as text: managed properties by their Value, enumerations by their name."""
    if isinstance(value, dict):
        value = value.get("Value")
    return None if value is None else str(value).casefold()


def _wanted(value: object) -> list[str | None]:
    """The value of a condition, or the values of one such as ['a','b']."""
    given = value.get("Value") if isinstance(value, dict) else value
    if isinstance(given, list):
        return [_comparable(one) for one in given]
    if isinstance(given, str) and given.startswith("["):
        return [next(filter(None, found.groups()), "").casefold() for found in LISTED.finditer(given)]
    return [_comparable(given)]


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


OPERATORS: Final[dict[str, Callable[[str | None, list[str | None]], bool]]] = {
    "Equals": lambda value, wanted: value == wanted[0],
    "NotEquals": lambda value, wanted: value != wanted[0],
    "In": lambda value, wanted: value in wanted,
    "NotIn": lambda value, wanted: value not in wanted,
    "GreaterThan": lambda value, wanted: _number(value) > _number(wanted[0]),
    "LessThan": lambda value, wanted: _number(value) < _number(wanted[0]),
}
