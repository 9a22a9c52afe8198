"""OData literals and filters, as plain text: the builders of requests encode it for the URL."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from urllib.parse import quote
from uuid import UUID

MAX_IN_VALUES = 500
# "Query data using the Web API": 65,536 characters inside $batch. 10,000 are left for the rest of the URL.
MAX_IN_CHARACTERS = 50_000
# No text column is longer, so a longer value matches nothing ("Single line of text": at most 4,000).
LONGEST_TEXT = 4_000

# What encodeURIComponent leaves alone, so that nothing in a value can end its query option.
_UNENCODED = "-_.~!*'()"
# OData's lexer looks for the end of a list before the list is read as JSON. It takes an apostrophe for the
# start of a literal and counts brackets, even between double quotes. So these travel as \uXXXX.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "'\"\\[]{}()"}
_ESCAPED |= {code: f"\\u{code:04x}" for code in (*range(0x20), 0x7F)}

# Most values need no escape: looking first takes a fraction of the time.
_SPECIAL = re.compile("[" + re.escape("".join(map(chr, _ESCAPED))) + "]")
# What becomes three characters, among ASCII that needs no escape.
_ENCODED = re.compile(r"[^A-Za-z0-9_.~!*-]")

Scalar = str | bool | int | float | Decimal | datetime | date | UUID | None


def literal(value: Scalar) -> str:
    """The value as an OData literal. A datetime must be aware."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def is_in(column: str, values: Iterable[object]) -> str:
    """A filter for the rows whose column equals one of the values; text compares without case."""
    listed = ",".join(f'"{_inside_list(str(value))}"' for value in values)
    return f"Microsoft.Dynamics.CRM.In(PropertyName={literal(column)},PropertyValues=[{listed}])"


def encoded(text: str) -> str:
    """The text as it stands in a query option of a URL."""
    return quote(text, safe=_UNENCODED)


def split_values(
    values: Iterable[str],
    *,
    max_values: int = MAX_IN_VALUES,
    max_url: int = MAX_IN_CHARACTERS,
) -> Iterator[list[str]]:
    """The values in groups that fit one `is_in` of one URL; `max_url` counts encoded characters.

    Values longer than any text column, or than the URL, are left out.
    """
    group: list[str] = []
    used = 0
    for value in values:
        size = _size(value)
        if len(value) > LONGEST_TEXT or size > max_url:
            continue
        if group and (len(group) == max_values or used + size > max_url):
            yield group
            group, used = [], 0
        group.append(value)
        used += size
    if group:
        yield group


def in_filters(conditions: Sequence[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """Filters, each short enough for one URL, that together find the rows which meet every condition.

    A condition is a column and the values of which it has one.
    """
    shares = len(conditions)
    groups = [
        list(split_values(values, max_values=MAX_IN_VALUES // shares, max_url=MAX_IN_CHARACTERS // shares))
        for _, values in conditions
    ]
    for parts in product(*groups):
        columns = (column for column, _ in conditions)
        yield " and ".join(is_in(column, part) for column, part in zip(columns, parts, strict=True))


def _size(value: str) -> int:
    """Characters of one value in the URL, with its quotes (`%22` twice) and its comma (`%2C`)."""
    if not value.isascii() or _SPECIAL.search(value):
        return len(encoded(_inside_list(value))) + 9
    return len(value) + 2 * len(_ENCODED.findall(value)) + 9


def _inside_list(value: str) -> str:
    return value.translate(_ESCAPED) if _SPECIAL.search(value) else value
