"""A filter cut into tokens."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from local.emulators.dataverse.errors import query_refused


class TokenKind(StrEnum):
    """The kinds of tokens."""

    STRING = "string"
    GUID = "guid"
    MOMENT = "moment"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    ALIAS = "alias"
    ARRAY = "array"
    MARK = "mark"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token with the place where it begins."""

    kind: TokenKind
    text: str
    position: int


PATTERN: Final = re.compile(
    r"""\s*(?:
      (?P<string>'[^']*(?:''[^']*)*')
    | (?P<guid>\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?)
    | (?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[mMdDfFlL]?(?![A-Za-z_0-9]))
    | (?P<name>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<alias>@[A-Za-z_][A-Za-z0-9_]*)
    | (?P<array>\[(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|'[^']*'|[^\]"']++)*\]|\[.*\])
    | (?P<mark>[(),/=:])
    )""",
    re.VERBOSE,
)

KINDS: Final = {kind.value: kind for kind in TokenKind}


def tokenize(text: str) -> list[Token]:
    """The tokens of a filter, the last one an END."""
    found: list[Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = PATTERN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _unreadable(text, position)
        start = match.start(match.lastgroup)
        found.append(Token(KINDS[match.lastgroup], match[match.lastgroup], start))
        position = match.end()
    found.append(Token(TokenKind.END, "", end))
    return found


def _unreadable(text: str, position: int) -> Exception:
    while text[position].isspace():
        position += 1
    if text[position] == "'":
        return query_refused(f"There is an unterminated literal at position {len(text)} in '{text}'.")
    return query_refused(
        f"Syntax error: character '{text[position]}' is not valid at position {position} in '{text}'."
    )
