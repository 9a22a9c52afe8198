"""CSV: a header of vendor fields, by name or label, and one record a row."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from functions.export.reading.lines import LONGEST_LINE, Line, lines
from functions.export.reading.ndjson import too_long
from shared.domain.errors import InvalidRequest
from shared.domain.fields import VendorField
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord

_DELIMITERS = (",", ";", "\t")
_MOST_LINES_OF_A_RECORD = 25
_OPEN_QUOTE = "unexpected end of data"


@dataclass(frozen=True, slots=True)
class _Header:
    names: list[str]
    delimiter: str


def read_csv(chunks: Iterable[bytes], fields: Mapping[str, VendorField]) -> Iterator[InputRecord]:
    """The records of the rows; empty lines are none. InvalidRequest when the header names no vendor field."""
    waiting = _Waiting(lines(chunks))
    header = _header(waiting, fields)
    position = 0
    for first in waiting:
        if first.too_long or first.content.strip():
            position += 1
            yield _record(position, first, waiting, header)


class _Waiting:
    """The lines still to be read. Lines that were looked at in vain can be put back."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self._returned: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        while (line := self.take()) is not None:
            yield line

    def take(self) -> Line | None:
        return self._returned.popleft() if self._returned else next(self._source, None)

    def put_back(self, looked_at: list[Line]) -> None:
        self._returned.extendleft(reversed(looked_at))


def _header(waiting: _Waiting, fields: Mapping[str, VendorField]) -> _Header:
    first = next((line for line in waiting if line.content.strip() or line.too_long), None)
    if first is None:
        raise InvalidRequest("noRecords", "The file is empty. Its first line has to name the vendor fields.")
    try:
        text = first.content.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest("notUtf8", "The file is not UTF-8. Save it as “CSV UTF-8”.") from error
    delimiter = max(_DELIMITERS, key=text.count)
    try:
        titles = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error as error:
        raise InvalidRequest(
            "headerUnreadable",
            f"The first line is no header of a CSV file ({error}). Name the vendor fields there, "
            "and end each line with LF or CRLF.",
        ) from error
    names = _names(titles, fields)
    if not any(name in fields for name in names):
        shown = ", ".join(title.strip() for title in titles)[:200]
        raise InvalidRequest(
            "headerUnknown",
            f"The first line names no vendor field: {shown}. Write their names there, such as id,name.",
        )
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        raise InvalidRequest(
            "headerRepeated",
            f"The first line names {', '.join(repeated)} more than once. Rename or remove the others.",
        )
    return _Header(names, delimiter)


def _names(titles: list[str], fields: Mapping[str, VendorField]) -> list[str]:
    by_title = {field.label.casefold(): name for name, field in fields.items()}
    by_title |= {name.casefold(): name for name in fields}
    return [by_title.get(title.strip().casefold(), title.strip()) for title in titles]


def _record(position: int, first: Line, waiting: _Waiting, header: _Header) -> InputRecord:
    if first.too_long:
        return too_long(position, first.number)
    looked_at: list[Line] = []
    try:
        cells = _cells(first, waiting, header.delimiter, looked_at)
        wrong = _wrong_count(first, cells, header)
    except UnicodeDecodeError:
        wrong = ("notUtf8", f"Line {first.number} is not UTF-8. Save the file as “CSV UTF-8”.")
    except csv.Error as error:
        reason = f"Line {first.number} is quoted wrongly ({error}). Double a quote inside quotes."
        wrong = ("quotingWrong", reason)
    if wrong is not None:
        waiting.put_back(looked_at)
        return UnreadableRecord(position, first.number, *wrong)
    named = zip(header.names, cells, strict=True)
    return VendorRecord(position, first.number, {name: cell for name, cell in named if name and cell})


def _wrong_count(first: Line, cells: list[str], header: _Header) -> tuple[str, str] | None:
    if len(cells) == len(header.names):
        return None
    reason = f"Line {first.number} has {len(cells)} columns; the first line names {len(header.names)}."
    return "columnsMissing", reason


def _cells(first: Line, waiting: _Waiting, delimiter: str, looked_at: list[Line]) -> list[str]:
    """The cells of a record, which goes on over the next lines, now `looked_at`, while a quote is open."""
    text = first.content.decode()
    while True:
        try:
            return next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            following = waiting.take() if _may_go_on(error, text, looked_at) else None
            if following is None:
                raise
            looked_at.append(following)
            continued = None if following.too_long else _decoded(following)
            if continued is None:
                raise
        text = f"{text}\n{continued}"


def _decoded(line: Line) -> str | None:
    try:
        return line.content.decode()
    except UnicodeDecodeError:
        return None


def _may_go_on(error: csv.Error, text: str, looked_at: list[Line]) -> bool:
    return (
        str(error) == _OPEN_QUOTE and len(looked_at) < _MOST_LINES_OF_A_RECORD and len(text) <= LONGEST_LINE
    )
