"""Writes the body of a $batch, reads its multipart answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

Part = tuple[str, str, Mapping[str, str], bytes | None]
"""Method, path from the host's root, headers, body."""


class BrokenAnswer(Exception):
    """The answer to a $batch was cut short, or is no such answer."""


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What became of one request of a $batch. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def write(parts: Iterable[Part]) -> tuple[str, bytes]:
    """The boundary and the body. Lines end in CRLF, or Dataverse answers "Stream was not readable"."""
    written = [_part(part) for part in parts]
    boundary = _boundary(written)
    opening = b"--" + boundary.encode() + b"\r\n"
    closing = b"--" + boundary.encode() + b"--\r\n"
    return boundary, opening + (b"\r\n" + opening).join(written) + b"\r\n" + closing


def read(content_type: str, body: bytes) -> list[PartAnswer]:
    """The answers in the order of the requests; BrokenAnswer when the closing boundary is missing."""
    delimiter = b"\r\n--" + _answer_boundary(content_type)
    # The delimiter counts only with its line end, so text that merely looks like it splits nothing.
    chunks = (b"\r\n" + body).split(delimiter)
    answers: list[PartAnswer] = []
    pending: bytes | None = None
    for chunk in chunks[1:]:
        if chunk.startswith(b"--") and not chunk[2:].strip():
            return _finished(answers, pending)
        head, line_end, rest = chunk.partition(b"\r\n")
        if line_end and not head.strip():
            answers = _finished(answers, pending)
            pending = rest
        elif pending is not None:
            pending += delimiter + chunk
    raise BrokenAnswer("the answer ends before its closing boundary")


def _finished(answers: list[PartAnswer], pending: bytes | None) -> list[PartAnswer]:
    if pending is not None:
        answers.append(_answer(pending))
    return answers


def _part(part: Part) -> bytes:
    method, path, headers, body = part
    lines = [
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"{method} {path} HTTP/1.1",
        "Accept: application/json",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + (body or b"")


def _boundary(written: list[bytes]) -> str:
    """A boundary that no part holds. JSON of ours has no line breaks, so the first try is good."""
    for number in range(1_000):
        boundary = f"batch_export_{number}"
        line = b"\r\n--" + boundary.encode()
        if not any(line in part for part in written):
            return boundary
    raise ValueError("Every boundary occurs in the parts of the batch.")


def _answer_boundary(content_type: str) -> bytes:
    kind, _, parameters = content_type.partition(";")
    if kind.strip().lower() == "multipart/mixed":
        for parameter in parameters.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "boundary" and value.strip():
                return value.strip().strip('"').encode("latin-1", "replace")
    raise BrokenAnswer("the answer is not multipart/mixed with a boundary")


def _answer(part: bytes) -> PartAnswer:
    _, separator, message = part.partition(b"\r\n\r\n")
    head, _, body = message.partition(b"\r\n\r\n")
    status_line, *lines = head.split(b"\r\n")
    words = status_line.split(None, 2)
    if not separator or len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise BrokenAnswer("a part of the answer has no status line")
    return PartAnswer(int(words[1]), dict(map(_header, lines)), body)


@lru_cache(maxsize=64)
def _header(line: bytes) -> tuple[str, str]:
    """Remembered, for most lines are the same in every part."""
    name, _, value = line.decode("latin-1").partition(":")
    return name.strip().lower(), value.strip()
