"""Pieces of SQL that every kind of condition needs: a property's expression, patterns, moments."""

import re
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import FOLDED_SUFFIX, Kind, Property
from local.emulators.dataverse.odata.syntax import Literal
from local.emulators.dataverse.values import fold, parse_moment, write_moment

LONGEST_WHOLE: Final = 18  # digits that certainly fit 64 bits


def expression(prop: Property, source: str = "") -> str:
    """The SQL of a property as comparisons need it: texts folded, from the indexed shadow if there is one."""
    name = source + '"' + prop.column.name
    if prop.folded:
        return name + FOLDED_SUFFIX + '"'
    return f'fold({name}")' if prop.kind is Kind.TEXT else name + '"'


def storable(prop: Property, literal: Literal) -> Any:
    """A literal as the column keeps it, texts folded."""
    value = literal.value
    if prop.kind is Kind.TEXT:
        return fold(str(value))
    if prop.kind is Kind.MOMENT:
        return moment(str(value))
    if prop.kind is Kind.DATE:
        return str(value)[:10]
    return int(value) if prop.kind is Kind.FLAG and value is not None else value


def whole_or_not(text: str) -> float:
    """A number from its digits; one that SQLite cannot keep as an integer becomes a float."""
    digits = text.strip().lstrip("+-")
    whole = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_WHOLE
    return int(text) if whole else float(text)


def moment(text: str) -> str:
    """A date or point in time as it is kept."""
    found = parse_moment(text)
    if found is None:
        raise errors.query_refused(f"Unrecognized 'Edm.DateTimeOffset' literal '{text}'.")
    return write_moment(found)


def glob(pattern: str) -> str:
    """A folded pattern with SQL Server's wildcards (% _ [ab] [^a]) as SQLite's GLOB."""
    return re.sub(r"\[\^?[^\]]+\]|[%_*?\[]", _glob_part, pattern.casefold())


def _glob_part(match: re.Match[str]) -> str:
    part = match[0]
    if part in {"*", "?", "["}:
        return f"[{part}]"
    return {"%": "*", "_": "?"}.get(part, part)
