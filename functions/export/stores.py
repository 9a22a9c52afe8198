"""Where an export is kept: its rows, its files, and the queues that move it on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from functions.quotas import Quotas
from functions.trail import AuditTrail
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.cooldowns import CooldownStore
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.made_accounts import MadeAccounts
from shared.storage.person_claims import PersonClaims
from shared.storage.progress import ProgressStore
from shared.storage.writes import WriteLedger

Clock = Callable[[], datetime]


class Queue(Protocol):
    """Takes messages for later."""

    def send(self, message: Mapping[str, Any], delay: timedelta = ...) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStores:
    """What every step of an export works on. `lease`: how long a worker has a chunk to itself."""

    exports: ExportStore
    chunks: ChunkStore
    progress: ProgressStore
    files: ExportFiles
    cooldowns: CooldownStore
    split_queue: Queue
    write_queue: Queue
    writes: WriteLedger
    made: MadeAccounts
    choices: ChoiceStore
    claims: PersonClaims
    trail: AuditTrail
    quotas: Quotas
    clock: Clock
    lease: timedelta
