"""What rows are sorted by: columns, columns behind lookups, the names of lookups' rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.model import Kind, Property, TableModel
from local.emulators.dataverse.odata.expressions import expression
from local.emulators.dataverse.odata.sql import through_lookups
from local.emulators.dataverse.schema import LOOKUPS, ColumnType
from local.emulators.dataverse.store import quoted


@dataclass(frozen=True, slots=True)
class Order:
    """One column that rows are sorted by, with its SQL."""

    prop: Property
    sql: str
    descending: bool


def ordering(model: TableModel, text: str, aliases: Mapping[str, str], around: Surroundings) -> list[Order]:
    """The columns of $orderby."""
    found: list[Order] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, direction = part.partition(" ")
        name = aliases.get(name, name)
        if direction.strip() not in {"", "asc", "desc"}:
            raise errors.query_refused(f"Syntax error in $orderby: '{part}'.")
        prop, sql = sorted_by(model, name, around)
        found.append(Order(prop, sql, direction.strip() == "desc"))
    return found


def sorted_by(model: TableModel, name: str, around: Surroundings, source: str = "") -> tuple[Property, str]:
    """The property that rows are sorted by, with its SQL: a lookup sorts by the name of its row."""
    if "/" in name:
        prop, sql, _ = through_lookups(model, tuple(name.split("/")), around, source)
        return prop, sql
    prop_or_none = model.properties.get(name)
    if prop_or_none is None or prop_or_none.kind is Kind.NOTHING:
        raise errors.unknown_property(name, model.name)
    if prop_or_none.column.type in LOOKUPS:
        return prop_or_none, name_of_lookup(model, prop_or_none, around, source)
    return prop_or_none, expression(prop_or_none, source)


def name_of_lookup(model: TableModel, prop: Property, around: Surroundings, source: str = "") -> str:
    """The SQL of the name of the row that a lookup points at, whichever of its tables that is in."""
    column = prop.column
    targets = [*(("systemuser", "team") if column.type is ColumnType.OWNER else column.targets)]
    key = f'{source or quoted(model.name) + "."}"{column.name}"'
    parts: list[str] = []
    for target in map(around.model_of, targets):
        primary = target.properties.get(target.table.primary_name or "") if target else None
        if target and primary:
            alias = around.alias()
            parts.append(
                f"(SELECT {expression(primary, alias + '.')} FROM {quoted(target.name)} AS {alias} "
                f'WHERE {alias}."{target.table.primary_id}" = {key})'
            )
    return f"coalesce({', '.join(parts)})" if len(parts) > 1 else next(iter(parts), key)
