"""The outcomes of an export as a file for a spreadsheet: in an answer, or where it is large from storage."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from functions.export.history import ExportHistory
from functions.export.stores import ExportStores
from functions.identity import Caller
from shared.domain.errors import Conflict
from shared.domain.exports import Export, Outcome

MOST_IN_AN_ANSWER = 100_000
LIFETIME = timedelta(minutes=10)
"""How long the address of a large file may be used."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 1000
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - spreadsheets take the wide forms for the narrow
_HEADER = ("position", "vendorId", "outcome", "dynamicsId", "code", "reason", "column")


class Results:
    """Gives the file, or the address of a large one, which is made when it is first asked for."""

    def __init__(
        self, stores: ExportStores, history: ExportHistory, *, most: int = MOST_IN_AN_ANSWER
    ) -> None:
        self._stores = stores
        self._history = history
        self._most = most

    def of(self, caller: Caller, export_id: str) -> bytes | str:
        """The file itself, or (a text) where it lies."""
        export = self._history.get(caller, export_id).export
        if max(export.total, export.counts.done) <= self._most:
            return b"".join(_lines(self._history.outcomes(export)))
        return self._address(export)

    def _address(self, export: Export) -> str:
        if export.ended_at is None:
            raise Conflict("exportRunning", "The export has not ended yet. Wait for its end, or cancel it.")
        files, place = self._stores.files, (export.tenant, export.id)
        if not files.has_results(*place):
            files.write_results(*place, _lines(self._history.outcomes(export)))
        return files.results_url(*place, LIFETIME)


def _lines(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """The file in pieces of a thousand lines: memory does not grow with the export."""
    yield _BYTE_ORDER_MARK + _written([_HEADER])
    rows = map(_cells, outcomes)
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        yield _written(part)


def _written(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cells(outcome: Outcome) -> list[str]:
    values = (
        outcome.position,
        outcome.vendor_id,
        outcome.kind.value,
        outcome.dynamics_id,
        outcome.code,
        outcome.reason,
        outcome.column,
    )
    return ["" if value is None else inert(str(value)) for value in values]


def inert(cell: str) -> str:
    """The cell with an apostrophe before whatever a spreadsheet would run ("CSV Injection", OWASP)."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
