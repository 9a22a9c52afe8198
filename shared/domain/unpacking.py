"""gzip files, unpacked piece by piece and never to more than they may hold."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from shared.domain.errors import InvalidRequest, TooLarge

MOST_RATIO = 100
"""How many times its size a file may unpack to: records shrink 5 to 20 times, a bomb up to 1,000 times."""

_ALWAYS_ALLOWED = 4 * 1024 * 1024
"""Bytes that a file may unpack to however small it is."""

_PIECE = 1024 * 1024
_MAGIC = b"\x1f\x8b"
_GZIP = 31
_PADDING = b"\0"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be packed: its content as it was before."""

    packed: bool
    content: Iterator[bytes]


def opened(chunks: Iterable[bytes]) -> Opened:
    """The bytes of a gzip file unpacked, those of any other file as they are.

    No text begins as a gzip file does, so neither NDJSON nor CSV is mistaken for one.
    """
    rest = iter(chunks)
    start = b""
    while len(start) < len(_MAGIC) and (chunk := next(rest, None)) is not None:
        start += chunk
    whole = chain((start,), rest)
    packed = start.startswith(_MAGIC)
    return Opened(packed, unpacked(whole) if packed else whole)


def unpacked(chunks: Iterable[bytes], *, most: int | None = None) -> Iterator[bytes]:
    """The bytes of a gzip file, in pieces of bounded size.

    InvalidRequest when it is damaged or cut off, TooLarge once it unpacks to more than `most` bytes or to
    too many times its size.
    """
    file = _File()
    size = 0
    for chunk in chunks:
        for piece in file.feed(chunk):
            size += len(piece)
            _refuse_bombs(size, file.packed, most)
            yield piece
    file.end()


def _refuse_bombs(size: int, packed: int, most: int | None) -> None:
    if most is not None and size > most:
        raise TooLarge(
            "unpackedTooLarge",
            f"The gzip file unpacks to more than {most:,} bytes. Send less at once, or upload it.",
        )
    if size > max(packed * MOST_RATIO, _ALWAYS_ALLOWED):
        raise TooLarge(
            "unpackedTooLarge",
            f"The gzip file unpacks to more than {MOST_RATIO} times its size, which no file of records does. "
            "Send it unpacked.",
        )


class _File:
    """What has been read of a gzip file: members one after another, then zeros or nothing ("RFC 1952")."""

    def __init__(self) -> None:
        self.packed = 0
        self._member: zlib._Decompress | None = None
        self._members = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self.packed += len(chunk)
        rest: bytes | None = chunk
        while rest is not None:
            if self._member is None:
                rest = rest.lstrip(_PADDING) if self._members else rest
                if not rest:
                    return
                self._member = zlib.decompressobj(wbits=_GZIP)
                self._members += 1
            piece, rest = self._take(self._member, rest)
            if piece:
                yield piece

    def end(self) -> None:
        """Refuses a file that stops within a member, or that has none."""
        if self._member is not None or not self._members:
            raise _damaged("it is cut off")

    def _take(self, member: "zlib._Decompress", packed: bytes) -> tuple[bytes, bytes | None]:
        """A piece, and what is still to be unpacked: None when nothing comes without more of the file."""
        try:
            piece = member.decompress(packed, _PIECE)
        except zlib.error as error:
            raise _damaged("its contents do not fit its checks") from error
        if member.eof:
            self._member = None
            return piece, member.unused_data or None
        drained = not member.unconsumed_tail and len(piece) < _PIECE
        return piece, None if drained else member.unconsumed_tail


def _damaged(how: str) -> InvalidRequest:
    return InvalidRequest(
        "gzipDamaged", f"The gzip file cannot be unpacked: {how}. Pack it again, and send the whole of it."
    )
