"""`?sql=` answered: the rows of a SELECT, page by page."""

import re
import sqlite3
from typing import Any, Final
from urllib.parse import quote

from sqlglot import exp

from local.emulators.dataverse import errors
from local.emulators.dataverse.exchange import Reply, json_reply
from local.emulators.dataverse.model import Kind
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.selecting.reading import read_select, refused, whole
from local.emulators.dataverse.selecting.translating import Output, Translator

PAGE: Final = 5000
TOKEN: Final = re.compile(r'<cookie pagenumber="(\d{1,6})" pagingcookie="[^"]*" istracking="False" />')


def select_rows(scope: Scope, kit: TableKit, query: str) -> Reply:
    """The answer to a query with sql."""
    try:
        return _selected(scope, kit, query)
    except RecursionError as error:
        raise refused("Its conditions are nested too deeply.") from error
    except (sqlite3.OperationalError, OverflowError) as error:
        raise refused(f"{error}.") from error


def _selected(scope: Scope, kit: TableKit, query: str) -> Reply:
    given = split_query(query)
    select = read_select(given["sql"])
    translator = Translator(scope.surroundings())
    tables = translator.table(select.args["from_"].this)
    if next(iter(translator.tables.values()))[0].name != kit.model.name:
        raise refused(f"The first table of the query is not that of '{kit.table.entity_set}'.")
    tables += "".join(map(translator.join, select.args.get("joins") or ()))
    for model, _ in translator.tables.values():
        other = scope.organization.kit(model.name)
        if other:
            scope.require(Right.READ, other)
    outputs = [translator.output(one) for one in select.expressions]
    page = _page(given.get("$skiptoken", ""))
    limit, offset, paged = _limits(select, page)
    columns = ", ".join(one.sql for one in outputs)
    statement = f"SELECT {columns} FROM {tables}{_tail(select, translator, outputs)}"
    statement += f" LIMIT {limit + paged} OFFSET {offset}"
    fetched = scope.organization.store.connection.execute(statement, translator.parameters).fetchall()
    rows = [_row(outputs, values) for values in fetched[:limit]]
    described = f"{scope.root}/$metadata#{kit.table.entity_set}"
    content: dict[str, Any] = {"@odata.context": described, "value": rows}
    if len(fetched) > limit:
        content["@odata.nextLink"] = _next_link(scope, kit, given["sql"], page + 1)
    return json_reply(content, records=len(rows))


def _tail(select: exp.Select, translator: Translator, outputs: list[Output]) -> str:
    where, group, order = (select.args.get(part) for part in ("where", "group", "order"))
    sql = f" WHERE {translator.condition(where.this)}" if where else ""
    keys = [translator.key(one, outputs) for one in group.expressions] if group else []
    if select.args.get("distinct"):
        if group or not all(one.key for one in outputs):
            raise refused("DISTINCT goes with columns only, not with GROUP BY or aggregates.")
        keys = [one.key for one in outputs]
    sql += f" GROUP BY {', '.join(keys)}" if keys else ""
    if order:
        sorts = [
            translator.key(one.this, outputs) + (" DESC" if one.args.get("desc") else "")
            for one in order.expressions
        ]
        sql += f" ORDER BY {', '.join(sorts)}"
    return sql


def _limits(select: exp.Select, page: int) -> tuple[int, int, bool]:
    """How many rows, behind how many, and whether further pages follow."""
    top, offset = whole(select.args.get("limit")), whole(select.args.get("offset"))
    if top is None and offset is None:
        return PAGE, (page - 1) * PAGE, True
    return min(PAGE if top is None else top, PAGE), offset or 0, False


def _row(outputs: list[Output], values: tuple[Any, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for one, value in zip(outputs, values, strict=True):
        flag = one.prop is not None and one.prop.kind is Kind.FLAG and value is not None
        name, number = one.name, 1
        while name in row:
            name, number = f"{one.name}{number}", number + 1
        row[name] = value == 1 if flag else value
    return row


def _page(token: str) -> int:
    if not token:
        return 1
    found = TOKEN.fullmatch(token)
    if found is None:
        raise errors.query_refused("Malformed XML in the Paging Cookie. Use @odata.nextLink unchanged.")
    return int(found[1])


def _next_link(scope: Scope, kit: TableKit, sql: str, page: int) -> str:
    token = f'<cookie pagenumber="{page}" pagingcookie="{page - 1}" istracking="False" />'
    options = f"sql={quote(sql, safe='')}&$skiptoken={quote(token, safe='=')}"
    return f"{scope.root}/{kit.table.entity_set}?{options}"
