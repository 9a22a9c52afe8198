"""The part of the control surface that reads and writes rows and tables directly."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.emulators.dataverse import records
from local.emulators.dataverse.errors import DataverseError
from local.emulators.dataverse.metadata_edits import (
    with_changed_column,
    with_column,
    with_key,
    without_column,
)
from local.emulators.dataverse.odata.preferences import Preferences
from local.emulators.dataverse.organization import Organization, TableKit
from local.emulators.dataverse.privileges import ADMINISTRATOR
from local.emulators.dataverse.reading import Shape
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.site import Post
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.world import Member

Handler = Callable[[Request], Awaitable[Response]]
Chosen = Callable[[Request], list[Post]]


class RowControl:
    """The handlers for rows and tables."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen

    async def rows(self, request: Request) -> Response:
        """Reads all rows of a table, adds some as an administrator would, or removes all."""
        organization = self._chosen(request)[0].organization
        kit = _kit(organization, request.path_params["table"])
        if request.method == "DELETE":
            organization.clear(kit)
        if request.method == "POST":
            return _answer({"ids": self._seed(organization, kit, orjson.loads(await request.body()))}, 201)
        shape = Shape(kit.model, tuple(kit.model.shown()))
        limit = int(request.query_params.get("limit", "1000000"))
        statement = f"SELECT {shape.columns} FROM {quoted(kit.model.name)} ORDER BY rowid LIMIT ?"
        fetched = organization.store.connection.execute(statement, (limit,))
        return _answer({"count": kit.rows.count(), "rows": shape.rows(fetched, None)})

    async def add_column(self, request: Request) -> Response:
        """Adds a column to a table of every chosen organization."""
        spec = orjson.loads(await request.body())
        for post in self._chosen(request):
            kit = _kit(post.organization, request.path_params["table"])
            post.organization.define(with_column(kit.table, spec))
        return _answer({}, 201)

    async def change_column(self, request: Request) -> Response:
        """Changes fields of a column, or removes it with its values."""
        name = request.path_params["column"]
        changes = orjson.loads(await request.body() or b"{}")
        for post in self._chosen(request):
            kit = _kit(post.organization, request.path_params["table"])
            if request.method == "DELETE":
                post.organization.drop_column(without_column(kit.table, name), name)
            else:
                post.organization.define(with_changed_column(kit.table, name, changes))
        return _answer({})

    async def add_key(self, request: Request) -> Response:
        """Adds an alternate key: `{"name": "new_key", "columns": [...]}`."""
        spec = orjson.loads(await request.body())
        for post in self._chosen(request):
            kit = _kit(post.organization, request.path_params["table"])
            post.organization.define(with_key(kit.table, spec["name"], tuple(spec["columns"])))
        return _answer({}, 201)

    def _seed(self, organization: Organization, kit: TableKit, rows: Any) -> list[str]:
        scope = Scope(
            organization=organization,
            caller=_administrator(organization),
            root=f"{organization.seed.url}/api/data/v9.2",
            preferences=Preferences(),
            headers={},
        )
        try:
            return records.create(scope, kit, rows if isinstance(rows, list) else [rows])
        except DataverseError as error:
            raise ValueError(f"{error.code} {error.message}") from error


def row_routes(chosen: Chosen, told: Callable[[Handler], Handler]) -> list[Route]:
    """The routes for rows and tables."""
    control = RowControl(chosen)
    columns = "/_emulator/tables/{table}/columns"
    return [
        Route("/_emulator/rows/{table}", told(control.rows), methods=["GET", "POST", "DELETE"]),
        Route(columns, told(control.add_column), methods=["POST"]),
        Route(columns + "/{column}", told(control.change_column), methods=["PATCH", "PUT", "DELETE"]),
        Route("/_emulator/tables/{table}/keys", told(control.add_key), methods=["POST"]),
    ]


def _answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def _kit(organization: Organization, table: str) -> TableKit:
    kit = organization.kit(table) or organization.by_set.get(table)
    if kit is None:
        raise ValueError(f"There is no table '{table}'. There are: {', '.join(sorted(organization.tables))}.")
    return kit


def _administrator(organization: Organization) -> Member:
    for one in organization.members.values():
        if ADMINISTRATOR in one.roles:
            return one
    return Member(
        id=str(uuid4()),
        object_id="",
        application_id="",
        name="SYSTEM",
        email="",
        roles=(ADMINISTRATOR,),
        enabled=True,
    )
