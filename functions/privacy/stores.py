"""What erasing works on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from functions.trail import AuditTrail
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.erasures import ErasureStore
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.users import UserStore
from shared.storage.wipe import TenantWipe


class Queue(Protocol):
    """Takes messages for later."""

    def send(self, message: Mapping[str, Any], delay: timedelta = ...) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyStores:
    """Exports and their contents, the orders to erase, and everything of a tenant."""

    exports: ExportStore
    chunks: ChunkStore
    files: ExportFiles
    choices: ChoiceStore
    users: UserStore
    erasures: ErasureStore
    wipe: TenantWipe
    queue: Queue
    trail: AuditTrail
    clock: Callable[[], datetime]
