"""Bytes into lines, with memory bounded by the longest line that a record may have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 1024 * 1024
"""Bytes of one line; a record of the vendor has a few thousand."""

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. `number` counts from 1; `too_long` says that the rest was thrown away."""

    number: int
    content: bytes
    too_long: bool = False


def lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The lines of the bytes; ends of lines are LF or CRLF; a byte order mark at the start is dropped."""
    for number, (content, too_long) in enumerate(_split(chunks), start=1):
        without_mark = content.removeprefix(_MARK) if number == 1 else content
        yield Line(number, without_mark.removesuffix(b"\r"), too_long)


def _split(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    rest = b""
    overflowed = False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        if not overflowed:
            rest += first
        if len(rest) > LONGEST_LINE:
            rest, overflowed = b"", True
        for other in others:
            yield rest, overflowed
            rest, overflowed = other, False
            if len(rest) > LONGEST_LINE:
                rest, overflowed = b"", True
    if rest or overflowed:
        yield rest, overflowed
