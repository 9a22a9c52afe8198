"""What the pages show of one organization, read from its store and journal."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local.emulators.dataverse.annotations import Annotator
from local.emulators.dataverse.model import FOLDED_SUFFIX, Kind
from local.emulators.dataverse.odata.preferences import Preferences
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.pages import RequestLine, RowPage, Search
from local.emulators.dataverse.reading import Shape
from local.emulators.dataverse.schema import Table
from local.emulators.dataverse.site import Post
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.store_rows import Rows
from local.emulators.dataverse.values import fold

REQUESTS_SHOWN = 500


class PostSource:
    """One organization as the pages read it."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._organization = post.organization

    @property
    def name(self) -> str:
        """What people call the organization."""
        return self._organization.seed.name

    @property
    def url(self) -> str:
        """The organization's address."""
        return self._organization.seed.url

    def tables(self) -> Mapping[str, Table]:
        """Its tables by logical name."""
        return self._organization.tables

    def count(self, table: str) -> int:
        """How many rows the table has."""
        return self._kit(table).rows.count()

    def rows(self, table: str, search: Search) -> RowPage:
        """The rows that fit the search, newest first."""
        kit = self._kit(table)
        where, parameters = _condition(kit, search)
        connection = self._organization.store.connection
        (total,) = connection.execute(
            f"SELECT count(*) FROM {quoted(table)}{where}",
            parameters,
        ).fetchone()
        ending = f"{where} ORDER BY rowid DESC LIMIT {search.take} OFFSET {search.skip}"
        return RowPage(_read(kit, ending, parameters, self._rows_of), total)

    def row(self, table: str, row_id: str) -> Mapping[str, Any] | None:
        """One row with all its columns, None where it does not exist."""
        kit = self._kit(table)
        found = _read(kit, f" WHERE {quoted(kit.table.primary_id)} = ?", [row_id], self._rows_of)
        return found[0] if found else None

    def requests(self) -> Sequence[RequestLine]:
        """The last requests, newest first."""
        entries = list(self._post.journal.entries)[-REQUESTS_SHOWN:]
        return [
            RequestLine(
                at=datetime.fromtimestamp(one.at, UTC).isoformat(timespec="milliseconds"),
                method=one.method,
                path=one.path,
                status=one.status,
                milliseconds=one.milliseconds,
                note=f"{one.records} rows" if one.records > 1 else "",
            )
            for one in reversed(entries)
        ]

    def _kit(self, table: str) -> TableKit:
        kit = self._organization.kit(table)
        if kit is None:
            raise KeyError(table)
        return kit

    def _rows_of(self, table: str) -> Rows | None:
        kit = self._organization.kit(table)
        return kit.rows if kit else None


def _condition(kit: TableKit, search: Search) -> tuple[str, list[Any]]:
    text = fold(search.text) or ""
    columns = [prop for prop in map(kit.model.by_column, search.columns) if prop and prop.kind is Kind.TEXT]
    if not text or not columns:
        return "", []
    tests = [
        f"instr({quoted(prop.column.name + FOLDED_SUFFIX)}, ?) > 0"
        if prop.folded
        else f"instr(fold({quoted(prop.column.name)}), ?) > 0"
        for prop in columns
    ]
    return f" WHERE ({' OR '.join(tests)})", [text] * len(tests)


def _read(kit: TableKit, ending: str, parameters: Sequence[Any], rows_of: Any) -> list[dict[str, Any]]:
    shape = Shape(kit.model, tuple(kit.model.shown()))
    statement = f"SELECT {shape.columns} FROM {quoted(kit.model.name)}{ending}"
    fetched = kit.rows.store.connection.execute(statement, parameters).fetchall()
    return shape.rows(fetched, Annotator(kit.model, Preferences(annotations="*"), rows_of))
