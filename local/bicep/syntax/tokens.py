"""Cuts the text of a Bicep file into tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from local.bicep.findings import Position, SyntaxFault

_SKIPPED = re.compile(r"[ \t\r]+|//[^\n]*|/\*.*?\*/|#disable-next-line[^\n]*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"\d+")
_MULTILINE = re.compile(r"'''\n?(.*?)'''", re.DOTALL)
_PLAIN = re.compile(r"[^'\\$\n]+|\$(?!\{)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]+)\}|([nrt'\\$]))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_MARKS = (
    "...",
    "==",
    "!=",
    "=~",
    "!~",
    "<=",
    ">=",
    "&&",
    "||",
    "??",
    ".?",
    "=>",
    "::",
    *"{}[]()=:,.?!<>+-*/%@|",
)


class Kind(StrEnum):
    """What sort of token it is."""

    WORD = "word"
    NUMBER = "number"
    TEXT = "text"
    MARK = "mark"
    NEWLINE = "new line"
    END = "end of file"


@dataclass(frozen=True, slots=True)
class Token:
    """A token. The parts of a text are its literal pieces and, between them, tokens of expressions."""

    kind: Kind
    text: str
    at: Position
    parts: "tuple[str | tuple[Token, ...], ...]" = ()


def tokens_of(source: str) -> list[Token]:
    """Every token of the file, with an end at the end. SyntaxFault where nothing fits."""
    return list(_Cutter(source).everything())


class _Cutter:
    def __init__(self, source: str) -> None:
        self._source = source
        self._offset = 0
        self._line = 1
        self._line_start = 0

    def everything(self) -> Iterator[Token]:
        while (token := self._next()) is not None:
            yield token
        yield Token(Kind.NEWLINE, "\n", self._at)
        yield Token(Kind.END, "", self._at)

    @property
    def _at(self) -> Position:
        return Position(self._line, self._offset - self._line_start + 1)

    def _next(self) -> Token | None:
        while skipped := _SKIPPED.match(self._source, self._offset):
            self._advance(skipped.group())
        if self._offset >= len(self._source):
            return None
        at, source, offset = self._at, self._source, self._offset
        if source[offset] == "\n":
            self._advance("\n")
            return Token(Kind.NEWLINE, "\n", at)
        if source[offset] == "'":
            return self._text(at)
        for kind, pattern in ((Kind.WORD, _WORD), (Kind.NUMBER, _NUMBER)):
            if found := pattern.match(source, offset):
                self._advance(found.group())
                return Token(kind, found.group(), at)
        return self._mark(at)

    def _mark(self, at: Position) -> Token:
        for mark in _MARKS:
            if self._source.startswith(mark, self._offset):
                self._advance(mark)
                return Token(Kind.MARK, mark, at)
        raise SyntaxFault(at, f"The character {self._source[self._offset]!r} has no meaning in Bicep.")

    def _text(self, at: Position) -> Token:
        if found := _MULTILINE.match(self._source, self._offset):
            self._advance(found.group())
            return Token(Kind.TEXT, found.group(1), at, (found.group(1),))
        self._advance("'")
        parts: list[str | tuple[Token, ...]] = [""]
        while not self._source.startswith("'", self._offset):
            if self._source.startswith("${", self._offset):
                self._advance("${")
                parts += (tuple(self._inside()), "")
            else:
                parts[-1] = f"{parts[-1]}{self._piece(at)}"
        self._advance("'")
        return Token(Kind.TEXT, "".join(part for part in parts if isinstance(part, str)), at, tuple(parts))

    def _piece(self, at: Position) -> str:
        if found := _PLAIN.match(self._source, self._offset):
            self._advance(found.group())
            return found.group()
        if found := _ESCAPE.match(self._source, self._offset):
            self._advance(found.group())
            return (
                chr(int(found.group(1), 16))
                if found.group(1)
                else _ESCAPED.get(found.group(2), found.group(2))
            )
        raise SyntaxFault(at, "This text is not closed on its line.")

    def _inside(self) -> Iterator[Token]:
        """The tokens up to the brace that closes an expression inside a text."""
        depth = 0
        while (token := self._next()) is not None:
            if token.text == "}" and token.kind is Kind.MARK and depth == 0:
                yield Token(Kind.END, "", token.at)
                return
            if token.kind is Kind.MARK:
                depth += (token.text == "{") - (token.text == "}")
            yield token
        raise SyntaxFault(self._at, "An expression inside a text is not closed by a brace.")

    def _advance(self, text: str) -> None:
        self._offset += len(text)
        if "\n" in text:
            self._line += text.count("\n")
            self._line_start = self._offset - len(text) + text.rindex("\n") + 1
