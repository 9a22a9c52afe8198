"""What travels through the queues: small, versioned references, safe to deliver twice."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from functions.queue_work import OtherVersion
from shared.domain.ids import ExportId, TenantId

VERSION = 1
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class SplitMessage:
    """Cut this export's input into chunks."""

    tenant: TenantId
    export: ExportId

    def to_wire(self) -> dict[str, Any]:
        return {"v": VERSION, **asdict(self)}


@dataclass(frozen=True, slots=True)
class WriteMessage:
    """Go on with this lane, which had this chunk when the message was sent.

    Messages of earlier versions name no lane. `late`: the lane had come further when this was delivered.
    """

    tenant: TenantId
    export: ExportId
    number: int
    lane: int = 0
    late: bool = False

    def to_wire(self) -> dict[str, Any]:
        return {"v": VERSION, **asdict(self)}


def parse_split(body: bytes) -> SplitMessage:
    """The message of the split queue; ValueError for one that this version does not know."""
    wire = _parse(body, "tenant", "export")
    return SplitMessage(TenantId(str(wire["tenant"])), ExportId(str(wire["export"])))


def parse_write(body: bytes) -> WriteMessage:
    """The message of the write queue; ValueError for one that this version does not know."""
    return parse_write_wire(_parse(body, "tenant", "export", "number"))


def parse_write_wire(wire: Mapping[str, Any]) -> WriteMessage:
    """The message from its wire form."""
    return WriteMessage(
        TenantId(str(wire["tenant"])),
        ExportId(str(wire["export"])),
        int(wire["number"]),
        int(wire.get("lane", 0)),
        bool(wire.get("late", False)),
    )


def _parse(body: bytes, *members: str) -> Mapping[str, Any]:
    wire = json.loads(body)
    if not isinstance(wire, dict) or wire.get("v") != VERSION:
        raise OtherVersion(VERSION)
    if lacking := [name for name in members if not _is_usable(wire.get(name))]:
        raise ValueError(f"a message without {', '.join(lacking)}")
    return wire


def _is_usable(value: Any) -> bool:
    """Whether a member can be part of a key, or a number."""
    return isinstance(value, int) or (isinstance(value, str) and 0 < len(value) <= _LONGEST)
