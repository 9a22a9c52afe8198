"""The pages where a person sees what arrived: tables, rows, requests; plain HTML, no script, no internet.

For the application that shows them: give `page_routes` one `Source` for each organization, the default one
first. All handlers run on the event loop's own thread, one call after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

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


@dataclass(frozen=True, slots=True)
class Search:
    """Which rows a grid shows: those with `text` (any case) in one of `columns`; all for an empty text."""

    text: str
    columns: tuple[str, ...]
    skip: int = 0
    take: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class RowPage:
    """The found rows of one page, newest first, and how many there are on all pages.

    A row is what the Web API answers (`_ownerid_value` for lookups), with annotations where they are known.
    """

    rows: Sequence[Mapping[str, Any]]
    total: int


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request of the journal; `at` is its time as ISO 8601, `note` what is worth knowing besides."""

    at: str
    method: str
    path: str
    status: int
    milliseconds: float
    note: str = ""


class Source(Protocol):
    """One organization, as the pages read it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def url(self) -> str:
        """Its address, such as https://contoso.crm4.dynamics.com."""

    def tables(self) -> Mapping[str, Table]:
        """Its tables by logical name."""

    def count(self, table: str) -> int:
        """How many rows the table has."""

    def rows(self, table: str, search: Search) -> RowPage:
        """The rows that fit the search."""

    def row(self, table: str, row_id: str) -> Mapping[str, Any] | None:
        """One row with all its columns, None where it does not exist."""

    def requests(self) -> Sequence[RequestLine]:
        """The last requests that this organization got, newest first."""


def page_routes(sources: Sequence[Source]) -> list[Route]:
    """The routes of all pages; put them before the routes of the Web API."""
    pages = _Pages(sources)
    return [
        Route("/", pages.index),
        Route("/view/_requests", pages.requests),
        Route("/view/{table}", pages.table),
        Route("/view/{table}/{row_id}", pages.row),
        Route("/view/{table}/{row_id}/raw", pages.raw),
    ]


class _PageError(Exception):
    """A page that cannot be shown; its text is for the visitor."""


class _Pages:
    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def index(self, request: Request) -> Response:
        source = self._source(request)
        counts = {name: source.count(name) for name in source.tables()}
        tables = sorted(
            source.tables().values(),
            key=lambda table: (
                table.logical_name not in SHOWN_FIRST,
                -counts[table.logical_name],
                table.label,
            ),
        )
        return self._show("index", request, tables=tables, counts=counts, address=_own_address(request))

    async def requests(self, request: Request) -> Response:
        return self._show("requests", request, lines=self._source(request).requests())

    async def table(self, request: Request) -> Response:
        source = self._source(request)
        try:
            table = _table(source, request)
            return self._grid(source, table, request)
        except _PageError as error:
            return self._show("missing", request, status=404, message=str(error))

    def _grid(self, source: Source, table: Table, request: Request) -> Response:
        text = request.query_params.get("search", "").strip()
        number = max(1, _whole(request.query_params.get("page")))
        asked = [name for name in request.query_params.getlist("columns") if name in table.columns]
        columns = [table.columns[name] for name in asked or default_columns(table)]
        searched = tuple(searched_columns(table))
        found = source.rows(table.logical_name, Search(text, searched, (number - 1) * PAGE_SIZE))
        return self._show(
            "table",
            request,
            table=table,
            columns=columns,
            rows=[(row[table.primary_id], [cell(column, row) for column in columns]) for row in found.rows],
            total=found.total,
            first=(number - 1) * PAGE_SIZE + 1,
            number=number,
            last=number * PAGE_SIZE >= found.total,
            search=text,
            searched=[table.columns[name].label or name for name in searched],
            asked=asked,
            choices=sorted(shown_columns(table), key=lambda one: (one.label or one.name).lower()),
        )

    async def row(self, request: Request) -> Response:
        try:
            table, row = self._row(request)
        except _PageError as error:
            return self._show("missing", request, status=404, message=str(error))
        fields = filled_fields(table, row)
        row_id = row[table.primary_id]
        return self._show(
            "row", request, table=table, row_id=row_id, title=title_of(table, row), fields=fields
        )

    async def raw(self, request: Request) -> Response:
        try:
            _, row = self._row(request)
        except _PageError as error:
            return JSONResponse({"message": str(error)}, status_code=404)
        return JSONResponse(dict(row))

    def _row(self, request: Request) -> tuple[Table, Mapping[str, Any]]:
        source = self._source(request)
        table = _table(source, request)
        row_id = request.path_params["row_id"].lower()
        row = source.row(table.logical_name, row_id)
        if row is None:
            raise _PageError(f"{table.label} {row_id} is not here: it was deleted, or never arrived.")
        return table, row

    def _source(self, request: Request) -> Source:
        """The organization that the address names, else the one of the Host header, else the first."""
        asked = request.query_params.get("organization") or request.headers.get("host", "")
        return next((one for one in self._sources if urlsplit(one.url).netloc == asked), self._sources[0])

    def _show(self, template: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        source = self._source(request)
        chosen = request.query_params.get("organization")

        def link(path: str, **options: Any) -> str:
            kept = {name: value for name, value in options.items() if value}
            organization = {"organization": chosen} if chosen else {}
            query = urlencode(kept | organization, doseq=True)
            return quote(path) + (f"?{query}" if query else "")

        html = self._templates.get_template(f"{template}.html").render(
            source=source, sources=self._sources, chosen=chosen, link=link, host_of=_host, **values
        )
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


def _table(source: Source, request: Request) -> Table:
    name = request.path_params["table"]
    if name not in source.tables():
        raise _PageError(f"{source.name} has no table {name}. The front page lists those it has.")
    return source.tables()[name]


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _own_address(request: Request) -> str:
    """Where this emulator listens, whatever the Host header says."""
    host, port = request.scope.get("server") or ("127.0.0.1", 80)
    return f"http://{host}:{port}"


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 1
