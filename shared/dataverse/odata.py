"""OData literals and filters, as plain text: the builders of requests encode it for the URL."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
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
# The percent sign goes before all of these, whose codes begin with one.
_CODES = {each: quote(each, safe=_UNENCODED) for each in map(chr, range(0x80)) if each != "%"}
_CODES = {character: code for character, code in _CODES.items() if character != code}
_PRINTABLE_CODES = {character: code for character, code in _CODES.items() if character.isprintable()}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_KEPT_CODES = 1024

# OData's lexer looks for the end of a list before the list is read as JSON. It takes an apostrophe for the
# start of a literal and counts brackets, even between double quotes. So these travel as \uXXXX, the backslash
# first.
_ESCAPED = [(each, f"\\u{ord(each):04x}") for each in "\\'\"[]{}()" + "".join(map(chr, (*range(0x20), 0x7F)))]
_LINE_END = dict(_ESCAPED)["\n"]
# Characters that the quotes of a value (`%22` twice) and its comma (`%2C`) take in the URL.
_AROUND = 9
_SPECIAL = re.compile("[" + re.escape("".join(each for each, _ in _ESCAPED)) + "]")

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
    listed = _listed([str(value) for value in values])
    return f"Microsoft.Dynamics.CRM.In(PropertyName={literal(column)},PropertyValues=[{listed}])"


def encoded(text: str) -> str:
    """The text as it stands in a query option of a URL."""
    # As `quote` says, which takes many times as long: it looks at one character after the other.
    codes = _PRINTABLE_CODES if text.isprintable() else _CODES
    text = text.replace("%", "%25")
    if not text.isascii():
        text = _BEYOND_ASCII.sub(_code, text)
    for character, code in codes.items():
        text = text.replace(character, code)
    return text


def _code(found: re.Match[str]) -> str:
    return _code_of(found[0])


@lru_cache(maxsize=_KEPT_CODES)
def _code_of(character: str) -> str:
    return quote(character)


def split_values(
    values: Iterable[str],
    *,
    max_values: int = MAX_IN_VALUES,
    max_url: int = MAX_IN_CHARACTERS,
) -> Iterator[list[str]]:
    """The values in groups that fit one `is_in` of one URL; `max_url` counts encoded characters.

    Values longer than any text column, or than the URL, are left out.
    """
    listed = list(values)
    if _are_one_group(listed, max_values, max_url):
        yield listed
        return
    group: list[str] = []
    used = 0
    for value in listed:
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


def _are_one_group(values: Sequence[str], max_values: int, max_url: int) -> bool:
    """As it is most often: looked at together they take a fraction of the time."""
    if not values or len(values) > max_values or max(map(len, values)) > LONGEST_TEXT:
        return False
    joined = "".join(values)
    quotes = _AROUND * len(values)
    most = 8 if _SPECIAL.search(joined) else 3
    if most * len(joined.encode("utf-8", "surrogatepass")) + quotes <= max_url:
        return True
    return len(encoded(_escaped(joined))) + quotes <= max_url


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
    """Characters of one value in the URL."""
    return len(encoded(_escaped(value))) + _AROUND


def _listed(values: list[str]) -> str:
    """The values between double quotes, escaped in one go where none goes over several lines."""
    if not _SPECIAL.search("".join(values)):
        return '"' + '","'.join(values) + '"' if values else ""
    lines = "\n".join(values)
    if lines.count("\n") == len(values) - 1:
        return '"' + _escaped(lines).replace(_LINE_END, '","') + '"'
    return ",".join(f'"{_escaped(value)}"' for value in values)


def _escaped(text: str) -> str:
    if _SPECIAL.search(text):
        for character, escape in _ESCAPED:
            text = text.replace(character, escape)
    return text
