"""The pages where a person sees what arrived: tables, rows, one row; plain HTML, no script, no internet."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.emulators.dataverse.page_source import COUNTED, PostSource, Search
from local.emulators.dataverse.page_view import PageError, PageView, whole
from local.emulators.dataverse.pages_values import (
    cell,
    default_columns,
    filled_fields,
    searched_columns,
    shown_columns,
    title_of,
)
from local.emulators.dataverse.schema import Table

PAGE_SIZE = 50
SHOWN_FIRST = frozenset({"lead", "account", "contact"})


def page_routes(view: PageView) -> list[Route]:
    """The routes of tables and rows; they come after those of other pages and before the Web API's."""
    pages = _Pages(view)
    return [
        Route("/", pages.index),
        Route("/view/{table}", pages.table),
        Route("/view/{table}/{row_id}", pages.row),
        Route("/view/{table}/{row_id}/raw", pages.raw),
    ]


class _Pages:
    def __init__(self, view: PageView) -> None:
        self._view = view

    async def index(self, request: Request) -> Response:
        source = self._view.source(request)
        counts = {name: source.count(name) for name in source.tables()}
        tables = sorted(
            source.tables().values(),
            key=lambda table: (
                table.logical_name not in SHOWN_FIRST,
                -counts[table.logical_name],
                table.label,
            ),
        )
        own = _own_address(request)
        return self._view.show("index", request, tables=tables, counts=counts, address=own)

    async def table(self, request: Request) -> Response:
        source = self._view.source(request)
        try:
            return self._grid(source, _table(source, request), request)
        except PageError as error:
            return self._view.missing(request, error)

    def _grid(self, source: PostSource, table: Table, request: Request) -> Response:
        text = request.query_params.get("search", "").strip()
        number = max(1, whole(request.query_params.get("page")))
        asked = [name for name in request.query_params.getlist("columns") if name in table.columns]
        columns = [table.columns[name] for name in asked or default_columns(table)]
        searched = tuple(searched_columns(table))
        found = source.rows(table.logical_name, Search(text, searched, (number - 1) * PAGE_SIZE, PAGE_SIZE))
        return self._view.show(
            "table",
            request,
            table=table,
            columns=columns,
            rows=[(row[table.primary_id], [cell(column, row) for column in columns]) for row in found.rows],
            total=found.total,
            most=COUNTED,
            first=(number - 1) * PAGE_SIZE + 1,
            number=number,
            last=number * PAGE_SIZE >= found.total,
            search=text,
            searched=[table.columns[name].label or name for name in searched],
            asked=asked,
            choices=sorted(shown_columns(table), key=lambda one: (one.label or one.name).lower()),
        )

    async def row(self, request: Request) -> Response:
        source = self._view.source(request)
        try:
            table = _table(source, request)
        except PageError as error:
            return self._view.missing(request, error)
        row_id = request.path_params["row_id"].lower()
        row = source.row(table.logical_name, row_id)
        revisions = source.history(table.logical_name, row_id)
        if row is None and not revisions:
            return self._view.missing(request, _row_missing(table, row_id))
        return self._view.show(
            "row",
            request,
            status=404 if row is None else 200,
            table=table,
            row_id=row_id,
            title=title_of(table, row or {table.primary_id: row_id}),
            there=row is not None,
            fields=filled_fields(table, row or {}),
            revisions=revisions,
            born=source.birth(table.logical_name, row or {}),
        )

    async def raw(self, request: Request) -> Response:
        source = self._view.source(request)
        try:
            table = _table(source, request)
            row = _row(source, table, request)
        except PageError as error:
            return JSONResponse({"message": str(error)}, status_code=404)
        return JSONResponse(dict(row))


def _table(source: PostSource, request: Request) -> Table:
    name = request.path_params["table"]
    if name not in source.tables():
        raise PageError(f"{source.name} has no table {name}. The front page lists those it has.")
    return source.tables()[name]


def _row(source: PostSource, table: Table, request: Request) -> Mapping[str, Any]:
    row_id = request.path_params["row_id"].lower()
    row = source.row(table.logical_name, row_id)
    if row is None:
        raise _row_missing(table, row_id)
    return row


def _row_missing(table: Table, row_id: str) -> PageError:
    return PageError(f"{table.label} {row_id} is not here: it was deleted, or never arrived.")


def _own_address(request: Request) -> str:
    """Where this emulator listens, whatever the Host header says."""
    host, port = request.scope.get("server") or ("127.0.0.1", 80)
    return f"{request.scope['scheme']}://{host}:{port}"
