"""The conditions of a QueryExpression, which actions carry in their bodies."""

from collections.abc import Mapping
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Operand, Sql
from local.emulators.dataverse.conditions.operators import condition
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.fetchxml.columns import column
from local.emulators.dataverse.model import TableModel
from local.emulators.dataverse.odata.expressions import expression

DEEPEST: Final = 20


def criteria(query: Mapping[str, Any], model: TableModel, around: Surroundings) -> Sql:
    """The SQL of a query's Criteria with its parameters."""
    if query.get("LinkEntities"):
        raise errors.not_emulated("A QueryExpression with LinkEntities")
    return _filter(query.get("Criteria") or {}, model, around, depth=0)


def _filter(content: Any, model: TableModel, around: Surroundings, *, depth: int) -> Sql:
    if not isinstance(content, dict) or depth > DEEPEST:
        raise errors.argument_missing("Criteria")
    word = " OR " if str(content.get("FilterOperator", "And")).lower() == "or" else " AND "
    parts: list[str] = []
    parameters: list[Any] = []
    for one in _list(content, "Conditions"):
        sql, values = _condition(one, model, around)
        parts.append(sql)
        parameters += values
    for one in _list(content, "Filters"):
        sql, values = _filter(one, model, around, depth=depth + 1)
        parts.append(sql)
        parameters += values
    return f"({word.join(parts) or '1'})", parameters


def _condition(content: Any, model: TableModel, around: Surroundings) -> Sql:
    if not isinstance(content, dict):
        raise errors.argument_missing("Conditions")
    name, operator = content.get("AttributeName"), content.get("Operator")
    if not isinstance(name, str) or not isinstance(operator, str):
        raise errors.argument_missing("AttributeName and Operator")
    prop = column(model, name)
    given = _list(content, "Values")
    values = tuple(_text(one.get("Value") if isinstance(one, dict) else one) for one in given)
    return condition(Operand(operator, model, prop, expression(prop)), values, around)


def _list(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name) or []
    if not isinstance(found, list):
        raise errors.argument_missing(name)
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
