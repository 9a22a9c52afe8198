"""Conversion into text columns: control characters go, and what is too long is refused or cut at a word."""

import re
import unicodedata
from typing import Any

from shared.domain.convert.values import Convert, ValueRejected, as_text
from shared.domain.fields import Column
from shared.domain.mapping import RowOptions, TooLong

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
_LONGEST_LINE, _LONGEST_MEMO = 100, 2000
_JOINER = "\u200d"
_JOINING = frozenset({_JOINER, "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})
"""What belongs to the character before it, beside combining marks: variants, skin tones, joined emoji."""


def utf16_length(text: str) -> int:
    """Length as Dataverse counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def longest(column: Column, *, multiline: bool = False) -> int:
    """The UTF-16 units that a text column holds."""
    return column.max_length or (_LONGEST_MEMO if multiline else _LONGEST_LINE)


def cut(text: str, limit: int) -> str:
    """The text within so many UTF-16 units: to its last whole word, where that keeps half of it or more."""
    if utf16_length(text) <= limit:
        return text
    head = text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")
    rest = text[len(head) :]
    if rest[:1].isspace():
        return head.strip()
    words = "".join(head.rsplit(None, 1)[:1]).strip()
    if words != head and utf16_length(words) * 2 >= limit:
        return words
    return _whole_characters(head, rest).strip()


def _whole_characters(head: str, rest: str) -> str:
    """The head without what is left of a character whose other part is in the rest."""
    following = rest[:1]
    while head and (_joins(following) or head[-1] == _JOINER):
        head, following = head[:-1], head[-1]
    return head


def _joins(character: str) -> bool:
    return character in _JOINING or unicodedata.combining(character) != 0


def line(column: Column, options: RowOptions) -> Convert:
    """One line of text."""
    return _text(column, options, multiline=False)


def memo(column: Column, options: RowOptions) -> Convert:
    """Text of several lines."""
    return _text(column, options, multiline=True)


def _text(column: Column, options: RowOptions, *, multiline: bool) -> Convert:
    limit = longest(column, multiline=multiline)
    cuts = options.too_long is TooLong.CUT
    separator = options.separator

    def convert(value: Any) -> str | None:
        text = (value if type(value) is str else as_text(value, separator)).strip()
        if not text:
            return None
        if not text.isprintable():
            text = _printable(text, multiline=multiline)
        if len(text) * 2 > limit and utf16_length(text) > limit:
            if not cuts:
                raise ValueRejected(
                    "tooLong", f"{column.label} holds {limit} characters; the value is longer."
                )
            text = cut(text, limit)
        return text or None

    return convert


def _printable(text: str, *, multiline: bool) -> str:
    text = _CONTROL.sub("", text)
    return (text if multiline else _LINE_BREAKS.sub(" ", text)).strip()
