"""A FetchXML tree compiled to SQL: joins, conditions, columns, order."""

from dataclasses import dataclass, field
from typing import Any

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Operand
from local.emulators.dataverse.conditions.operators import OPERATORS, condition
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.fetchxml.columns import (
    Place,
    Shown,
    column,
    compared,
    computed,
    plain,
    sorted_sql,
)
from local.emulators.dataverse.fetchxml.tree import Fetch, Group, Link, Source, Test
from local.emulators.dataverse.fetchxml.words import COMPARISONS, operator_name
from local.emulators.dataverse.odata.options import selected
from local.emulators.dataverse.odata.ordering import Order
from local.emulators.dataverse.store import quoted

JOINS = {"inner": "JOIN", "outer": "LEFT JOIN"}


@dataclass(slots=True)
class Compiled:
    """The parts of a query; `joined` and `wanted` fill the question marks, in this order."""

    root: Place
    tables: str
    where: str = ""
    joined: list[Any] = field(default_factory=list)
    wanted: list[Any] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the orders' columns, for the paging cookie
    own_order: bool = True  # whether only the first table's columns order the rows
    read: set[str] = field(default_factory=set)  # the tables that the caller must be allowed to read


class FetchCompiler:
    """Compiles one query."""

    def __init__(self, fetch: Fetch, around: Surroundings) -> None:
        self.fetch = fetch
        self.around = around
        self.places: dict[str, Place] = {}
        root = self._place(fetch.source, "")
        self.compiled = Compiled(root, f"{quoted(root.model.name)} AS {root.source[:-1]}")

    def compile(self) -> Compiled:
        """The whole query."""
        done, source = self.compiled, self.fetch.source
        conditions: list[str] = []
        self._links(source, done.root, conditions)
        conditions += [self._group(one, done.root, done.wanted) for one in source.groups if one.items]
        done.where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        done.shown = [*self._columns(source, done.root), *done.shown]
        self._sort(source, done.root)
        return done

    def _place(self, source: Source, prefix: str) -> Place:
        model = self.around.model_of(source.name)
        if model is None:
            raise errors.entity_missing(source.name)
        return Place(model, self.around.alias() + ".", prefix)

    # Joins.

    def _links(self, source: Source, outer: Place, conditions: list[str]) -> None:
        for link in source.links:
            if link.kind not in JOINS:
                conditions.append(self._exists(link, outer, self.compiled.wanted))
                continue
            place = self._place(link.source, link.alias + ".")
            self.places[link.alias] = place
            self.compiled.read.add(place.model.name)
            on = [self._meeting(link, place, outer)]
            on += [self._group(one, place, self.compiled.joined) for one in link.source.groups if one.items]
            table = f"{quoted(place.model.name)} AS {place.source[:-1]}"
            self.compiled.tables += f" {JOINS[link.kind]} {table} ON {' AND '.join(on)}"
            self._links(link.source, place, conditions)
            self.compiled.shown += self._columns(link.source, place)
            self._sort(link.source, place)

    def _meeting(self, link: Link, place: Place, outer: Place) -> str:
        own, other = column(place.model, link.own), column(outer.model, link.outer)
        return f'{place.source}"{own.column.name}" = {outer.source}"{other.column.name}"'

    def _exists(self, link: Link, outer: Place, parameters: list[Any]) -> str:
        """A link that only asks whether rows are there ("Filter on values in related records")."""
        place = self._place(link.source, "")
        self.compiled.read.add(place.model.name)
        rows = f"SELECT 1 FROM {quoted(place.model.name)} AS {place.source[:-1]} WHERE "
        rows += self._meeting(link, place, outer)
        wanted = [self._group(one, place, parameters) for one in link.source.groups if one.items]
        wanted += [self._exists(one, place, parameters) for one in link.source.links]
        fitting = " AND ".join([rows, *wanted])
        if link.kind == "all":
            # The page's own meaning: there are related rows, and none of them fits.
            return f"(EXISTS ({rows}) AND NOT EXISTS ({fitting}))"
        return f"{'NOT EXISTS' if link.kind == 'not any' else 'EXISTS'} ({fitting})"

    # Conditions.

    def _group(self, group: Group, place: Place, parameters: list[Any]) -> str:
        parts = [self._item(one, place, parameters) for one in group.items]
        return f"({(' OR ' if group.either else ' AND ').join(parts) or '1'})"

    def _item(self, item: Group | Test | Link, place: Place, parameters: list[Any]) -> str:
        if isinstance(item, Group):
            return self._group(item, place, parameters)
        if isinstance(item, Link):
            return self._exists(item, place, parameters)
        place = self._named(item.entity) if item.entity else place
        prop, sql = compared(place, item.attribute, self.around)
        name = operator_name(item.operator)
        if name not in OPERATORS:
            raise errors.fetch_refused(f"Unknown condition operator '{item.operator}'.", "0x80041120")
        if item.other:
            return self._columns_compared(item, place, sql, name)
        text, values = condition(Operand(name, place.model, prop, sql), item.values, self.around)
        parameters.extend(values)
        return text

    def _columns_compared(self, test: Test, place: Place, sql: str, name: str) -> str:
        alias, dot, name_of_other = test.other.rpartition(".")
        if name not in COMPARISONS:
            raise errors.fetch_refused(f"'{test.operator}' cannot compare columns.")
        _, other = compared(self._named(alias) if dot else place, name_of_other, self.around)
        return f"{sql} {COMPARISONS[name]} {other}"

    def _named(self, alias: str) -> Place:
        found = self.places.get(alias)
        if found is None:
            raise errors.fetch_refused(f"No link-entity before the condition has the alias '{alias}'.")
        return found

    # Columns and order.

    def _columns(self, source: Source, place: Place) -> list[Shown]:
        if self.fetch.aggregate:
            return [computed(place, one) for one in source.attributes]
        if source.everything:
            return [plain(place, prop) for prop in place.model.shown()]
        renamed = [one for one in source.attributes if one.alias]
        found = [plain(place, column(place.model, one.name), one.alias) for one in renamed]
        names = tuple(column(place.model, one.name).wire for one in source.attributes if not one.alias)
        is_root = place is self.compiled.root
        if is_root and not self.fetch.distinct:
            names = names or (place.model.table.primary_id,) if source.attributes else names
            return [*(plain(place, prop) for prop in selected(place.model, names)), *found]
        return [*(plain(place, place.model.properties[name]) for name in names), *found]

    def _sort(self, source: Source, place: Place) -> None:
        for sort in source.sorts:
            if sort.alias:
                self._sort_by_alias(sort.alias, descending=sort.descending)
                continue
            where = self._named(sort.entity) if sort.entity else place
            prop, sql = sorted_sql(where, sort.attribute, self.around, raw=self.fetch.raw_order)
            self.compiled.own_order &= where is self.compiled.root
            self.compiled.orders.append(Order(prop, sql, sort.descending))
            self.compiled.names.append(sort.attribute)

    def _sort_by_alias(self, alias: str, *, descending: bool) -> None:
        for one in self.compiled.shown:
            if one.name == alias:
                prop = one.prop or next(iter(self.compiled.root.model.properties.values()))
                self.compiled.orders.append(Order(prop, one.group or one.sql, descending))
                self.compiled.own_order = False
                return
        raise errors.fetch_refused(f"No attribute has the alias '{alias}' that rows are to be sorted by.")
