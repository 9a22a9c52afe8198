"""The message of the erasure queue: a reference, without the person."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from functions.queue_work import OtherVersion
from shared.domain.ids import TenantId

VERSION = 1


@dataclass(frozen=True, slots=True)
class ErasureMessage:
    """Go on with this erasure."""

    tenant: TenantId
    erasure: str

    def to_wire(self) -> dict[str, Any]:
        return {"v": VERSION, **asdict(self)}


def parse_erasure(body: bytes) -> ErasureMessage:
    """The message; ValueError for one that this version does not know."""
    wire = json.loads(body)
    if not isinstance(wire, dict) or wire.get("v") != VERSION:
        raise OtherVersion(VERSION)
    if lacking := [name for name in ("tenant", "erasure") if not wire.get(name)]:
        raise ValueError(f"a message without {', '.join(lacking)}")
    return ErasureMessage(TenantId(str(wire["tenant"])), str(wire["erasure"]))
