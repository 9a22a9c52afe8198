"""What the mapping's steps work on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.trail import AuditTrail
from shared.storage.mapping_versions import MappingVersionStore
from shared.storage.mappings import MappingStore


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingStores:
    """The mappings in force and their history, the audit log, the time."""

    mappings: MappingStore
    versions: MappingVersionStore
    trail: AuditTrail
    clock: Callable[[], datetime]
