"""Auto-number columns: values of new rows by a pattern of sequences, random letters and times."""

import re
import secrets
import string
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.schema import Column, Table
from local.emulators.dataverse.store import Store

SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS "~sequences"
        ("table" TEXT, "column" TEXT, next INTEGER, PRIMARY KEY ("table", "column"))
"""
FIRST: Final = 1000  # "Create autonumber columns": sequences start with it unless a seed is set
LONGEST_RANDOM: Final = 6
PLACEHOLDER: Final = re.compile(r"\{(SEQNUM|RANDSTRING|DATETIMEUTC):([^}]*)\}")
LETTERS: Final = string.ascii_uppercase + string.digits

# .NET's custom date and time formats, as far as the page's examples and their like use them.
MOMENT: Final = re.compile(r"yyyy|yy|MMMM|MMM|MM|dd|HH|hh|mm|ss|tt|.")
MOMENTS: Final = {
    "yyyy": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
    "tt": "%p",
}


class AutoNumbers:
    """The sequences of one organization."""

    def __init__(self, store: Store) -> None:
        self._execute = store.connection.execute
        self._execute(SCHEMA)

    def fill(self, table: Table, columns: Iterable[Column], values: dict[str, Any], now: datetime) -> None:
        """Gives a new row the values of auto-number columns that it does not bring itself."""
        for column in columns:
            if values.get(column.name) is None:
                values[column.name] = self._next_value(table, column, now)

    def set_seed(self, table: str, column: str, value: int) -> None:
        """Makes this the next number of a sequence."""
        self._execute('INSERT OR REPLACE INTO "~sequences" VALUES (?, ?, ?)', (table, column, value))

    def clear(self) -> None:
        """Starts all sequences anew."""
        self._execute('DELETE FROM "~sequences"')

    def _next_value(self, table: Table, column: Column, now: datetime) -> str:
        def replaced(match: re.Match[str]) -> str:
            kind, argument = match.groups()
            if kind == "DATETIMEUTC":
                return "".join(_moment(part, now) for part in MOMENT.findall(argument))
            length = int(argument) if argument.isdigit() else 0
            if length < 1 or (kind == "RANDSTRING" and length > LONGEST_RANDOM):
                raise errors.DataverseError(400, "0x80040203", f"Invalid Argument: {match[0]}")
            if kind == "SEQNUM":
                return str(self._next_number(table.logical_name, column.name)).zfill(length)
            return "".join(secrets.choice(LETTERS) for _ in range(length))

        text = PLACEHOLDER.sub(replaced, column.auto_number or "")
        if column.max_length and len(text) > column.max_length:
            raise errors.too_long(column.name, table.logical_name, column.max_length)
        return text

    def _next_number(self, table: str, column: str) -> int:
        (number,) = self._execute(
            'INSERT INTO "~sequences" VALUES (?, ?, ?)'
            " ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next",
            (table, column, FIRST + 1),
        ).fetchone()
        return int(number) - 1


def _moment(part: str, now: datetime) -> str:
    form = MOMENTS.get(part)
    return now.strftime(form) if form else part
