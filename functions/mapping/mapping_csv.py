"""A mapping as CSV: a line for each row, the labels beside the names, an own column for each option."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from functions.mapping.cells import from_cell, to_cell
from shared.domain.errors import InvalidRequest, Problem

LABELS = ("vendorFieldLabel", "columnLabel")
_NUMBER = "row"
_TEXTS = frozenset(
    {
        "vendorField",
        "template",
        "column",
        "updateOption",
        "onInvalid",
        "tooLong",
        "dateFormat",
        "phoneFormat",
        "separator",
        "block",
    }
)
HEADERS = (
    _NUMBER,
    "vendorField",
    "vendorFieldLabel",
    "constant",
    "template",
    "column",
    "columnLabel",
    "updateOption",
    "onInvalid",
    "tooLong",
    "choices",
    "otherChoice",
    "dateFormat",
    "trueWords",
    "falseWords",
    "phoneFormat",
    "separator",
    "lookup",
    "block",
    "protectEdits",
)
_BYTE_ORDER_MARK = "\ufeff"


def write_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as spreadsheets open them: UTF-8 with its mark, and nothing that they would run."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    for number, row in enumerate(rows, start=1):
        cells = (to_cell(row[name]) if name in row else "" for name in HEADERS[1:])
        writer.writerow([number, *cells])
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def read_csv(content: bytes) -> list[dict[str, Any]]:
    """The rows as JSON objects, without labels. InvalidRequest for what is no such file."""
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidRequest(
            "csvInvalid", "The file is no CSV in UTF-8. Save it as “CSV UTF-8” and send it again."
        ) from error
    if not lines:
        raise InvalidRequest("csvInvalid", "The file is empty. Its first line has to name the columns.")
    header = [name.strip() for name in lines[0]]
    _check_header(header)
    return [_row(header, line) for line in lines[1:] if any(cell.strip() for cell in line)]


def _delimiter(text: str) -> str:
    """Spreadsheets of some languages write semicolons."""
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _check_header(header: list[str]) -> None:
    unknown = [name for name in header if name not in HEADERS]
    problems = [
        Problem("headerUnknown", f"There is no column “{name[:100]}” in such a file; remove it.")
        for name in unknown
    ]
    if "column" not in header:
        problems.append(Problem("headerMissing", "The file has no column “column”, the Dynamics fields."))
    if len(set(header)) < len(header):
        problems.append(Problem("headerRepeated", "Two columns of the file have the same name; remove one."))
    if problems:
        raise InvalidRequest(
            "csvInvalid",
            "The first line of the file needs to be put right; “errors” says how.",
            problems=problems,
        )


def _row(header: list[str], line: list[str]) -> dict[str, Any]:
    cells = dict(zip(header, line, strict=False))
    return {
        name: value
        for name, cell in cells.items()
        if name not in LABELS and name != _NUMBER and (value := _value(name, cell)) is not None
    }


def _value(name: str, cell: str) -> Any:
    value = from_cell(cell)
    # A name or a template may look like a number; a constant that does is one.
    if name in _TEXTS and value is not None and not isinstance(value, str):
        return cell.strip()
    return value
