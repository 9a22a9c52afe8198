"""The rows behind navigation properties put into the rows of an answer, one query for each level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import TYPE_SUFFIX
from local.emulators.dataverse.odata.expansion import Expand, nested
from local.emulators.dataverse.odata.normal import flattened
from local.emulators.dataverse.odata.options import selected
from local.emulators.dataverse.odata.ordering import ordering
from local.emulators.dataverse.odata.paging import order_sql, write_token
from local.emulators.dataverse.odata.parser import parse_filter
from local.emulators.dataverse.odata.sql import FilterCompiler
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.reading import Shape
from local.emulators.dataverse.relations import Collection, Pointing
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted

MOST: Final = 5000  # "Join tables using OData": related records of one expanded property
AT_ONCE: Final = 500
Json = dict[str, Any]

ONLY_SELECT_AND_FILTER: Final = (
    "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or "
    "nested one-to-many relationship."
)


@dataclass(frozen=True, slots=True)
class Expander:
    """Expands for one request; `deep` where any of its properties expands further."""

    scope: Scope
    deep: bool = False

    def add(self, kit: TableKit, rows: Sequence[Json], ids: Sequence[str], expands: Sequence[Expand]) -> None:
        """Puts the expanded properties into the rows, whose primary keys are `ids`."""
        for expand in expands:
            collection = self.scope.organization.collections(kit.model.name).get(expand.name)
            if expand.name in kit.table.navigation:
                self._single(kit, rows, ids, expand)
            elif collection is None:
                raise errors.unknown_property(expand.name, kit.model.name)
            elif expand.reference:
                raise errors.query_refused(
                    "Expand with $ref is only supported on lookup type navigation property."
                )
            else:
                self._many(kit, rows, ids, expand=expand, collection=collection)

    # Lookups.

    def _single(self, kit: TableKit, rows: Sequence[Json], ids: Sequence[str], expand: Expand) -> None:
        if expand.orderby or expand.top is not None:
            raise errors.query_refused(ONLY_SELECT_AND_FILTER)
        column, target = kit.table.navigation[expand.name]
        typed = [column + TYPE_SUFFIX] if column in kit.model.typed_lookups else []
        known = kit.rows.fetch(ids, [column, *typed])
        found: dict[tuple[str, str], Json] = {}
        wanted: dict[str, list[str]] = {}
        pointers = [_pointer(known[one], column, target) for one in ids]
        for table, row_id in filter(None, pointers):
            wanted.setdefault(table, []).append(row_id)
        for table, row_ids in wanted.items():
            for row_id, row in self._behind(table, row_ids, expand).items():
                found[table, row_id] = row
        for row, pointer in zip(rows, pointers, strict=True):
            if expand.reference:  # "Return references" shows the lookup's own value as well
                row.setdefault(f"_{column}_value", pointer[1] if pointer else None)
            row[expand.name] = found.get(pointer) if pointer else None

    def _behind(self, table: str, ids: Sequence[str], expand: Expand) -> dict[str, Json]:
        kit = self.scope.organization.kit(table)
        if kit is None:
            return {}
        unique = list(dict.fromkeys(ids))
        if expand.reference:
            known = kit.rows.fetch(unique, [kit.table.primary_id])
            return {one: {"@odata.id": f"{self.scope.root}/{kit.table.entity_set}({one})"} for one in known}
        rows = self._fetch(kit, expand, unique)
        if table in {"systemuser", "team"}:
            # "Join tables using OData": users and teams are principals, whose key is ownerid.
            rows = [{**row, "ownerid": row[kit.table.primary_id]} for row in rows]
        return {row[kit.table.primary_id]: row for row in rows}

    def _fetch(self, kit: TableKit, expand: Expand, ids: Sequence[str]) -> list[Json]:
        self.scope.require(Right.READ, kit)
        shape = Shape(kit.model, tuple(selected(kit.model, expand.select)))
        compiler = FilterCompiler(kit.model, self.scope.surroundings())
        wanted = " AND " + compiler.compile(_filter(expand)) if expand.filter else ""
        fetched: list[tuple[Any, ...]] = []
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            statement = (
                f"SELECT {shape.columns} FROM {quoted(kit.model.name)} WHERE "
                f"{quoted(kit.table.primary_id)} IN ({','.join('?' * len(part))}){wanted}"
            )
            fetched += kit.rows.store.connection.execute(statement, [*part, *compiler.parameters]).fetchall()
        rows = shape.rows(fetched, self.scope.annotator(kit))
        self.add(kit, rows, [row[kit.table.primary_id] for row in rows], expand.inner)
        return [_without_etag(row) for row in rows]

    # Collections.

    def _many(
        self,
        kit: TableKit,
        rows: Sequence[Json],
        ids: Sequence[str],
        *,
        expand: Expand,
        collection: Collection,
    ) -> None:
        other = self.scope.organization.kit(collection.table)
        if other is None:
            raise errors.unknown_property(expand.name, kit.model.name)
        if self.deep and (expand.orderby or expand.top is not None):
            raise errors.query_refused(ONLY_SELECT_AND_FILTER)
        self.scope.require(Right.READ, other)
        for row, row_id in zip(rows, ids, strict=True):
            found, more = self._related(other, row_id, expand, collection)
            row[expand.name] = found
            address = f"{self.scope.root}/{kit.table.entity_set}({row_id})/{expand.name}"
            options = "&".join(filter(None, (expand.written, more)))
            if more or not self.deep:
                row[f"{expand.name}@odata.nextLink"] = f"{address}?{options}" if options else address

    def _related(
        self, kit: TableKit, row_id: str, expand: Expand, collection: Collection
    ) -> tuple[list[Json], str]:
        """The rows of a collection, and the option that asks for those behind them."""
        compiler = FilterCompiler(kit.model, self.scope.surroundings(), [row_id])
        sql = collection.condition("?", "", kit.table.primary_id)
        if expand.filter:
            sql += " AND " + compiler.compile(_filter(expand))
        orders = ordering(kit.model, expand.orderby, {}, compiler.around)
        size = self.scope.preferences.page_size if self.deep else None
        limit = min(size or MOST, MOST if expand.top is None else expand.top)
        shape = Shape(kit.model, self._properties(kit, expand, collection))
        by = ", ".join(filter(None, [order_sql(orders), quoted(kit.table.primary_id)]))
        table = quoted(kit.model.name)
        statement = f"SELECT {shape.columns} FROM {table} WHERE {sql} ORDER BY {by} LIMIT {limit + 1}"
        fetched = kit.rows.store.connection.execute(statement, compiler.parameters).fetchall()
        rows = shape.rows(fetched[:limit], self.scope.annotator(kit))
        ids = [row[kit.table.primary_id] for row in rows]
        self.add(kit, rows, ids, expand.inner)
        token = (
            "$skiptoken=" + write_token(2, [ids[-1]]) if self.deep and len(fetched) > limit and ids else ""
        )
        return [_without_etag(row) for row in rows] if self.deep else rows, token

    def _properties(self, kit: TableKit, expand: Expand, collection: Collection) -> tuple[Any, ...]:
        """The chosen properties; without a nested $expand the lookup that points back is one of them."""
        chosen = selected(kit.model, expand.select)
        if isinstance(collection, Pointing) and not self.deep:
            back = kit.model.by_column(collection.column)
            chosen += [back] if back and back not in chosen else []
        return tuple(chosen)


def expander(scope: Scope, expands: tuple[Expand, ...]) -> Expander:
    """What expands the properties of one request."""
    return Expander(scope, deep=nested(expands))


def _filter(expand: Expand) -> Any:
    return flattened(parse_filter(expand.filter, {}))


def _pointer(row: Json, column: str, target: str) -> tuple[str, str] | None:
    """The table and key that a lookup names through this navigation property."""
    row_id = row[column]
    table = row.get(column + TYPE_SUFFIX) or ("systemuser" if target == "owner" else target)
    return (table, row_id) if row_id and target in {table, "owner"} else None


def _without_etag(row: Json) -> Json:
    return {name: value for name, value in row.items() if name != "@odata.etag"}
