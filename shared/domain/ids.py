"""The names of things, and the ids that this service makes up for new Dynamics records."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, NewType

TenantId = NewType("TenantId", str)
"""One customer of the vendor: claim `org_id` of the caller's token."""

UserId = NewType("UserId", str)
"""One person of a tenant: claim `sub` of the caller's token."""

DirectoryId = NewType("DirectoryId", str)
"""The customer's Entra ID tenant, a GUID."""

ExportId = NewType("ExportId", str)
"""One export. Sorts newest first as text."""

_NAMESPACE = uuid.UUID("6f0d8f0a-6c1b-5d3c-9a57-3c4f2f6d7e21")
_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
_LATEST = 10**15 - 1
_EXPORT_ID = re.compile(r"\d{15}-[0-9a-f]{12}")


class ObjectType(StrEnum):
    """What a vendor record becomes in Dynamics."""

    ACCOUNT = "account"
    LEAD = "lead"


def new_export_id(epoch_ms: int, entropy: bytes) -> ExportId:
    """An id whose text order is newest first, so that a history needs no sorting. `entropy`: 6 bytes."""
    return ExportId(f"{_LATEST - epoch_ms:015d}-{entropy.hex()}")


def is_export_id(text: str) -> bool:
    """Whether the text can be an id of an export; checked before it becomes a key or part of a path."""
    return _EXPORT_ID.fullmatch(text) is not None


def record_id(tenant: TenantId, object_type: ObjectType, vendor_id: str) -> str:
    """The primary key of a new Dynamics record: the same one however often the vendor record is sent."""
    # A UUID of version 5, for which Python's own takes five times as long: every record has one.
    begun = _begun_key(tenant, object_type).copy()
    begun.update(vendor_id.encode())
    made = begun.hexdigest()
    return f"{made[:8]}-{made[8:12]}-5{made[13:16]}-{_VARIANT[made[16]]}{made[17:20]}-{made[20:32]}"


@lru_cache(maxsize=64)
def _begun_key(tenant: TenantId, object_type: ObjectType) -> "hashlib._Hash":
    """What the keys of one tenant's objects have in common."""
    common = f"{tenant}\n{object_type}\n".encode()
    return hashlib.sha1(_NAMESPACE.bytes + common, usedforsecurity=False)


def is_service_made(dynamics_id: str) -> bool:
    """Whether a key was made by `record_id` (Dataverse's own keys are sequential, not name-based)."""
    return len(dynamics_id) == 36 and dynamics_id[14] == "5" and dynamics_id[19] in "89abAB"


def vendor_id_of(record: Mapping[str, Any]) -> str:
    """The vendor's id of a record, or one made from its content where it has none."""
    given = record.get("id")
    if type(given) is int:
        return str(given)
    if isinstance(given, bool) or not isinstance(given, (str, int)) or not str(given).strip():
        canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "content-" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return str(given).strip()
