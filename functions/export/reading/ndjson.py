"""Newline-delimited JSON: one record a line."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from functions.export.reading.lines import LONGEST_LINE, Line, lines
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord

_DEEPEST = 32


def read_ndjson(chunks: Iterable[bytes]) -> Iterator[InputRecord]:
    """The records of the lines; empty lines are none."""
    position = 0
    for line in lines(chunks):
        if line.too_long or line.content.strip():
            position += 1
            yield _record(position, line)


def _record(position: int, line: Line) -> InputRecord:
    if line.too_long:
        return too_long(position, line.number)
    try:
        fields = orjson.loads(line.content)
    except orjson.JSONDecodeError as error:
        reason = f"Line {line.number} is not valid JSON: {error.msg} at character {error.pos + 1}."
        return UnreadableRecord(position, line.number, "malformedJson", reason)
    if not isinstance(fields, dict):
        reason = f'Line {line.number} is no record. Write one JSON object a line, such as {{"id": 1}}.'
        return UnreadableRecord(position, line.number, "notAnObject", reason)
    if not _is_flat(line.content) and any(_deeper(value, _DEEPEST) for value in fields.values()):
        reason = f"Line {line.number} has lists and objects nested more than {_DEEPEST} deep."
        return UnreadableRecord(position, line.number, "nestedTooDeep", reason)
    return VendorRecord(position, line.number, fields)


def _is_flat(content: bytes) -> bool:
    """Whether an object can have no list or object within; most records are so, and two looks are cheap."""
    return content.find(b"[") < 0 and content.find(b"{") == content.rfind(b"{")


def _deeper(value: Any, most: int) -> bool:
    if not isinstance(value, (list, dict)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_deeper(each, most - 1) for each in inner)


def too_long(position: int, line: int) -> UnreadableRecord:
    """A line that is longer than any record can be."""
    reason = f"Line {line} is longer than {LONGEST_LINE // 1024} KiB, which no record is."
    return UnreadableRecord(position, line, "lineTooLong", reason)
