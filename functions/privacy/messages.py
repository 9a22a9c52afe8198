"""The message of the erasure queue: a reference, without the person."""

import json
from dataclasses import asdict, dataclass
from typing import Any

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
        raise ValueError(f"a message of another version than {VERSION}")
    return ErasureMessage(TenantId(wire["tenant"]), str(wire["erasure"]))
