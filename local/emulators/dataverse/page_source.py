"""What the pages show of one organization, read from its store and journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.emulators.dataverse.annotations import Annotator
from local.emulators.dataverse.model import FOLDED_SUFFIX, Kind
from local.emulators.dataverse.odata.preferences import Preferences
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.page_history import HistoryReader, ShownRevision
from local.emulators.dataverse.pages_values import moment_text
from local.emulators.dataverse.reading import Shape
from local.emulators.dataverse.schema import Table
from local.emulators.dataverse.site import Post
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.store_rows import Rows
from local.emulators.dataverse.values import fold

COUNTED = 10_000  # found rows are counted so far; whoever searches narrows the text down instead of paging


@dataclass(frozen=True, slots=True)
class Search:
    """Which rows a grid shows: those with `text` (any case) in one of `columns`; all for an empty text."""

    text: str
    columns: tuple[str, ...]
    skip: int
    take: int


@dataclass(frozen=True, slots=True)
class RowPage:
    """The found rows of one page, newest first, and how many there are on all pages.

    A row is what the Web API answers (`_ownerid_value` for lookups), with annotations where they are known.
    """

    rows: Sequence[Mapping[str, Any]]
    total: int


class PostSource:
    """One organization as the pages read it."""

    def __init__(self, post: Post) -> None:
        self.post = post
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
        """The rows that fit the search, newest first; a text is sought in the whole table once at most."""
        kit = self._kit(table)
        where, parameters = _condition(kit, search)
        ending = f"{where} ORDER BY rowid DESC LIMIT {search.take} OFFSET {search.skip}"
        found = _read(kit, ending, parameters, self._rows_of)
        if where and len(found) < search.take and (found or not search.skip):
            return RowPage(found, search.skip + len(found))
        if not where:
            return RowPage(found, kit.rows.count())
        counted = f"SELECT count(*) FROM (SELECT 1 FROM {quoted(table)}{where} LIMIT {COUNTED})"
        (total,) = self._organization.store.connection.execute(counted, parameters).fetchone()
        return RowPage(found, total)

    def row(self, table: str, row_id: str) -> Mapping[str, Any] | None:
        """One row with all its columns, None where it does not exist."""
        kit = self._kit(table)
        found = _read(kit, f" WHERE {quoted(kit.table.primary_id)} = ?", [row_id], self._rows_of)
        return found[0] if found else None

    def people(self) -> Mapping[str, str]:
        """The members' names by systemuser id."""
        return {one.id: one.name for one in self._organization.members.values()}

    def history(self, table: str, row_id: str) -> list[ShownRevision]:
        """What happened to a row after its creation, latest first."""
        reader = HistoryReader(self._kit(table).table, self._rows_of)
        return [reader.shown(one) for one in self._organization.history.of_row(table, row_id)]

    def birth(self, table: str, row: Mapping[str, Any]) -> ShownRevision | None:
        """The creation of a row, None where the row does not tell it."""
        at, by = row.get("createdon"), row.get("_createdby_value")
        if not at or not by:
            return None
        reader = HistoryReader(self._kit(table).table, self._rows_of)
        return ShownRevision(moment_text(str(at)), reader.person(str(by)), "created")

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
