"""Queries of an entity set answered: conditions, order, pages, counts."""

from dataclasses import dataclass, replace
from typing import Any, Final

from local.emulators.dataverse.aggregating import aggregated
from local.emulators.dataverse.exchange import JSON_TYPE, Reply, json_reply
from local.emulators.dataverse.expanding import expander
from local.emulators.dataverse.fetchxml.answering import fetch_rows
from local.emulators.dataverse.model import TableModel
from local.emulators.dataverse.odata.expansion import Expand, read_expand
from local.emulators.dataverse.odata.expressions import expression
from local.emulators.dataverse.odata.normal import flattened
from local.emulators.dataverse.odata.options import Options, read_options, selected
from local.emulators.dataverse.odata.ordering import Order, ordering
from local.emulators.dataverse.odata.paging import after, order_sql, read_token, write_token
from local.emulators.dataverse.odata.parser import parse_filter
from local.emulators.dataverse.odata.sql import FilterCompiler
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.reading import Shape, context
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted

PAGE: Final = 5000  # "Query data using the Web API": the most rows of one page, and the most that is counted


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE clause with its parameters."""

    sql: str = ""
    parameters: tuple[Any, ...] = ()
    searched: bool = False  # whether an index of the condition's columns is better than the order's

    def extended(self, sql: str, parameters: list[Any]) -> "Condition":
        """Both conditions."""
        both = f"{self.sql} AND {sql}" if self.sql else sql
        return replace(self, sql=both, parameters=(*self.parameters, *parameters))

    @property
    def where(self) -> str:
        """The clause with its keyword."""
        return f" WHERE {self.sql}" if self.sql else ""


@dataclass(frozen=True, slots=True)
class Within:
    """The collection of one row that a query is limited to: its condition, the row's key, its address."""

    sql: str
    key: str
    address: str


def condition(scope: Scope, model: TableModel, options: Options) -> Condition:
    """The condition of $filter."""
    if not options.filter:
        return Condition()

    compiler = FilterCompiler(model, scope.surroundings())
    sql = compiler.compile(flattened(parse_filter(options.filter, options.aliases)))
    return Condition(sql, tuple(compiler.parameters), compiler.searched)


def list_rows(scope: Scope, kit: TableKit, query: str, within: Within | None = None) -> Reply:
    """The answer to a GET of an entity set, or of a collection within one row."""
    scope.require(Right.READ, kit)
    options = read_options(query)
    special = _special(scope, kit, query, options=options)
    if special:
        return special
    expands = read_expand(options.expand)
    shape = Shape(kit.model, tuple(selected(kit.model, options.select)))
    matching = condition(scope, kit.model, options)
    if within:
        matching = matching.extended(within.sql, [within.key])
    orders = ordering(kit.model, options.orderby, options.aliases, scope.surroundings())
    if not any(one.prop.column.name == kit.table.primary_id for one in orders):
        primary = kit.model.properties[kit.table.primary_id]
        orders.append(Order(primary, expression(primary), descending=False))
    page, rest = 1, matching
    if options.skip_token:
        page, last = read_token(options.skip_token, len(orders))
        rest = matching.extended(*after(orders, last))
    size = _page_size(scope, options)
    fetched, sort_values = _fetch(kit, shape, rest, orders=orders, limit=size + 1)
    content: dict[str, Any] = {"@odata.context": _context(scope, kit, options, expands)}
    if options.count:
        content["@odata.count"] = count(kit, matching)
    content["value"] = rows = shape.rows(fetched[:size], scope.annotator(kit))
    if expands:
        ids = [row[kit.table.primary_id] for row in rows]
        expander(scope, expands).add(kit, rows, ids, expands)
    if len(fetched) > size and options.top is None:
        address = within.address if within else kit.table.entity_set
        token = write_token(page + 1, sort_values[size - 1])
        content["@odata.nextLink"] = _next_link(scope, address, query, token=token)
    reply = json_reply(content, records=min(len(fetched), size))
    _say_preferences(scope, options, reply)
    return reply


def _special(scope: Scope, kit: TableKit, query: str, *, options: Options) -> Reply | None:
    """The answer to a query in another language, or for groups of rows."""
    if options.fetch_xml:
        return fetch_rows(scope, kit, options.fetch_xml)
    if options.sql:
        # Loaded where it is needed: reading Transact-SQL takes a large library.
        from local.emulators.dataverse.selecting.answering import select_rows

        return select_rows(scope, kit, query)
    return aggregated(scope, kit, options) if options.apply else None


def count(kit: TableKit, matching: Condition) -> int:
    """How many rows match, 5,000 at most."""
    statement = f"SELECT count(*) FROM (SELECT 1 FROM {quoted(kit.model.name)}{matching.where} LIMIT {PAGE})"
    (number,) = kit.rows.store.connection.execute(statement, matching.parameters).fetchone()
    return int(number)


def count_rows(scope: Scope, kit: TableKit, query: str, within: Within | None = None) -> Reply:
    """The answer to `/$count`: the number alone, as text."""
    scope.require(Right.READ, kit)
    matching = condition(scope, kit.model, read_options(query))
    number = count(kit, matching.extended(within.sql, [within.key]) if within else matching)
    return Reply(200, {"Content-Type": "text/plain"}, b"\xef\xbb\xbf" + str(number).encode())


def _page_size(scope: Scope, options: Options) -> int:
    if options.top is not None:
        return min(options.top, PAGE)
    return min(scope.preferences.page_size or PAGE, PAGE)


def _fetch(
    kit: TableKit, shape: Shape, matching: Condition, *, orders: list[Order], limit: int
) -> tuple[list[tuple[Any, ...]], list[list[Any]]]:
    """The rows in order, apart from the values that they are sorted by."""
    keys = ", ".join(one.sql for one in orders)
    # The plus keeps SQLite from walking the order's index in place of the condition's.
    order = ("+" if matching.searched and len(orders) == 1 else "") + order_sql(orders)
    statement = (
        f"SELECT {shape.columns}, {keys} FROM {quoted(kit.model.name)}{matching.where} "
        f"ORDER BY {order} LIMIT {limit}"
    )
    found = kit.rows.store.connection.execute(statement, matching.parameters).fetchall()
    width = len(orders)
    return [row[:-width] for row in found], [list(row[-width:]) for row in found]


def _context(scope: Scope, kit: TableKit, options: Options, expands: tuple[Expand, ...]) -> str:
    names = (*options.select, *(one.context for one in expands))
    return context(scope.root, kit.table.entity_set, names, single=False)


def _next_link(scope: Scope, address: str, query: str, *, token: str) -> str:
    kept = [
        pair
        for pair in query.split("&")
        if pair and not pair.lower().startswith(("$skiptoken=", "%24skiptoken="))
    ]
    return f"{scope.root}/{address}?{'&'.join([*kept, '$skiptoken=' + token])}"


def _say_preferences(scope: Scope, options: Options, reply: Reply) -> None:
    applied = []
    if scope.preferences.page_size and options.top is None:
        applied.append(f"odata.maxpagesize={scope.preferences.page_size}")
    if scope.preferences.annotations:
        applied.append(f'odata.include-annotations="{scope.preferences.annotations}"')
    if applied:
        reply.headers["Preference-Applied"] = ",".join(applied)
    reply.headers["Content-Type"] = JSON_TYPE
