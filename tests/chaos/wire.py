"""Reads and writes HTTP/1.1 messages as they go by."""

from asyncio import IncompleteReadError, StreamReader
from dataclasses import dataclass, replace

_END = b"\r\n"
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_BODILESS = frozenset({b"204", b"304"})


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer. `framed`: whether the length of its body has to be told."""

    start: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    framed: bool = True

    @property
    def method(self) -> str:
        """Of a request."""
        return self.start.split(b" ")[0].decode()

    @property
    def target(self) -> str:
        """The path and query of a request."""
        return self.start.split(b" ")[1].decode()

    def with_body(self, body: bytes) -> "Message":
        """The same message around another body."""
        return replace(self, body=body)

    def to_bytes(self) -> bytes:
        """The message as it travels, never in pieces."""
        lines = [self.start, *(name + b": " + value for name, value in self.headers)]
        if self.framed:
            lines.append(b"Content-Length: %d" % len(self.body))
        return _END.join([*lines, b"", self.body])


async def read_request(reader: StreamReader) -> Message | None:
    """The next request; None where the connection has ended."""
    return await _read(reader, has_body=True)


async def read_answer(reader: StreamReader, *, to: str) -> Message | None:
    """The answer to a request of the method `to`; None where the connection has ended."""
    return await _read(reader, has_body=to != "HEAD")


async def _read(reader: StreamReader, *, has_body: bool) -> Message | None:
    try:
        head = await reader.readuntil(_END * 2)
        start, *lines = head[: -2 * len(_END)].split(_END)
        headers = tuple(_header(line) for line in lines)
        bodiless = not has_body or start.split(b" ")[1] in _BODILESS
        if bodiless:
            return Message(start, headers, b"", framed=False)
        body = await _body(reader, {name.lower(): value for name, value in headers})
    except (IncompleteReadError, ConnectionError):
        return None
    return Message(start, tuple(each for each in headers if each[0].lower() not in _FRAMING), body)


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip(), value.strip()


async def _body(reader: StreamReader, headers: dict[bytes, bytes]) -> bytes:
    if headers.get(b"transfer-encoding", b"").lower() != b"chunked":
        return await reader.readexactly(int(headers.get(b"content-length", b"0")))
    pieces: list[bytes] = []
    while size := int((await reader.readuntil(_END)).split(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readuntil(_END)
    await reader.readuntil(_END)
    return b"".join(pieces)
