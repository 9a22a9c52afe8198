"""Columns of a FetchXML query: their SQL in conditions, orders, groups and answers."""

from dataclasses import dataclass
from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.fetchxml.tree import Attribute
from local.emulators.dataverse.model import TYPE_SUFFIX, Kind, Property, TableModel
from local.emulators.dataverse.odata.expressions import expression
from local.emulators.dataverse.odata.ordering import name_of_lookup
from local.emulators.dataverse.reading import hidden
from local.emulators.dataverse.schema import LOOKUPS

AGGREGATES: Final = {
    "count": "count(*)",
    "countcolumn": "count({})",
    "sum": "sum({})",
    "avg": "avg({})",
    "min": "min({})",
    "max": "max({})",
}
DATES: Final = {
    "day": "CAST(strftime('%d', {}) AS INTEGER)",
    "week": "(CAST(strftime('%W', {}) AS INTEGER) + 1)",
    "month": "CAST(strftime('%m', {}) AS INTEGER)",
    "quarter": "((CAST(strftime('%m', {}) AS INTEGER) + 2) / 3)",
    "year": "CAST(strftime('%Y', {}) AS INTEGER)",
    "fiscal-period": (
        "('Quarter ' || ((CAST(strftime('%m', {0}) AS INTEGER) + 2) / 3) || ' FY' || strftime('%Y', {0}))"
    ),
    "fiscal-year": "('FY' || strftime('%Y', {}))",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A table within a query: its model, and what stands before its columns' names."""

    model: TableModel
    source: str
    prefix: str = ""  # what stands before its columns' names in answers


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of an answer; `target` is the SQL of a lookup's table, `prop` None for a number."""

    name: str
    sql: str
    prop: Property | None
    target: str = "NULL"
    group: str = ""  # what rows are grouped by
    key: str = ""  # what its values are equal by


def column(model: TableModel, name: str) -> Property:
    """A column by its logical name."""
    found = model.by_column(name)
    if found is None:
        raise errors.attribute_missing(name, model.name)
    if found.kind is Kind.NOTHING:
        raise errors.not_emulated(f"'{name}' in a query")
    return found


def compared(place: Place, name: str, around: Surroundings) -> tuple[Property, str]:
    """The column of a condition with its SQL; a lookup's name column is the name of its row."""
    described = place.model.table.columns.get(name)
    lookup = place.model.by_column(described.attribute_of) if described and described.attribute_of else None
    if described and lookup and lookup.column.type in LOOKUPS:
        sql = name_of_lookup(place.model, lookup, around, place.source)
        return Property(name, described, Kind.TEXT, folded=False), sql
    prop = column(place.model, name)
    return prop, expression(prop, place.source)


def sorted_sql(place: Place, name: str, around: Surroundings, *, raw: bool) -> tuple[Property, str]:
    """What rows are sorted by: lookups by their row's name, choices by their label ("Order rows")."""
    prop, sql = compared(place, name, around)
    if prop.column.type in LOOKUPS:
        return prop, name_of_lookup(place.model, prop, around, place.source)
    if prop.column.options and prop.kind is Kind.NUMBER and not raw:
        labels = sorted(prop.column.options, key=lambda one: one.label.casefold())
        cases = " ".join(f"WHEN {one.value} THEN {rank}" for rank, one in enumerate(labels))
        return prop, f"CASE {sql} {cases} END"
    return prop, sql


def plain(place: Place, prop: Property, alias: str = "") -> Shown:
    """A column as it is kept."""
    name = alias or (f"{place.prefix}{prop.column.name}" if place.prefix else prop.wire)
    sql = "NULL" if hidden(prop) else f'{place.source}"{prop.column.name}"'
    typed = prop.column.name in place.model.typed_lookups
    target = f'{place.source}"{prop.column.name}{TYPE_SUFFIX}"' if typed else "NULL"
    return Shown(name, sql, prop, target, key=expression(prop, place.source))


def computed(place: Place, asked: Attribute) -> Shown:
    """A group's column or an aggregate."""
    prop = column(place.model, asked.name)
    if not asked.alias:
        raise errors.fetch_refused("An attribute of an aggregate query needs an alias.")
    kept = f'{place.source}"{prop.column.name}"'
    if asked.grouped and asked.dates:
        if asked.dates not in DATES or prop.kind not in {Kind.MOMENT, Kind.DATE}:
            raise errors.fetch_refused(f"'{asked.dates}' of '{asked.name}' is no part of a date.")
        sql = DATES[asked.dates].format(kept)
        return Shown(asked.alias, sql, None, group=sql)
    if asked.grouped:
        return Shown(asked.alias, f"min({kept})", prop, group=expression(prop, place.source))
    if asked.aggregate not in AGGREGATES:
        raise errors.fetch_refused(f"'{asked.aggregate}' of '{asked.name}' is no aggregate.")
    counts = asked.aggregate.startswith("count")
    if asked.aggregate in {"sum", "avg"} and prop.kind is not Kind.NUMBER:
        raise errors.fetch_refused(f"'{asked.aggregate}' needs a number; '{asked.name}' is none.")
    subject = expression(prop, place.source) if counts else kept
    sql = AGGREGATES[asked.aggregate].format(f"DISTINCT {subject}" if asked.distinct else subject)
    return Shown(asked.alias, sql, None if counts else prop)
