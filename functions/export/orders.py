"""What a caller orders: records to be exported, and how."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.ids import ExportId, ObjectType
from shared.domain.preferences import OnMatch
from shared.domain.unpacking import unpacked

MOST_UNPACKED = 512 * 1024 * 1024
"""Bytes of an input that comes in a request packed with gzip; larger inputs are uploaded."""

_SLICE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a caller wants exported: bytes, or what was uploaded before under an export's id.

    `gzip`: the bytes are packed. `again`: a new export, even of what was ordered a moment ago.
    """

    object_type: ObjectType
    media_type: str
    content: bytes = b""
    gzip: bool = False
    upload: ExportId | None = None
    dry_run: bool = False
    matches: OnMatch | None = None
    idempotency_key: str | None = None
    again: bool = False


def pieces(order: Order) -> Iterable[bytes]:
    """What is to be exported, unpacked: the same content is the same however it was packed."""
    view = memoryview(order.content)
    slices = (bytes(view[start : start + _SLICE]) for start in range(0, len(view), _SLICE))
    return unpacked(slices, most=MOST_UNPACKED) if order.gzip else slices
