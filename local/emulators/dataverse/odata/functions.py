"""The query functions of Microsoft.Dynamics.CRM as SQL."""

from collections.abc import Callable
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import Kind, Property, TableModel
from local.emulators.dataverse.odata.expressions import expression, whole_or_not
from local.emulators.dataverse.odata.syntax import QueryFunction
from local.emulators.dataverse.values import GUID, fold, parse_moment, write_moment

Sql = tuple[str, list[Any]]


def query_function(call: QueryFunction, model: TableModel) -> Sql:
    """The condition of a function with its parameters."""
    build = FUNCTIONS.get(call.name)
    if build is None:
        raise errors.not_emulated(f"The query function {call.name}")
    prop = model.by_column(call.property_name)
    if prop is None:
        raise errors.unknown_property(call.property_name, model.name)
    if call.values is None:
        raise errors.query_refused(f"The function {call.name} needs the parameter PropertyValues.")
    return build(prop, call.values)


def _value(prop: Property, text: str) -> Any:
    """One item of PropertyValues as the column keeps it."""
    try:
        return _CONVERTERS[prop.kind](text)
    except (ValueError, KeyError) as error:
        raise errors.query_refused(
            f"The value '{text}' of '{prop.column.name}' cannot be read as '{prop.edm}'."
        ) from error


def _guid(text: str) -> str:
    found = GUID.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return found[1].lower()


def _flag(text: str) -> int:
    return {"true": 1, "1": 1, "false": 0, "0": 0}[text.lower()]


def _moment(text: str) -> str:
    found = parse_moment(text)
    if found is None:
        raise ValueError(text)
    return write_moment(found)


_CONVERTERS: Final[dict[Kind, Callable[[str], Any]]] = {
    Kind.TEXT: fold,
    Kind.CHOICES: str,
    Kind.NUMBER: whole_or_not,
    Kind.FLAG: _flag,
    Kind.GUID: _guid,
    Kind.MOMENT: _moment,
    Kind.DATE: lambda text: _moment(text)[:10],
}


def _in(prop: Property, values: tuple[str, ...]) -> Sql:
    marks = ",".join("?" * len(values))
    return f"{expression(prop)} IN ({marks})", [_value(prop, text) for text in values]


def _not_in(prop: Property, values: tuple[str, ...]) -> Sql:
    sql, parameters = _in(prop, values)
    return f"NOT coalesce({sql}, 0)", parameters


def _between(prop: Property, values: tuple[str, ...]) -> Sql:
    if len(values) != 2:
        raise errors.query_refused("Between needs exactly two PropertyValues.")
    return f"{expression(prop)} BETWEEN ? AND ?", [_value(prop, text) for text in values]


def _not_between(prop: Property, values: tuple[str, ...]) -> Sql:
    sql, parameters = _between(prop, values)
    return f"NOT coalesce({sql}, 0)", parameters


def _contain_values(prop: Property, values: tuple[str, ...]) -> Sql:
    if prop.kind is not Kind.CHOICES:
        raise errors.query_refused(f"ContainValues needs a choices column; '{prop.column.name}' is none.")
    one = f"instr(',' || \"{prop.column.name}\" || ',', ',' || ? || ',') > 0"
    return f"({' OR '.join([one] * len(values)) or '0'})", [text.strip() for text in values]


def _does_not_contain_values(prop: Property, values: tuple[str, ...]) -> Sql:
    sql, parameters = _contain_values(prop, values)
    return f"NOT coalesce({sql}, 0)", parameters


FUNCTIONS: Final[dict[str, Callable[[Property, tuple[str, ...]], Sql]]] = {
    "In": _in,
    "NotIn": _not_in,
    "Between": _between,
    "NotBetween": _not_between,
    "ContainValues": _contain_values,
    "DoesNotContainValues": _does_not_contain_values,
}
