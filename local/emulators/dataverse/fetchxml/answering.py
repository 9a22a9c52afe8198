"""FetchXML answered: rows, pages, totals."""

from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.exchange import Reply, json_reply
from local.emulators.dataverse.fetchxml.columns import Shown
from local.emulators.dataverse.fetchxml.compiling import Compiled, FetchCompiler
from local.emulators.dataverse.fetchxml.cookies import read_cookie, write_cookie
from local.emulators.dataverse.fetchxml.reading import read_fetch
from local.emulators.dataverse.fetchxml.tree import Fetch
from local.emulators.dataverse.model import Kind
from local.emulators.dataverse.odata.expressions import expression
from local.emulators.dataverse.odata.ordering import Order
from local.emulators.dataverse.odata.paging import after, order_sql
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.reading import etag
from local.emulators.dataverse.scope import Scope

PAGE: Final = 5000  # "Page results using FetchXml"
MOST_SIMPLE: Final = 50_000  # the same page: the most that simple paging reaches
CRM: Final = "Microsoft.Dynamics.CRM."
COOKIE, MORE, TOTAL = CRM + "fetchxmlpagingcookie", CRM + "morerecords", CRM + "totalrecordcount"


def fetch_rows(scope: Scope, kit: TableKit, text: str) -> Reply:
    """The answer to a query with fetchXml."""
    fetch = read_fetch(text)
    if fetch.source.name != kit.model.name:
        raise errors.fetch_refused(
            f"The entity '{fetch.source.name}' of the FetchXml is not that of '{kit.table.entity_set}'."
        )
    compiled = FetchCompiler(fetch, scope.surroundings()).compile()
    for table in {kit.model.name, *compiled.read}:
        other = scope.organization.kit(table)
        if other:
            scope.require(Right.READ, other)
    return _Answer(scope, kit, fetch, compiled).reply()


class _Answer:
    def __init__(self, scope: Scope, kit: TableKit, fetch: Fetch, compiled: Compiled) -> None:
        self.scope, self.kit, self.fetch, self.compiled = scope, kit, fetch, compiled
        self.size = min(fetch.count or PAGE, PAGE) if fetch.top is None else min(fetch.top, PAGE)
        self.annotator = scope.annotator_of(kit.model)
        self.pages = not fetch.aggregate and not fetch.distinct and compiled.own_order

    def reply(self) -> Reply:
        if self.fetch.aggregate:
            self._refuse_too_many()
        elif self.pages:
            self._end_order()
        fetched = self._fetch()
        rows = [self._row(values) for values in fetched[: self.size]]
        content = {"@odata.context": f"{self.scope.root}/$metadata#{self.kit.table.entity_set}"}
        content |= self._annotations(fetched)
        reply = json_reply(content | {"value": rows}, records=len(rows))
        if self.scope.preferences.annotations:
            applied = f'odata.include-annotations="{self.scope.preferences.annotations}"'
            reply.headers["Preference-Applied"] = applied
        return reply

    def _end_order(self) -> None:
        """Rows that are otherwise alike are ordered by their key, so that pages neither repeat nor skip."""
        root = self.compiled.root
        key = root.model.properties[root.model.table.primary_id]
        self.compiled.orders.append(Order(key, expression(key, root.source), descending=False))
        self.compiled.names.append(key.column.name)

    def _fetch(self) -> list[tuple[Any, ...]]:
        done, fetch = self.compiled, self.fetch
        version = (
            f'{done.root.source}"versionnumber"' if "versionnumber" in done.root.model.properties else "0"
        )
        own = "NULL" if fetch.aggregate or fetch.distinct else version
        columns = [own, *(part for one in done.shown for part in (one.sql, one.target))]
        keys = [one.sql for one in done.orders] if self.pages else []
        where, parameters, offset = done.where, [*done.joined, *done.wanted], (fetch.page - 1) * self.size
        if fetch.cookie and self.pages:
            sql, values = after(done.orders, read_cookie(fetch.cookie, done.orders))
            where, offset = f"{where} AND {sql}" if where else f" WHERE {sql}", 0
            parameters += values
        elif offset >= MOST_SIMPLE:
            raise errors.fetch_refused("Simple paging reaches 50,000 rows. Use the paging cookie.")
        groups = ", ".join(filter(None, (one.key if fetch.distinct else one.group for one in done.shown)))
        statement = f"SELECT {', '.join([*columns, *keys])} FROM {done.tables}{where}"
        statement += f" GROUP BY {groups}" if groups else ""
        statement += f" ORDER BY {order_sql(done.orders)}" if done.orders else ""
        statement += f" LIMIT {self.size + 1} OFFSET {offset}"
        found: list[tuple[Any, ...]] = self.scope.organization.store.connection.execute(
            statement, parameters
        ).fetchall()
        return found

    def _refuse_too_many(self) -> None:
        done = self.compiled
        limit = self.fetch.limit
        statement = f"SELECT count(*) FROM (SELECT 1 FROM {done.tables}{done.where} LIMIT {limit + 1})"
        connection = self.scope.organization.store.connection
        (number,) = connection.execute(statement, [*done.joined, *done.wanted]).fetchone()
        if number > limit:
            raise errors.too_many_to_aggregate()

    def _row(self, values: tuple[Any, ...]) -> dict[str, Any]:
        row: dict[str, Any] = {} if values[0] is None else {"@odata.etag": etag(values[0])}
        for place, one in enumerate(self.compiled.shown):
            value, target = values[1 + 2 * place : 3 + 2 * place]
            if value is not None:
                self._put(row, one, value, target)
        return row

    def _put(self, row: dict[str, Any], one: Shown, value: Any, target: str | None) -> None:
        if one.prop is None:
            row[one.name] = value
            return
        value = value == 1 if one.prop.kind is Kind.FLAG else value
        self.annotator.put(row, one.name, one.prop, value, target=target or "")
        row[one.name] = value

    def _annotations(self, fetched: list[tuple[Any, ...]]) -> dict[str, Any]:
        wants = self.scope.preferences.wants
        more = len(fetched) > self.size and self.fetch.top is None
        found: dict[str, Any] = {}
        if self.fetch.total and wants(TOTAL):
            found["@" + TOTAL] = self._total()
            found[f"@{TOTAL}limitexceeded"] = found["@" + TOTAL] == PAGE
        if more and self.pages and wants(COOKIE):
            width = len(self.compiled.orders)
            first, last = (list(one[-width:]) for one in (fetched[0], fetched[self.size - 1]))
            found["@" + COOKIE] = write_cookie(self.fetch.page, self.compiled.names, first, last)
        if wants(MORE):
            found["@" + MORE] = more
        return found

    def _total(self) -> int:
        done = self.compiled
        statement = f"SELECT count(*) FROM (SELECT 1 FROM {done.tables}{done.where} LIMIT {PAGE})"
        connection = self.scope.organization.store.connection
        (number,) = connection.execute(statement, [*done.joined, *done.wanted]).fetchone()
        return int(number)
